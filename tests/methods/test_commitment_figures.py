"""The keep rate of commitments, worked by hand, and the cases behind it."""

from datetime import timedelta

import pytest

from suyuan.analytics.board import board
from suyuan.analytics.drill import Question, counted, drill
from suyuan.analytics.period import parse
from tests.lake_rows import AS_OF, FIRST_0030, LAST_2330, opened, promise

NOVEMBER, OCTOBER = parse("2025-11"), parse("2025-10")
TICK = timedelta(microseconds=1)
PROMISES = [
    promise(1, FIRST_0030),
    promise(1, FIRST_0030, state="broken"),
    promise(2, FIRST_0030, state="open", over_at=AS_OF),  # its day is over this very moment
    promise(3, FIRST_0030, state="open", over_at=AS_OF + TICK),  # it is not
    promise(4, FIRST_0030, state="moved"),
    promise(4, FIRST_0030),
    promise(5, FIRST_0030, restricted=True),
    promise(6, LAST_2330, state="broken"),
    promise(6, LAST_2330, unit="0102", unit_path="/01/0102/"),
]


def drawn(period, path="/"):
    with opened(commitments=PROMISES) as tables:
        rows = board(tables, parse(period), path, as_of=AS_OF)
        return next(row for row in rows if row.id == "commitment_keep_rate")


def test_the_keep_rate_is_the_example_worked_by_hand():
    """Kept 1 and 4; over: those, the broken one of 1 and the open one of 2 whose day has passed."""
    row = drawn("2025-11")

    assert (row.n, row.of, row.value) == (2, 4, 0.5)
    assert row.excluded == {"not_due_yet": 1, "moved": 1, "restricted": 1}
    assert row.compared["previous"] == (1, 2)
    assert (row.low, row.high) == (pytest.approx(0.150, abs=0.001), pytest.approx(0.850, abs=0.001))


def test_a_unit_has_its_own_and_where_nothing_is_over_there_is_no_rate():
    assert (drawn("2025-10", "/01/0101/").n, drawn("2025-10", "/01/0101/").of) == (0, 1)
    assert drawn("2024-10").value is None


@pytest.mark.parametrize(
    ("part", "cases", "promises"),
    [
        ("n", [1, 4], 2),
        ("of", [1, 2, 4], 4),
        ("missed", [1, 2], 2),
        ("excluded.moved", [4], 1),
        ("excluded.not_due_yet", [3], 1),
    ],
)
def test_the_cases_behind_it_are_found_and_its_promises_counted(part, cases, promises):
    question = Question(measure_id="commitment_keep_rate", part=part, period=NOVEMBER, as_of=AS_OF)

    with opened(commitments=PROMISES) as tables:
        assert drill(tables, question) == cases
        assert counted(tables, question) == promises
