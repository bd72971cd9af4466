"""Voltages and zero readings: which limit, which days, since when."""

from datetime import date

from tests.detect_logs import at
from tests.detecting import BOOK, found
from tests.methods.test_detect_supply import daily, months, readings, weak


def test_a_voltage_between_lines_is_told_beside_the_limit_it_was_held_against():
    rows = daily("three", "一区", 350.0, good=380.0)

    one = weak(rows)["account:three"]

    limit = BOOK.figure("voltage.three", date(2026, 3, 20)).terms["low"]
    assert (one.observed, one.expected) == (350.0, limit)


def test_the_end_of_a_day_still_belongs_to_it_and_days_begin_at_local_midnight():
    rows = daily("low", "一区", 190.0)
    rows = [(who, area, when, 190.0) for who, area, when, _ in rows]

    one = weak(rows, "2026-03-21 00:00")["account:low"]

    assert (one.facts["days"], one.since) == (14, at("2026-03-07 00:00"))


def test_zeros_are_told_since_the_local_midnight_of_their_first_reading():
    rows = months("three", 90, 80, 70, 60, 50, 0, 0, 0)

    (one,) = found("zero_readings", at("2026-01-10 09:00"), readings=readings(rows), rulebook=BOOK)

    assert one.since == at(f"{one.facts['since']} 00:00")
