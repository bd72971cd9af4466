"""Outage sensitivity: features and weights by hand, what is learned, what leaks, and the order of repairs."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from suyuan.analytics.sensitivity import entropy, leakage, learned
from suyuan.analytics.sensitivity.features import MONTH, NAMES, Calls, features
from suyuan.analytics.sensitivity.leakage import Home
from suyuan.analytics.sensitivity.priority import Place, ranked

NOW = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
WEIGHTS = {
    "first": ["life_support", "important_user"],
    "hours": 1.0,
    "hours_most": 24,
    "affected": 0.1,
    "callers": 1.0,
    "sensitive": 2.0,
    "life_support": 100.0,
    "flag": 10.0,
}


def calls(*rows):
    account, day = zip(*rows, strict=True)
    return Calls(np.array(account, np.int64), np.array(day, np.float64))


def test_counts_averages_and_days_between_are_those_known_then():
    known = calls((0, 1000.0), (0, 990.0), (0, 950.0), (1, 700.0), (0, 1001.0))

    found = dict(zip(NAMES, features(known, 3, 1001.0).T.tolist(), strict=True))

    assert found["count_1"] == [2, 0, 0]
    assert found["count_3"] == [3, 0, 0]
    assert found["count_12"] == [3, 1, 0]
    assert found["average_3"] == [1, 0, 0]
    assert found["interval_1"] == [10.0, MONTH, MONTH]
    assert found["interval_12"] == [25.0, 12 * MONTH, 12 * MONTH]


def test_the_weights_are_those_worked_by_hand():
    """Two accounts; the first feature is 0 and 2, all others are alike, so it alone tells them apart."""
    given = np.zeros((2, len(NAMES)))
    given[1, 0] = 2.0

    found = entropy.weighed(given)

    small = 1e-6 / (1 + 2e-6)
    hand = 1 + (small * np.log(small) + (1 - small) * np.log(1 - small)) / np.log(2)
    assert 0.9999 < hand < 1
    assert found.weight[0] == pytest.approx(1.0)
    assert found.score.tolist() == pytest.approx([1e-6, 1 + 1e-6])


def test_three_accounts_by_hand_and_an_interval_counts_the_other_way():
    given = np.zeros((3, len(NAMES)))
    given[:, 0] = [0, 1, 2]
    given[:, 2] = [30, 30, 10]

    values = entropy.scaled(given)
    found = entropy.weighed(given)

    assert values[:, 0].tolist() == pytest.approx([0, 0.5, 1], abs=2e-6)
    assert values[:, 2].tolist() == pytest.approx([0, 0, 1], abs=2e-6)
    count = 1 - (np.log(3) / 3 + 2 / 3 * np.log(1.5)) / np.log(3)
    assert found.weight[[0, 2]].tolist() == pytest.approx([count / (1 + count), 1 / (1 + count)], abs=1e-4)
    assert entropy.sensitive(found.score, 0.34).tolist() == [False, False, True]


def test_who_never_called_is_not_sensitive_however_large_the_top_part():
    given = features(calls((0, 99.0), (1, 98.0)), 40, 100.0)
    assert entropy.sensitive(entropy.weighed(given).score, 0.25).tolist() == [True, True, *[False] * 38]
    assert entropy.weighed(np.ones((3, len(NAMES)))).weight.tolist() == pytest.approx([1 / 9] * 9)


def town(seed, *, habit):
    """Return a town in which a few call in most outages where ``habit`` is, else anybody alike."""
    chance, size = np.random.default_rng(seed), 1200
    often = chance.random(size) < 0.1
    rate = np.where(often, 0.6, 0.02) if habit else np.full(size, 0.08)
    area = np.arange(size) // 30
    account, day = [], []
    for each in range(40):
        for start in chance.uniform(0, 545, 6):
            out = np.flatnonzero((area == each) & (chance.random(size) < rate))
            account += out.tolist()
            day += [start] * len(out)
    made = calls(*zip(account, day, strict=True))
    return Home(area, made, made)


def test_calls_that_are_foretold_by_themselves_look_far_better_than_they_are():
    found = leakage.measured(town(1, habit=False), 545.0, 91.0, 0.25)

    assert found.same_period > 0.6
    assert found.earlier < 0.4
    assert found.learned < 0.4


def test_a_habit_is_found_by_earlier_calls_alone():
    found = leakage.measured(town(2, habit=True), 545.0, 91.0, 0.25)

    assert min(found.earlier, found.learned) > 0.6
    assert found.called < found.exposed


def test_the_regression_finds_what_it_was_made_by():
    chance = np.random.default_rng(3)
    given = chance.poisson(2, (4000, 2)).astype(np.float64)
    likely = 1 / (1 + np.exp(-(-2 + 1.5 * np.log1p(given[:, 0]))))
    model = learned.learn(given, (chance.random(4000) < likely).astype(np.float64))

    assert np.abs(model.probability(given) - likely).mean() < 0.03
    assert (model.weight[1] > 0.5, abs(model.weight[2]) < 0.1) == (True, True)
    with pytest.raises(ValueError, match="none did"):
        learned.learn(given, np.zeros(4000))


def test_those_caught_share_a_tie_at_the_edge():
    assert learned.caught(np.array([3.0, 1, 1, 1]), np.array([1.0, 1, 0, 0]), 0.5) == pytest.approx(2 / 3)
    assert learned.caught(np.zeros(4), np.array([1.0, 0, 0, 0]), 0.25) == pytest.approx(0.25)


def place(area, hours, *, cases=("1",), affected=0, sensitive=0, **flags):
    return Place("L", area, "0101", NOW - timedelta(hours=hours), cases, affected, sensitive, flags)


def test_life_support_goes_before_many_and_each_reason_has_its_points():
    many = place("many", 3, cases=("2", "3"), affected=80, sensitive=10)
    life = place("life", 1, cases=("4",), affected=10, life_support=1)
    alone = place("alone", 5, cases=("5",), elderly_alone=1)

    first, second, third = ranked([alone, many, life], WEIGHTS, NOW)

    assert [each.place.area for each in (first, second, third)] == ["life", "many", "alone"]
    assert [(one.code, one.n, one.points) for one in second.reasons] == [
        ("sensitive", 10, 20),
        ("affected", 80, 8),
        ("hours", 3, 3),
        ("callers", 2, 2),
    ]
    assert (second.points, third.points) == (33, 16)


def test_a_forgotten_repair_outranks_no_life_support_and_no_outage_of_many():
    forgotten = place("forgotten", 24 * 60)
    many = place("many", 1, affected=300, sensitive=80, elderly_alone=3)
    user = place("user", 1, affected=5, important_user=1)
    life = place("life", 0.1, affected=5, life_support=1)

    found = ranked([forgotten, many, user, life], WEIGHTS, NOW)

    assert [each.place.area for each in found] == ["life", "user", "many", "forgotten"]
    assert found[0].reasons[0].code == "flag.life_support"
    assert [(one.code, one.n, one.points) for one in found[-1].reasons] == [
        ("hours", 24 * 60, 24),
        ("callers", 1, 1),
    ]
    assert found[1].points < found[2].points


def test_time_off_decides_between_equals_until_its_most():
    here, there = place("here", 30), place("there", 3)
    older = place("older", 40)

    assert [each.place.area for each in ranked([there, here, older], WEIGHTS, NOW)] == [
        "older",
        "here",
        "there",
    ]
