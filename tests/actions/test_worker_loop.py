"""The loop: a clock that jumps, a worker that is told to leave, and what it held when it was cut off."""

from datetime import UTC, datetime, timedelta

import pytest

from suyuan.actions import imports, work
from suyuan.domain.procedure import Actor
from suyuan.jobs import imports as jobs
from suyuan.jobs.wall import Wall
from suyuan.store.models import Case, ImportRun
from tests.factories import NOW, unit
from tests.methods.order_files import GOOD, HEADERS, write_csv

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
YEAR = timedelta(days=365)


def told(*steps):
    """Return what the work is told at each step: seconds gone by, and how far the wall clock is off."""
    steady = iter([0.0, *(float(gone) for gone, _ in steps)])
    wall = iter([START, *(START + timedelta(seconds=gone) + off for gone, off in steps)])
    watched = Wall(lambda: next(wall), lambda: next(steady))
    return [watched.now() is not None for _ in steps]


def test_a_clock_that_goes_with_time_is_believed():
    none = timedelta()

    assert told((1, none), (600, none), (601, timedelta(seconds=90))) == [True, True, True]


def test_a_clock_that_jumps_and_comes_back_fires_nothing_meanwhile():
    none = timedelta()

    assert told((1, none), (2, YEAR), (30, YEAR), (31, none), (80, none), (92, none)) == [
        True,
        False,
        False,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("off", [YEAR, -YEAR], ids=["ahead", "back"])
def test_a_clock_that_stays_where_it_was_set_is_believed_after_a_while(off):
    assert told((1, off), (60, off), (61, off)) == [False, False, True]


def queued(tmp_path, monkeypatch):
    """Queue a file of four batches."""
    monkeypatch.setattr("suyuan.actions.imports.produce.BATCH", 5)
    unit()
    rows = [[*HEADERS, "供电单位"], *([f"N{n:03}", *GOOD[1:], "0101"] for n in range(20))]
    path = write_csv(tmp_path / "a.csv", rows)
    imports.queue(path=path, name="a.csv", layout="auto", actor=Actor("office", frozenset()), now=NOW)


def test_a_worker_told_to_leave_stops_between_two_batches_and_another_goes_on(tmp_path, monkeypatch):
    queued(tmp_path, monkeypatch)

    jobs.next_one(NOW, "one", going=lambda: False)
    row = ImportRun.objects.get()
    assert (row.state, row.accepted, Case.objects.count()) == ("queued", 5, 5)
    jobs.next_one(NOW, "two")

    row.refresh_from_db()
    assert (row.state, row.accepted, Case.objects.count()) == ("done", 20, 20)


def test_what_a_worker_held_when_the_database_went_is_given_back(tmp_path, monkeypatch):
    queued(tmp_path, monkeypatch)
    work.claim(kind="import", holder="one", now=NOW)

    assert [work.release(holder=name, now=NOW) for name in ("two", "one")] == [0, 1]

    row = ImportRun.objects.get()
    assert (row.state, row.attempts, row.holder) == ("queued", 0, "")
    assert jobs.next_one(NOW, "two") == 1
