"""Long schedules go on beside the clocks, once however many workers there are, whole or not at all."""

import os
import shutil
import threading

import pytest
from django.utils import timezone

from suyuan.actions import schedules, work
from suyuan.config.home import home
from suyuan.domain.errors import Refused
from suyuan.domain.schedule import Kind
from suyuan.jobs import apart, loop
from suyuan.jobs import schedules as jobs
from suyuan.jobs.hands import Hands
from suyuan.jobs.wall import Wall
from suyuan.store import presence
from suyuan.store import risk as files
from suyuan.store.models import Event, Schedule
from tests.dying import wait_until
from tests.factories import NOW, case_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_base")]


class Slow:
    """A long schedule that stands until it is told to go on."""

    def __init__(self):
        self.there, self.on, self.runs = threading.Event(), threading.Event(), 0

    def __call__(self, _row, _now):
        self.runs += 1
        self.there.set()
        assert self.on.wait(30)
        return {}


@pytest.fixture
def slow(monkeypatch):
    """Let learning of risk be due, and stand still."""
    schedules.keep(now=NOW)
    Schedule.objects.exclude(kind="risk").update(paused=True)
    found = Slow()
    monkeypatch.setitem(jobs.RUN, Kind.RISK, found)
    yield found
    found.on.set()


@pytest.fixture
def empty_folder():
    """Return the folder of models with nothing in it."""
    folder = files.path("any", files.MODEL).parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def learning():
    """Return where the schedule of risk stands."""
    return Schedule.objects.values_list("state", "attempts", "lapses", "holder").get(kind="risk")


def test_a_clock_is_rung_while_a_long_schedule_goes_on_and_no_worker_begins_it_again(slow):
    beside, others = Hands(), Hands()
    first, second = (
        loop.Worker(threading.Event(), name, loop.tasks(name), Wall(lambda: NOW), Hands(), hands)
        for name, hands in (("w1", beside), ("w2", others))
    )
    first.round()
    assert slow.there.wait(30)
    case_at("registered", now=NOW - 3 * (NOW - NOW.replace(hour=0)))

    first.round()
    rung = Event.objects.filter(verb="rung").count()
    second.round()
    others.finish()
    slow.on.set()
    beside.finish()

    assert (rung > 0, slow.runs, learning()) == (True, 1, ("queued", 0, 0, ""))
    assert Schedule.objects.get(kind="risk").outcome == {"state": "done"}


def test_a_lease_is_renewed_as_long_as_the_work_goes_on(slow):
    row = work.claim(kind="schedule", holder="w1", now=NOW)

    with jobs.held(row, 0.001):
        wait_until(lambda: Schedule.objects.get(kind="risk").next_at > timezone.now())
        Schedule.objects.filter(kind="risk").update(holder="w2")

    with pytest.raises(Refused) as lost:
        schedules.done(row=row, outcome={}, now=NOW)
    assert lost.value.code == "lease_lost"


@pytest.mark.once
def test_a_worker_that_leaves_ends_what_it_began_in_a_process_and_the_next_does_it(
    base_for_processes, empty_folder
):
    schedules.keep(now=timezone.now())
    Schedule.objects.exclude(kind="risk").update(paused=True)
    gate = empty_folder / files.path("complaint", files.MODEL).name
    os.mkfifo(gate)
    leaves = threading.Event()
    hands = Hands()
    hands.begin("long", lambda: apart.run(loop.LONG, lambda: not leaves.is_set()))
    with gate.open("w"):  # once it is open the process stands in the middle, waiting for what is written
        held = learning()
        alive = work.take_back(now=timezone.now()), presence.gone(held[3])
        leaves.set()
        cut_off = hands.finish()

    assert (held[:3], alive, cut_off) == (("running", 1, 0), (0, False), 0)
    assert (learning(), list(empty_folder.iterdir())) == (("queued", 0, 0, ""), [gate])
    assert list((home() / presence.FOLDER).iterdir()) == []

    gate.unlink()
    assert jobs.batch(timezone.now(), "next", jobs.LONG) == 1
    row = Schedule.objects.get(kind="risk")
    assert (row.state, row.outcome["state"], len(row.outcome["learned"])) == ("queued", "done", 5)
    assert set(row.outcome["learned"].values()) <= {"unknown_value", "risk_too_little"}
