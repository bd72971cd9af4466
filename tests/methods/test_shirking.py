"""Hand-overs, how they end, how long they lie in working time; few of them are drawn towards all."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from suyuan.analytics.period import ALL, parse
from suyuan.analytics.shirking import HOUR as WORKED_HOUR
from suyuan.analytics.shirking import Passed, hand_overs, orders, orders_of, pairs, shrunk_means, work
from suyuan.store import rules
from tests.lake_rows import handed, opened

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

    found = hand_overs(events, calendar)

    assert [(one.case, one.giver, one.taker, one.ended) for one in found] == [
        ("a", "o", "x", "return"),
        ("b", "o", "x", "transfer"),
        ("a", "o", "y", ""),
        ("b", "x", "y", ""),
    ]
    assert [one.idle for one in found] == [WORKED_HOUR, WORKED_HOUR, None, None]


def test_only_working_time_counts_as_idle(calendar):
    events = passed(("dispatch", 0 * HOUR, "o", "x"), ("accept", 2 * DAY, "", "x"))

    (over_a_weekend,) = hand_overs(events, calendar)

    assert over_a_weekend.idle == 8 * WORKED_HOUR  # until midnight of the Friday


def given(giver: str, taker: str, bounced: int, of: int, first: int = 0) -> list[dict[str, object]]:
    """Return hand-overs of which so many bounced."""
    return [handed(first + n, giver, taker, ended="return" if n < bounced else "accept") for n in range(of)]


def test_one_bounce_of_one_ranks_below_thirty_of_forty():
    few, many, usual = given("o", "few", 1, 1), given("o", "many", 30, 40, 100), given("o", "usual", 4, 60)

    with opened(handovers=[*few, *many, *usual]) as tables:
        found = pairs(tables, ALL, ("/01/",), 0)
        bounced = orders(tables, ALL, ("/01/",))
        page = orders_of(tables, ALL, ("/01/",), ("o", "many"), slice(10, 12))

    assert [one.taker for one in found] == ["many", "few", "usual"]
    rates = {one.taker: (one.rate, one.shrunk_rate) for one in found}
    assert rates["few"][0] == 1.0
    assert 35 / 101 < rates["few"][1] < rates["many"][1] < 0.75
    assert bounced["o", "many"] == [f"N{n}" for n in range(100, 130)]
    assert page == ["N110", "N111"]


def test_what_lies_there_lies_until_now_and_medians_are_those_of_the_pair(calendar):
    rows = [
        handed(1, "o", "x"),
        handed(2, "o", "x", ended="return", idle=5 * WORKED_HOUR),
        handed(3, "o", "x", ended="", idle=None, given_work=work(FRIDAY, calendar)),
        handed(4, "o", "x", ended="transfer", idle=4 * WORKED_HOUR),
        handed(5, "y", "o", idle=WORKED_HOUR),
    ]

    with opened(handovers=rows) as tables:
        found = {one.giver: one for one in pairs(tables, ALL, ("/01/",), work(FRIDAY + 9 * DAY, calendar))}

    # Friday 16:00 to Sunday of the week after: eight hours, and five whole working days
    assert found["o"].idle_hours == (4 + 5) / 2
    assert found["y"].idle_hours == 1.0
    assert (found["o"].handed, found["o"].bounced, found["o"].rate) == (4, 2, 0.5)
    assert found["o"].shrunk_idle_hours == found["y"].shrunk_idle_hours == (2 + 5 + 128 + 4 + 1) / 5


def test_only_the_units_asked_for_count_and_nothing_restricted():
    rows = [
        handed(1, "o", "x", ended="return"),
        handed(2, "o", "x", ended="return", restricted=True),
        handed(3, "o", "z", ended="return", unit_path="/01/0102/"),
    ]

    with opened(handovers=rows) as tables:
        assert [one.taker for one in pairs(tables, ALL, ("/01/0101/",), 0)] == ["x"]
        assert orders(tables, ALL, ("/01/0101/", "/01/0102/")) == {("o", "x"): ["N1"], ("o", "z"): ["N3"]}
        assert pairs(tables, ALL, (), 0) == []
        assert pairs(tables, parse("2024"), ("/01/",), 0) == []


def drawn(**groups: list[float]) -> dict[str, float]:
    """Return the drawn mean of groups of values."""
    each = [np.array(values) for values in groups.values()]
    squares = np.array([((values - values.mean()) ** 2).sum() for values in each])
    means = np.array([values.mean() for values in each])
    return dict(zip(groups, shrunk_means(np.array([len(v) for v in each]), means, squares), strict=True))


def test_idle_times_are_drawn_towards_all_unless_they_differ():
    far = drawn(a=[1.0, 1.2, 0.8] * 10, b=[9.0, 9.2, 8.8] * 10, c=[9.0])
    near = drawn(a=[1.0, 9.0], b=[2.0, 8.0], c=[30.0])

    assert far["a"] == pytest.approx(1.0, abs=0.05)
    assert far["b"] == pytest.approx(9.0, abs=0.05)
    assert far["c"] < 9.0
    assert 10.0 < near["c"] < 30.0
    assert drawn(a=[1.0], b=[9.0]) == {"a": 5.0, "b": 5.0}
