"""The first-move list: who comes first, who is held out, and what may be said of the effect."""

import random
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from suyuan.analytics.firstmoves.effect import (
    Arm,
    detectable,
    each_level,
    effect,
    needed,
    newcombe,
    power,
)
from suyuan.analytics.firstmoves.holding import draw, is_held_out
from suyuan.analytics.firstmoves.ranking import Candidate, Reason, Weights, benefit, chance, nearness, ranked

NOW = datetime(2026, 3, 4, 0, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
BY = Weights({"general": 0.1, "important": 0.2, "urgent": 0.5}, 48, 1.0, 0.5, 1.5)


def somebody(who: str = "a", *levels: str, due: datetime | None = None, **more) -> Candidate:
    said = [Reason("x", "signal", level, due, "complaint.answer" if due else "") for level in levels]
    return Candidate(who, "0101", tuple(said or [Reason("x", "signal", "general", due)]), **more)


def digest(number: int, day: str = "2026-03-04") -> str:
    return sha256(f"{number}|{day}".encode()).hexdigest()[:32]


def test_reasons_are_taken_together_and_a_model_goes_before_them():
    assert chance(somebody("a", "general", "important"), BY) == pytest.approx(1 - 0.9 * 0.8)
    assert chance(somebody("a", "urgent", risk=0.03), BY) == 0.03


@pytest.mark.parametrize(
    ("due", "near"),
    [
        (None, 0.0),
        (NOW + 96 * HOUR, 0.0),
        (NOW + 36 * HOUR, 0.25),
        (NOW, 1.0),
        (NOW - 10 * HOUR, 1.0),
    ],
)
def test_a_promise_presses_the_more_the_nearer_its_moment(due, near):
    assert nearness(due, NOW, 48) == near


def test_the_benefit_of_a_call_is_worked_by_hand():
    plain, promised = somebody("a", "important"), somebody("b", "important", due=NOW + 24 * HOUR)

    assert benefit(plain, NOW, BY) == pytest.approx(0.2)
    assert benefit(promised, NOW, BY) == pytest.approx(0.2 * (1 + 0.5 + 0.5))
    assert benefit(somebody("c", "important", flagged=True), NOW, BY) == pytest.approx(0.3)


def test_the_best_call_comes_first_and_equals_by_what_is_due_and_by_key():
    far, near = NOW - HOUR, NOW - 2 * HOUR
    people = [
        somebody("d", "general"),
        somebody("b", "urgent", due=far),
        somebody("c", "urgent", due=near),
        somebody("a", "general"),
    ]

    assert [one.who for _, one in ranked(people, NOW, BY)] == ["c", "b", "a", "d"]


def test_the_draw_is_the_same_every_time_and_even():
    drawn = [draw(digest(number)) for number in range(4000)]

    assert drawn == [draw(digest(number)) for number in range(4000)]
    assert 0 <= min(drawn) < max(drawn) < 1
    assert [sum(low <= one < low + 0.1 for one in drawn) for low in (0.0, 0.5)] == [
        pytest.approx(400, abs=60),
        pytest.approx(400, abs=60),
    ]


def test_the_share_held_out_is_what_was_asked_and_one_day_says_nothing_of_another():
    held = {day: [is_held_out(digest(n, day), 0.1) for n in range(5000)] for day in ("a", "b")}
    both = sum(one and two for one, two in zip(held["a"], held["b"], strict=True))

    assert [sum(one) for one in held.values()] == [pytest.approx(500, abs=65)] * 2
    assert both == pytest.approx(50, abs=22)
    assert not any(is_held_out(digest(n), 0) for n in range(100))


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, 873-890, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_interval_is_newcombes(first, second, low, high):
    assert newcombe(Arm(*first), Arm(*second)) == (
        pytest.approx(low, abs=5e-5),
        pytest.approx(high, abs=5e-5),
    )


def test_what_the_calls_did_is_said_where_the_interval_says_it():
    fewer = effect(Arm(90, 1800), Arm(25, 200), fewest=30)
    more = effect(Arm(225, 1800), Arm(10, 200), fewest=30)

    assert (fewer.difference, fewer.verdict) == (pytest.approx(0.05 - 0.125), "fewer")
    assert more.verdict == "more"
    assert effect(Arm(90, 1800), Arm(12, 200), fewest=30).verdict == "unclear"


def test_nothing_is_claimed_of_few_people_or_of_nobody():
    assert effect(Arm(0, 200), Arm(10, 20), fewest=30).verdict == "unclear"
    nobody = effect(Arm(3, 40), Arm(0, 0), fewest=1)
    assert (nobody.difference, nobody.low, nobody.verdict, nobody.detectable) == (None, None, "unclear", None)


def test_power_is_that_of_the_normal_approximation_worked_by_hand():
    # p0 .10, p1 .05; se = sqrt(.05*.95/1800 + .10*.90/200) = .021825; .05/.021825 - 1.96 = .3310 -> Phi
    assert power(0.10, 0.05, (1800, 200)) == pytest.approx(0.6297, abs=1e-3)
    assert needed(0.10, 0.05, 0.1) == 2992
    assert power(0.10, 0.05, (2693, 299)) == pytest.approx(0.8, abs=2e-3)
    assert needed(0.10, 0.0, 0.1) is None


def test_the_smallest_effect_that_would_show_is_stated():
    found = detectable(Arm(180, 1800), Arm(20, 200))

    assert found is not None
    assert power(0.1, found, (1800, 200)) >= 0.8 > power(0.1, found - 0.001, (1800, 200))
    assert detectable(Arm(2, 18), Arm(0, 2)) is None


def test_many_desks_are_held_to_one_level_together():
    assert each_level(5) == pytest.approx(0.99)
    assert each_level(0) == 0.95


def simulated(rng: random.Random, share: float, spared: float, people: int = 2500):
    """Return the effect on people who complain with ``share``, of whom calls spare a part."""
    complained = {True: 0, False: 0}
    size = {True: 0, False: 0}
    for number in range(people):
        held = is_held_out(digest(number, str(rng.random())), 0.1)
        risk = min(rng.expovariate(1 / share), 1.0)
        size[held] += 1
        complained[held] += rng.random() < risk * (1 if held else 1 - spared)
    return effect(Arm(complained[False], size[False]), Arm(complained[True], size[True]), fewest=30)


def test_a_planted_effect_is_found_and_none_is_claimed_where_there_is_none():
    rng = random.Random(20260304)  # noqa: S311 a seed, no secret
    real = [simulated(rng, 0.2, 0.6) for _ in range(40)]
    none = [simulated(rng, 0.2, 0.0) for _ in range(60)]

    assert sum(one.verdict == "fewer" for one in real) >= 36
    mean = sum(one.difference or 0 for one in real) / len(real)
    assert mean == pytest.approx(-0.12, abs=0.02)
    assert sum(one.verdict != "unclear" for one in none) <= 6
