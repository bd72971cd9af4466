"""Which units are really high: named when planted, not named by chance, never by an unconfirmed rule."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.analytics.measures import BOARD, find
from suyuan.analytics.ranking import Counted, discoveries, gate, rank, shrunk_rates
from suyuan.domain.errors import Refused

UNITS = st.lists(st.tuples(st.integers(0, 60), st.floats(1.0, 1e5)), min_size=1, max_size=12)


def verdicts(*units: Counted) -> dict[str, str]:
    return {row.unit: row.verdict for row in rank(units)}


def test_two_complaints_against_one_is_noise():
    assert verdicts(Counted("a", 2, 1000), Counted("b", 1, 1000)) == {"a": "noise", "b": "usual"}


def test_a_planted_unit_is_named_and_stands_first():
    units = [Counted(f"u{n}", 10, 10_000) for n in range(9)] + [Counted("planted", 40, 10_000)]

    ranked = rank(units)

    assert (ranked[0].unit, ranked[0].verdict, ranked[0].expected) == ("planted", "high", 13.0)
    assert {row.verdict for row in ranked[1:]} == {"usual"}


def test_a_big_count_of_a_big_unit_is_not_high():
    assert verdicts(Counted("big", 80, 80_000), Counted("small", 20, 20_000)) == {
        "big": "usual",
        "small": "usual",
    }


def test_a_tiny_unit_with_the_worst_rate_does_not_lead_the_shrunk_ranking():
    """One complaint among 100 customers is a rate of 1 %, and says almost nothing."""
    units = [Counted("tiny", 1, 100), Counted("bad", 60, 20_000)]
    units += [Counted(f"u{n}", 12 + n, 20_000) for n in range(6)]

    ranked = rank(units)

    assert [row.unit for row in ranked[:1]] == ["bad"]
    assert {row.unit: row.verdict for row in ranked}["tiny"] == "noise"


def test_a_unit_far_below_the_rest_is_low():
    units = [Counted(f"u{n}", 30, 10_000) for n in range(5)] + [Counted("quiet", 5, 10_000)]

    assert verdicts(*units)["quiet"] == "low"


def test_one_high_unit_does_not_make_all_others_low():
    units = [Counted(f"u{n}", 20, 10_000) for n in range(5)] + [Counted("planted", 200, 10_000)]

    assert sorted(verdicts(*units).values()) == ["high", *["usual"] * 5]


def test_a_unit_without_exposure_is_unknown_and_comes_last():
    ranked = rank([Counted("b", 9, None), Counted("a", 1, 100.0), Counted("c", 0, 0.0)])

    assert [(row.unit, row.verdict) for row in ranked] == [("a", "usual"), ("b", "unknown"), ("c", "unknown")]


def test_no_units_and_no_complaints_rank_nobody():
    assert rank([]) == []
    assert verdicts(Counted("a", 0, 10.0), Counted("b", 0, 10.0)) == {"a": "usual", "b": "usual"}


def test_the_p_value_is_exact():
    """Five of five in one of two equal units: (1/2)^5."""
    assert rank([Counted("a", 5, 1.0), Counted("b", 0, 1.0)])[0].p == pytest.approx(1 / 32)


def test_negative_counts_are_an_error():
    with pytest.raises(ValueError, match="not negative"):
        rank([Counted("a", -1, 1.0)])


def test_false_names_stay_below_their_level():
    """300 weeks in which 30 units of different size share one rate: at most 5 % name anybody."""
    random = np.random.default_rng(20251101)
    sizes = random.uniform(2_000, 40_000, 30)
    weeks = random.poisson(sizes / 4_000, (300, 30))

    wrong = sum(
        any(
            row.verdict == "high"
            for row in rank([Counted(str(n), int(c), s) for n, (c, s) in enumerate(pairs)])
        )
        for pairs in (list(zip(week, sizes, strict=True)) for week in weeks)
    )

    assert wrong <= 15


def test_benjamini_and_hochbergs_own_example():
    """Their table of 1995: at 5 % the first four of fifteen are named."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    p += [0.4262, 0.5719, 0.6528, 0.7590, 1.0]

    assert sum(q <= 0.05 for q in discoveries(p)) == 4


@given(UNITS)
def test_shrunk_rates_lie_between_the_own_and_the_common_rate(pairs):
    counts, exposures = [n for n, _ in pairs], [e for _, e in pairs]
    common = sum(counts) / sum(exposures)

    for n, exposure, shrunk in zip(counts, exposures, shrunk_rates(counts, exposures), strict=True):
        low, high = sorted((n / exposure, common))
        assert low - 1e-9 <= shrunk <= high + 1e-9


@given(UNITS)
def test_the_order_of_the_units_does_not_matter(pairs):
    units = [Counted(f"u{at}", n, exposure) for at, (n, exposure) in enumerate(pairs)]

    assert verdicts(*units) == verdicts(*reversed(units))


def test_a_measure_on_an_unconfirmed_threshold_never_ranks():
    gate(find("complaints_per_10k")[0])
    gate(find("repeat_rate")[0])

    with pytest.raises(Refused) as caught:
        gate(replace(find("repeat_rate")[0], threshold="memory"))

    assert caught.value.code == "unconfirmed_rule"


def test_a_share_that_only_compares_how_units_work_never_ranks():
    with pytest.raises(Refused) as caught:
        gate(find("complaint_share")[0])

    assert caught.value.code == "only_compared"
    assert [measure.id for measure in BOARD if measure.practice] == []
