"""Past the published calendar a clock is a guess: shown as one, judging nobody, set right by the notice."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from suyuan.actions import clock as clock_actions
from suyuan.actions import sweep
from suyuan.analytics.board import board
from suyuan.analytics.period import ALL
from suyuan.cli.main import main
from suyuan.config.home import home
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways.engine import open_duckdb
from suyuan.store import chain, lake, rules
from suyuan.store.models import Case, Clock, ClockEntry, Event
from suyuan.store.queries import history
from tests.factories import FORMS, case_at, do
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db
LATE = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
"""Wednesday 2026-12-30 10:00 in Shanghai; the published calendar ends the next day."""
AS_OF = datetime(2027, 2, 1, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
REST = ("01-01", "01-04", "05-01", "05-02", "10-01", "10-02", "10-03")
NOTICE = "date,kind\n" + "".join(f"2027-{day},holiday\n" for day in REST)
"""The Monday after New Year is a rest day too, which no guess can know: four working days end a day later."""


@pytest.fixture(autouse=True)
def no_notice_left():
    """Leave the rulebook to other tests as it was."""
    yield
    for file in (home() / "rulebook").glob("*"):
        file.unlink()
    rules.look_again()


@pytest.fixture
def publish(tmp_path, capsys):
    """Load the notice of 2027 by the command and return what it says."""

    def load(text: str = NOTICE) -> dict[str, object]:
        file = tmp_path / "notice.csv"
        file.write_text(text, "utf-8")
        capsys.readouterr()
        main(["rules", "calendar", str(file), "--json"])
        return json.loads(capsys.readouterr().out)

    return load


def answer_clock(case: Case) -> Clock:
    """Return the clock of the answer to a complaint: four working days."""
    return Clock.objects.get(case=case, limit="complaint.answer")


def timely() -> tuple[float, float | None, dict[str, float]]:
    """Return n, of and what is left out of the rate of timely handling."""
    lake.refresh()
    with open_duckdb(lake.folder()) as engine:
        row = next(r for r in board(engine.tables(), ALL, as_of=AS_OF) if r.id == "timely_rate")
    return row.n, row.of, dict(row.excluded)


def ledger(clock: Clock) -> list[tuple[str, str, timedelta, timedelta]]:
    """Return the ledger of a clock, its dues counted from its start."""
    return [
        (line.kind, line.reason, line.due_before - clock.started_at, line.due_after - clock.started_at)
        for line in clock.entries.order_by("pk")
    ]


def test_a_contact_is_taken_and_its_clock_is_a_guess():
    case = case_at("handling", now=LATE)

    clock = answer_clock(case)
    line = next(one for one in history.clocks(case, LATE) if one.clock == clock)

    assert (clock.due_at - clock.started_at, clock.provisional, clock.state) == (7 * DAY, True, "running")
    assert line.assessable is False
    assert not Clock.objects.get(case=case, limit="complaint.contact").provisional


def test_what_ends_inside_the_calendar_is_no_guess():
    assert not answer_clock(case_at("handling", now=LATE - 10 * DAY)).provisional


def test_a_guess_judges_nobody_until_the_notice_is_there(publish):
    fresh_lake()
    case_at("handling", now=LATE)
    before = timely()

    publish()

    assert before == (0, 0, {"provisional": 1})
    assert timely() == (0, 1, {})


def test_the_notice_sets_the_clock_right_and_keeps_what_it_was(publish):
    case = case_at("handling", now=LATE)
    guess = answer_clock(case).due_at

    said = publish()

    clock = answer_clock(case)
    event = Event.objects.filter(stream=f"case:{case.number}").order_by("-seq").first()
    assert said["calendar"] == {"first": "2004-01-01", "last": "2027-12-31"}
    assert said["retargeted"] == 2
    assert (clock.due_at - guess, clock.provisional, clock.state) == (DAY, False, "running")
    assert ledger(clock) == [("retarget", "calendar_published", 7 * DAY, 8 * DAY)]
    assert (event.verb, event.actor) == ("calendar", "system")
    assert sorted(one["limit"] for one in event.detail["clocks"]) == [
        "complaint.answer",
        "complaint.answer.public",
    ]
    assert {
        "limit": "complaint.answer",
        "due_before": guess.isoformat(),
        "due": clock.due_at.isoformat(),
    } in event.detail["clocks"]
    assert Case.objects.get(pk=case.pk).changed_event == event.pk
    assert chain.verify([f"case:{case.number}"]) == (1, event.seq)


def test_warnings_follow_the_due_that_was_set_right(publish):
    case = case_at("handling", now=LATE)
    guess = answer_clock(case)
    first_rung = guess.next_rung_at - guess.started_at

    publish()

    clock = answer_clock(case)
    assert clock.next_rung_at - clock.started_at == first_rung * 8 / 7
    sweep.sweep(now=guess.due_at + HOUR)
    assert "due" not in clock.rungs.values_list("rung", flat=True)
    sweep.sweep(now=clock.due_at)
    assert "due" in clock.rungs.values_list("rung", flat=True)


def test_the_same_notice_again_moves_nothing(publish):
    case_at("handling", now=LATE)
    publish()
    events = Event.objects.count()

    assert publish()["retargeted"] == 0
    assert (Event.objects.count(), ClockEntry.objects.count()) == (events, 2)


def test_a_guess_that_was_right_becomes_sure(publish):
    case = case_at("handling", now=LATE)
    guess = answer_clock(case).due_at

    publish(NOTICE.replace("2027-01-04,holiday\n", ""))

    clock = answer_clock(case)
    assert (clock.due_at, clock.provisional) == (guess, False)
    assert ledger(clock) == [("retarget", "calendar_published", 7 * DAY, 7 * DAY)]


def test_a_paused_clock_is_set_right_and_stays_paused(publish):
    case = case_at("handling", now=LATE)
    case = do(case, "pause", "office", LATE + HOUR, reason="customer", evidence="录音12")

    publish()

    clock = answer_clock(case)
    assert (clock.state, clock.provisional, clock.next_rung_at) == ("paused", False, None)
    assert clock.due_at - clock.started_at == 8 * DAY

    do(case, "resume", "office", LATE + 2 * HOUR)

    resumed = answer_clock(case)
    assert (resumed.state, resumed.due_at - clock.due_at) == ("running", HOUR)
    assert [line.kind for line in resumed.entries.order_by("pk")] == ["pause", "retarget", "resume"]
    assert chain.verify([f"case:{case.number}"])[0] == 1


def test_a_pause_over_days_that_turn_out_to_be_rest_days_gives_back_none_of_them(publish):
    case = case_at("handling", now=LATE)
    monday = datetime(2027, 1, 3, 16, tzinfo=UTC)
    case = do(case, "pause", "office", monday, reason="customer", evidence="录音12")
    case = do(case, "resume", "office", monday + DAY)
    guess = answer_clock(case)

    publish()

    clock = answer_clock(case)
    assert (guess.due_at - guess.started_at, guess.provisional) == (8 * DAY, True)
    assert (clock.due_at, clock.provisional) == (guess.due_at, False)


def test_a_stopped_clock_is_judged_by_the_due_that_was_set_right(publish):
    fresh_lake()
    case = case_at("handling", now=LATE)
    answered = answer_clock(case).due_at + HOUR
    case = do(case, "contact", "station", LATE + HOUR, **FORMS["contact"](case))
    case = do(case, "write_report", "station", answered - HOUR, **FORMS["write_report"](case))
    case = do(case, "submit_finding", "station", answered - HOUR, **FORMS["submit_finding"](case))
    case = do(case, "review_pass", "marketing", answered, **FORMS["review_pass"](case))
    late = history.light(answer_clock(case), AS_OF)
    left_out = timely()

    publish()

    clock = answer_clock(case)
    assert (late, left_out) == ("late", (0, 0, {"provisional": 1}))
    assert (clock.state, clock.stopped_at, clock.next_rung_at) == ("stopped", answered, None)
    assert history.light(clock, AS_OF) == "done"
    assert timely() == (1, 1, {})


def test_a_clock_that_no_longer_applies_is_left_alone(publish):
    case = case_at("handling", now=LATE)
    Clock.objects.filter(case=case).update(state="void")

    assert publish()["retargeted"] == 0
    assert answer_clock(case).provisional


def test_without_anything_new_nothing_is_written():
    case_at("handling", now=LATE)
    events = Event.objects.count()

    assert clock_actions.retarget_guessed(actor=SYSTEM, now=LATE + DAY) == 0
    assert (Event.objects.count(), ClockEntry.objects.count()) == (events, 0)


def test_a_notice_that_cannot_be_read_changes_nothing(tmp_path):
    case = case_at("handling", now=LATE)
    file = tmp_path / "notice.csv"
    file.write_text("date,kind\n2027-01-01,feast\n")

    with pytest.raises(SystemExit) as ended:
        main(["rules", "calendar", str(file)])

    assert ended.value.code == 2
    assert answer_clock(case).provisional
    assert list((home() / "rulebook").glob("*")) == []
