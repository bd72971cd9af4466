"""A town day by day: nothing of a day lies after it, and all days together are the town."""

from datetime import date

import pytest

from suyuan.simulate import Size, imagine
from suyuan.simulate.daily import Days, prevented
from suyuan.simulate.precursors.planted import PREVENTED
from suyuan.simulate.prevention import Prevention
from suyuan.simulate.window import DAY

NOBODY: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def days() -> Days:
    return Days(imagine(Size(7, 200, 21, date(2025, 10, 31), precursors=True)))


def test_an_order_is_told_as_it_stood_at_the_end_of_the_day(days: Days) -> None:
    for day in range(21):
        for one in days.orders(day, NOBODY):
            assert max(one.moments.values()) < (day + 1) * DAY
            assert bool(one.satisfaction) <= ("called_back_at" in one.moments)
            assert bool(one.finding or one.handling) <= ("answered_at" in one.moments)


def test_every_order_ends_as_the_town_has_it(days: Days) -> None:
    last = {one.number: one for day in range(21) for one in days.orders(day, NOBODY)}

    assert {number: (one.moments, one.satisfaction, one.state) for number, one in last.items()} == {
        one.number: (one.moments, one.satisfaction, one.state) for one in days.town.contacts
    }


def test_the_logs_of_the_days_are_the_log_of_the_town_each_event_once(days: Days) -> None:
    numbers, count = [], 0
    for day in range(21):
        log, earlier = days.log(day, NOBODY)
        numbers += range(earlier, earlier + len(log.events))
        count += len(log.events)
        assert all(event[0] < (day + 1) * DAY for event in log.events)
        assert {number for event in log.events for number, _ in event[2]} <= set(log.objects)

    past = [event for event in days.town.log.events if event[0] < 21 * DAY]
    assert numbers == list(range(len(past)))
    assert count == len(past)


def test_what_was_prevented_never_comes_nor_what_was_called_about_it(days: Days) -> None:
    told = next(one.parent for one in days.town.contacts if one.parent and one.parent.kind == "complaint")
    without = frozenset({told.number})

    kept = {one.number for day in range(21) for one in days.orders(day, without)}
    logged = {number for day in range(21) for number in days.log(day, without)[0].objects}

    gone = {one.number for one in days.town.contacts if prevented(one, without)}
    assert len(gone) > 1
    assert kept == {one.number for one in days.town.contacts} - gone
    assert told.number not in logged


def test_an_outage_that_goes_on_has_no_end_until_it_has(days: Days) -> None:
    whole = {str(row[0]): row for row in days.outages(20)}
    early = {str(row[0]): row for row in days.outages(9)}

    assert early.keys() < whole.keys()
    for number, row in early.items():
        assert row[:7] == whole[number][:7]
        assert row[7] in ("", whole[number][7])


def test_acting_before_a_complaint_keeps_some_away_and_acting_after_none() -> None:
    town = imagine(Size(7, 1_000, 60, date(2025, 10, 31), precursors=True))
    prevention = Prevention(town, str)
    became = [one for one in town.ground.out.found if one.complaints and isinstance(one.object, str)]

    early = {
        k: away for one in became for k, away in prevention.in_time([str(one.object)], one.began).items()
    }
    late = {k for one in became for k in prevention.in_time([str(one.object)], 60 * DAY)}

    assert late == set()
    assert {c.number for one in became for c in one.complaints} <= set(early)
    assert abs(sum(early.values()) / len(early) - PREVENTED) < 3 * (0.24 / len(early)) ** 0.5
    assert prevention.in_time(["order:none"], 0) == {}
