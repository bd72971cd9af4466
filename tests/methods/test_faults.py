"""Faults by cause and place: what was planted is found, shuffled causes name nothing, repeats by hand."""

import math

import numpy as np
import pyarrow as pa
import pytest

from suyuan.analytics import faults
from suyuan.analytics.faults.counting import DAY, HOUR
from suyuan.analytics.faults.returning import again

CAUSES = ("tree", "aged", "overload", "weather", "external", "customer")
RULE = faults.Threshold(5, 0.05)
LINES, AREAS = 12, 5


def table(*rows):
    """Return records of (line, area, cause, hours) and whatever else is said of them."""
    given = {"order": True, "unit": "0101", "unit_path": "/01/0101/", "ended": None}
    made = [
        {
            **given,
            "number": f"N{at}",
            "line": line,
            "area": area,
            "cause": cause,
            "began": int(hours * HOUR),
            **said,
        }
        for at, (line, area, cause, hours, said) in enumerate((*row, {})[:5] for row in rows)
    ]
    return pa.table(
        {one.name: pa.array([row[one.name] for row in made], one.type) for one in faults.SCHEMA},
        schema=faults.SCHEMA,
    )


def city(seed, *, planted=0):
    """Return a year of faults of lines that differ in how many they have, ``planted`` trees at one."""
    chance = np.random.default_rng(seed)
    share = chance.gamma(3, 1, LINES * AREAS)
    place = chance.choice(LINES * AREAS, 420, p=share / share.sum())
    cause = chance.choice(CAUSES, 420, p=[0.15, 0.3, 0.2, 0.15, 0.1, 0.1])
    hours = chance.uniform(0, 365 * 24, 420)
    rows = [
        (f"L{at // AREAS}", f"L{at // AREAS}.{at % AREAS}", str(why), hour)
        for at, why, hour in zip(place, cause, hours, strict=True)
    ]
    rows += [
        (f"L{7}", f"L7.{at % AREAS}", "tree", hour)
        for at, hour in enumerate(chance.uniform(0, 8760, planted))
    ]
    return rows


def found(rows, accounts=None):
    return faults.piled(faults.faults(table(*rows), 12.0), accounts or {}, RULE)


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_cause_at_a_line_is_found_first(seed):
    first, *_ = found(city(seed, planted=24))

    assert (first.cause, first.level, first.line) == ("tree", "line", "L7")
    assert first.n > 1.5 * first.expected
    assert first.low > 1
    assert {(one.line, one.cause) for one in first.told} == {("L7", "tree")}
    assert len(first.told) == first.n


def test_shuffled_causes_name_something_no_oftener_than_stated():
    rows, chance, runs = city(11, planted=24), np.random.default_rng(1), 120
    causes = [row[2] for row in rows]

    named = sum(
        bool(
            found(
                [
                    (*row[:2], str(why), row[3])
                    for row, why in zip(rows, chance.permutation(causes), strict=True)
                ]
            )
        )
        for _ in range(runs)
    )

    assert named <= 0.05 * runs + 3 * math.sqrt(0.05 * 0.95 * runs)


def test_expectation_and_chance_are_those_worked_by_hand():
    """Ten faults, five of them trees; a line has six, all five trees among them: C(6,5) C(4,0) / C(10,5)."""
    rows = [("A", "", "tree", 100 * at) for at in range(5)] + [("A", "", "aged", 1000)]
    rows += [("B", "", "aged", 100 * at + 50) for at in range(4)]

    asked = faults.piled(faults.faults(table(*rows), 12.0), {}, faults.Threshold(4, 1.0))

    (one,) = [one for one in asked if (one.line, one.cause) == ("A", "tree")]
    assert (one.n, one.expected) == (5, 3.0)
    assert one.q >= 6 / math.comb(10, 5)
    chances = {(each.line, each.cause): each.q for each in asked}
    assert chances["A", "tree"] == pytest.approx(
        2 * 6 / math.comb(10, 5)
    )  # two of four cells are that unlikely


def test_what_one_outage_was_told_of_several_times_is_one_fault():
    made = faults.faults(
        table(
            ("A", "A.1", "", 0),
            ("A", "A.1", "tree", 3),
            ("A", "A.1", "aged", 40),
            ("A", "A.2", "tree", 4),
            ("A", "", "tree", 5),
            ("", "", "tree", 6),
        ),
        12.0,
    )

    assert [(one.area, one.cause, len(one.numbers)) for one in made.areas] == [
        ("A.1", "tree", 2),
        ("A.1", "aged", 1),
        ("A.2", "tree", 1),
    ]
    assert [(one.cause, len(one.numbers), one.whole) for one in made.lines] == [
        ("aged", 1, False),
        ("tree", 4, True),
    ]
    assert (made.records, made.nowhere) == (6, 1)


def test_a_place_with_more_by_account_than_others_is_named_whatever_the_causes():
    rows = [(f"L{at}", "", CAUSES[n], 40 * n + at) for at in range(30) for n in range(6)]
    rows += [("L3", "", CAUSES[n % 6], 40 * n + 20) for n in range(30)]
    accounts = {(f"L{at}", ""): 100 for at in range(30)}

    (one,) = found(rows, accounts)

    assert (one.cause, one.line, one.area, one.n) == ("", "L3", "", 36)
    assert found(rows, accounts | {("L3", ""): 900}) == []


def test_a_line_is_left_to_the_area_that_makes_most_of_it():
    rows = [*city(5), *[("L2", "L2.1", "weather", 60 * n) for n in range(25)]]

    named = [(one.level, one.area) for one in found(rows) if (one.line, one.cause) == ("L2", "weather")]

    assert named == [("area", "L2.1")]


def test_the_same_cause_at_the_same_place_within_the_days_is_a_return():
    day = 24.0
    made = faults.faults(
        table(
            ("A", "A.1", "tree", 0, {"ended": int(2 * DAY)}),
            ("A", "A.1", "tree", 31 * day),
            ("A", "A.1", "tree", 62 * day),
            ("A", "A.1", "aged", 5 * day),
            ("A", "A.2", "tree", 6 * day),
            ("B", "B.1", "", 0),
            ("B", "B.1", "", 3 * day),
            ("C", "", "aged", 0),
            ("C", "", "aged", 9 * day),
        ),
        12.0,
    )

    chains = faults.returned(made, 30.0)

    assert [(one.line, one.area, one.cause, one.n, one.days) for one in chains] == [
        ("A", "A.1", "tree", 2, 31.0),
        ("C", "", "aged", 2, 9.0),
    ]
    assert again(chains) == 2


def test_nothing_is_nothing():
    made = faults.faults(faults.SCHEMA.empty_table(), 12.0)

    assert (faults.piled(made, {}, RULE), faults.returned(made, 30.0), made.records) == ([], [], 0)
