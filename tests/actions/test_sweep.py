"""Rungs fire when they are reached, each once, with an event and a message; stopped clocks fire none."""

from datetime import timedelta

import pytest

from suyuan.actions import imports, sweep
from suyuan.domain.procedure import Actor
from suyuan.store import chain
from suyuan.store.models import Case, Clock, Event, Message, Rung
from tests.factories import NOW, case_at, do
from tests.methods.order_files import GOOD, HEADERS, write_csv

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def fired(limit):
    """Return the rungs that have fired on one limit's clocks, in order."""
    return list(Rung.objects.filter(clock__limit=limit).order_by("pk").values_list("rung", flat=True))


def test_nothing_fires_before_its_moment():
    case_at("registered")

    assert sweep.sweep(now=NOW + 9 * MINUTE) == 0
    assert Rung.objects.count() == Message.objects.count() == 0


def test_each_rung_fires_when_it_is_reached_and_once():
    case_at("registered")

    told = [sweep.sweep(now=NOW + minutes * MINUTE) for minutes in (10, 15, 16, 19, 20, 21)]

    assert told == [1, 0, 1, 0, 1, 0]
    assert fired("complaint.dispatch") == ["warn_50", "warn_80", "due"]


def test_after_the_due_it_goes_on_telling():
    case_at("registered")
    sweep.sweep(now=NOW + 20 * MINUTE)

    for hours in (24, 25, 72, 73):
        sweep.sweep(now=NOW + 20 * MINUTE + hours * HOUR)

    assert fired("complaint.dispatch") == ["warn_50", "warn_80", "due", "over_24h", "over_72h"]
    assert Clock.objects.get(limit="complaint.dispatch").next_rung_at is None


def test_a_worker_that_was_away_fires_everything_it_missed_with_one_event_a_case():
    case = case_at("registered")

    count = sweep.sweep(now=NOW + 5 * HOUR)

    event = Event.objects.filter(stream=f"case:{case.number}").order_by("-seq").first()
    assert (count, event.verb, event.actor) == (3, "rung", "system")
    assert event.detail == {"rungs": [["complaint.dispatch", rung] for rung in ("warn_50", "warn_80", "due")]}
    assert Case.objects.get(pk=case.pk).changed_event == event.pk
    assert chain.verify([f"case:{case.number}"]) == (1, 3)


def test_a_warning_goes_to_the_station_and_the_due_to_the_office_too():
    case = case_at("registered")

    sweep.sweep(now=NOW + 20 * MINUTE)

    assert sorted(Message.objects.values_list("recipient", "facts__rung", "case_number", "template")) == [
        ("office@01", "due", case.number, "rung"),
        ("station@01", "due", case.number, "rung"),
        ("station@01", "warn_50", case.number, "rung"),
        ("station@01", "warn_80", case.number, "rung"),
    ]


def test_what_is_done_in_time_never_warns():
    do(case_at("registered"), "dispatch", "office", NOW + 2 * MINUTE, unit="0101", specialty="marketing")

    sweep.sweep(now=NOW + 4 * HOUR)

    assert fired("complaint.dispatch") == []


def test_a_paused_clock_is_silent_and_goes_on_where_it_was():
    case = do(case_at("handling"), "pause", "office", NOW + 10 * MINUTE, reason="customer", evidence="录音12")
    sweep.sweep(now=NOW + 2 * DAY)
    assert fired("complaint.contact") == []

    do(case, "resume", "office", NOW + 10 * MINUTE + DAY)
    sweep.sweep(now=NOW + 2 * DAY - MINUTE)

    assert fired("complaint.contact") == ["warn_50", "warn_80"]


def test_a_batch_is_bounded_and_the_rest_waits_its_turn():
    for _ in range(3):
        case_at("registered")

    counts = [sweep.sweep(now=NOW + 20 * MINUTE, limit=2) for _ in range(3)]

    assert counts == [6, 3, 0]
    assert chain.verify()[0] == 3


def test_what_was_fired_already_is_not_fired_again_though_the_clock_says_so():
    case_at("registered")
    sweep.sweep(now=NOW + 10 * MINUTE)
    clock = Clock.objects.get(limit="complaint.dispatch")
    Clock.objects.filter(pk=clock.pk).update(next_rung_at=NOW)

    assert sweep.sweep(now=NOW + 10 * MINUTE) == 0
    assert fired("complaint.dispatch") == ["warn_50"]


def test_an_imported_target_has_the_ladder_of_the_rulebook(tmp_path):
    rows = [[*HEADERS, "要求完成时间"], [*GOOD[:2], "2026-03-04 10:30", GOOD[3], "2026-03-05 10:30"]]
    path = write_csv(tmp_path / "a.csv", rows)
    imports.run(path=path, layout="auto", actor=Actor("clerk", frozenset()), now=NOW)

    sweep.sweep(now=NOW + DAY)

    assert fired("imported.target") == ["warn_50", "warn_80", "due"]


def test_an_open_order_that_was_imported_is_warned_of_before_its_due(tmp_path):
    rows = [[*HEADERS, "要求完成时间"], [*GOOD[:2], "2026-03-04 10:30", GOOD[3], "2026-03-05 10:30"]]
    path = write_csv(tmp_path / "a.csv", rows)
    imports.run(path=path, layout="auto", actor=Actor("clerk", frozenset()), now=NOW)

    sweep.sweep(now=NOW + 12 * HOUR)

    assert fired("imported.target") == ["warn_50"]
