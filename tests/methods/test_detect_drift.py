"""Drift of what comes in and of measures: planted shifts are told, ordinary weeks at the stated rate."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from suyuan.analytics.detect import measure_drift
from suyuan.analytics.detect.measure_drift import Weekly, limit_of, shifted
from suyuan.analytics.detect.signal import Level
from suyuan.store.frames import cases
from tests.detecting import BOOK, found, frame

ZONE = BOOK.calendar.zone
NOW = datetime(2026, 6, 15, 9, 0, tzinfo=ZONE)
KINDS = np.array(["consult", "query", "repair", "complaint", "opinion"])
USUAL = np.array([0.4, 0.25, 0.2, 0.05, 0.1])


def contacts(chance, share_of_week, each=60):
    """Contacts of 24 weeks; the mix of each week scatters around the one that is given for it."""
    rows = []
    for week in range(24):
        mix = chance.dirichlet(share_of_week(week) * 150)
        for kind in chance.choice(KINDS, each, p=mix):
            at = NOW - timedelta(days=7 * week + float(chance.uniform(0.5, 6.5)))
            rows.append({"kind": str(kind), "accepted_at": at})
    return frame(cases.COLUMNS, rows, category="", channel="95598")


def test_a_mix_that_moves_is_told_with_what_moved_and_ordinary_weeks_hardly_ever():
    chance = np.random.default_rng(2)
    moved = USUAL + np.array([0.25, -0.1, -0.1, 0.0, -0.05])
    (one,) = found("classifier_drift", NOW, cases=contacts(chance, lambda week: moved if week < 4 else USUAL))

    assert (one.object, one.why, one.facts["business_type"]) == ("mix:kind", "mix_of_kind", "consult")
    assert one.observed > 0.1
    assert one.since == datetime(2026, 5, 18, tzinfo=ZONE)
    false = sum(
        len(found("classifier_drift", NOW, cases=contacts(chance, lambda _: USUAL))) for _ in range(40)
    )
    assert false <= 2  # 0.4 are to be expected at one in a hundred


def test_too_few_contacts_tell_nothing():
    few = contacts(np.random.default_rng(2), lambda _: USUAL, each=3)

    assert found("classifier_drift", NOW, cases=few) == []
    assert found("classifier_drift", NOW, cases=few.slice(0, 0)) == []


def weekly(n, of, unit="0101"):
    weeks = tuple(NOW - timedelta(weeks=len(n) - at) for at in range(len(n)))
    return Weekly("timely_rate", unit, "东城", weeks, np.array(n, float), np.array(of, float))


@pytest.mark.parametrize(("of", "usual", "later", "within"), [(400, 0.9, 0.82, 3), (60, 0.9, 0.75, 6)])
def test_a_level_that_falls_is_told_within_weeks(of, usual, later, within):
    """With 300 runs the median delay at one false alarm in five years is what is said."""
    chance, limit, delays = np.random.default_rng(4), limit_of(260), []
    for _ in range(300):
        n = np.concatenate([chance.binomial(of, usual, 40), chance.binomial(of, later, 12)]).astype(float)
        told = (w for w in range(1, 13) if shifted(n[: 40 + w], np.full(40 + w, float(of)), w, limit))
        delays.append(next(told, 13))

    assert np.median(delays) <= within


def test_level_weeks_alarm_at_the_stated_rate():
    """At one false alarm in 100 weeks about 11 in 100 runs of 12 weeks are to alarm, scatter or not."""
    chance, limit = np.random.default_rng(9), limit_of(100)
    of = np.full(52, 200.0)
    for spread in (np.inf, 150.0):
        level = (
            np.full((1000, 52), 0.8)
            if spread == np.inf
            else chance.beta(0.8 * spread, 0.2 * spread, (1000, 52))
        )
        n = chance.binomial(200, level).astype(float)
        alarmed = sum(_ever(row, of, limit) for row in n)
        assert 20 <= alarmed <= 200


def _ever(n, of, limit):
    deviates = measure_drift._deviates(n, of, 12)
    up = down = 0.0
    for one in deviates.tolist():
        up, down = max(0.0, up + one - 0.5), max(0.0, down - one - 0.5)
        if max(up, down) > limit:
            return True
    return False


def test_the_signal_says_from_when_on_and_how_far_and_a_small_unit_says_nothing():
    chance = np.random.default_rng(1)
    of = np.full(52, 200.0)
    n = np.concatenate([chance.binomial(200, 0.95, 46), chance.binomial(200, 0.8, 6)]).astype(float)
    (one,) = found("measure_drift", NOW, weekly=[weekly(n, of), weekly(n / 20, of / 20, "0102")])

    assert (one.object, one.why, one.unit) == ("measure:timely_rate@0101", "measure_down", "0101")
    assert (one.level, one.facts["since"]) == (Level.IMPORTANT, "2026-05-04")
    assert one.observed < 0.85 < 0.93 < one.expected
