"""A sample is a matter of seed and cases alone; chance is fair, and risk is drawn by its weight."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook import load
from suyuan.domain.sampling import Candidate, Part, draw, rule

RULE = rule(load(), date(2026, 1, 1))
PLAIN = [Candidate(f"N{n}") for n in range(200)]
MIXED = [Candidate(f"N{n}", frozenset({"urged"} if n % 10 == 0 else ())) for n in range(200)]
POOLS = st.dictionaries(
    st.text("0123456789N", min_size=1, max_size=6), st.frozensets(st.sampled_from(sorted(RULE.weights)))
)


def drawn(pool, n=20, seed="s"):
    return [(one.number, one.part) for one in draw(pool, n, seed, RULE)]


def test_the_sample_of_a_seed_never_changes():
    """Written down once: a sample drawn years ago can be drawn again."""
    assert drawn(MIXED, 6, "2025-10") == GOLDEN


GOLDEN = [
    ("N108", Part.RANDOM),
    ("N68", Part.RANDOM),
    ("N62", Part.RANDOM),
    ("N100", Part.RISK),
    ("N90", Part.RISK),
    ("N140", Part.RISK),
]


@given(POOLS, st.integers(1, 60), st.text(max_size=8), st.randoms())
def test_the_order_of_the_database_changes_nothing_and_no_case_comes_twice(pool, n, seed, chance):
    candidates = [Candidate(number, signs) for number, signs in pool.items()]
    shuffled = candidates[:]
    chance.shuffle(shuffled)

    found = draw(candidates, n, seed, RULE)

    assert found == draw(shuffled, n, seed, RULE)
    assert len({one.number for one in found}) == len(found) == min(n, len(candidates))


def test_half_is_drawn_by_chance_half_by_signs_and_what_is_lacking_is_filled_up():
    assert Counter(part for _, part in drawn(MIXED)) == {Part.RANDOM: 10, Part.RISK: 10}
    assert Counter(part for _, part in drawn(PLAIN)) == {Part.RANDOM: 10, Part.FILL: 10}
    assert [part for _, part in drawn(PLAIN[:3], 1)] == [Part.RANDOM]


def test_another_seed_draws_others_and_each_case_as_often():
    times = Counter(number for seed in range(400) for number, _ in drawn(PLAIN, 20, str(seed)))

    assert len(times) == 200
    assert 20 <= min(times.values()) <= max(times.values()) <= 62  # 40 expected, 6 the deviation


def test_a_heavier_sign_is_drawn_more_often():
    pool = [Candidate(f"A{n}", frozenset({"urged"})) for n in range(50)]
    pool += [Candidate(f"B{n}", frozenset({"second_handling"})) for n in range(50)]
    risky = Counter(n[0] for s in range(100) for n, part in drawn(pool, 20, str(s)) if part is Part.RISK)

    weights = RULE.weights
    expected = weights["second_handling"] / weights["urged"]
    assert 0.7 * expected < risky["B"] / risky["A"] < 1.2 * expected


@pytest.mark.parametrize("n", [0, -1, RULE.most + 1])
def test_a_number_that_cannot_be_drawn_is_refused(n):
    with pytest.raises(BadInput):
        draw(PLAIN, n, "s", RULE)
