"""Detectors of what is due: clocks with little left, promises near their day; planted among innocents."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from suyuan.analytics.detect.signal import Level
from suyuan.store.frames import clocks, commitments
from tests.detecting import BOOK, NOW, found, frame

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOCK = {
    "procedure": "complaint",
    "category": "",
    "unit": "0101",
    "limit": "complaint.answer",
    "kind": "internal",
    "binding": True,
    "certainty": "Q",
}
PROMISE = {"procedure": "complaint", "category": "", "unit": "0101", "seq": 1, "made": NOW}


def ran(*rows):
    return frame(clocks.COLUMNS, [dict(row) for row in rows], **CLOCK)


def clock(number, started, due, amount=None, counted="hours"):
    return {
        "number": number,
        "started": started,
        "due": due,
        "amount": amount,
        "counted": counted,
    }


@pytest.mark.parametrize(
    ("left", "level"),
    [(25, None), (20, Level.GENERAL), (10, Level.IMPORTANT), (4, Level.URGENT), (0, Level.URGENT)],
)
def test_the_less_of_a_limit_is_left_the_more_urgent_and_what_is_over_stands(left, level):
    due = NOW + left * HOUR
    told = found("case_overdue_soon", clocks=ran(clock("A1", due - 100 * HOUR, due, 100)))

    assert [one.level for one in told] == ([level] if level else [])


def test_a_limit_that_broke_is_told_as_broken_until_it_is_long_ago():
    told = {
        days: found(
            "case_overdue_soon", clocks=ran(clock("A1", NOW - (days + 4) * DAY, NOW - days * DAY, 96))
        )
        for days in (1, 89, 90)
    }

    assert [len(each) for each in told.values()] == [1, 1, 0]
    (one,) = told[1]
    assert (one.why, one.facts["due"], one.since) == ("clock_over", local(NOW - DAY), NOW - DAY)
    assert (one.level, one.observed) == (Level.URGENT, -0.25)


def local(at):
    return f"{at.astimezone(BOOK.calendar.zone):%Y-%m-%d %H:%M}"


def test_a_limit_of_working_days_counts_no_rest_days():
    friday = datetime(2026, 3, 6, 2, 30, tzinfo=UTC)
    monday = friday + 3 * DAY
    row = clock("A1", datetime(2026, 3, 2, 2, 30, tzinfo=UTC), monday, 5, "working_days")
    (one,) = found("case_overdue_soon", friday, clocks=ran(row))

    assert (one.observed, one.facts["left_hours"], one.object) == (0.2, 24.0, "case:A1")


def test_a_case_with_many_clocks_is_told_once_by_its_tightest():
    loose = clock("A1", NOW - 85 * HOUR, NOW + 15 * HOUR, 100)
    tight = clock("A1", NOW - 92 * HOUR, NOW + 8 * HOUR, 100) | {"limit": "complaint.contact"}
    (one,) = found("case_overdue_soon", clocks=ran(loose, tight))

    assert (one.facts["limit"], one.level) == ("complaint.contact", Level.IMPORTANT)


def test_short_limits_are_left_to_their_rungs():
    assert (
        found("case_overdue_soon", clocks=ran(clock("A1", NOW - HOUR, NOW + HOUR / 60, 60, "minutes"))) == []
    )


def test_every_planted_case_is_told_before_it_is_due_and_no_innocent_is():
    """Of 300 cases looked at hourly: 60 run out, all told with a tenth of the limit left; the rest never."""
    chance = np.random.default_rng(7)
    limit = chance.integers(8, 96, 300)
    started = [NOW + float(hours) * HOUR for hours in chance.uniform(0, 48, 300)]
    late = set(chance.choice(300, 60, replace=False).tolist())
    stopped = [at + limit[n] * HOUR * (2 if n in late else chance.uniform(0.1, 0.75))
               for n, at in enumerate(started)]  # fmt: skip
    first: dict[str, float] = {}
    for hour in range(240):
        at = NOW + hour * HOUR
        rows = [
            clock(f"A{n}", started[n], started[n] + limit[n] * HOUR, float(limit[n]))
            for n in range(300)
            if started[n] <= at < stopped[n]
        ]
        for one in found("case_overdue_soon", at, clocks=ran(*rows)):
            first.setdefault(one.object, one.observed)

    assert set(first) == {f"case:A{n}" for n in late}
    assert min(first.values()) > 0.05


def promises(*rows):
    return frame(commitments.COLUMNS, list(rows), **PROMISE)


@pytest.mark.parametrize(
    ("day", "level", "left"),
    [
        (date(2026, 3, 9), None, 0),
        (date(2026, 3, 6), Level.GENERAL, 2),
        (date(2026, 3, 4), Level.IMPORTANT, 0),
        (date(2026, 3, 3), Level.URGENT, -1),
    ],
)
def test_a_promise_is_told_from_two_working_days_before_its_day(day, level, left):
    told = found("commitment_breaking", commitments=promises({"number": "A1", "promised_on": day}))

    assert [(one.level, one.observed) for one in told] == ([(level, left)] if level else [])


def test_of_two_promises_the_earlier_speaks_for_the_case():
    rows = [
        {"number": "A1", "seq": 1, "promised_on": date(2026, 3, 5)},
        {"number": "A1", "seq": 2, "promised_on": date(2026, 3, 3)},
    ]
    (one,) = found("commitment_breaking", commitments=promises(*rows))

    assert (one.why, one.facts) == ("promise_over", {"case": "A1", "day": "2026-03-03", "days": 1})


def test_no_promise_is_told_of_over_a_weekend_earlier_than_on_working_days():
    monday = {"number": "A1", "promised_on": date(2026, 3, 9)}

    first = next(
        at
        for at in (NOW + n * DAY for n in range(6))
        if found("commitment_breaking", at, commitments=promises(monday))
    )
    assert BOOK.calendar.local(first).date() == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("later", "why"), [(timedelta(), "promise_near"), (timedelta(microseconds=1), "promise_over")]
)
def test_a_promise_is_over_when_its_day_is_and_not_at_its_last_midnight(later, why):
    midnight = datetime(2026, 3, 3, 16, tzinfo=UTC)  # 00:00 on the 4th in Shanghai
    row = {"number": "A1", "promised_on": date(2026, 3, 3)}
    (one,) = found("commitment_breaking", midnight + later, commitments=promises(row))

    assert one.why == why
