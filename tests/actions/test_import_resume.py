"""An import that was cut off goes on where it stopped, and ends as if nothing had happened."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from random import Random

import pytest
from django.db import transaction

from suyuan.actions import imports
from suyuan.domain.procedure import Actor
from suyuan.store import chain
from suyuan.store.models import Case, Clock, Contact, Event, ImportRun
from tests import ready
from tests.conftest import on_postgres
from tests.factories import unit
from tests.import_files import rejected
from tests.methods.order_files import HEADERS, NOW, write_csv

CLERK = Actor("clerk", frozenset())
BATCH = 40
COLUMNS = [*HEADERS, "派单时间", "回单时间", "工单状态", "供电单位编码"]
COMMAND = """
import django
django.setup()
from suyuan.actions.imports import produce
from suyuan.cli.main import main
produce.BATCH, produce.WORTH_A_PROCESS = 200, 1
main()
"""
"""The command as it is, but a small file is worth a second process too and has many batches."""
ALONE = COMMAND.replace("WORTH_A_PROCESS = 200, 1", "WORTH_A_PROCESS = 200, 1 << 60")


class PowerCut(Exception):
    """The machine went off."""


def rows(count, padding="", seed=7):
    """Return a header and ``count`` rows: most good, some bad, some numbers twice, a total below."""
    chance = Random(seed)  # noqa: S311 the same rows every time
    made = [COLUMNS]
    for n in range(count):
        number = f"N{n:05d}" if chance.random() > 0.03 else f"N{max(n - 60, 0):05d}"
        kind = chance.choice(["投诉", "意见", "业务咨询", "故障报修"]) if chance.random() > 0.04 else "怪事"
        day = chance.randint(1, 28)
        closed = chance.random() > 0.3
        made.append(
            [number, kind, f"2025-09-{day:02} 08:05:00", f"客户反映第{n}件事{padding}"]
            + [f"2025-09-{day:02} 08:15:00", f"2025-09-{day:02} 18:00:00" if closed else ""]
            + ["归档" if closed else "处理中", f"01{chance.randint(0, 5):02}"]
        )
    return [*made, ["合计", str(count)]]


def bring(path, progress=None):
    """Import a file as the office's clerk does."""
    return imports.run(path=path, layout="auto", actor=CLERK, now=NOW, progress=progress)


def undisturbed(path):
    """Return what a whole run leaves behind, and take it back."""
    with transaction.atomic():
        whole = standing(bring(path))
        transaction.set_rollback(True)
    return whole


def cut_after(batches):
    """Return a progress callback that fails after so many batches."""
    left = [batches]

    def progress(fraction, read):
        left[0] -= 1
        if not left[0]:
            raise PowerCut

    return progress


def standing(summary):
    """Return everything an import left behind, without the ids that tell one run from another."""
    return {
        "counts": (summary.read, summary.accepted, summary.duplicate, summary.quarantined),
        "notes": summary.notes,
        "quarantine": rejected(summary),
        "cases": list(
            Case.objects.order_by("number").values_list("number", "state", "source_digest", "next_due_at")
        ),
        "units": list(Case.objects.order_by("number").values_list("unit__path", flat=True)),
        "clocks": list(
            Clock.objects.order_by("case__number", "limit").values_list("case__number", "limit", "due_at")
        ),
        "contacts": Contact.objects.count(),
        "events": list(
            Event.objects.order_by("stream", "seq").values_list("stream", "seq", "verb", "digest")
        ),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("batches", [1, 3, 5])
def test_a_run_cut_off_between_batches_ends_like_one_that_was_not(tmp_path, monkeypatch, batches):
    monkeypatch.setattr("suyuan.actions.imports.produce.BATCH", BATCH)
    path = write_csv(tmp_path / "周报.csv", rows(170))
    whole = undisturbed(path)

    with pytest.raises(PowerCut):
        bring(path, cut_after(batches))
    half = ImportRun.objects.get()
    rest = standing(bring(path))

    assert (half.state, half.read) == ("running", min(batches * BATCH, 170))
    assert rest == whole
    assert ImportRun.objects.get().state == "done"
    assert chain.verify()[1] == len(whole["events"])


@pytest.mark.django_db
def test_a_run_cut_off_again_and_again_still_ends(tmp_path, monkeypatch):
    monkeypatch.setattr("suyuan.actions.imports.produce.BATCH", 20)
    path = write_csv(tmp_path / "周报.csv", rows(90))

    for _ in range(4):
        with pytest.raises(PowerCut):
            bring(path, cut_after(1))
    summary = bring(path)

    assert summary.read == 90
    assert summary.read == summary.accepted + summary.duplicate + summary.quarantined
    assert Case.objects.count() == summary.accepted


@pytest.mark.django_db
def test_a_batch_that_cannot_be_written_leaves_nothing_of_itself(tmp_path, monkeypatch):
    monkeypatch.setattr("suyuan.actions.imports.produce.BATCH", BATCH)
    path = write_csv(tmp_path / "周报.csv", rows(170))
    whole = undisturbed(path)
    saved = ImportRun.save

    def full(self, *args, **kwargs):
        if self.read == 2 * BATCH:
            raise OSError("disk full")
        saved(self, *args, **kwargs)

    monkeypatch.setattr(ImportRun, "save", full)
    with pytest.raises(OSError, match="disk full"):
        bring(path)
    half = (ImportRun.objects.get().read, Event.objects.count(), Case.objects.count())
    monkeypatch.setattr(ImportRun, "save", saved)

    assert half == (BATCH, Case.objects.count(), Event.objects.count())
    assert standing(bring(path)) == whole


@pytest.mark.django_db
def test_the_file_may_have_moved_since_the_run_was_cut_off(tmp_path, monkeypatch):
    monkeypatch.setattr("suyuan.actions.imports.produce.BATCH", BATCH)
    unit()
    path = write_csv(tmp_path / "周报.csv", rows(90))
    with pytest.raises(PowerCut):
        bring(path, cut_after(1))

    summary = bring(path.rename(tmp_path / "周报 副本.csv"))

    assert (summary.read, ImportRun.objects.count()) == (90, 1)


def prepared_home(folder):
    """Return a home that is up to date, and the environment of a command that works in it."""
    env = {key: value for key, value in os.environ.items() if key != "SUYUAN_DATABASE_URL"}
    env |= {"SUYUAN_HOME": str(ready.home(folder)), "DJANGO_SETTINGS_MODULE": "suyuan.config.settings"}
    (folder / "secrets").mkdir(mode=0o700)
    (folder / "secrets" / "index").write_bytes(bytes(32))  # copies of the home index and digest alike
    return env


def left(home):
    """Return what an import left in a home, read past everything of ours."""
    base = sqlite3.connect(home / "suyuan.sqlite3")
    try:
        cases = base.execute(
            "SELECT number, state, source_digest, next_due_at FROM store_case ORDER BY 1"
        ).fetchall()
        clocks = base.execute(
            'SELECT c.number, k."limit", k.due_at FROM store_clock k '
            "JOIN store_case c ON c.id = k.case_id ORDER BY 1, 2"
        ).fetchall()
        events = base.execute("SELECT stream, seq, verb FROM store_event ORDER BY 1, 2").fetchall()
        indexed = base.execute("SELECT count(*) FROM store_search").fetchone()
    finally:
        base.close()
    return cases, clocks, events, indexed, (home / "aside.csv").read_text("utf-8-sig")


def wait_for_rows(home, running, beyond):
    """Wait until a run has taken more rows than ``beyond``, and return how many."""
    deadline = time.monotonic() + 60
    while running.poll() is None and time.monotonic() < deadline:
        base = sqlite3.connect(home / "suyuan.sqlite3", timeout=30)
        done = base.execute("SELECT coalesce(max(rows_done), 0) FROM store_importrun").fetchone()[0]
        base.close()
        if done > beyond:
            return done
        time.sleep(0.01)
    return beyond


@pytest.mark.skipif(on_postgres(), reason="the commands keep an SQLite home of their own: once is enough")
def test_a_command_killed_twice_and_run_again_ends_like_one_that_was_not(tmp_path):
    chance = Random(20251101)  # noqa: S311 any moment will do
    path = write_csv(tmp_path / "周报.csv", rows(1_000))
    env = prepared_home(tmp_path / "whole")
    shutil.copytree(tmp_path / "whole", tmp_path / "cut")
    alone, command = (
        [sys.executable, "-c", code, "import", str(path), "--json", "--quarantine"]
        for code in (ALONE, COMMAND)
    )
    alone.append(str(tmp_path / "whole/aside.csv"))
    whole = json.loads(subprocess.run(alone, env=env, check=True, capture_output=True).stdout)
    env["SUYUAN_HOME"] = str(tmp_path / "cut")
    command.append(str(tmp_path / "cut/aside.csv"))

    done, ends = 0, []
    for _ in range(2):
        running = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        done = wait_for_rows(tmp_path / "cut", running, done)
        time.sleep(chance.uniform(0, 0.05))
        running.send_signal(signal.SIGKILL)
        ends.append(running.wait())
    again = json.loads(subprocess.run(command, env=env, check=True, capture_output=True).stdout)

    assert ends == [-signal.SIGKILL, -signal.SIGKILL]
    counted = ("read", "accepted", "duplicate", "quarantined", "notes")
    assert {name: again[name] for name in counted} == {name: whole[name] for name in counted}
    assert left(tmp_path / "cut") == left(tmp_path / "whole")
