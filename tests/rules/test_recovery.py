"""The clock of recovery begins with the first sign of discontent and ends with the first act about it."""

from datetime import datetime, timedelta

from suyuan.domain.recovery import Happened, signs, watch

NOW = datetime.fromisoformat("2026-03-04T09:00:00+08:00")
HOUR = timedelta(hours=1)
VERBS = ("recover", "contact", "call_back")
UNHAPPY = {"reached": True, "satisfaction": "dissatisfied"}


def at(hours: float, verb: str, **form: object) -> Happened:
    """Return something that happened so many hours after now."""
    return Happened(NOW + hours * HOUR, verb, form)


def test_a_complaint_is_a_sign_from_the_start_and_other_cases_show_one_later():
    urged = [at(5, "urge"), at(3, "call_back", **UNHAPPY), at(9, "reopen")]

    assert [one.kind for one in signs("complaint", NOW, urged)] == [
        "complained",
        "dissatisfied",
        "urged",
        "begun_again",
    ]
    assert signs("enquiry", NOW, urged)[0].at == NOW + 3 * HOUR
    assert signs("enquiry", NOW, [at(1, "call_back", satisfaction="satisfied")]) == []
    assert watch("enquiry", NOW, [], VERBS, 24) is None


def test_the_clock_runs_from_the_sign_and_stops_at_the_first_act():
    found = watch("enquiry", NOW, [at(2, "contact"), at(3, "urge"), at(20, "recover")], VERBS, 24)

    assert found is not None
    assert (found.due, found.acted.at) == (NOW + 27 * HOUR, NOW + 20 * HOUR)
    assert found.state(NOW + 90 * HOUR) == "in_time"


def test_nobody_reached_and_the_call_that_was_the_sign_are_no_acts():
    happened = [at(1, "call_back", **UNHAPPY), at(2, "contact", reached=False)]

    found = watch("repair", NOW, happened, VERBS, 24)

    assert found is not None
    assert found.acted is None
    assert [found.state(NOW + hours * HOUR) for hours in (25, 26)] == [
        "running",
        "over",
    ]
    late = watch("repair", NOW, [*happened, at(60, "contact", reached=True)], VERBS, 24)
    assert late is not None
    assert late.state(NOW + 99 * HOUR) == "late"
