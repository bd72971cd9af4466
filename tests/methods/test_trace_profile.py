"""Waits in working time over a holiday, rework, hand-overs, and where time is lost: worked by hand."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.analytics.trace import profile
from suyuan.analytics.trace.survey import Survey
from suyuan.analytics.trace.tracer import Tracer
from suyuan.analytics.trace.working import month_named, working_time
from suyuan.domain import worktime
from suyuan.domain.rulebook import load
from tests.trace_logs import EPOCH, Step, log_of, micros

CALENDAR = load().calendar


def survey(*steps: Step) -> Survey:
    """Return a survey of orders."""
    return Survey(Tracer(*log_of(*steps)), CALENDAR)


def profiles(*steps: Step) -> dict[tuple[str, str], profile.Profile]:
    """Return the profiles of orders by activity and unit."""
    found = survey(*steps)
    log = found.tracer.log
    return {(log.activities[one.activity], log.objects[one.unit]): one for one in found.profiles()}


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2025-09-30T16:00", "2025-10-09T10:00", 8 + 10),  # 1 to 8 October rest
        ("2025-09-27T00:00", "2025-09-29T00:00", 24),  # Sunday 28 September is made up, Saturday is not
        ("2025-10-11T06:00", "2025-10-11T18:00", 12),  # Saturday 11 October is made up
        ("2025-10-12T06:00", "2025-10-12T18:00", 0),  # Sunday
        ("2025-10-10T12:00", "2025-10-13T12:00", 12 + 24 + 12),
    ],
)
def test_a_wait_is_what_lies_on_working_days(start, end, hours):
    table = working_time(CALENDAR, micros(start), micros(end))

    found = table.between(np.array([micros(start)]), np.array([micros(end)]))

    assert found.tolist() == [hours * 3_600_000_000]


MOMENTS = st.integers(0, 3 * 365 * 86_400).map(
    lambda second: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)


@given(st.lists(MOMENTS, min_size=2, max_size=20))
def test_the_table_says_what_deadlines_are_counted_by(moments):
    at = np.array([(one - EPOCH) // timedelta(microseconds=1) for one in moments], np.int64)
    table = working_time(CALENDAR, int(at.min()), int(at.max()))

    found = table.between(at[:-1], at[1:]).tolist()

    pairs = pairwise(moments)
    assert found == [
        worktime.worked(start, end, CALENDAR) // timedelta(microseconds=1) for start, end in pairs
    ]


def test_a_month_is_a_local_one():
    at = np.array([micros("2025-09-30T23:59"), micros("2025-10-01T00:00")])

    assert [month_named(one) for one in working_time(CALENDAR, *at.tolist()).months(at).tolist()] == [
        "2025-09",
        "2025-10",
    ]


ORDERS = (
    ("o1", "asked", "front", "2025-09-30T16:00"),
    ("o1", "checked", "office", "2025-10-09T10:00"),  # 18 h, taken over
    ("o1", "checked", "office", "2025-10-09T20:00"),  # 10 h, done over
    ("o1", "closed", "office", "2025-10-10T20:00"),  # 24 h
    ("o2", "asked", "front", "2025-10-13T08:00"),
    ("o2", "checked", "branch", "2025-10-13T10:00"),  # 2 h, taken over
    ("o2", "closed", "front", "2025-10-15T10:00"),  # 48 h, taken over
)


def test_waits_rework_and_hand_overs_of_two_orders():
    found = profiles(*ORDERS)

    told = {
        name: (one.done, one.followed, one.p50, one.p90, one.again, one.taken) for name, one in found.items()
    }
    assert told == {
        ("asked", "front"): (2, 0, None, None, 0, 0),
        ("checked", "office"): (2, 2, 14.0, pytest.approx(17.2), 1, 1),
        ("checked", "branch"): (1, 1, 2.0, 2.0, 0, 1),
        ("closed", "office"): (1, 1, 24.0, 24.0, 0, 0),
        ("closed", "front"): (1, 1, 48.0, 48.0, 0, 1),
    }


def test_time_is_lost_beyond_the_middle_over_all_units():
    found = survey(*ORDERS)
    log = found.tracer.log

    rows = profile.bottlenecks(found.profiles())

    # checked: 18, 10 and 2 h, the middle 10; closed: 24 and 48 h, the middle 36.
    assert [(log.activities[one.activity], log.objects[one.unit], one.lost) for one in rows] == [
        ("closed", "front", 12.0),
        ("checked", "office", 8.0),
    ]
    assert [one.lost_share for one in rows] == [0.6, 0.4]


def test_a_period_counts_what_was_done_in_it():
    found = survey(*ORDERS)
    october = (micros("2025-10-09T00:00"), micros("2025-10-11T00:00"))

    rows = found.profiles(october)

    assert sum(one.done for one in rows) == 3
    assert sum(one.lost_share for one in rows) == pytest.approx(1.0)


def test_a_log_without_orders_has_no_profile():
    found = survey(("u", "seen", "front", "2025-10-09T10:00"))
    nothing = found.steps.only(np.zeros(len(found.steps.at), bool))

    assert (profile.profiles(nothing), profile.bottlenecks([])) == ([], [])


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 43_199)),
        min_size=1,
        max_size=30,
    )
)
def test_shares_are_parts_of_a_whole(rows):
    steps = [
        (f"o{order}", activity, unit, f"2025-09-{1 + at // 1440:02}T{at % 1440 // 60:02}:{at % 60:02}")
        for order, activity, unit, at in rows
    ]

    found = survey(*steps).profiles()

    assert sum(one.done for one in found) == len(steps)
    assert all(one.followed <= one.done and max(one.again, one.taken) <= one.done for one in found)
    assert all(one.p50 <= one.p90 for one in found if one.p50 is not None)
    assert sum(one.lost_share for one in found) in (0, pytest.approx(1.0))
