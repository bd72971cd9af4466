"""Periods, and the two each is compared with."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.analytics.period import ALL, of_day, parse, run_up, span
from suyuan.domain.errors import BadInput


@pytest.mark.parametrize(
    ("text", "first", "last", "previous", "last_year"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "2024", "2024"),
        ("2025-10", date(2025, 10, 1), date(2025, 10, 31), "2025-09", "2024-10"),
        ("2025-01", date(2025, 1, 1), date(2025, 1, 31), "2024-12", "2024-01"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024-01", "2023-02"),
        ("2025-W40", date(2025, 9, 29), date(2025, 10, 5), "2025-W39", "2024-W40"),
        ("2025-W01", date(2024, 12, 30), date(2025, 1, 5), "2024-W52", "2024-W01"),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3), "2026-W52", None),
        ("2021-W01", date(2021, 1, 4), date(2021, 1, 10), "2020-W53", "2020-W01"),
    ],
)
def test_a_period_knows_its_dates_and_its_comparisons(
    text: str, first: date, last: date, previous: str, last_year: str | None
) -> None:
    period = parse(text)

    assert (period.label, period.first, period.last) == (text, first, last)
    assert period.previous == parse(previous)
    assert period.last_year == (parse(last_year) if last_year else None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-13",
        "2025-00",
        "2025-W00",
        "2025-W53",
        "2025-1",
        "25",
        "2025-10-01",
        "2025/10",
        "٢٠٢٥",
    ],
)
def test_anything_else_is_an_error_that_names_the_value(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(text)

    assert (caught.value.code, caught.value.facts["value"]) == ("period_unknown", text)


def test_everything_has_nothing_to_compare_with() -> None:
    assert parse("all") == ALL
    assert (ALL.previous, ALL.last_year) == (None, None)
    assert ALL.covers(date(1999, 1, 1))


def test_a_kind_of_period_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(BadInput):
        of_day(date(2025, 10, 1), "quarter")


@pytest.mark.parametrize(
    "text", ["0000", "0001", "1899-12", "3000-Q1", "3000-W01", "9999", "9999-12", "9999-W52"]
)
def test_a_period_of_no_time_of_ours_is_an_error_that_says_which_years_there_are(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(text)

    facts = {"value": text, "first_year": 1900, "last_year": 2999}
    assert (caught.value.code, caught.value.facts) == ("period_out_of_range", facts)


@pytest.mark.parametrize("text", ["1900", "1900-01", "1900-W01", "2999", "2999-Q4", "2999-W52"])
def test_the_first_and_the_last_year_are_there(text: str) -> None:
    assert parse(text).label == text


def test_the_first_years_have_nothing_before_them() -> None:
    first, second = of_day(date(1, 5, 1), "year"), of_day(date(2, 5, 1), "year")

    assert (first.previous, first.last_year) == (None, None)
    assert [period.label for period in run_up(second, 5)] == ["0001", "0002"]


def test_a_run_up_ends_with_the_period_itself() -> None:
    assert [period.label for period in run_up(parse("2025-02"), 3)] == ["2024-12", "2025-01", "2025-02"]


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.sampled_from(("year", "month", "week")))
def test_periods_of_one_kind_join_without_gap_or_overlap(day: date, kind: str) -> None:
    period = of_day(day, kind)
    before = period.previous

    assert before is not None
    assert period.covers(day)
    assert parse(period.label) == period
    assert before.last is not None
    assert period.first == before.last + timedelta(days=1)


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_every_day_lies_in_the_month_and_week_the_lake_writes_for_it(day: date) -> None:
    year, week, _ = day.isocalendar()

    assert of_day(day, "month").label == f"{day:%Y-%m}"
    assert of_day(day, "week").label == f"{year:04}-W{week:02}"


def test_a_span_lies_after_one_of_the_same_length():
    ten_days = span(date(2025, 10, 11), date(2025, 10, 20))

    assert ten_days.previous == span(date(2025, 10, 1), date(2025, 10, 10))
    assert ten_days.last_year is None
    with pytest.raises(BadInput):
        span(date(2025, 10, 2), date(2025, 10, 1))
