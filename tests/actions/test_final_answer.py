"""Final answers: approved by two, told at the next contact while valid, reviewed by somebody else."""

from datetime import timedelta

import pytest

from suyuan.actions import filing
from suyuan.domain.errors import Refused
from suyuan.store import chain
from suyuan.store.models import Case, Event, FinalAnswer
from suyuan.store.queries import final_answers, viewer
from tests.factories import NOW, case_at, do, person
from tests.filings import ANSWER as WRITTEN
from tests.filings import final_answer_at as answered

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PHONE = "13912345678"


def told(now=NOW + DAY, phone: str = PHONE) -> list[str]:
    found = final_answers.told_to(viewer.of(person("agent")), "", phone, now)
    return [one.case.number for one in found]


def test_it_is_told_at_the_next_contact_from_the_approval_to_its_end():
    case = answered("signing")
    assert told() == []

    do(case, "approve", "office", NOW + 2 * HOUR)

    until = FinalAnswer.objects.get().valid_until
    assert until == NOW + 2 * HOUR + 180 * DAY
    assert (told(), told(phone="13800000000"), told(until)) == ([case.number], [], [])
    other = case_at("dispatched", now=NOW + DAY)
    seen = final_answers.told_on(viewer.of(person("agent")), other, NOW + DAY)
    assert [(one.case.number, PHONE in one.script) for one in seen] == [(case.number, False)]
    assert (filing.lapse(now=until - HOUR), filing.lapse(now=until)) == (0, 1)
    assert Case.objects.get(pk=case.pk).state == "archived"
    assert set(Event.objects.get(verb="answer_finally").detail["form"]["script"]) == {"note"}
    assert chain.verify_cases() == 3


def test_a_case_has_one_final_answer_at_a_time():
    case = answered("in_force")
    parent = Case.objects.select_related("unit").get(number=case.parent_number)

    with pytest.raises(Refused) as no:
        do(parent, "answer_finally", "office", NOW + DAY, **WRITTEN)

    assert (no.value.code, no.value.facts["because_of"]) == ("answered_finally", case.number)


def test_a_review_is_decided_by_somebody_who_neither_wrote_nor_approved_it():
    case = answered("deciding")
    assert told() == [case.number]

    with pytest.raises(Refused) as own:
        do(case, "keep_answer", "office", NOW + DAY, note="维持")
    kept = do(case, "keep_answer", "leader", NOW + DAY, note="维持")
    again = do(kept, "ask_review", "agent", NOW + DAY, note="仍不服")
    with pytest.raises(Refused) as twice:
        do(again, "drop_answer", "leader", NOW + DAY, note="撤销")
    gone = do(again, "drop_answer", "audit", NOW + DAY, note="撤销")

    assert (own.value.code, twice.value.code) == ("own_work", "own_work")
    assert (kept.state, gone.state, told()) == ("in_force", "void", [])
