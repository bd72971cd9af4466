"""A clock's ledger: what it says at any moment, what it refuses, what a retarget keeps."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.domain.clock import (
    CALENDAR_PUBLISHED,
    Entry,
    Kind,
    Light,
    Rung,
    State,
    Suspension,
    Target,
    Terms,
    ladder,
    light,
    published,
    replay,
    rungs,
)
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook import load
from suyuan.domain.worktime import due

SHANGHAI = ZoneInfo("Asia/Shanghai")
RULES = load()
CALENDAR = RULES.calendar


def terms_of(limit):
    """Return the terms a limit gives a clock."""
    return Terms(limit.id, limit.amount, limit.unit, limit.count, limit.warn, limit.after)


ANSWER = terms_of(RULES.limit("complaint.answer", date(2025, 9, 26)))
HOURS = Terms("complaint.contact", 24, "hours", warn=(0.5, 0.8), after=(24,))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


START = Entry(Kind.START, at("2025-09-26T16:30"), ANSWER)
PAUSE = Entry(Kind.PAUSE, at("2025-09-29T10:00"), reason="customer", evidence="attachment 1")
RESUME = Entry(Kind.RESUME, at("2025-09-30T10:00"))


class TestReplay:
    def test_a_clock_just_started(self):
        view = replay([START], CALENDAR, at("2025-09-27T00:00"))

        assert (view.state, view.due_at, view.provisional) == (State.RUNNING, at("2025-10-09T16:30"), False)
        assert (view.in_time, view.stopped_at, view.history) == (None, None, ())

    def test_an_open_pause_moves_the_due_until_the_moment_asked_about(self):
        shortly = replay([START, PAUSE, RESUME], CALENDAR, at("2025-09-29T12:00"))
        later = replay([START, PAUSE, RESUME], CALENDAR, at("2025-09-29T15:00"))

        assert (shortly.state, shortly.due_at) == (State.PAUSED, at("2025-10-09T18:30"))
        assert later.due_at == at("2025-10-09T21:30")
        assert shortly.suspensions == (Suspension(at("2025-09-29T10:00"), None, "customer", "attachment 1"),)

    def test_a_closed_pause_adds_exactly_itself(self):
        view = replay([START, PAUSE, RESUME], CALENDAR, at("2025-10-08T00:00"))

        assert (view.state, view.due_at) == (State.RUNNING, at("2025-10-10T16:30"))
        assert view.spans == ((at("2025-09-29T10:00"), at("2025-09-30T10:00")),)

    def test_the_past_is_seen_as_it_was(self):
        stop = Entry(Kind.STOP, at("2025-10-10T16:30"))
        entries = [START, PAUSE, RESUME, stop]

        assert replay(entries, CALENDAR, at("2025-09-28T00:00")) == replay(
            [START], CALENDAR, at("2025-09-28T00:00")
        )

    @pytest.mark.parametrize(
        ("stopped", "in_time"), [("2025-10-09T16:30", True), ("2025-10-09T16:31", False)]
    )
    def test_stopping_at_the_due_moment_is_in_time(self, stopped, in_time):
        view = replay([START, Entry(Kind.STOP, at(stopped))], CALENDAR, at("2025-11-01T00:00"))

        assert (view.state, view.stopped_at, view.in_time) == (State.STOPPED, at(stopped), in_time)

    def test_stopping_a_paused_clock_closes_the_pause(self):
        view = replay(
            [START, PAUSE, Entry(Kind.STOP, at("2025-09-29T11:00"))], CALENDAR, at("2025-11-01T00:00")
        )

        assert view.spans == ((at("2025-09-29T10:00"), at("2025-09-29T11:00")),)
        assert (view.state, view.due_at) == (State.STOPPED, at("2025-10-09T17:30"))

    def test_a_void_clock_judges_nothing(self):
        view = replay([START, Entry(Kind.VOID, at("2025-09-27T00:00"))], CALENDAR, at("2025-11-01T00:00"))

        assert (view.state, view.in_time) == (State.VOID, None)

    def test_a_due_the_file_gave_is_not_moved_by_a_pause(self):
        target = Terms("imported.target", fixed=at("2025-10-01T00:00"))
        entries = [Entry(Kind.START, at("2025-09-26T16:30"), target), PAUSE, RESUME]

        assert replay(entries, CALENDAR, at("2025-10-08T00:00")).due_at == at("2025-10-01T00:00")


class TestRetarget:
    def test_the_old_due_is_kept_with_its_reason(self):
        moved = Entry(Kind.RETARGET, at("2025-09-28T00:00"), HOURS, reason="reclassified")

        view = replay([START, moved], CALENDAR, at("2025-09-28T12:00"))

        assert (view.terms, view.due_at) == (HOURS, at("2025-09-27T16:30"))
        assert view.history == (
            Target("complaint.answer", at("2025-10-09T16:30"), False, at("2025-09-28T00:00"), "reclassified"),
        )

    def test_a_transfer_may_start_anew(self):
        anew = at("2025-09-28T00:00")
        moved = Entry(Kind.RETARGET, anew, HOURS, reason="transferred", started_at=anew)

        view = replay([START, moved], CALENDAR, at("2025-09-28T12:00"))

        assert (view.started_at, view.due_at) == (anew, at("2025-09-29T00:00"))

    def test_a_notice_published_later_gives_the_true_due_and_keeps_the_guess(self):
        known = date(2025, 12, 31)
        start = Entry(Kind.START, at("2026-02-12T16:30"), ANSWER, covered_to=known)
        asked = at("2026-02-16T00:00")
        guess = replay([start], CALENDAR, asked)

        entry = published([start], CALENDAR, asked)
        view = replay([start, entry], CALENDAR, asked)

        assert (guess.due_at, guess.provisional) == (at("2026-02-18T16:30"), True)
        assert (view.due_at, view.provisional) == (
            at("2026-02-25T16:30"),
            False,
        )  # Spring Festival
        assert view.history == (Target("complaint.answer", guess.due_at, True, asked, CALENDAR_PUBLISHED),)
        assert replay([start, entry], CALENDAR, at("2026-02-15T12:00")).provisional is True
        assert published([start, entry], CALENDAR, asked) is None

    def test_a_notice_may_also_change_the_verdict_on_a_stopped_clock(self):
        start = Entry(Kind.START, at("2026-02-12T16:30"), ANSWER, covered_to=date(2025, 12, 31))
        entries = [start, Entry(Kind.STOP, at("2026-02-25T10:00"))]
        asked = at("2026-03-01T00:00")

        after = replay([*entries, published(entries, CALENDAR, asked)], CALENDAR, asked)

        assert (replay(entries, CALENDAR, asked).in_time, after.in_time) == (False, True)

    def test_a_sure_clock_owes_no_retarget(self):
        assert published([START], CALENDAR, at("2025-09-27T00:00")) is None


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([], "clock_not_started"),
        ([PAUSE], "entry_out_of_place"),
        ([START, START], "entry_out_of_place"),
        ([START, RESUME], "entry_out_of_place"),
        ([START, PAUSE, Entry(Kind.PAUSE, at("2025-09-29T11:00"), reason="customer")], "entry_out_of_place"),
        ([START, Entry(Kind.PAUSE, at("2025-09-29T11:00"))], "entry_out_of_place"),
        ([START, Entry(Kind.RETARGET, at("2025-09-29T11:00"), HOURS)], "entry_out_of_place"),
        ([START, Entry(Kind.RETARGET, at("2025-09-29T11:00"), reason="reclassified")], "entry_out_of_place"),
        ([START, RESUME, PAUSE], "entry_out_of_place"),
        ([START, PAUSE, Entry(Kind.RESUME, at("2025-09-28T10:00"))], "ledger_out_of_order"),
        ([START, Entry(Kind.STOP, at("2025-09-28T10:00")), PAUSE], "entry_out_of_place"),
        ([START, Entry(Kind.VOID, at("2025-09-28T10:00")), PAUSE], "entry_out_of_place"),
        ([Entry(Kind.START, at("2025-09-26T16:30"))], "entry_out_of_place"),
        ([Entry(Kind.START, datetime(2025, 9, 26), ANSWER)], "naive_moment"),  # noqa: DTZ001 the fault under test
    ],
)
def test_a_ledger_that_makes_no_sense_is_an_error(entries, code):
    with pytest.raises(BadInput) as caught:
        replay(entries, CALENDAR, at("2025-12-01T00:00"))

    assert caught.value.code == code


def test_a_clock_says_nothing_before_it_started():
    with pytest.raises(BadInput) as caught:
        replay([START], CALENDAR, at("2025-09-26T16:29"))

    assert caught.value.code == "clock_not_started"


@pytest.mark.parametrize(
    ("now", "stopped", "paused", "expected"),
    [
        ("09:00", None, False, Light.GREEN),
        ("09:59", None, False, Light.GREEN),
        ("10:00", None, False, Light.AMBER),
        ("11:59", None, False, Light.AMBER),
        ("12:00", None, False, Light.RED),
        ("13:00", None, True, Light.PAUSED),
        ("13:00", "12:00", False, Light.DONE),
        ("13:00", "12:01", False, Light.LATE),
    ],
)
def test_the_light(now, stopped, paused, expected):
    clock = {text: at(f"2025-10-13T{text}") for text in (now, stopped, "10:00", "12:00") if text}

    assert light(clock["12:00"], clock[now], clock["10:00"], clock.get(stopped), paused=paused) == expected


def test_rungs_by_the_wall():
    found = rungs(at("2025-10-13T00:00"), at("2025-10-14T00:00"), (0.5, 0.8), (timedelta(hours=24),))

    assert found == (
        Rung("warn_50", at("2025-10-13T12:00")),
        Rung("warn_80", at("2025-10-13T19:12")),
        Rung("due", at("2025-10-14T00:00")),
        Rung("over_24h", at("2025-10-15T00:00")),
    )


def test_the_ladder_of_a_budget_skips_the_holiday():
    found = ladder(replay([START], CALENDAR, at("2025-09-26T17:00")), CALENDAR)

    assert found == (
        Rung("warn_50", at("2025-09-29T16:30")),
        Rung("warn_80", at("2025-09-30T21:18")),
        Rung("due", at("2025-10-09T16:30")),
        Rung("over_24h", at("2025-10-10T16:30")),
        Rung("over_72h", at("2025-10-12T16:30")),
    )


def test_the_ladder_of_a_given_due_goes_by_the_wall():
    terms = Terms("imported.target", warn=(0.5,), fixed=at("2025-09-28T16:30"))
    view = replay([Entry(Kind.START, at("2025-09-26T16:30"), terms)], CALENDAR, at("2025-09-26T17:00"))

    assert ladder(view, CALENDAR) == (
        Rung("warn_50", at("2025-09-27T16:30")),
        Rung("due", at("2025-09-28T16:30")),
    )


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2026, 6, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.lists(st.integers(1, 5000), max_size=6),
)
def test_replaying_the_ledger_equals_the_arithmetic(start, gaps):
    moments = [start]
    for gap in gaps:
        moments.append(moments[-1] + timedelta(minutes=gap))
    kinds = [Kind.PAUSE, Kind.RESUME] * 3
    entries = [Entry(Kind.START, start, ANSWER)]
    entries += [
        Entry(kind, moment, reason="customer") for kind, moment in zip(kinds, moments[1:], strict=False)
    ]
    asked = moments[-1] + timedelta(days=1)
    spans = list(zip(moments[1::2], [*moments[2::2], asked], strict=False))

    view = replay(entries, CALENDAR, asked)

    assert (view.due_at, view.provisional) == (
        (expected := due(start, 4, "working_days", "elapsed", CALENDAR, spans)).at,
        expected.provisional,
    )
    assert [rung.at for rung in ladder(view, CALENDAR)] == sorted(rung.at for rung in ladder(view, CALENDAR))
