"""Hot spots: what is found where something was added, how often something is found where nothing was."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from suyuan.actions import hotspots
from suyuan.analytics.hotspots import nodes as trees
from suyuan.analytics.hotspots import scanning
from suyuan.analytics.hotspots.expect import Expected
from suyuan.analytics.hotspots.nodes import meet, nodes
from suyuan.analytics.hotspots.ordinary import MONTH, Borne, swapped
from suyuan.analytics.hotspots.score import LEAST, ratio, scores
from suyuan.analytics.hotspots.seasons import Days, season
from suyuan.domain import rulebook

DAYS = 500
FIGURES = hotspots.figures(rulebook.load(), date(2026, 1, 1))


def calendar_days(size=DAYS):
    at = np.arange(size)
    rest = (at % 365 > 270) & (at % 365 < 277) & (at % 7 < 5)
    return Days(at % 7, rest, np.zeros(size, np.bool_))


def town(seed, *, a_day=0.15, counties=4, stations=5, areas=8):
    """Return what was counted at each place and day of a town with weeks, seasons and days that differ."""
    chance, at, days = np.random.default_rng(seed), np.arange(DAYS), calendar_days()
    places = [
        ((f"c{county}", f"s{county}.{station}", f"a{county}.{station}.{area}"),)
        for county in range(counties)
        for station in range(stations)
        for area in range(areas)
    ]
    week = np.array([1.3, 1.1, 1.0, 1.0, 1.0, 0.8, 0.6])[days.weekday]
    usual = week * (1 + 0.3 * np.sin(2 * np.pi * at / 365.25)) * np.where(days.rest, 0.5, 1.0)
    size = chance.gamma(1.5, a_day / 1.5, len(places))
    counted = chance.poisson(size[:, None] * usual * chance.gamma(30, 1 / 30, DAYS))
    return nodes(places), counted


def looked(tree, counted, **asked):
    place, day = np.nonzero(counted)
    many = counted[place, day].astype(np.float64)
    counts = scanning.counts_of(tree, place, day, many, counted.shape[1])
    return scanning.scan(counts, tree, calendar_days(counted.shape[1]), FIGURES, Borne(rounds=4, **asked))


def test_what_was_added_is_told_once_where_and_when_it_was():
    tree, counted = town(1)
    station = tree.at((("c2", "s2.3"),))
    below = tree.below[[station]].indices
    more = counted.copy()
    more[below, 300:310] += 2

    found = looked(tree, more)
    told = [one for one in found.signals if 300 <= one.raised < 312]

    assert [tree.names[one.node] for one in told] == [(("c2", "s2.3"),)]
    assert told[0].raised <= 302
    assert told[0].first >= 298
    assert told[0].last <= 311
    assert told[0].observed == more[below, told[0].first : told[0].last + 1].sum()


def test_a_single_area_is_named_and_not_the_county_around_it():
    tree, counted = town(2)
    area = tree.at((("c1", "s1.0", "a1.0.4"),))
    more = counted.copy()
    more[tree.below[[area]].indices, 400:405] += 4

    told = [one for one in looked(tree, more).signals if 400 <= one.raised < 408]

    assert [tree.names[one.node][0][-1] for one in told] == ["a1.0.4"]


@pytest.mark.parametrize("alarms", [1.0, 3.0])
def test_days_in_any_order_alarm_at_the_stated_rate(alarms):
    told, months = 0, 0.0
    for seed in range(6):
        tree, counted = town(seed + 10)
        mixed = counted[:, np.random.default_rng(seed).permutation(DAYS)]
        told += len(looked(tree, mixed, alarms=alarms).signals)
        months += (DAYS - FIGURES.warm_up) / MONTH
    low, high = poisson.ppf([0.005, 0.995], alarms * months)

    assert low <= told <= high


def test_neither_week_nor_holiday_nor_season_is_a_signal():
    tree, counted = town(3, a_day=0.6)
    found = looked(tree, counted)

    of_the_whole = [one for one in found.signals if len(tree.names[one.node][0]) < 2]
    assert not of_the_whole
    hoped = found.looked.expected.mean[0, 365:]
    assert counted[:, 365:].sum() / hoped.sum() == pytest.approx(1.0, abs=0.1)


def test_two_trees_find_what_neither_shows_alone():
    chance = np.random.default_rng(4)
    places = [((f"d{d}",), (f"k{k}",)) for d in range(6) for k in range(6)]
    tree, counted = nodes(places), chance.poisson(0.5, (36, DAYS))
    counted[places.index((("d2",), ("k3",))), 350:356] += 2

    told = [one for one in looked(tree, counted).signals if 350 <= one.raised < 358]

    assert [tree.names[one.node] for one in told] == [(("d2",), ("k3",))]


def test_what_comes_later_changes_nothing_that_was_expected_before():
    tree, counted = town(5)
    later = counted.copy()
    later[:, 420:] *= 3
    one, other = looked(tree, counted), looked(tree, later)

    assert np.array_equal(one.looked.expected.mean[:, :420], other.looked.expected.mean[:, :420])
    first, second = (scores(each.looked.counts, each.looked.expected, FIGURES) for each in (one, other))
    assert np.array_equal(first.best[:, :420], second.best[:, :420])


def test_the_same_seed_gives_the_same_answer():
    tree, counted = town(6)
    assert looked(tree, counted, seed=5).signals == looked(tree, counted, seed=5).signals


def test_the_best_window_is_the_best_of_all_windows():
    chance = np.random.default_rng(7)
    counts = chance.poisson(1.0, (3, 160)).astype(np.float32)
    counts[1, 150:155] += 4
    mean = np.zeros_like(counts)
    mean[:, FIGURES.warm_up :] = 1.0
    calm = replace(FIGURES, unsure=0.0, prior_windows=1e9)
    found = scores(counts, Expected(mean, np.ones(3, np.float32)), calm)

    day = 154
    by_hand = {
        width: float(
            ratio(np.array([counts[1, day - width + 1 : day + 1].sum()]), np.array([float(width)]))[0]
        )
        for width in range(1, 29)
        if counts[1, day - width + 1 : day + 1].sum() > width
    }
    best = max(by_hand, key=by_hand.__getitem__)
    assert by_hand[best] > LEAST
    assert (found.days[1, day], found.best[1, day]) == (best, pytest.approx(by_hand[best], rel=1e-4))


def test_a_season_is_learned_from_what_was_known():
    days = calendar_days(800)
    true = np.array([2.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5])[days.weekday] * 20
    counted = np.random.default_rng(8).poisson(true).astype(np.float64)
    expected, scatter = season(counted[:600], days, FIGURES)

    assert np.abs(expected[600:] / true[600:] - 1).mean() < 0.08
    assert scatter < 1.3


def test_days_are_swapped_with_their_kind_and_each_once():
    days = calendar_days()
    usual = np.arange(DAYS, dtype=np.float64)
    other = swapped(usual, days, FIGURES, np.random.default_rng(9))

    assert sorted(other.tolist()) == list(range(DAYS))
    assert (days.kind[other] == days.kind).all()
    assert np.abs(other - np.arange(DAYS)).max() <= 7 * FIGURES.alike * 8  # rest days are the rarest kind


path = st.lists(st.sampled_from("ab"), max_size=3).map(tuple)


@given(st.tuples(path, path), st.tuples(path, path))
def test_two_nodes_meet_where_both_reach(one, other):
    both = meet(one, other)
    assert both == meet(other, one)
    if both is not None:
        assert meet(one, both) == both == meet(other, both)
    else:
        assert any(a[: len(b)] != b and b[: len(a)] != a for a, b in zip(one, other, strict=True))


def test_every_place_lies_below_the_whole_and_below_each_of_its_ancestors():
    tree = trees.nodes([(("a", "b"), ("k",)), (("a", "c"), ("k",)), (("d", "e"), ("l",))])
    names = {name: number for number, name in enumerate(tree.names)}

    assert tree.names[0] == ((), ())
    assert tree.below[[0]].sum() == 3
    assert sorted(tree.below[[names[(("a",), ("k",))]]].indices.tolist()) == [0, 1]
    assert (("a", "b"), ("l",)) not in names
    assert len(names) == 1 + 5 + 2 + 5


def test_too_few_days_are_no_history():
    tree, counted = town(1)
    with pytest.raises(ValueError, match="fewer than 140"):
        looked(tree, counted[:, :100])
