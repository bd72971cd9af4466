"""Outbreaks of stated size on a town: seen sooner than by simple methods, at the same false alarms."""

import numpy as np

from bench import outbreak_methods, outbreaks
from suyuan.analytics.hotspots.nodes import nodes
from suyuan.analytics.hotspots.sorts import _FEW, sorts, weights


def small():
    chance = np.random.default_rng(5)
    places = [((f"d{at // 4}", f"p{at}"), (kind,)) for at in range(12) for kind in ("calm", "bursts")]
    by_place = chance.poisson(0.6, (24, 250))
    storms = chance.choice(250, 12, replace=False)
    by_place[1::2, storms] += chance.poisson(4 * (chance.random((12, 12)) < 0.4))
    return outbreaks.base("small", places, by_place, 738_000, plain=True)


def test_an_outbreak_at_a_calm_kind_is_seen_though_another_comes_in_bursts():
    base = small()
    plain = {name: method(base, base.counts) for name, method in outbreak_methods.METHODS.items()}
    limits = {name: outbreaks.limit(base, scored, by_day=True) for name, scored in plain.items()}
    calm = {name: (limits[name], plain[name] >= limits[name]) for name in plain}

    got = outbreaks.judged(base, "medium", 8, 2, calm)

    many = got.pop("")
    days = {name: np.where(np.array(each) > 0, each, 14).mean() for name, each in got.items()}
    assert (len(many), min(many) > 10) == (len(got["scan"]), True)
    assert np.mean(np.array(got["scan"]) > 0) >= 0.9
    assert (days["scan"] < 7, days["scan"] < days["EBP, moving average"]) == (True, True)


def test_a_sort_is_the_second_level_of_the_last_tree_where_it_has_enough_nodes():
    tree = nodes([((f"u{at}",), ("a", "a.x" if at < 9 else "a.y")) for at in range(10)])
    found = dict(zip(tree.names, sorts(tree).tolist(), strict=True))

    often = {number for name, number in found.items() if name[1] == ("a", "a.x")}
    seldom = {number for name, number in found.items() if name[1] in {("a", "a.y"), ("a",)}}
    assert (len(often), len(seldom), often & seldom, _FEW) == (1, 1, set(), 8)
    assert set(sorts(nodes([(("a",),), (("b",),)])).tolist()) == {0}


def test_a_sort_in_which_scores_go_higher_counts_for_less():
    chance = np.random.default_rng(1)
    tops = np.stack([4 + chance.exponential(1, 3000), 4 + chance.exponential(4, 3000)])

    calm, bursts = weights(tops, 1 / 30).tolist()
    assert bursts < 1 < calm
    assert 2.5 < calm / bursts < 4
    assert weights(tops[:1], 1 / 30).tolist() == [1.0]
