"""The one rounding rule."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.analytics.display import count, rate, rounded, share


@pytest.mark.parametrize(
    ("n", "of", "shown"),
    [
        pytest.param(20, 51, "39.22 % (20/51)", id="paper 004: 39.2157 was cut to 39.21"),
        pytest.param(13, 19, "68.42 % (13/19)", id="paper 004: 68.4211"),
        pytest.param(31, 42, "73.81 % (31/42)", id="Tieling 2021"),
        pytest.param(1, 800, "0.13 % (1/800)", id="exactly half goes up: 0.125"),
        pytest.param(0, 0, "— (0/0)", id="nothing of nothing"),
        pytest.param(3, 3, "100.00 % (3/3)", id="all"),
        pytest.param(966.5, 1000, "96.65 % (966.50/1000)", id="an index"),
    ],
)
def test_a_share_is_shown_by_the_one_rule(n, of, shown):
    assert share(n, of) == shown


def test_a_rate_is_shown_with_its_count_and_its_customers():
    assert rate(5, 40_000, 1e4) == "1.25 (5/40000)"
    assert rate(5, 0, 1e4) == "— (5/0)"


def test_counts_have_no_needless_decimals():
    assert (count(3.0), count(3), count(2.5)) == ("3", "3", "2.50")


def test_half_goes_away_from_zero_and_there_is_no_minus_zero():
    assert (rounded(-0.125), rounded(0.125), rounded(-0.001)) == ("-0.13", "0.13", "0.00")


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_rounding_moves_a_figure_by_half_a_step_at_most(n, of):
    exact = Fraction(n, of) * 100

    assert abs(Fraction(Decimal(rounded(exact))) - exact) <= Fraction(1, 200)
