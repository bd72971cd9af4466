"""The responsible specialty analyses what was true: after the review, before the archive or later."""

import pytest

from suyuan.domain.errors import Refused
from suyuan.store import rules
from suyuan.store.models import Case, Event
from suyuan.store.queries import cases, inquiry
from tests.board_pages import signed_in
from tests.factories import FORMS, case_at, do
from tests.rulebook_entries import landed

pytestmark = pytest.mark.django_db
REQUIRED = {
    "id": "specialty.analysis",
    "title": {"zh": "属实投诉由责任专业分析", "en": "The specialty analyses"},
    "verb": "analyse_specialty",
    "procedures": ["complaint"],
    "basis": "本单位办法 2026-1",
    "certainty": "Q",
}


@pytest.fixture(autouse=True)
def nothing_left():
    """Leave this process knowing of no approved entry."""
    rules.forget()
    yield
    rules.forget()


def analyse(case: Case, by: str = "marketing") -> Case:
    return do(case, "analyse_specialty", by, **FORMS["analyse_specialty"](case))


def why(case: Case, by: str = "marketing") -> str:
    with pytest.raises(Refused) as no:
        analyse(case, by)
    return no.value.code


def test_the_specialty_alone_analyses_what_was_true_and_no_other_step_waits_for_it():
    case = case_at("callback")
    assert (inquiry.of(case).analysis, inquiry.of(case).unanalysed) == ("advised", False)
    assert (why(case, "operations"), why(case, "station")) == ("not_your_specialty", "not_your_role")

    case = analyse(case)

    event = Event.objects.filter(stream=f"case:{case.number}", verb="analyse_specialty").get()
    assert (event.actor, event.detail["form"]["typical"], case.state) == ("marketing", True, "callback")
    assert "analyse_specialty" in inquiry.of(case).sheets
    assert "换表流程没有超期预警" in signed_in("marketing").get(f"/case/{case.number}/").content.decode()


def test_an_analysis_may_be_written_after_the_archive_and_never_of_what_was_not_true():
    case = case_at("archived")
    assert why(case) == "nothing_verified"

    Case.objects.filter(pk=case.pk).update(finding="partial")
    case.refresh_from_db()

    assert analyse(case).state == "archived"


def test_where_the_rulebook_requires_it_the_archive_waits_for_it():
    case = case_at("callback")
    landed("sheet", REQUIRED)
    assert (cases.facts(case).unanalysed, cases.facts(case).missing) == (True, ())

    assert cases.facts(analyse(case)).unanalysed is False
