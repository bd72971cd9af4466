"""The list of final answers, by page and by command: whose case, who approved, how long it holds."""

import json
from datetime import timedelta

import jsonschema
import pytest
from django.db import connection
from django.utils import timezone

from suyuan.cli.schema import of
from suyuan.store.models import Case, FinalAnswer
from tests.board_pages import signed_in
from tests.doors.test_plans import READS_ALL, plans
from tests.doors.test_web_linked import rows
from tests.factories import do, person
from tests.filings import final_answer_at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ends(case: Case, days: int) -> None:
    """Let an answer hold for some more days from now on."""
    FinalAnswer.objects.filter(case=case).update(valid_until=timezone.now() + days * DAY)


def numbers(client, query: str = "") -> list[str]:
    return [row[0] for row in rows(client.get(f"/answers/?{query}"))]


def test_it_names_the_case_of_the_customer_who_approved_and_until_when():
    case = final_answer_at("in_force")
    ends(case, 100)
    office = signed_in("office")

    page = office.get("/answers/")
    (row,) = rows(page)

    assert row[:3] == [case.number, case.parent_number, "东城供电所"]
    assert "初审通过 marketing" in row[3]
    assert "审批通过 office" in row[3]
    assert ("该复看" in page.content.decode().split("<tbody>")[1], row[5]) == (False, "生效中")
    for number in (case.number, case.parent_number):
        assert f'href="/case/{number}/"' in page.content.decode()
    assert "/answers/" in office.get("/").content.decode()


def test_what_ends_soon_is_due_what_is_asked_about_waits_and_what_is_over_is_apart():
    soon, later = final_answer_at("in_force"), final_answer_at("in_force")
    asked, waiting = final_answer_at("deciding"), final_answer_at("signing")
    for case, days in ((soon, 10), (later, 100), (asked, 120)):
        ends(case, days)
    office = signed_in("office")

    assert numbers(office) == [soon.number, later.number, asked.number]
    assert numbers(office, "state=due") == [soon.number]
    assert office.get("/answers/").content.decode().count("该复看</span>") == 1
    assert numbers(office, "state=review") == [asked.number]
    assert numbers(office, "state=waiting") == [waiting.number]
    do(later, "end_answer", "office", timezone.now(), note="政策变了")
    assert numbers(office, "state=over") == [later.number]
    assert numbers(office, "unit=0102") == []
    assert office.get("/answers/?state=some").status_code == 422


def test_another_unit_sees_none_and_what_is_restricted_stays_with_few():
    case = final_answer_at("in_force")
    ends(case, 100)
    Case.objects.filter(number__in=(case.number, case.parent_number)).update(restricted=True)

    assert numbers(signed_in("station", at="0102", username="west")) == []
    assert numbers(signed_in("office")) == []
    assert numbers(signed_in("audit")) == [case.number]


def test_the_customer_s_case_is_named_to_those_who_may_open_it_alone():
    case = final_answer_at("in_force")
    ends(case, 100)
    Case.objects.filter(number=case.parent_number).update(restricted=True)

    page = signed_in("office").get("/answers/")

    assert [row[1] for row in rows(page)] == [""]
    assert case.parent_number not in page.content.decode()


def test_the_command_lists_them_as_the_page_does(suyuan):
    case = final_answer_at("in_force")
    ends(case, 10)
    person("station")

    code, out, _ = suyuan("answers", "--as", "station", "--state", "due", "--json")

    told = json.loads(out)
    jsonschema.validate(told, of("answers"))
    (one,) = told["answers"]
    assert (code, one["number"], one["case"], one["due"]) == (0, case.number, case.parent_number, True)
    assert [(each["verb"], each["by"]) for each in one["approvals"]] == [
        ("endorse", "marketing"),
        ("approve", "office"),
    ]
    assert "13912345678" not in out
    assert suyuan("answers", "--as", "station", "--state", "some", "--json")[0] == 2


@pytest.mark.parametrize("state", ["in_force", "due", "waiting", ""])
def test_the_list_never_reads_all_cases(state: str) -> None:
    final_answer_at("in_force")

    found = plans(signed_in("office"), f"/answers/?state={state}")

    assert found != []
    assert [line for line in found if READS_ALL[connection.vendor].search(line)] == []
