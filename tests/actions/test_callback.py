"""Calling back: attempts with their reasons, second handlings, suggestions."""

from datetime import timedelta

import pytest

from suyuan.domain.errors import BadInput, Refused
from suyuan.store.models import Case, Event, Message
from suyuan.store.queries import callbacks
from tests.factories import FORMS, NOW, UNHAPPY, UNREACHED, case_at, do

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ANALYSIS = FORMS["analyse_responsibility"](None)


@pytest.mark.parametrize(
    ("form", "missing"),
    [
        ({"reached": False}, ["unreached_reason"]),
        ({"reached": True, "satisfaction": "dissatisfied"}, ["dissatisfied_reason", "more_needed"]),
    ],
)
def test_an_attempt_says_why(form, missing):
    case = case_at("callback")

    with pytest.raises(BadInput) as bad:
        do(case, "call_back", "agent", NOW + HOUR, **form)

    assert bad.value.facts == {"fields": dict.fromkeys(missing, "required")}


def test_an_attempt_too_soon_after_one_that_reached_nobody_is_none():
    case = do(case_at("callback"), "call_back", "agent", NOW + HOUR, **UNREACHED)

    with pytest.raises(Refused) as soon:
        do(case, "call_back", "agent", NOW + 2 * HOUR, **UNREACHED)
    later = do(case, "call_back", "agent", NOW + 3 * HOUR, **UNREACHED)

    assert (soon.value.code, soon.value.facts) == (
        "attempt_too_soon",
        {"since": (NOW + 3 * HOUR).isoformat()},
    )
    assert later.unreached == 2


def test_a_customer_who_picks_up_is_called_back_however_soon():
    case = do(case_at("callback"), "call_back", "agent", NOW + HOUR, **UNREACHED)

    case = do(case, "call_back", "agent", NOW + HOUR, reached=True, satisfaction="satisfied")

    assert (case.satisfaction, case.called_back_at) == ("satisfied", NOW + HOUR)
    assert callbacks.next_attempt(case) is None


def test_the_attempts_of_every_episode_are_kept_with_their_reasons():
    case = do(case_at("callback", "enquiry"), "call_back", "agent", NOW + HOUR, **UNREACHED)
    case = do(case, "call_back", "lead", NOW + 4 * HOUR, **UNHAPPY)
    case = do(case, "second_handle", "lead", NOW + 5 * HOUR, note="仍未解决")
    case = do(case, "answer", "station", NOW + 6 * HOUR, reply="已再次答复")
    case = do(case, "call_back", "agent", NOW + 7 * HOUR, reached=True, satisfaction="satisfied")

    assert [
        (one.episode, one.number, one.by, one.reached, one.why, one.satisfaction, one.more_needed)
        for one in callbacks.attempts(case)
    ] == [
        (1, 1, "agent", False, "no_answer", "", None),
        (1, 2, "lead", True, "not_solved", "dissatisfied", True),
        (2, 1, "agent", True, "", "satisfied", None),
    ]


def test_a_second_handling_has_no_clock_for_what_the_first_one_passed():
    case = do(case_at("callback"), "call_back", "agent", NOW + HOUR, **UNHAPPY)

    case = do(case, "second_handle", "office", NOW + 2 * HOUR, note="仍未解决")

    again = case.clocks.filter(episode=2)
    assert {(one.state, one.started_at) for one in again} == {("running", NOW + 2 * HOUR)}
    assert case.clocks.filter(episode=1, limit="complaint.dispatch").exists()
    assert not again.filter(limit="complaint.dispatch").exists()


def test_a_second_handling_is_archived_only_after_somebody_said_why():
    case = do(case_at("callback", "enquiry"), "call_back", "agent", NOW + HOUR, **UNHAPPY)
    with pytest.raises(Refused) as once:
        do(case, "analyse_responsibility", "office", NOW + HOUR, **ANALYSIS)
    case = do(case, "second_handle", "office", NOW + 2 * HOUR, note="仍未解决")
    case = do(case, "answer", "station", NOW + 3 * HOUR, reply="已再次答复")
    case = do(case, "call_back", "agent", NOW + 4 * HOUR, reached=True, satisfaction="satisfied")

    with pytest.raises(Refused) as held:
        do(case, "archive", "lead", NOW + 5 * HOUR)
    case = do(case, "analyse_responsibility", "office", NOW + 5 * HOUR, **ANALYSIS)
    case = do(case, "archive", "lead", NOW + 6 * HOUR)

    assert (once.value.code, held.value.code) == ("handled_once", "responsibility_open")
    assert (case.state, case.responsibility, case.episode) == ("archived", "delivery", 2)


def test_what_the_customer_said_at_the_first_closure_stands_whatever_comes_later():
    case = do(case_at("callback", "enquiry"), "call_back", "agent", NOW + HOUR, **UNHAPPY)
    answered = case.first_answered_at
    for round_, said in ((1, "satisfied"), (2, "not_rated")):
        then = NOW + round_ * 10 * HOUR
        verb, by = ("second_handle", "office") if round_ == 1 else ("reopen", "office")
        case = do(case, verb, by, then, note="再办")
        case = do(case, "answer", "station", then + HOUR, reply="已再次答复")
        case = do(case, "call_back", "agent", then + HOUR, reached=True, satisfaction=said)
        case = do(case, "analyse_responsibility", "office", then + HOUR, **ANALYSIS)
        case = do(case, "archive", "lead", then + HOUR)

    assert (case.first_satisfaction, case.satisfaction, case.episode) == ("dissatisfied", "not_rated", 3)
    assert case.first_answered_at == answered


def test_a_suggestion_becomes_a_case_of_its_own_linked_both_ways():
    case = case_at("callback", "repair")

    do(
        case,
        "call_back",
        "agent",
        NOW + HOUR,
        reached=True,
        satisfaction="satisfied",
        supply_stable=True,
        crew_rating="good",
        suggestion="停电前多发一条短信，打13912345678",
    )

    opened = Case.objects.get(parent_number=case.number)
    called = Event.objects.get(stream=f"case:{case.number}", verb="call_back")
    begun = Event.objects.get(stream=f"case:{opened.number}", verb="open")
    assert (opened.procedure, opened.business_type, opened.state) == ("opinion", "suggestion", "received")
    assert "13912345678" not in opened.brief
    assert called.detail["opened"] == opened.number
    assert ["case", opened.number] in called.objects_json
    assert ["case", case.number] in begun.objects_json
    assert Message.objects.filter(case_number=opened.number).values_list("recipient", flat=True)[0] == (
        "agent@0101"
    )


def test_a_suggestion_that_was_merged_and_taken_back_belongs_to_its_case_again():
    case, other = case_at("callback", "repair"), case_at("registered", "opinion")
    do(case, "call_back", "agent", NOW + HOUR, reached=True, supply_stable=True, suggestion="多发短信")
    opened = Case.objects.get(parent_number=case.number)

    do(opened, "merge", "office", NOW + HOUR, into=other.number, note="同一件事")
    opened = do(opened, "unmerge", "office", NOW + HOUR, note="不是同一件事")

    assert (opened.parent_number, opened.is_child, opened.state) == (case.number, True, "received")


def test_a_suggestion_in_a_restricted_case_stays_in_it():
    case = case_at("callback", "report")

    do(case, "call_back", "audit", NOW + HOUR, reached=True, suggestion="查一查别的班组")

    assert Case.objects.filter(parent_number=case.number).count() == 0


@pytest.mark.parametrize("procedure", ["repair", "complaint"])
def test_an_answered_case_stands_in_callback_with_a_clock_and_the_desk_is_told(procedure):
    case = case_at("callback", procedure)

    clock = case.clocks.get(limit=f"{procedure}.callback")
    told = Message.objects.filter(case_number=case.number, recipient="person:agent")
    assert (clock.state, clock.stopped_at) == ("running", None)
    assert told.count() == 1


def test_what_was_said_of_crew_and_supply_first_is_kept_whatever_a_second_handling_brings():
    case = case_at("callback", "repair")
    case = do(case, "call_back", "agent", NOW + HOUR, **UNHAPPY, supply_stable=True, crew_rating="good")
    case = do(case, "call_back", "agent", NOW + HOUR, **UNHAPPY, supply_stable=False, crew_rating="poor")
    corrected = (case.supply_stable, case.crew_rating)
    case = do(case, "second_handle", "office", NOW + 2 * HOUR, note="仍未解决")
    begun = (case.supply_stable, case.crew_rating, case.state)
    Case.objects.filter(pk=case.pk).update(state="callback")  # what lies between is tried elsewhere

    case = do(
        case, "call_back", "agent", NOW + 3 * HOUR, reached=True, supply_stable=True, crew_rating="good"
    )

    assert corrected == (False, "poor")
    assert begun == (False, "poor", "handling")
    assert (case.supply_stable, case.crew_rating) == (False, "poor")
