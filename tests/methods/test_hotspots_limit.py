"""The limit of a scan: it stays while days come to it, and says which single days set it."""

from datetime import date, timedelta

import numpy as np

from suyuan.actions.hotspots.own import _settled
from suyuan.analytics.hotspots import scanning
from suyuan.analytics.hotspots.ordinary import Borne
from tests.methods.test_hotspots import DAYS, FIGURES, calendar_days, looked, town


def test_days_that_come_change_neither_the_limit_nor_what_was_told_before():
    tree, counted = town(3)
    counted[5, 392:] += 5
    place, day = np.nonzero(counted)
    counts = scanning.counts_of(tree, place, day, counted[place, day].astype(np.float64), DAYS)

    def told(size):
        part = np.ascontiguousarray(counts[:, :size])
        found = scanning.scan(part, tree, calendar_days(size), FIGURES, Borne(rounds=2), 390)
        return found.ordinary.limit, {one.raised for one in found.signals if one.raised < 396}

    limit, raised = told(396)

    assert told(400) == (limit, raised)
    assert raised & {392, 393, 394, 395}


def test_the_single_day_that_sets_the_limit_is_named():
    tree, counted = town(4, a_day=0.05, counties=2, stations=2, areas=3)
    calm = looked(tree, counted).ordinary
    for day in (200, 300, 400):
        counted[7, day] += 90

    found = looked(tree, counted).ordinary

    assert {day for _, day in found.by[:3]} == {200, 300, 400}
    assert all(tree.below[[node]].indices.tolist().count(7) == 1 for node, _ in found.by[:3])
    assert found.limit > 3 * calm.limit


def test_what_is_ordinary_is_said_by_the_days_until_the_sunday_before_where_those_suffice():
    monday = date(2026, 3, 2)
    week = [_settled(monday + timedelta(at), 200 + at, 140) for at in range(7)]

    assert week == [199] * 6 + [206]
    assert _settled(monday + timedelta(2), 141, 140) == 141
