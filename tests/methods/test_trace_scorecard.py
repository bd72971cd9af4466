"""How often the method was right, by how sure it was: bands, intervals, calibration."""

import pytest

from suyuan.analytics.trace.scorecard import Judged, bands, calibration_error
from suyuan.domain.trace_verdict import Verdict

RIGHT, OTHER, NOT = Verdict.CONFIRMED, Verdict.CORRECTED, Verdict.REJECTED


def test_each_judged_trace_is_counted_in_the_band_of_its_confidence():
    judged = [
        Judged(RIGHT, 1.0), Judged(RIGHT, 0.8), Judged(OTHER, 0.9),
        Judged(RIGHT, 0.79), Judged(NOT, 0.5),
        Judged(NOT, 0.49),
        Judged(RIGHT, None),
    ]  # fmt: skip

    sure, half, less = bands(judged)

    assert [(one.judged, one.right) for one in (sure, half, less)] == [(3, 2), (2, 1), (1, 0)]
    assert sure.confidence == pytest.approx(0.9)
    assert sure.share == pytest.approx(2 / 3)
    assert sure.interval == (pytest.approx(0.2077, abs=1e-4), pytest.approx(0.9385, abs=1e-4))
    assert (less.share, less.interval) == (0.0, (0.0, pytest.approx(0.7935, abs=1e-4)))


def test_what_nobody_judged_has_no_share():
    assert [(one.share, one.interval, one.confidence) for one in bands([])] == [(None, None, None)] * 3
    assert calibration_error(bands([])) is None


def test_the_error_of_calibration_weighs_each_band_by_what_was_judged():
    judged = [Judged(RIGHT, 0.9)] * 3 + [Judged(NOT, 0.9)] + [Judged(RIGHT, 0.6)]

    assert calibration_error(bands(judged)) == pytest.approx((4 * 0.15 + 1 * 0.4) / 5)
