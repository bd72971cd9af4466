"""Working time: the four written examples, the edges, and a slow reference that counts day by day."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from suyuan.domain.errors import BadInput, CalendarGap
from suyuan.domain.rulebook import load
from suyuan.domain.worktime import Calendar, Due, due, worked

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = load().calendar
DAY = timedelta(days=1)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


GOLDEN = [
    ("2025-09-26T16:30", [], "2025-10-09T16:30"),
    ("2025-10-04T10:00", [], "2025-10-14T00:00"),
    ("2025-09-26T16:30", [("2025-09-29T10:00", "2025-09-30T10:00")], "2025-10-10T16:30"),
    ("2025-09-26T16:30", [("2025-10-01T00:00", "2025-10-09T00:00")], "2025-10-09T16:30"),
]


@pytest.mark.parametrize(("start", "suspended", "end"), GOLDEN)
def test_four_working_days_over_the_national_holiday(start, suspended, end):
    spans = [(at(pause), at(resume)) for pause, resume in suspended]

    assert due(at(start), 4, "working_days", "elapsed", CALENDAR, spans) == Due(at(end), False)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "count", "end"),
    [
        pytest.param(
            "2025-10-10T00:00", 1, "working_days", "elapsed", "2025-10-11T00:00", id="midnight_is_24h"
        ),
        pytest.param(
            "2025-10-10T00:00", 2, "working_days", "elapsed", "2025-10-12T00:00", id="makeup_saturday"
        ),
        pytest.param(
            "2025-10-12T09:00", 1, "working_days", "elapsed", "2025-10-14T00:00", id="from_a_sunday"
        ),
        pytest.param("2025-10-10T16:30", 0.5, "working_days", "elapsed", "2025-10-11T04:30", id="half_a_day"),
        pytest.param(
            "2025-10-01T23:50", 45, "minutes", "elapsed", "2025-10-02T00:35", id="minutes_run_in_holidays"
        ),
        pytest.param(
            "2025-09-30T10:00", 24, "hours", "elapsed", "2025-10-01T10:00", id="hours_run_in_holidays"
        ),
        pytest.param("2025-09-30T10:00", 7, "days", "elapsed", "2025-10-07T10:00", id="days_run_in_holidays"),
        pytest.param("2025-09-30T10:00", 7, "days", "civil", "2025-10-08T00:00", id="civil_days"),
        pytest.param(
            "2025-09-30T10:00", 1, "working_days", "civil", "2025-10-10T00:00", id="civil_working_day"
        ),
        pytest.param(
            "2025-10-04T10:00", 1, "working_days", "civil", "2025-10-10T00:00", id="civil_from_rest"
        ),
        pytest.param(
            "2025-10-10T00:00", 1, "working_days", "civil", "2025-10-12T00:00", id="civil_start_excluded"
        ),
    ],
)
def test_a_budget_runs_out(start, amount, unit, count, end):
    assert due(at(start), amount, unit, count, CALENDAR) == Due(at(end), False)


def test_a_civil_pause_is_rounded_up_to_whole_days():
    pause = [(at("2025-10-13T10:00"), at("2025-10-13T11:00"))]

    assert due(at("2025-10-10T09:00"), 3, "days", "civil", CALENDAR, pause) == Due(
        at("2025-10-15T00:00"), False
    )


def test_a_pause_that_began_before_the_start_counts_from_the_start():
    pause = [(at("2025-10-01T00:00"), at("2025-10-13T12:00"))]

    result = due(at("2025-10-13T09:00"), 1, "hours", "elapsed", CALENDAR, pause)

    assert result == Due(at("2025-10-13T13:00"), False)


def test_due_moments_are_utc():
    result = due(at("2025-09-26T16:30"), 4, "working_days", "elapsed", CALENDAR)

    assert (result.at.isoformat(), result.at.tzinfo) == ("2025-10-09T08:30:00+00:00", UTC)


def test_the_zone_of_the_calendar_decides_which_day_it_is():
    friday_evening_utc = datetime(2025, 10, 17, 17, 0, tzinfo=UTC)  # Saturday 01:00 in Shanghai

    result = due(friday_evening_utc, 1, "working_days", "elapsed", CALENDAR)

    assert result == Due(at("2025-10-21T00:00"), False)


class TestPublication:
    small = replace(CALENDAR, first=date(2025, 1, 1), last=date(2025, 12, 31))

    def test_a_day_outside_the_calendar_is_a_gap(self):
        for day in (date(2024, 12, 31), date(2026, 1, 1)):
            with pytest.raises(CalendarGap) as caught:
                self.small.is_workday(day)
            assert caught.value.facts["day"] == day.isoformat()

    def test_past_it_weekends_and_fixed_dates_rest_and_lunar_ones_are_not_guessed(self):
        guess = self.small.provisional_workday

        assert [guess(date(2026, 1, d)) for d in (1, 2, 3)] == [False, True, False]
        assert [guess(date(2026, 5, d)) for d in (1, 4)] == [False, True]
        assert [guess(date(2026, 10, d)) for d in (1, 2, 3, 5)] == [False, False, False, True]
        assert guess(date(2026, 2, 17)) is True  # Spring Festival 2026: no notice, no guess

    def test_the_second_of_may_is_statutory_from_2025(self):
        before = Calendar(
            SHANGHAI, date(2010, 1, 1), date(2010, 12, 31), fixed_statutory=CALENDAR.fixed_statutory
        )

        assert before.provisional_workday(date(2024, 5, 2)) is True
        assert before.provisional_workday(date(2025, 5, 2)) is False

    def test_a_due_past_the_end_is_provisional(self):
        last_sure = due(at("2025-12-30T00:00"), 2, "working_days", "elapsed", self.small)
        guessed = due(at("2025-12-30T09:00"), 2, "working_days", "elapsed", self.small)

        assert last_sure == Due(at("2026-01-01T00:00"), False)
        assert guessed == Due(at("2026-01-02T09:00"), True)

    def test_a_start_before_the_beginning_is_provisional(self):
        assert due(at("2024-12-31T09:00"), 2, "working_days", "elapsed", self.small).provisional is True
        assert due(at("2024-12-30T09:00"), 2, "working_days", "civil", self.small).provisional is True
        assert due(at("2024-12-31T09:00"), 2, "working_days", "civil", self.small).provisional is False

    def test_wall_time_is_never_provisional(self):
        assert due(at("2031-12-31T09:00"), 24, "hours", "elapsed", self.small).provisional is False

    def test_a_shorter_publication_gives_back_the_guess(self):
        assert CALENDAR.until(date(2025, 12, 31)).provisional_workday(date(2026, 2, 17)) is True
        assert CALENDAR.until(CALENDAR.last) is CALENDAR


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((datetime(2025, 1, 1), 1, "hours", "elapsed"), "naive_moment"),  # noqa: DTZ001 the fault under test
        ((datetime(2025, 1, 1), 1, "working_days", "elapsed"), "naive_moment"),  # noqa: DTZ001
        ((at("2025-01-01T00:00"), 0, "hours", "elapsed"), "bad_budget"),
        ((at("2025-01-01T00:00"), 1, "fortnights", "elapsed"), "bad_budget"),
        ((at("2025-01-01T00:00"), 1, "hours", "sometimes"), "bad_budget"),
        ((at("2025-01-01T00:00"), 1, "hours", "civil"), "civil_needs_days"),
        ((at("1979-12-31T00:00"), 1, "working_days", "elapsed"), "moment_out_of_range"),
        ((at("1900-01-01T00:00"), 1, "working_days", "elapsed"), "moment_out_of_range"),
        ((at("2099-12-31T00:00"), 4, "working_days", "elapsed"), "moment_out_of_range"),
        ((at("2150-12-31T00:00"), 4, "working_days", "elapsed"), "moment_out_of_range"),
    ],
)
def test_nonsense_is_refused(arguments, code):
    with pytest.raises(BadInput) as caught:
        due(*arguments, CALENDAR)

    assert caught.value.code == code


def test_a_moment_beyond_the_table_is_refused():
    with pytest.raises(BadInput) as caught:
        worked(at("2025-01-01T00:00"), at("2150-01-01T00:00"), CALENDAR)

    assert caught.value.code == "moment_out_of_range"


@pytest.mark.parametrize("unit", ["hours", "working_days"])
def test_suspensions_that_overlap_or_run_backwards_are_refused(unit):
    start, a, b, c = (at(f"2025-10-13T0{hour}:00") for hour in (1, 2, 3, 4))

    for spans, code in (([(a, c), (b, c)], "suspensions_overlap"), ([(b, a)], "suspension_backwards")):
        with pytest.raises(BadInput) as caught:
            due(start, 9, unit, "elapsed", CALENDAR, spans)
        assert caught.value.code == code


# ---- a slow reference: walk day by day, cut each day at every suspension, add up ----


def pieces(day, start, suspensions):
    """Return the unsuspended (from, to) pieces of a local day after ``start``."""
    cuts = [
        (max(datetime.combine(day, time(), SHANGHAI), start), datetime.combine(day + DAY, time(), SHANGHAI))
    ]
    for pause, resume in suspensions:
        cuts = [
            piece
            for low, high in cuts
            for piece in ((low, min(high, pause)), (max(low, resume), high))
            if piece[0] < piece[1]
        ]
    return sorted(cuts)


def slow_due(start, budget, suspensions, working):
    day = start.date()
    while True:
        if not working or CALENDAR.provisional_workday(day):
            for low, high in pieces(day, start, suspensions):
                if high - low >= budget:
                    return low + budget
                budget -= high - low
        day += DAY


moments = st.datetimes(datetime(2004, 1, 1), datetime(2027, 6, 30), timezones=st.just(SHANGHAI))  # noqa: DTZ001
minutes = st.integers(0, 20 * 24 * 60)


@st.composite
def ledgers(draw):
    start = draw(moments)
    points = sorted(draw(st.lists(minutes, max_size=6).filter(lambda points: len(points) % 2 == 0)))
    points = [start + timedelta(minutes=n - 600) for n in points]
    return start, list(zip(points[::2], points[1::2], strict=True))


@given(ledgers(), st.integers(1, 12))
def test_working_days_equal_the_day_by_day_reference(ledger, amount):
    start, suspensions = ledger

    result = due(start, amount, "working_days", "elapsed", CALENDAR, suspensions)

    assert result.at == slow_due(start, amount * DAY, suspensions, working=True)


@given(ledgers(), st.integers(1, 300))
def test_hours_equal_the_day_by_day_reference(ledger, amount):
    start, suspensions = ledger

    result = due(start, amount, "hours", "elapsed", CALENDAR, suspensions)

    assert result == Due(slow_due(start, timedelta(hours=amount), suspensions, working=False), False)


@given(ledgers(), st.integers(1, 12))
def test_exactly_the_budget_is_worked_by_the_due_moment(ledger, amount):
    start, suspensions = ledger
    end = due(start, amount, "working_days", "elapsed", CALENDAR, suspensions).at

    assert worked(start, end, CALENDAR, suspensions) == amount * DAY
    assert worked(start, end - timedelta(seconds=1), CALENDAR, suspensions) == amount * DAY - timedelta(
        seconds=1
    )


@given(moments, st.integers(1, 12), st.sampled_from(["minutes", "hours", "days", "working_days"]))
def test_a_larger_budget_never_falls_due_sooner(start, amount, unit):
    one, more = (due(start, n, unit, "elapsed", CALENDAR).at for n in (amount, amount + 1))

    assert one < more


@given(moments, st.integers(1, 12), st.sampled_from(["days", "working_days"]))
def test_civil_counting_ends_at_midnight_and_never_before_elapsed(start, amount, unit):
    civil = due(start, amount, unit, "civil", CALENDAR).at
    elapsed = due(start, amount, unit, "elapsed", CALENDAR).at

    assert civil.astimezone(SHANGHAI).time() == time()
    assert civil >= elapsed


@given(moments, st.integers(1, 9), st.integers(1, 600), st.integers(1, 600))
def test_pause_then_resume_adds_exactly_the_pause_in_wall_time(start, amount, into, length):
    assume(into < amount * 60)
    pause = start + timedelta(minutes=into)
    span = (pause, pause + timedelta(minutes=length))

    moved = due(start, amount, "hours", "elapsed", CALENDAR, [span]).at

    assert moved - due(start, amount, "hours", "elapsed", CALENDAR).at == timedelta(minutes=length)


@given(moments, st.integers(-12, 14))
def test_the_zone_a_moment_is_written_in_changes_nothing(start, offset):
    elsewhere = start.astimezone(timezone(timedelta(hours=offset)))

    assert due(elsewhere, 4, "working_days", "elapsed", CALENDAR) == due(
        start, 4, "working_days", "elapsed", CALENDAR
    )


def test_nothing_is_worked_backwards():
    assert worked(at("2025-10-14T00:00"), at("2025-10-13T00:00"), CALENDAR) == timedelta(0)
