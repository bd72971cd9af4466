"""What takes its time goes on beside the rounds: clocks, messages and lake do not wait for it."""

import logging
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError

from suyuan.actions import imports, work
from suyuan.domain.procedure import Actor
from suyuan.jobs import loop
from suyuan.jobs.hands import Hands
from suyuan.jobs.wall import Wall
from suyuan.store.models import Case, Event, ImportRun, Schedule
from tests.dying import wait_until
from tests.factories import NOW, case_at, unit
from tests.methods.order_files import GOOD, HEADERS, write_csv

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_base")]


class Halting:
    """Stands between the batches of an import until it is told to go on, or to stop."""

    def __init__(self):
        self.there, self.on, self.stop = threading.Event(), threading.Event(), False
        self.beside = Hands()

    def __call__(self):
        self.there.set()
        assert self.on.wait(30)
        return self.stop


@pytest.fixture
def halting(tmp_path, monkeypatch):
    """Queue a file of four batches, and return what stands between them."""
    monkeypatch.setattr("suyuan.actions.imports.produce.BATCH", 5)
    unit()
    rows = [[*HEADERS, "供电单位"], *([f"N{n:03}", *GOOD[1:], "0101"] for n in range(20))]
    path = write_csv(tmp_path / "a.csv", rows)
    imports.queue(path=path, name="a.csv", layout="auto", actor=Actor("office", frozenset()), now=NOW)
    found = Halting()
    yield found
    found.on.set()
    found.beside.finish()  # a thread left over would work while the next test clears the tables


def working(halting):
    """Return a worker with an import on its way that stands after its first batch."""
    carriers = Hands()
    todo = loop.tasks("w1", halting, carriers, lambda *_: 0)
    worker = loop.Worker(threading.Event(), "w1", todo, Wall(lambda: NOW), carriers, halting.beside)
    worker.round()
    assert halting.there.wait(30)
    return worker


def test_clocks_and_lake_go_on_while_a_file_is_read(halting):
    worker = working(halting)
    case_at("registered", now=NOW - timedelta(days=3))
    Schedule.objects.filter(kind="lake").update(next_at=NOW, ran_at=None)

    worker.round()

    assert (worker.beside.full, ImportRun.objects.get().state) == (True, "running")
    assert Event.objects.filter(verb="rung").exists()
    wait_until(lambda: Schedule.objects.get(kind="lake").ran_at == NOW)

    halting.on.set()
    worker.beside.finish()
    assert (ImportRun.objects.get().state, Case.objects.filter(origin="import").count()) == ("done", 20)


def test_one_file_at_a_time_and_none_twice(halting):
    worker = working(halting)
    holder = ImportRun.objects.get().holder

    worker.round()

    assert ImportRun.objects.get().holder == holder != "w1"


def test_a_worker_that_leaves_gives_the_rest_back(halting):
    worker = working(halting)

    halting.stop = True
    halting.on.set()
    worker.beside.finish()

    row = ImportRun.objects.get()
    assert (row.state, row.accepted, row.holder) == ("queued", 5, "")


def test_what_was_cut_off_with_the_database_is_given_back_at_the_next_round(halting, caplog):
    beside = halting.beside
    work.claim(kind="import", holder="gone", now=NOW)

    def cut_off():
        raise OperationalError("the database is away")

    with caplog.at_level(logging.WARNING):
        beside.begin("imports", cut_off, "gone")
        beside.finish()
    halting.on.set()
    worker = loop.Worker(
        threading.Event(), "w1", loop.tasks("w1", halting), Wall(lambda: NOW), Hands(), beside
    )
    worker.round()
    beside.finish()

    assert [record.getMessage() for record in caplog.records] == [
        "imports: the database is away (OperationalError)"
    ]
    assert (beside.lost, ImportRun.objects.get().state) == ([], "done")
