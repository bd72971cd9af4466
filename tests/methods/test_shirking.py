"""Hand-overs, how they end, how long they lie in working time; few of them are drawn towards all."""

from datetime import UTC, datetime, timedelta

import pytest

from suyuan.analytics.shirking import HandOver, Passed, hand_overs, pairs, shrunk_means
from suyuan.store import rules

FRIDAY = datetime(2026, 3, 6, 8, tzinfo=UTC)
"""Friday 2026-03-06 16:00 in Shanghai."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def calendar():
    return rules.rulebook().calendar


def passed(*events: tuple[str, timedelta, str, str], case: str = "a") -> list[Passed]:
    return [Passed(case, verb, FRIDAY + after, was, to) for verb, after, was, to in events]


def test_a_hand_over_ends_when_it_is_accepted_returned_or_passed_on(calendar):
    events = [
        *passed(("dispatch", 0 * HOUR, "o", "x"), ("return", HOUR, "x", "o"), ("dispatch", HOUR, "o", "y")),
        *passed(
            ("dispatch", 0 * HOUR, "o", "x"),
            ("accept", HOUR, "", "x"),
            ("transfer", 3 * DAY, "x", "y"),
            case="b",
        ),
    ]

    found = hand_overs(events, FRIDAY + 4 * DAY, calendar)

    assert [(one.case, one.giver, one.taker, one.ended) for one in found] == [
        ("a", "o", "x", "return"),
        ("b", "o", "x", "transfer"),
        ("a", "o", "y", ""),
        ("b", "x", "y", ""),
    ]
    assert (found[0].idle_hours, found[1].idle_hours) == (1.0, 1.0)


def test_only_working_time_counts_as_idle(calendar):
    events = passed(("dispatch", 0 * HOUR, "o", "x"), ("accept", 2 * DAY, "", "x"))

    (over_a_weekend,) = hand_overs(events, FRIDAY + 9 * DAY, calendar)

    assert over_a_weekend.idle_hours == 8.0  # until midnight of the Friday


def given(giver: str, taker: str, bounced: int, of: int) -> list[HandOver]:
    return [
        HandOver(f"{giver}{taker}{n}", giver, taker, FRIDAY, "return" if n < bounced else "accept", 2.0)
        for n in range(of)
    ]


def test_one_bounce_of_one_ranks_below_thirty_of_forty():
    few, many, usual = given("o", "few", 1, 1), given("o", "many", 30, 40), given("o", "usual", 4, 60)

    found = pairs([*few, *many, *usual])

    assert [one.taker for one in found] == ["many", "few", "usual"]
    rates = {one.taker: (one.rate, one.shrunk_rate) for one in found}
    assert rates["few"][0] == 1.0
    assert 35 / 101 < rates["few"][1] < rates["many"][1] < 0.75
    assert found[0].cases == tuple(f"omany{n}" for n in range(30))
    assert pairs([]) == []


def test_idle_times_are_drawn_towards_all_unless_they_differ():
    far = shrunk_means({"a": [1.0, 1.2, 0.8] * 10, "b": [9.0, 9.2, 8.8] * 10, "c": [9.0]})
    near = shrunk_means({"a": [1.0, 9.0], "b": [2.0, 8.0], "c": [30.0]})

    assert far["a"] == pytest.approx(1.0, abs=0.05)
    assert far["b"] == pytest.approx(9.0, abs=0.05)
    assert far["c"] < 9.0
    assert 10.0 < near["c"] < 30.0
    assert shrunk_means({"a": [1.0], "b": [9.0]}) == {"a": 5.0, "b": 5.0}
