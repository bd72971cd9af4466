"""Whoever did the last step takes it back while the rules allow, by its inverse; history keeps both."""

from datetime import timedelta

import pytest

from suyuan.actions import bulk, undo
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedures import CURRENT
from suyuan.domain.undo import INVERSE
from suyuan.store import chain, fingerprint, rules
from suyuan.store.models import Case, ClockEntry, Event
from suyuan.store.queries import viewer
from tests.factories import NOW, actor, case_at, do, person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=20)
PAUSE = {"reason": "customer", "evidence": "录音 1"}


def paused(state: str = "handling") -> Case:
    """Return a case the office has paused."""
    return do(case_at(state), "pause", "office", LATER, **PAUSE)


def back(case: Case, by: str = "office", now=LATER, event: int = 0):
    """Take the last step of a case back."""
    last = Event.objects.filter(stream=f"case:{case.number}").latest("seq").pk
    return undo.take_back(number=case.number, event=event or last, actor=actor(by), now=now)


def why(*given, **named) -> str:
    """Return the code with which taking back is refused."""
    with pytest.raises(Refused) as no:
        back(*given, **named)
    return no.value.code


def test_every_inverse_is_a_verb_of_the_tables_that_have_the_step():
    for table in CURRENT.values():
        verbs = {step.verb for step in table.steps}
        assert {one.verb for verb, one in INVERSE.items() if verb in verbs} <= verbs


def test_a_pause_is_taken_back_and_both_stay_in_the_history():
    case = paused()
    step = Event.objects.latest("pk")

    done = back(case, now=LATER + timedelta(minutes=5))

    case.refresh_from_db()
    event = Event.objects.get(pk=done.event_id)
    assert (case.paused, done.verb, event.verb, event.detail["undoes"]) == (
        False,
        "resume",
        "resume",
        step.pk,
    )
    assert Event.objects.filter(pk=step.pk).exists()
    assert set(ClockEntry.objects.values_list("kind", flat=True)) >= {"pause", "resume"}
    assert chain.verify([f"case:{case.number}"])[0] == 1


def test_a_merge_is_taken_back_to_where_the_case_stood():
    other, case = case_at("handling"), case_at("handling")
    do(case, "merge", "lead", LATER, into=other.number, note="同一件事")

    back(case, "lead")

    case.refresh_from_db()
    assert (case.state, case.parent_number, case.is_child, case.is_open) == ("handling", "", False, True)


def test_a_transfer_nobody_took_on_goes_back_to_the_unit_it_came_from():
    case = case_at("dispatched")
    do(case, "transfer", "office", LATER, unit="0102", specialty="operations", reason="other_unit")

    back(case)

    case = Case.objects.select_related("unit").get(pk=case.pk)
    assert (case.unit.code, case.specialty, case.state) == ("0101", "marketing", "dispatched")
    assert Event.objects.latest("pk").detail["form"]["reason"] == "undone"


def test_a_transfer_from_whoever_had_taken_it_on_is_not_taken_back():
    case = case_at("handling")
    do(case, "transfer", "office", LATER, unit="0102", specialty="marketing", reason="other_unit")

    assert why(case) == "undo_none"


def test_a_correction_of_the_category_is_corrected_back():
    case = case_at("handling")
    first, second = sorted(rules.rulebook().categories)[:2]
    do(case, "classify", "office", LATER, category=first)
    assert why(case) == "undo_none"
    do(case, "classify", "office", LATER, category=second)

    back(case)

    case.refresh_from_db()
    assert case.category == first


def test_who_else_when_else_and_what_else_is_refused():
    case = paused()
    person("lead")

    assert why(case, "lead") == "undo_not_yours"
    assert why(case, now=LATER + timedelta(minutes=31)) == "undo_too_late"
    assert why(case, event=1) == "undo_overtaken"
    step = Event.objects.latest("pk").pk
    do(case, "note", "station", LATER, note="客户来电")
    assert why(case, event=step) == "undo_none"


def test_what_was_taken_back_is_not_taken_back_again():
    case = case_at("dispatched")
    do(case, "transfer", "office", LATER, unit="0102", specialty="marketing", reason="other_unit")
    back(case)

    assert why(case) == "undo_none"
    assert undo.offer(Case.objects.select_related("unit").get(pk=case.pk), actor("office"), LATER) is None


def test_a_case_out_of_reach_is_not_there():
    case = paused()

    far = viewer.of(person("office", "0102", "west")).actor
    with pytest.raises(Refused) as no:
        undo.take_back(number=case.number, event=1, actor=far, now=LATER)
    assert no.value.code == "not_found"


def pause_all(cases: list[Case]) -> int:
    """Return the run in which the office pauses cases."""
    asker = viewer.of(person("office"))
    offer = next(one for one in bulk.offers(asker, cases, LATER) if one.verb == "pause")
    marks = {case.number: fingerprint.of(case) for case in cases}
    run = bulk.ask(offer=offer, ticked=marks, form=PAUSE, actor=asker.actor, now=LATER)
    bulk.go_on(run_id=run, actor=asker.actor, holder="page", now=LATER)
    return run


def test_a_bulk_run_is_taken_back_case_by_case_and_what_was_touched_since_is_refused():
    cases = [case_at("handling"), case_at("handling")]
    run = pause_all(cases)
    do(cases[1], "note", "station", LATER, note="客户来电")

    taken = bulk.ask_undo(run_id=run, actor=actor("office"), now=LATER)
    bulk.go_on(run_id=taken, actor=actor("office"), holder="page", now=LATER)

    found = bulk.BulkRun.objects.get(pk=taken)
    outcomes = list(found.cases.order_by("place").values_list("outcome", "code"))
    assert (found.verb, found.state, outcomes) == (
        "resume",
        "done",
        [("applied", ""), ("refused", "undo_none")],
    )
    assert [Case.objects.get(pk=case.pk).paused for case in cases] == [False, True]
    with pytest.raises(Refused):
        bulk.ask_undo(run_id=run, actor=actor("office"), now=LATER)
    with pytest.raises(Refused):
        bulk.ask_undo(run_id=taken, actor=actor("office"), now=LATER)


def test_a_bulk_run_is_taken_back_by_whoever_asked_for_it_and_in_time():
    run = pause_all([case_at("handling")])
    person("lead")

    for by, at in (("lead", LATER), ("office", LATER + timedelta(minutes=31))):
        with pytest.raises(Refused):
            bulk.ask_undo(run_id=run, actor=actor(by), now=at)


def asked(case: Case, form: dict[str, object], by: str = "office", verb: str = "undo"):
    """Ask for a verb by name, as programs and commands do."""
    return undo.perform_or_undo(number=case.number, verb=verb, actor=actor(by), now=LATER, form=form)


def test_the_verb_undo_takes_back_the_last_step_or_the_one_that_is_meant():
    case = paused()
    step = Event.objects.latest("pk").pk

    assert asked(case, {}).verb == "resume"
    asked(case, PAUSE, verb="pause")
    with pytest.raises(Refused) as no:
        asked(case, {"event": step})
    assert no.value.code == "undo_overtaken"
    assert asked(case, {"event": Event.objects.latest("pk").pk}).verb == "resume"


@pytest.mark.parametrize(("by", "code"), [("station", "undo_not_yours"), ("hidden", "not_found")])
def test_the_verb_undo_is_refused_for_the_same_reasons(by, code):
    case = paused()
    if by == "hidden":
        actor("station", "0102", by)
    with pytest.raises(Refused) as no:
        undo.perform_or_undo(
            number=case.number, verb="undo", actor=viewer.named(by).actor if by == "hidden" else actor(by),
            now=LATER, form={},
        )  # fmt: skip
    assert no.value.code == code


def test_the_verb_undo_takes_no_other_form():
    with pytest.raises(BadInput) as wrong:
        asked(paused(), {"note": "x", "event": "y"})
    assert wrong.value.facts == {"fields": {"note": "unknown_field", "event": "not_a_number"}}
