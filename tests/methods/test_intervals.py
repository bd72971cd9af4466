"""Intervals against published values, and what must hold of any of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.analytics.intervals import compare_rates, poisson, wilson


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [
        pytest.param(81, 263, 0.2553, 0.3662, id="Newcombe 1998, method 3: 81/263"),
        pytest.param(15, 148, 0.0624, 0.1605, id="Newcombe 1998, method 3: 15/148"),
        pytest.param(0, 20, 0.0, 0.1611, id="Newcombe 1998, method 3: 0/20"),
        pytest.param(1, 29, 0.0061, 0.1718, id="Newcombe 1998, method 3: 1/29"),
    ],
)
def test_wilson_agrees_with_newcombes_published_table(n: int, of: int, low: float, high: float) -> None:
    found = wilson(n, of)

    assert found is not None
    assert [round(bound, 4) for bound in found] == [low, high]


@pytest.mark.parametrize(
    ("n", "low", "high"),
    [
        pytest.param(0, 0.0, 3.689, id="Garwood 1936 table, 0"),
        pytest.param(1, 0.02532, 5.572, id="Garwood 1936 table, 1"),
        pytest.param(10, 4.795, 18.39, id="Garwood 1936 table, 10"),
        pytest.param(30, 20.24, 42.83, id="Garwood 1936 table, 30"),
    ],
)
def test_poisson_agrees_with_garwoods_published_table(n: int, low: float, high: float) -> None:
    found = poisson(n)

    assert found is not None
    assert found == (pytest.approx(low, rel=5e-4, abs=1e-9), pytest.approx(high, rel=5e-4))


def test_nothing_counted_among_nothing_has_no_interval() -> None:
    assert wilson(0, 0) is None
    assert poisson(0, 0) is None
    assert compare_rates((0, 1.0), (0, 1.0)) is None


def test_one_against_two_complaints_is_noise() -> None:
    found = compare_rates((2, 1000), (1, 1000))

    assert found is not None
    assert (found.ratio, found.p) == (2.0, 1.0)
    assert found.low < 1 < (found.high or 0)


def test_rates_are_compared_given_their_total() -> None:
    """Ten against none at equal exposure: both tails of a fair coin, 2 / 2^10."""
    found = compare_rates((10, 1.0), (0, 1.0))

    assert found is not None
    assert found.p == pytest.approx(2 / 1024)
    assert (found.ratio, found.high) == (None, None)


@pytest.mark.parametrize("bad", [(-1, 5), (6, 5), (1, float("inf"))])
def test_impossible_counts_are_an_error(bad: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"count|share"):
        wilson(*bad)


def test_a_level_outside_0_and_1_is_an_error() -> None:
    with pytest.raises(ValueError, match="level"):
        wilson(1, 2, level=95)


def test_a_rate_without_exposure_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="exposure"):
        compare_rates((1, 0), (1, 1))


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilson_holds_the_share_and_stays_within_0_and_1(pair: tuple[int, int]) -> None:
    n, of = pair
    low, high = wilson(n, of) or (2.0, -1.0)

    assert 0 <= low <= n / of <= high <= 1


@given(st.integers(0, 500), st.floats(0.1, 1e6))
def test_poisson_holds_the_rate_and_narrows_with_certainty(n: int, exposure: float) -> None:
    low, high = poisson(n, exposure) or (2.0, -1.0)
    wider_low, wider_high = poisson(n, exposure, level=0.99) or (2.0, -1.0)

    assert 0 <= low <= n / exposure <= high
    assert wider_low <= low
    assert wider_high >= high


@given(st.integers(0, 60), st.integers(0, 60), st.floats(1, 1e4), st.floats(1, 1e4))
def test_comparing_the_other_way_round_inverts_the_ratio(n: int, other: int, e: float, f: float) -> None:
    there, back = compare_rates((n, e), (other, f)), compare_rates((other, f), (n, e))

    if there is None or back is None:
        assert n + other == 0
        return
    assert there.p == pytest.approx(back.p)
    if there.ratio and back.ratio:
        assert there.ratio == pytest.approx(1 / back.ratio)
        assert there.low == pytest.approx(1 / (back.high or 0.0))
