"""The monthly comparison of units: by hand, one bad unit among many, nobody named where all are alike."""

import numpy as np
import pytest
from scipy.stats import binom

from bench.naming import Vary, alike, city, named, shaken
from suyuan.analytics.unit_comparison import Counted, Lacks, Month, Standing, compare, dispersion, worst
from tests.detecting import BOOK

TERMS = BOOK.figures["detect.named_unit"][-1].terms
STEADY = (4, 6, 5, 5, 4, 6, 5, 5)
MONTHS, CITIES = 12, 60


def of(*rows: tuple[str, int, float], sort: str = "station", before: tuple[int, ...] = STEADY) -> Month:
    counted = [Counted(unit, sort, n, exposure, before) for unit, n, exposure in rows]
    return compare({"complaints": counted}, TERMS)


def test_where_months_do_not_cluster_it_is_the_exact_test_by_exposure():
    month = of(("a", 12, 1000), ("b", 8, 3000), ("c", 10, 4000))

    found = month.of("a")["complaints"]
    assert month.spread == {"complaints": 0.0}
    assert found.p == pytest.approx(binom.sf(11, 30, 1000 / 8000))
    assert (found.rate, found.others) == (0.012, 18 / 7000)
    assert found.low < 0.012 < found.high
    assert found.times == pytest.approx(0.012 * 7000 / 18)


def test_who_is_past_chance_by_much_and_by_enough_is_named_and_who_lacks_that_is_listed():
    def standing(*rows: tuple[str, int, float]) -> tuple[str, str]:
        found = of(*rows).of("a")["complaints"]
        return found.standing.value, found.lacks.value

    others = (("b", 40, 8000), ("c", 40, 8000))
    assert standing(("a", 40, 2000), *others) == (Standing.NAMED, Lacks.NONE)
    assert standing(("a", 3, 300), *others) == (Standing.LISTED, Lacks.CHANCE)
    assert standing(("a", 4, 50), *others) == (Standing.LISTED, Lacks.FEW)
    many = (("b", 4000, 8000), ("c", 4000, 8000))
    assert standing(("a", 1400, 2000), *many) == (Standing.LISTED, Lacks.SLIGHT)
    assert standing(("a", 8, 2000), *others) == (Standing.USUAL, Lacks.NONE)
    short = of(("a", 90, 2000), *others, before=STEADY[:5]).of("a")["complaints"]
    assert (short.standing, short.lacks) == (Standing.LISTED, Lacks.HISTORY)


def test_a_unit_is_compared_with_enough_of_its_own_sort_alone():
    alone = of(("a", 40, 2000), ("b", 4, 2000)).held
    mixed = compare(
        {
            "complaints": [
                *(Counted(f"s{n}", "station", 5, 1000.0, STEADY) for n in range(4)),
                *(Counted(f"h{n}", "hall", 50, 1000.0, STEADY) for n in range(3)),
                Counted("none", "hall", 9, 0.0, STEADY),
            ]
        },
        TERMS,
    )

    assert {one.standing for one in alone} == {Standing.UNKNOWN}
    assert {one.standing for one in mixed.held if one.unit != "none"} == {Standing.USUAL}
    assert mixed.of("none")["complaints"].standing is Standing.UNKNOWN


def test_the_months_before_say_how_much_counts_cluster_and_too_few_say_nothing():
    rng = np.random.default_rng(7)
    wild = rng.poisson(20 * rng.gamma(4, 1 / 4, (40, MONTHS)))

    assert dispersion(wild.tolist(), TERMS) == pytest.approx(0.25, abs=0.08)
    assert dispersion(rng.poisson(20, (40, MONTHS)).tolist(), TERMS) < 0.02
    assert dispersion(wild[:, :3].tolist(), TERMS) == TERMS["spread"]
    assert dispersion([], TERMS) == TERMS["spread"]


def test_a_sort_that_never_has_any_is_not_compared_and_takes_no_part_in_q():
    teams = [Counted(f"t{n}", "team", 0, 1000.0, (0,) * 8) for n in range(9)]
    stations = [Counted(f"s{n}", "station", 4 + 3 * n, 1000.0, STEADY) for n in range(3)]
    month = compare({"complaints": [*stations, *teams]}, TERMS)

    assert {one.standing for one in month.held if one.unit.startswith("t")} == {Standing.UNKNOWN}
    assert month.held[:3] == compare({"complaints": stations}, TERMS).held


def months(vary: Vary, times: float) -> list[Month]:
    """Return sixty months of thirty stations; station 7 has so many times the complaints of the others."""
    chance = np.random.default_rng(11)
    return [city(chance, vary, rate=0.003, times=times) for _ in range(CITIES)]


@pytest.mark.parametrize("vary", [alike, shaken(0.25)])
def test_nobody_is_named_where_all_are_alike_but_in_one_month_of_twenty(vary):
    found = [named(month) for month in months(vary, 1.0)]

    assert sum(map(bool, found)) <= 0.05 * CITIES + 2  # the binomial's 95 % bound above one in twenty


def test_the_bad_unit_is_named_and_hardly_anybody_beside_it():
    every = months(alike, 3.0)
    found = [named(month) for month in every]

    assert sum("u7" in one for one in found) >= 0.75 * CITIES
    assert sum(len(one - {"u7"}) for one in found) <= 0.05 * CITIES + 2
    first = next(month for month, one in zip(every, found, strict=True) if "u7" in one).of("u7")
    assert (worst(first).measure, worst(first).standing) == ("complaints", Standing.NAMED)
