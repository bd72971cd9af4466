"""Weak links: each test by hand, one weak unit among many, false alarms where all are alike."""

from datetime import timedelta

import numpy as np
import pytest
from scipy.stats import binom, hypergeom, ttest_ind

from suyuan.analytics.period import parse
from suyuan.analytics.weak_links import Counted, Wanted, counts, find, shares, times, weakest
from suyuan.domain.errors import Refused
from tests.lake_rows import AS_OF, HOUR, NOON, case, opened, unit

WANTED = Wanted(("callback_satisfaction",), ("verified_rate",))


def test_a_share_is_tested_exactly_towards_what_is_bad():
    rows = [Counted("a", 2, 10), Counted("b", 18, 20), Counted("c", 9, 10), Counted("few", 0, 4)]

    low, high = shares("m", rows, high_is_bad=False), shares("m", rows, high_is_bad=True)

    assert [one.unit for one in low] == ["a", "b", "c"]  # four are too few
    assert low[0].p == pytest.approx(hypergeom.cdf(2, 40, 29, 10))
    assert high[0].p == pytest.approx(hypergeom.sf(1, 40, 29, 10))
    assert (low[0].value, low[0].others) == (0.2, 27 / 30)
    assert 0.2 < low[0].shrunk < 29 / 40
    assert low[0].low < 0.2 < low[0].high


def test_complaints_are_tested_by_exposure():
    found = counts("m", [Counted("a", 12, 100.0), Counted("b", 8, 300.0), Counted("none", 0, 0.0)])

    assert [one.unit for one in found] == ["a", "b"]
    assert found[0].p == pytest.approx(binom.sf(11, 20, 0.25))
    assert (found[0].value, found[0].others) == (0.12, 8 / 300)


def test_times_are_tested_by_their_logarithms():
    slow, fast = np.array([8.0, 16, 8, 16, 8, 16]), np.array([2.0, 4, 2, 4, 2, 4])

    found = {one.unit: one for one in times("m", {"slow": slow, "fast": fast, "few": slow[:4]})}

    assert set(found) == {"slow", "fast"}
    assert found["slow"].value == pytest.approx(128**0.5)
    assert found["slow"].others == pytest.approx(8**0.5)
    told = ttest_ind(np.log(slow), np.log(fast), equal_var=False, alternative="greater")
    assert found["slow"].p == pytest.approx(told.pvalue)
    assert found["slow"].low < 128**0.5 < found["slow"].high


@pytest.mark.parametrize("alone", [[Counted("a", 3, 10)], []])
def test_where_there_is_nothing_to_compare_with_nothing_is_said(alone):
    assert shares("m", alone, high_is_bad=True) == counts("m", alone) == []
    assert times("m", {"a": np.ones(9)}) == times("m", {}) == []


def looked(rng: np.random.Generator, weak: float = 0.9):
    """Return forty units in five shares, one of which is as weak as told in one."""
    found = []
    for measure in range(5):
        rows = []
        for at in range(40):
            of = int(rng.integers(10, 60))
            share = weak if (measure, at) == (2, 7) else 0.9
            rows.append(Counted(f"u{at}", int(rng.binomial(of, share)), of))
        found += shares(f"m{measure}", rows, high_is_bad=False)
    return found


def test_the_weak_unit_is_named_in_its_measure():
    cities = [weakest(looked(np.random.default_rng(seed), 0.4)) for seed in range(20)]
    named = [[(one.measure, one.unit) for one in city] for city in cities]

    assert sum(("m2", "u7") in each for each in named) >= 18
    assert sum(len(each) for each in named) <= 23


def test_where_all_are_alike_hardly_ever_is_one_named():
    assert sum(bool(weakest(looked(np.random.default_rng(seed)))) for seed in range(100)) <= 7


def test_the_weak_links_of_a_lake_are_compared_within_their_sort():
    rows = []
    for at in range(4):
        for n in range(12):
            said = "dissatisfied" if at == 0 and n < 9 else "satisfied"
            known = {"unit": f"010{at}", "unit_path": f"/01/010{at}/", "satisfaction": said}
            answered = NOON + (40 if at == 1 else 2) * HOUR + n * timedelta(minutes=9)
            took = {"called_back_at": NOON + 30 * HOUR, "answered_at": answered}
            rows.append(case(100 * at + n, **known, **took))
    sorts = [unit("/01/"), *(unit(f"/01/010{at}/", 1000) | {"kind": "station"} for at in range(4))]
    hall = unit("/01/0109/", 1000) | {"kind": "hall"}
    with opened(rows, units=[*sorts, hall]) as tables:
        found = find(tables, parse("2025-10"), WANTED, as_of=AS_OF)
        none = find(tables, parse("2025-09"), WANTED, as_of=AS_OF)

    assert [(one.unit, one.measure) for one in found] == [
        ("/01/0101/", "complaint_hours"),
        ("/01/0100/", "callback_satisfaction"),
    ]
    assert (found[1].n, found[1].of, none) == (3, 12, [])


def test_a_measure_that_rests_on_an_unconfirmed_threshold_names_nobody():
    with opened() as tables, pytest.raises(Refused) as no:
        find(tables, parse("2025-10"), Wanted((), ("fault_again_rate",)), as_of=AS_OF)

    assert no.value.code == "unconfirmed_rule"
