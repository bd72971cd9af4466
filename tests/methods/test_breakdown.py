"""Counts by type, category, hour and year, and the cases behind each."""

from datetime import datetime

import pytest

from suyuan.analytics.breakdown import Cell, children, counts, drill
from suyuan.analytics.period import parse
from suyuan.domain.errors import BadInput
from tests.lake_rows import FIRST_0030, LAST_2330, NOON, case, opened

ROWS = [
    case(1, category="service.hall", accepted_hour=12),
    case(2, category="service.hall", accepted_hour=12),
    case(3, category="quality.voltage", accepted_hour=8, unit="0102", unit_path="/01/0102/"),
    case(4, business_type="repair", accepted_hour=8),
    case(5, is_child=True, category="service.hall"),
    case(6, LAST_2330, category="service.hall"),
    case(7, FIRST_0030, category="service.hall"),
    case(8, datetime(2024, 10, 15, 12, tzinfo=NOON.tzinfo), category="service.hall"),
]
OCTOBER = parse("2025-10")


def test_counts_hold_main_orders_of_the_period_and_unit():
    with opened(ROWS) as tables:
        found = counts(tables, Cell(OCTOBER, "/01/0101/", {"type": "complaint"}), ("category",))

    assert found == {("service.hall",): 3}


def test_a_matrix_counts_by_two_columns():
    with opened(ROWS) as tables:
        found = counts(tables, Cell(), ("type", "year"))

    assert found == {("complaint", "2024"): 1, ("complaint", "2025"): 5, ("repair", "2025"): 1}


def test_an_hour_nobody_noted_is_counted_as_not_given():
    with opened(ROWS) as tables:
        found = counts(tables, Cell(OCTOBER), ("hour",))

    assert found == {("8",): 2, ("12",): 2, ("",): 1}


@pytest.mark.parametrize(
    ("cell", "ids"),
    [
        (Cell(OCTOBER, values={"category": "service.hall"}), [1, 2, 6]),
        (Cell(OCTOBER, values={"hour": "8"}), [3, 4]),
        (Cell(values={"year": "2024"}), [8]),
        (Cell(OCTOBER, "/01/0102/"), [3]),
        (Cell(parse("2025-11")), [7]),
    ],
)
def test_the_cases_behind_a_count_are_as_many_as_it_says(cell: Cell, ids: list[int]):
    with opened(ROWS) as tables:
        assert drill(tables, cell, limit=100) == ids
        assert drill(tables, cell, limit=1, offset=len(ids) - 1) == ids[-1:]
        assert sum(counts(tables, cell, ("type",)).values()) == len(ids)


def test_child_orders_are_counted_apart():
    with opened(ROWS) as tables:
        assert children(tables, Cell(OCTOBER)) == 1


@pytest.mark.parametrize(
    ("by", "values"),
    [("colour", {}), ("type", {"hour": "noon"}), ("type", {"year": "20255"}), ("type", {"mood": "x"})],
)
def test_a_column_or_number_nobody_knows_is_refused(by: str, values: dict[str, str]):
    with opened(ROWS) as tables, pytest.raises(BadInput) as caught:
        counts(tables, Cell(OCTOBER, values=values), (by,))

    assert caught.value.code == "unknown_value"
