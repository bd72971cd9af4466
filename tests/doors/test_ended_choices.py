"""A choice whose last day has passed is refused at every door, offered at none, and stays where it stands."""

import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from suyuan.actions import evidence, intake
from suyuan.actions.perform import perform
from suyuan.cli import errors
from suyuan.domain.errors import BadInput
from suyuan.store import rules
from suyuan.store.models import Case
from tests.doors.test_api import ask, secret
from tests.factories import NOW, actor, case_at, do, incoming, person, unit
from tests.rulebook_entries import landed
from tests.worksheet_files import bring, fill, taken

pytestmark = pytest.mark.django_db
GONE = {
    "list": "reason.return",
    "code": "wrong_type",
    "title": {"zh": "业务类型有误", "en": "Wrong type"},
    "in_force_from": "2020-01-01",
    "in_force_until": "2026-01-31",
    "basis": "本公司",
    "certainty": "Q",
}
FORM = {"reason": "wrong_type", "evidence": "附件1"}
SAID = {"refused": "bad_form", "facts": {"fields": {"reason": "choice_ended"}}}


@pytest.fixture(autouse=True)
def nothing_left():
    rules.forget()
    yield
    rules.forget()


@pytest.fixture
def case() -> Case:
    """Return a case that waits to be taken on, in an office where one reason to return it has ended."""
    found = case_at("dispatched")
    landed("choice", GONE)
    return found


def stands(case: Case) -> str:
    """Return where a case stands now."""
    return Case.objects.get(pk=case.pk).state


def offers(path: Path) -> set[str]:
    """Return every text that stands on a worksheet and its lists."""
    with zipfile.ZipFile(path) as book:
        return set(re.findall(r"<t[^>]*>([^<]+)</t>", book.read("xl/sharedStrings.xml").decode()))


def test_the_page_refuses_it_at_its_box(case):
    client = Client()
    client.force_login(person("station"))

    answer = client.post(f"/case/{case.number}/do/return/", FORM)

    assert (answer.status_code, stands(case)) == (422, "dispatched")
    assert "这个选项已停用，请另选" in answer.content.decode()


def test_the_api_refuses_it_by_its_field(case):
    answer = ask(f"cases/{case.number}/return", secret("station", "work", at="0101"), {"form": FORM})

    assert (answer, stands(case)) == ((422, SAID), "dispatched")


def test_the_command_refuses_it_by_its_field(case, suyuan, tmp_path):
    person("station")
    form = tmp_path / "form.json"
    form.write_text(json.dumps(FORM), "utf-8")

    code, _, said = suyuan("case", "do", case.number, "return", "--as", "station", "--form", str(form))

    assert (code, said, stands(case)) == (
        2,
        f"suyuan: {errors.words('bad_form')} [bad_form] "
        "reason: 这个选项已停用，请另选 / This choice has ended; pick another [choice_ended]\n",
        "dispatched",
    )


def test_a_worksheet_older_than_its_end_is_refused_at_its_cell(tmp_path):
    case = case_at("dispatched")
    filled = {"verb": "退单", "field:reason:return": "业务类型有误", "field:evidence": "附件1"}
    path = fill(taken(tmp_path, role="station", verb="return"), filled)
    landed("choice", GONE)

    done = bring(path, role="station")

    assert [(row.outcome, list(row.wrong.values())) for row in done.rows] == [("refused", ["choice_ended"])]
    assert stands(case) == "dispatched"


def test_a_worksheet_taken_out_after_its_end_does_not_offer_it(tmp_path):
    case_at("dispatched")
    before = offers(taken(tmp_path, role="station", verb="return"))
    landed("choice", GONE)

    after = offers(taken(tmp_path, role="station", verb="return"))

    assert {text for text in before - after if "导出" not in text} == {"业务类型有误", "wrong_type"}


@pytest.mark.parametrize(
    ("entry", "given", "field"),
    [
        ({"list": "channel", "code": "12398"}, {"channel": "12398"}, "channel"),
        ({"code": "repair", "procedure": "repair"}, {"business_type": "repair"}, "business_type"),
    ],
)
def test_a_contact_is_not_taken_in_under_it(entry, given, field):
    unit()
    kind = "choice" if "list" in entry else "business_type"
    landed(kind, {key: value for key, value in (GONE | entry).items() if key != "list" or "list" in entry})

    with pytest.raises(BadInput) as wrong:
        intake.receive(incoming=incoming(**given), actor=actor("agent"), now=NOW)

    assert (wrong.value.facts, Case.objects.count()) == ({"fields": {field: "choice_ended"}}, 0)


def test_evidence_is_not_looked_at_for_it():
    case = case_at("dispatched")
    landed("choice", GONE | {"list": "reason.evidence_purpose", "code": "handling"})

    with pytest.raises(BadInput) as wrong:
        evidence.open_locker(number=case.number, purpose="handling", actor=actor("station"), now=NOW)

    assert (wrong.value.code, wrong.value.facts["value"]) == ("choice_ended", "handling")


def test_what_stands_on_the_case_already_is_no_new_choice():
    case = do(case_at("registered"), "classify", "lead", category="service.hall.attitude")
    ended = {"code": "service.hall.attitude", "specialty": "marketing", "group": "class2"}
    landed("category", {key: value for key, value in (GONE | ended).items() if key != "list"})

    again = perform(
        number=case.number,
        verb="classify",
        actor=actor("lead"),
        now=NOW + timedelta(hours=1),
        form={"category": "service.hall.attitude"},
    )

    assert again.verb == "classify"
