"""The monthly comparison on its page and by command; the page of a named warning, its reply, its notice."""

import io
import json

import jsonschema
import pytest
from django.utils import timezone
from docx import Document

from suyuan.actions.papers import issue
from suyuan.actions.warn import naming
from suyuan.cli.schema import of
from suyuan.store.models import KeptSignal, MonthlyComparison
from suyuan.store.queries import viewer
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.factories import NOW, do, person
from tests.naming import complaints, named
from tests.warned import HOUR, opened, refused

pytestmark = pytest.mark.django_db
REPLY = {"cause": "抄表员轮岗交接不清", "measures": "逐户复核", "due_on": "2026-03-20"}


def test_the_page_names_lists_and_shows_the_method_and_each_warning_to_those_in_reach():
    _, case = named()
    office = signed_in("office")

    page = office.get("/warnings/comparison/")
    first, *others = rows(page)

    assert first[0].startswith("东城供电所")
    assert [row.cells[1].marks for row in page.context["listed"].rows] == [("!点名",), ("正常",), ("正常",)]
    assert (first[2].startswith("7.50"), first[3], first[6]) == (True, "0.63", case.number)
    assert page.context["listed"].rows[0].cells[3].small == "q <\N{NO-BREAK SPACE}0.001"
    assert [row[6] for row in others] == ["", ""]
    for words in ("怎么比的", "二项分布", "论文004", "0.25"):
        assert words in page.content.decode()
    assert len(rows(signed_in("station").get("/warnings/comparison/?month=2026-02"))) == 1


def test_the_case_page_links_the_comparison_and_says_what_was_replied():
    _, case = named()
    office = signed_in("office")
    before = office.get(f"/case/{case.number}/").content.decode()
    do(case, "acknowledge_warning", "station", NOW + HOUR)
    do(case, "reply_warning", "station", NOW + HOUR, **REPLY)
    after = office.get(f"/case/{case.number}/").content.decode()

    assert "/warnings/comparison/?month=2026-02" in before
    assert "还没有回复" in before
    assert "2026-03-20 前完成整改" in after
    assert "逐户复核" in after


def test_the_signal_of_a_naming_is_shown_and_a_month_that_is_none_is_an_error():
    named()
    office = signed_in("office")
    row = KeptSignal.objects.get(detector="named_unit")

    assert "横向分析点名" in office.get(f"/signals/{row.pk}/").content.decode()
    assert rows(office.get("/warnings/comparison/?month=2025-12")) == []
    assert office.get("/warnings/comparison/?month=2026-13").status_code == 422


def test_the_notice_is_printed_of_a_naming_alone():
    _, case = named()
    person("office")
    who = viewer.named("office")
    made = issue(number=case.number, kind="named_warning", purpose="handling", viewer=who, now=NOW)
    said = "\n".join(
        cell.text
        for table in Document(io.BytesIO(made.content)).tables
        for row in table.rows
        for cell in row.cells
    )

    for words in ("2026-02 横向分析点名：投诉 30 件", "每千户 7.5", "2026-03-09"):
        assert words in said
    with refused("paper_not_ready"):
        issue(number=opened().number, kind="named_warning", purpose="handling", viewer=who, now=NOW)


def test_the_command_draws_a_month_and_keeps_the_last_one(suyuan):
    complaints(at=timezone.now().replace(day=1) - 10 * 24 * HOUR)
    person("office")
    code, told, _ = suyuan("warning", "compare", "--as", "office", "--json")
    drawn = json.loads(told)

    assert code == 0
    jsonschema.validate(drawn, of("warning compare"))
    assert (drawn["units"][0]["unit"], drawn["units"][0]["standing"]) == ("0101", "named")
    assert not MonthlyComparison.objects.exists()
    code, told, _ = suyuan("warning", "compare", "--keep", "--json")
    jsonschema.validate(json.loads(told), of("warning compare"))
    assert (code, json.loads(told)["named"], len(json.loads(told)["opened"])) == (0, 1, 1)
    assert suyuan("warning", "compare", "--keep", "--month", "2026-02")[0] == 2
    assert suyuan("warning", "compare", "--month", "2026-02")[0] == 2
    code, _, said = suyuan("warning", "compare", "--month", "2001-01", "--as", "office")
    assert (code, "nothing_counted" in said) == (2, True)
    assert naming.name_units(now=timezone.now()).opened == []
