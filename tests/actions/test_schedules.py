"""Schedules: the house's own, those of an administrator, and what becomes of their runs."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from suyuan.actions import anchor, schedules, work
from suyuan.actions.schedules import Terms
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.schedule import Kind
from suyuan.jobs import schedules as jobs
from suyuan.store import chain
from suyuan.store.models import Anchor, Event, Publication, Schedule
from tests.factories import actor

pytestmark = pytest.mark.django_db
LOCAL = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 4, 10, 30, tzinfo=LOCAL)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MIDNIGHT = datetime(2026, 3, 5, 0, 5, tzinfo=LOCAL)
NIGHT = datetime(2026, 3, 5, 2, 30, tzinfo=LOCAL)
MONDAY = datetime(2026, 3, 9, 6, 30, tzinfo=LOCAL)


def nightly(code="nightly", now=NOW, kind="anchor"):
    """Return a schedule of every night at five past twelve."""
    return schedules.change(code=code, terms=Terms(kind, "5 0 * * *"), actor=actor("admin"), now=now)


def stands(code="nightly"):
    """Return where a schedule stands."""
    return Schedule.objects.values_list("state", "next_at", "tick_at", "ran_for", "ran_at").get(code=code)


def test_the_house_comes_with_its_schedules():
    made = schedules.keep(now=NOW)

    assert (made, schedules.keep(now=NOW)) == (13, 0)
    assert list(Schedule.objects.order_by("code").values_list("code", "kind", "next_at")) == [
        ("anchor", "anchor", NOW),
        ("board_week", "publication", MONDAY),
        ("commitments_week", "publication", MONDAY.replace(minute=40)),
        ("detect", "detect", NIGHT.replace(hour=5, minute=10)),
        ("detect_hourly", "detect", NOW.replace(hour=11, minute=20)),
        ("firstmoves", "firstmoves", NIGHT.replace(hour=7, minute=40)),
        ("lake", "lake", NOW),
        ("named", "naming", MONDAY.replace(month=4, day=2, hour=6, minute=40)),
        ("promises", "promises", NIGHT.replace(hour=8, minute=0)),
        ("repeats", "repeats", NOW.replace(minute=40)),
        ("retention", "retention", NIGHT),
        ("review", "review", NIGHT.replace(hour=8, minute=0)),
        ("risk", "risk", NOW),
    ]
    assert Event.objects.filter(stream="register:schedule", verb="schedule_set").count() == 13


def test_detectors_of_another_hour_are_the_same_and_unknown_ones_are_refused():
    schedules.keep(now=NOW)
    row = schedules.change(
        code="detect_hourly", terms=Terms("detect", "40 * * * *"), actor=actor("admin"), now=NOW
    )
    hourly = "case_overdue_soon commitment_breaking late_restoration call_surge"
    assert row.parameters == {"detectors": hourly}

    unknown = Terms("detect", "40 * * * *", parameters={"detectors": "nothing"})
    with pytest.raises(BadInput) as bad:
        schedules.change(code="d", terms=unknown, actor=actor("admin"), now=NOW)
    assert bad.value.code == "unknown_detector"


def test_the_detectors_run_by_their_schedule():
    schedules.keep(now=NOW)
    Schedule.objects.exclude(code="detect").update(paused=True)
    jobs.batch(NOW + DAY, "one")

    assert Schedule.objects.get(code="detect").outcome == {
        "state": "done",
        "seen": 0,
        "fresh": 0,
        "opened": 0,
    }


def test_every_kind_has_something_that_does_it():
    assert set(jobs.RUN) == set(Kind)


def test_an_administrator_makes_one_and_it_is_written_down():
    nightly()

    assert stands() == ("queued", MIDNIGHT, MIDNIGHT, None, None)
    event = Event.objects.get(stream="register:schedule")
    assert (event.actor, event.verb, event.detail["cron"]) == ("admin", "schedule_set", "5 0 * * *")


def test_nobody_else_does():
    with pytest.raises(Refused) as no:
        schedules.change(code="a", terms=Terms("anchor", "5 0 * * *"), actor=actor("office"), now=NOW)

    assert (no.value.code, Schedule.objects.count(), Event.objects.count()) == ("not_your_role", 0, 0)


@pytest.mark.parametrize(
    ("code", "terms", "wrong"),
    [
        ("", Terms("anchor", "5 0 * * *"), {"code": "required"}),
        ("a b", Terms("anchor", "5 0 * * *"), {"code": "unknown_value"}),
        ("a", Terms("os.system", "5 0 * * *"), {"schedule_kind": "unknown_choice"}),
        ("a", Terms("", "5 0 * * *"), {"schedule_kind": "required"}),
        (
            "a",
            Terms("publication", "5 0 * * *"),
            {"document": "unknown_choice", "schedule_period": "required"},
        ),
        ("a", Terms("anchor", "5 0 * * *", "名" * 61), {"title": "too_long"}),
        ("a", Terms("anchor", "5 0 * * *", "\ud800"), {"title": "bad_characters"}),
    ],
)
def test_what_makes_no_sense_is_named(code, terms, wrong):
    with pytest.raises(BadInput) as no:
        schedules.change(code=code, terms=terms, actor=actor("admin"), now=NOW)

    assert (no.value.facts["fields"], Schedule.objects.count()) == (wrong, 0)


def test_an_expression_that_is_none_is_refused():
    with pytest.raises(BadInput) as no:
        schedules.change(code="a", terms=Terms("anchor", "25 o'clock"), actor=actor("admin"), now=NOW)

    assert no.value.code == "bad_cron"


def test_nothing_runs_before_its_tick_and_then_once():
    nightly()

    ran = [jobs.batch(MIDNIGHT + step, "w") for step in (-MINUTE, 0 * MINUTE, MINUTE)]

    assert ran == [0, 1, 0]
    assert stands() == ("queued", MIDNIGHT + DAY, MIDNIGHT + DAY, MIDNIGHT, MIDNIGHT)
    assert Schedule.objects.get().outcome["state"] == "done"
    assert Anchor.objects.get().on.isoformat() == "2026-03-05"


def test_a_machine_that_was_off_for_ten_days_makes_up_for_it_once():
    nightly()
    back = MIDNIGHT + 10 * DAY + HOUR

    assert [jobs.batch(back, "w"), jobs.batch(back + MINUTE, "w")] == [1, 0]
    assert stands()[1] == MIDNIGHT + 11 * DAY
    assert Anchor.objects.count() == 1


def test_a_clock_set_back_does_not_run_it_twice():
    nightly()
    jobs.batch(MIDNIGHT, "w")

    schedules.keep(now=MIDNIGHT - HOUR)
    Schedule.objects.exclude(code="nightly").delete()

    assert [jobs.batch(MIDNIGHT + step, "w") for step in (-HOUR, 0 * HOUR, HOUR)] == [0, 0, 0]
    assert stands()[1] == MIDNIGHT + DAY


def test_a_clock_that_was_a_year_ahead_does_not_silence_it_for_a_year():
    nightly()
    jobs.batch(MIDNIGHT + 365 * DAY, "w")
    assert stands()[1] == MIDNIGHT + 366 * DAY

    schedules.keep(now=NOW)

    assert stands() == ("queued", MIDNIGHT, MIDNIGHT, None, None)


def test_a_paused_one_is_passed_over_and_what_it_missed_is_not_made_up():
    nightly()
    schedules.pause(code="nightly", paused=True, actor=actor("admin"), now=NOW)
    assert jobs.batch(MIDNIGHT + 3 * DAY, "w") == 0

    schedules.pause(code="nightly", paused=False, actor=actor("admin"), now=MIDNIGHT + 3 * DAY)

    assert jobs.batch(MIDNIGHT + 3 * DAY + HOUR, "w") == 0
    assert stands()[1] == MIDNIGHT + 4 * DAY
    assert [e.verb for e in Event.objects.filter(stream="register:schedule").order_by("seq")] == [
        "schedule_set",
        "schedule_pause",
        "schedule_resume",
    ]


def test_one_that_fails_is_tried_again_and_then_waits_for_its_next_tick_with_the_reason(monkeypatch):
    def broken(now):
        raise OSError("disk full")

    nightly()
    monkeypatch.setattr(anchor, "anchor", broken)
    moment, tried = MIDNIGHT, 0
    while moment < MIDNIGHT + 2 * HOUR:
        tried += jobs.batch(moment, "w")
        moment += 15 * MINUTE

    row = Schedule.objects.get()
    assert (tried, row.state, row.next_at) == (5, "queued", MIDNIGHT + DAY)
    assert (row.outcome["state"], row.outcome["facts"]["kind"]) == ("failed", "OSError")


def test_one_that_ends_its_workers_is_set_aside_until_a_person_lets_it_run_again():
    nightly()
    moment = MIDNIGHT
    for _ in range(4):
        work.claim(kind="schedule", holder="killed", now=moment)
        moment += HOUR
    assert (Schedule.objects.get().state, Schedule.objects.get().fault["code"]) == ("aside", "worker_lost")

    work.retry(kind="schedule", row_id=Schedule.objects.get().pk, actor=actor("office"), now=moment)

    assert jobs.batch(moment, "w") == 1
    assert Schedule.objects.get().outcome["state"] == "done"


def test_what_runs_cannot_be_changed_under_its_worker():
    nightly()
    work.claim(kind="schedule", holder="w", now=MIDNIGHT)

    with pytest.raises(Refused) as no:
        nightly(now=MIDNIGHT)

    assert no.value.code == "schedule_running"


def test_the_weekly_one_asks_for_the_last_whole_week():
    schedules.keep(now=NOW)
    Schedule.objects.exclude(code="board_week").delete()

    jobs.batch(MONDAY + 16 * DAY, "w")

    made = Publication.objects.get()
    assert (made.document, made.period, made.unit, made.by) == ("board", "2026-W12", None, "system")
    assert Schedule.objects.get().outcome == {"state": "done", "publication": made.pk}
    assert chain.verify()[0] == 2


def test_a_schedule_nobody_made_cannot_be_paused():
    with pytest.raises(Refused) as no:
        schedules.pause(code="nightly", paused=True, actor=actor("admin"), now=NOW)

    assert no.value.code == "unknown_schedule"
