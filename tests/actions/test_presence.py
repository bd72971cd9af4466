"""A worker that dies is seen to be dead: what it held goes on at once. One that lives keeps what it holds."""

import multiprocessing
import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from suyuan.actions import imports, schedules, work
from suyuan.config.home import home
from suyuan.domain.procedure import Actor
from suyuan.jobs import loop
from suyuan.store import leases, presence
from suyuan.store.models import Case, ImportRun, Schedule
from tests import dying
from tests.dying import wait_until
from tests.factories import NOW, unit
from tests.methods.order_files import GOOD, HEADERS, write_csv

CLERK = Actor("office", frozenset())


@pytest.fixture(autouse=True)
def nobody_died_before():
    """Begin without what the workers of other tests left."""
    yield
    for path in (home() / presence.FOLDER).glob("*"):
        path.unlink()


def left_by(name):
    """Leave what a process leaves that was killed: its file, which nobody holds a lock on."""
    folder = home() / presence.FOLDER
    folder.mkdir(exist_ok=True)
    (folder / name.replace(":", "~")).touch()
    return name


def queued(path, count=20):
    """Queue a file of so many orders."""
    unit()
    rows = [[*HEADERS, "供电单位"], *([f"N{n:03}", *GOOD[1:], "0101"] for n in range(count))]
    file = write_csv(path / "a.csv", rows)
    return imports.queue(path=file, name="a.csv", layout="auto", actor=CLERK, now=timezone.now())


def next_round(name):
    """Do one thing that a worker does in a round, and return how much was done."""
    found = next(task for task in loop.tasks("next") if task.name == name)
    now = timezone.now()
    return found.run(now, "next") if isinstance(found, loop.Long) else found.run(now)


@pytest.mark.django_db(transaction=True)
def test_a_new_worker_goes_on_at_once_where_one_was_killed(base_for_processes, tmp_path):
    run_id = queued(tmp_path)
    crew = multiprocessing.get_context("forkserver")
    crew.set_forkserver_preload(["suyuan.config.settings", "bench.preloaded"])
    killed = crew.Process(target=dying.worker, args=(5,))
    killed.start()
    wait_until(lambda: ImportRun.objects.get().read == 5)

    alive = work.take_back(now=timezone.now()), leases.forsaken(ImportRun.objects.get(), timezone.now())
    killed.kill()
    killed.join()
    dead = leases.forsaken(ImportRun.objects.get(), timezone.now())
    went_on = next_round("taken back"), next_round("imports")

    row = ImportRun.objects.get(pk=run_id)
    assert (alive, dead, went_on) == ((0, False), True, (1, 1))
    assert (row.state, row.read, row.accepted, Case.objects.count()) == ("done", 20, 20, 20)
    assert (row.attempts, row.lapses) == (2, 1)
    assert list((home() / presence.FOLDER).iterdir()) == []


@pytest.mark.django_db
def test_what_a_dead_worker_held_is_due_at_once_and_counted_as_a_lapse(tmp_path):
    queued(tmp_path)
    schedules.keep(now=NOW)
    dead = left_by(presence.name())
    taken = work.claim(kind="import", holder=f"{dead}/3", now=timezone.now())
    work.claim(kind="schedule", holder=dead, now=timezone.now())

    now = timezone.now()
    assert (work.take_back(now=now), work.take_back(now=now)) == (2, 0)
    assert Schedule.objects.filter(state="running", next_at=now).count() == 1
    again = work.claim(kind="import", holder="another", now=now)

    assert (taken.pk, taken.lapses) == (again.pk, 0)
    assert (again.holder, again.attempts, again.lapses) == ("another", 2, 1)


@pytest.mark.django_db
def test_what_a_killed_command_was_importing_goes_on_at_once(tmp_path):
    unit()
    rows = [[*HEADERS, "供电单位"], *([f"N{n:03}", *GOOD[1:], "0101"] for n in range(3))]

    def killed(*_):
        raise KeyboardInterrupt

    with presence.sign_on() as me, pytest.raises(KeyboardInterrupt):
        imports.run(
            path=write_csv(tmp_path / "a.csv", rows), layout="auto", actor=CLERK, now=NOW, progress=killed
        )
    row = ImportRun.objects.get()
    alive = leases.forsaken(row, NOW)
    left_by(me)

    assert (row.state, row.holder, alive, leases.forsaken(row, NOW)) == (
        *("running", f"{me}/import", False, True),
    )
    assert (work.take_back(now=NOW), work.claim(kind="import", holder="next", now=NOW).pk) == (1, row.pk)
    assert presence.here("page").endswith("/page")
    assert not presence.here("page").startswith(me)


@pytest.mark.django_db
def test_a_row_that_kills_its_workers_is_set_aside_all_the_same(tmp_path):
    queued(tmp_path)
    for _ in range(3):
        work.claim(kind="import", holder=left_by(presence.name()), now=timezone.now())
        work.take_back(now=timezone.now())

    assert work.claim(kind="import", holder="another", now=timezone.now()) is None
    assert ImportRun.objects.values_list("state", "fault__code").get() == ("aside", "worker_lost")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "holder", ["elsewhere:7:00ff00ff00ff00ff", "import:clerk", "page:12ab", "w1"], ids=lambda name: name[:9]
)
def test_what_nobody_can_tell_of_waits_for_its_lease(tmp_path, holder):
    queued(tmp_path)
    left_by(holder)
    now = timezone.now()
    work.claim(kind="import", holder=holder, now=now)

    row = ImportRun.objects.get()
    assert work.take_back(now=now) == 0
    assert (row.next_at - now, leases.forsaken(row, now)) == (timedelta(seconds=600), False)
    assert leases.forsaken(row, row.next_at)


@pytest.mark.django_db
def test_a_worker_that_lives_keeps_what_it_holds_and_one_that_left_leaves_nothing(tmp_path):
    queued(tmp_path)
    with presence.sign_on() as me:
        work.claim(kind="import", holder=f"{me}/1", now=NOW + timedelta(days=3650))
        kept = work.take_back(now=NOW), presence.gone(f"{me}/1")
    assert kept == (0, False)
    assert (presence.gone(me), list((home() / presence.FOLDER).iterdir())) == (False, [])


def test_workers_that_sign_on_while_others_look_for_the_dead_are_never_taken_for_one():
    found, over, names = [], threading.Event(), []

    def look():
        while not over.is_set():
            found.extend(presence.dead())

    def come_and_stay():
        for _ in range(40):
            with presence.sign_on() as me:
                names.append((me, (home() / presence.FOLDER / me.replace(":", "~")).exists()))
                found.extend([me] if presence.gone(me) else [])

    looking = [threading.Thread(target=look) for _ in range(2)]
    coming = [threading.Thread(target=come_and_stay) for _ in range(3)]
    for thread in (*looking, *coming):
        thread.start()
    for thread in coming:
        thread.join()
    over.set()
    for thread in looking:
        thread.join()

    signed_on = {name for name, _ in names}
    assert (len(signed_on), all(there for _, there in names)) == (120, True)
    assert signed_on & set(found) == set()
