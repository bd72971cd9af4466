"""Difference in differences on simulated units: a planted effect is found, none is seldom claimed."""

import numpy as np
import pytest

from bench.effects import TERMS, World, measure, simulate
from suyuan.analytics.effects.effect import effect
from suyuan.analytics.effects.matching import matched, windows
from suyuan.analytics.effects.panel import Acted, Panel, first_of_each


def flat(units: int = 30, weeks: int = 46, mean: int = 3) -> np.ndarray:
    """Return the same count at every unit in every week."""
    return np.full((units, weeks), mean, np.int64)


def at_thirds(units: int = 30) -> tuple[list[Acted], tuple[str, ...]]:
    """Return an action at every third unit, and one kind for all."""
    return [Acted(unit, 32) for unit in range(0, units, 3)], ("station",) * units


def test_half_as_many_is_found_with_its_interval():
    found = measure(World(effect=0.5), 40)

    assert (found["claimed"] >= 0.9, found["wrong"], found["held"] >= 0.85) == (
        True,
        0.0,
        True,
    )


def test_without_an_effect_a_claim_is_seldom_though_units_were_chosen_for_being_high():
    found = measure(World(), 60)

    assert found["wrong"] <= 0.12
    assert found["held"] >= 0.85


def test_a_high_that_lasts_is_seldom_taken_for_harm_and_half_as_many_is_still_found():
    lasting = (0.8, 0.5)

    none, half = measure(World(lasting=lasting), 60), measure(World(lasting=lasting, effect=0.5), 30)

    assert none["wrong"] <= 0.06
    assert (half["claimed"] >= 0.5, half["wrong"]) == (True, 0.0)


def test_what_is_explained_by_the_last_weeks_is_not_claimed():
    counts, (acted, kinds) = flat(), at_thirds()
    chance = np.random.default_rng(1)
    high = [*(one.unit for one in acted), *range(1, 30, 3)]
    counts[high, 28:] = 9
    counts += chance.integers(0, 2, counts.shape)

    found = effect(Panel(counts, kinds), acted, TERMS)

    assert found.found is not None
    assert found.adjusted is not None
    assert found.adjusted.low < 1 < found.adjusted.high
    assert found.verdict == "cannot_tell"


def test_what_was_falling_before_is_mostly_not_taken_for_an_effect():
    assert measure(World(own_drift=-0.04), 40)["trend"] >= 0.5


def test_the_ratio_is_worked_out_by_hand():
    counts, (acted, kinds) = flat(), at_thirds()
    for one in acted:
        counts[one.unit, 33:41] = 1

    found = effect(Panel(counts, kinds), acted, TERMS)

    assert (found.units, found.before, found.after) == (10, 10 * 24 * 3, 10 * 8)
    assert found.found is not None
    assert found.found.ratio == pytest.approx(
        (80.5 / 720.5) / ((found.controls_after + 0.5) / (found.controls_before + 0.5))
    )
    assert found.verdict == "fewer"


def test_the_weeks_that_raised_the_alarm_are_in_neither_side():
    counts, (acted, kinds) = flat(), at_thirds()
    for one in acted:
        counts[one.unit, 28:33] = 30

    found = effect(Panel(counts, kinds), acted, TERMS)

    assert (found.verdict, found.why) == ("cannot_tell", "interval_holds_one")
    assert found.found is not None
    assert found.found.ratio == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize(
    ("units", "mean", "why"),
    [(15, 3, "few_units"), (30, 0, "few_complaints")],
)
def test_too_little_tells_nothing(units, mean, why):
    acted, kinds = at_thirds(units)

    found = effect(Panel(flat(units, mean=mean), kinds), acted, TERMS)

    assert (found.verdict, found.why) == ("cannot_tell", why)


def test_nothing_acted_on_or_too_late_is_left_out():
    panel = Panel(flat(), at_thirds()[1])

    assert effect(panel, [], TERMS).why == "few_units"
    late = [Acted(unit, 45) for unit in range(10)]
    assert (effect(panel, late, TERMS).units, effect(panel, late, TERMS).left_out) == (
        0,
        10,
    )
    twice = [Acted(0, 40), Acted(0, 33), Acted(0, 30)]
    assert first_of_each(twice, panel, TERMS) == [Acted(0, 30)]


def test_controls_are_of_the_same_kind_alike_before_and_left_alone():
    counts = flat(12)
    counts[6:] = 40
    kinds = ("station",) * 11 + ("hall",)
    acted = [Acted(0, 32), Acted(1, 30)]

    found = matched(Panel(counts, kinds), acted[0], acted, TERMS)

    assert sorted(found.tolist()) == [2, 3, 4, 5, 6]
    assert windows(32, TERMS) == (slice(4, 28), slice(33, 41))


def test_the_same_units_are_told_the_same():
    panel, acted = simulate(World(), 7)

    assert effect(panel, acted, TERMS) == effect(panel, acted, TERMS)
