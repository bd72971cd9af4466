"""Call surge: planted half-hours are told at once, ordinary weeks at the stated rate; small places too."""

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from suyuan.analytics.detect import call_surge
from suyuan.analytics.detect.columns import micro
from suyuan.analytics.detect.outages import moments, named
from suyuan.analytics.detect.signal import Level
from tests.detecting import BOOK, found

FIRST = datetime(2026, 3, 2, tzinfo=BOOK.calendar.zone)
MINUTE = 60_000_000
HOURS = np.array([2, 1, 1, 1, 1, 2, 4, 8, 14, 20, 20, 16, 10, 12, 18, 18, 16, 14, 16, 18, 14, 8, 5, 3])


def rate(days, level=1.0):
    """Calls expected in each quarter of an hour: by hour, fewer at the weekend."""
    day = np.arange(days) % 7
    return (np.repeat(HOURS / 4, 4)[None, :] * np.where(day >= 5, 0.6, 1.0)[:, None] * level).ravel()


def calls(counts, line=""):
    slot = np.repeat(np.arange(len(counts)), counts)
    at = moments(micro(FIRST) + slot * 15 * MINUTE + MINUTE)
    names = named([line] * len(slot))
    return pa.table([at, names, named([""] * len(slot))], schema=call_surge.SCHEMA)


def seen(table, day, hour, minute=0):
    at = FIRST + timedelta(days=day, hours=hour, minutes=minute)
    known = table.filter(pa.array(table["at"].cast(pa.int64()).to_numpy() <= micro(at)))
    return found("call_surge", at, calls=known)


@pytest.fixture(scope="module")
def ordinary():
    """Ten weeks of calls that scatter twice as much as chance."""
    chance = np.random.default_rng(5)
    mean = rate(70)
    return chance.negative_binomial(mean, 0.5)


def test_five_times_the_usual_for_half_an_hour_is_told_when_it_is_over(ordinary):
    planted = ordinary.copy()
    slot = 51 * 96 + 10 * 4
    planted[slot : slot + 2] = 24
    table = calls(planted)
    (one,) = seen(table, 51, 10, 30)

    assert seen(table, 51, 10, 0) == []
    assert (one.object, one.level) == ("calls:all", Level.IMPORTANT)
    assert one.since == FIRST + timedelta(days=51, hours=10)
    assert one.observed == planted[slot : slot + 2].sum()


def test_ordinary_weeks_alarm_no_oftener_than_stated(ordinary):
    """Forty days seen every other hour: one false alarm a month makes 1.3; 5 are one in a hundred."""
    table = calls(ordinary)
    told = {one.since for day in range(30, 70) for hour in range(2, 25, 2) for one in seen(table, day, hour)}

    assert len(told) < 5


def test_no_weeks_before_tell_nothing_and_few_calls_are_no_surge():
    few = np.zeros(70 * 96, np.int64)
    few[51 * 96 + 40] = 9

    assert seen(calls(np.full(5 * 96, 5)), 4, 12) == []
    assert seen(calls(few), 51, 10, 15) == []


def test_a_line_of_which_many_call_is_told_beside_all(ordinary):
    slot = 51 * 96 + 10 * 4
    storm = np.zeros(len(ordinary), np.int64)
    storm[slot] = 25
    table = pa.concat_tables([calls(ordinary), calls(storm, "L1")]).unify_dictionaries()
    told = {one.object: one for one in seen(table, 51, 10, 15)}

    assert set(told) == {"calls:all", "line:L1"}
    assert (told["line:L1"].observed, told["line:L1"].why) == (25, "call_surge_place")
