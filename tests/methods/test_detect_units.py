"""Detectors of units: orders that bounce, complaints that are not registered, customers who call again."""

from datetime import timedelta

import numpy as np
import pytest

from suyuan.analytics.detect.signal import Level
from suyuan.store.frames import handovers, registrations, repeats, texts, units
from tests.detecting import BOOK, NOW, found, frame

DAY = timedelta(days=1)
NONE = frame(units.COLUMNS, [])


def given(*pairs):
    """Return hand-overs of pairs (giver, taker, bounced, of)."""
    rows = [
        {"number": f"{giver}{taker}{n}", "giver": giver, "taker": taker, "at": NOW - n * DAY / 10,
         "ended": "return" if n < bounced else "accept"}
        for giver, taker, bounced, of in pairs
        for n in range(of)
    ]  # fmt: skip
    return frame(handovers.COLUMNS, rows, idle_hours=1.0)


@pytest.mark.parametrize(
    ("bounced", "of", "level"),
    [(1, 2, None), (9, 9, None), (5, 12, None), (8, 12, Level.GENERAL), (12, 14, Level.IMPORTANT)],
)
def test_a_pair_is_told_where_the_lower_bound_of_its_rate_passes(bounced, of, level):
    told = found("shirking", handovers=given(("o", "x", bounced, of)), units=NONE)

    assert [one.level for one in told] == ([level] if level else [])


def test_pairs_that_shirk_are_told_in_ten_weeks_and_hardly_ever_another():
    """Forty pairs bounce one in twenty, four pairs one in two; thirty hand-overs each; twenty worlds."""
    chance = np.random.default_rng(3)
    missed = wrong = 0
    for _ in range(20):
        rates = [0.5] * 4 + [0.05] * 40
        pairs = [("o", f"{n}", int(chance.binomial(30, rate)), 30) for n, rate in enumerate(rates)]
        told = {one.object for one in found("shirking", handovers=given(*pairs), units=NONE)}
        planted = {f"pair:o>{n}" for n in range(4)}
        missed, wrong = missed + len(planted - told), wrong + len(told - planted)

    assert (missed <= 4, wrong) == (True, 0)


def registered(rows):
    kept = [{"unit": f"{n}", "complaints": int(c), "regulated": int(s)} for n, (c, s) in enumerate(rows)]
    return frame(registrations.COLUMNS, kept, name="所", kind="station", orders=100, written=0, repeats=0,
                 dissatisfied=0, missed=0, reclassified=0)  # fmt: skip


def under(counts, *reads):
    """Look with these counts, and with orders that read like complaints at these units."""
    rows = [{"number": f"R{n}", "unit": unit} for n, unit in enumerate(reads)]
    said = frame(texts.COLUMNS, rows, kind="opinion", procedure="opinion", said="客户反映工作人员态度恶劣。",
                 cause="", measures="", reply="", urges=0, channel="95598", satisfaction="", category="",
                 accepted_at=NOW - DAY)  # fmt: skip
    return found("under_registration", registrations=counts, texts_of_units=said, rulebook=BOOK)


def world(chance, hidden=0, keeps=1.0, load=40):
    """Return 40 units whose complaints and signs vary beyond chance; of some only a part is registered."""
    load = chance.gamma(8, load / 8, 40)
    complaints = chance.poisson(load * np.where(np.arange(40) < hidden, keeps, 1.0))
    return list(zip(complaints, chance.poisson(load * 0.7 * chance.gamma(20, 1 / 20, 40)), strict=True))


def test_alike_units_are_named_in_one_look_of_ten_at_most():
    chance = np.random.default_rng(2)

    looks = sum(bool(under(registered(world(chance)))) for _ in range(60))
    assert looks <= 6


def test_units_that_register_a_fifth_are_mostly_named():
    chance = np.random.default_rng(12)
    told = [{one.object for one in under(registered(world(chance, 2, 0.2, 80)))} for _ in range(20)]

    assert sum(len(each & {"unit:0", "unit:1"}) for each in told) >= 30
    assert sum(len(each - {"unit:0", "unit:1"}) for each in told) <= 4


def test_a_sort_with_too_few_units_or_signs_tells_nothing():
    assert under(registered([(0, 30), (30, 20)])) == []
    assert under(registered([(0, 7), *[(30, 20)] * 20])) == []


def test_a_unit_that_writes_complaints_down_as_something_else_is_named_by_what_they_say():
    """Thirty units with forty complaints each, one order in twenty reads like one; at one unit one in two."""
    chance, read = np.random.default_rng(21), []
    for n in range(30):
        read += [f"{n}"] * int(chance.poisson(20 if n == 7 else 2))
    (one,) = under(registered([(40, 5)] * 30), *read)

    assert (one.object, one.why, one.observed) == ("unit:7", "registered_otherwise", read.count("7"))
    assert 1 < one.expected < 3


def spoken(*rows):
    made = [
        {
            "event": event,
            "number": f"{event}{n}",
            "at": NOW - (9 - n) * DAY / 9,
            "times": times,
            "open": waits,
        }
        for n, (event, times, waits) in enumerate(rows)
    ]
    return frame(repeats.COLUMNS, made, procedure="complaint", category="", unit="0101")


@pytest.mark.parametrize(
    ("rows", "level", "why"),
    [
        ([("a", 1, True), ("a", 2, True)], Level.GENERAL, "called_again"),
        ([("a", 1, True), ("a", 3, False)], Level.IMPORTANT, "called_again"),
        ([("a", 1, False), ("a", 5, True)], Level.URGENT, "called_again"),
        ([("a", 3, False), ("a", 5, False)], Level.GENERAL, "called_again_closed"),
        ([("a", 1, True), ("b", 1, True)], None, ""),
    ],
)
def test_the_oftener_they_call_about_what_is_open_the_more_urgent(rows, level, why):
    told = found("repeat_contact", repeats=spoken(*rows))

    assert [(one.level, one.why) for one in told] == ([(level, why)] if level else [])
