"""``suyuan work --once``, ``migrate`` and ``doctor``: what keeps a home running."""

import json
import shutil
import threading
from datetime import timedelta

import jsonschema
import pytest

from suyuan.actions import imports
from suyuan.cli.ready import now
from suyuan.cli.schema import of
from suyuan.domain.procedure import Actor
from suyuan.jobs import loop
from suyuan.store import lake
from suyuan.store.models import Anchor, Case, ImportRun, Rung
from tests.factories import case_at, unit
from tests.methods.order_files import GOOD, HEADERS, write_csv

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_lake():
    """Begin without a lake, and leave none of another database's ids behind."""
    shutil.rmtree(lake.folder())
    yield
    shutil.rmtree(lake.folder())


@pytest.fixture(autouse=True)
def one_connection(monkeypatch):
    """Keep the test's own transaction open: a worker gives back connections that are not its."""
    monkeypatch.setattr(loop, "close_old_connections", lambda: None)


def test_one_round_fires_rungs_keeps_the_lake_and_anchors_the_day(suyuan):
    case_at("registered", now=now() - timedelta(minutes=15))

    code, out, err = suyuan("work", "--once")

    assert (code, out, err) == (0, "", "")
    assert list(Rung.objects.values_list("rung", flat=True)) == ["warn_50"]
    assert Anchor.objects.get().streams == 2
    assert (lake.folder() / "manifest.json").exists()


def test_one_round_carries_out_a_queued_import(suyuan, tmp_path):
    unit()
    path = write_csv(tmp_path / "a.csv", [[*HEADERS, "供电单位"], [*GOOD, "0101"]])
    imports.queue(path=path, name="周报.csv", layout="auto", actor=Actor("office", frozenset()), now=now())

    suyuan("work", "--once")

    assert ImportRun.objects.values_list("state", "accepted", "layout").get() == ("done", 1, "office_95598")
    assert Case.objects.get().number == GOOD[0]


def test_a_queued_file_that_cannot_be_read_keeps_its_reason_and_stops_nothing(suyuan, tmp_path):
    unit()
    bad, good = (
        write_csv(tmp_path / "bad.csv", [["一"], ["二"]]),
        write_csv(tmp_path / "a.csv", [HEADERS, GOOD]),
    )
    for path in (bad, good):
        imports.queue(path=path, name=path.name, layout="auto", actor=Actor("office", frozenset()), now=now())

    suyuan("work", "--once")
    suyuan("work", "--once")

    assert list(ImportRun.objects.order_by("pk").values_list("name", "state")) == [
        ("bad.csv", "failed"),
        ("a.csv", "done"),
    ]
    assert ImportRun.objects.get(name="bad.csv").problem["code"] == "wrong_layout"


def test_a_queued_file_that_is_gone_keeps_its_reason(suyuan, tmp_path):
    path = write_csv(tmp_path / "a.csv", [HEADERS, GOOD])
    imports.queue(path=path, name="a.csv", layout="auto", actor=Actor("office", frozenset()), now=now())
    path.unlink()

    suyuan("work", "--once")

    run = ImportRun.objects.get()
    assert (run.state, run.problem["code"]) == ("failed", "no_such_file")


def test_a_task_that_fails_is_logged_and_the_next_one_runs(suyuan, caplog, monkeypatch):
    case_at("registered", now=now() - timedelta(minutes=15))

    def broken(now):
        raise OSError("disk full")

    tasks = loop.tasks()
    tasks[1].run = broken
    monkeypatch.setattr(loop, "tasks", lambda *_: tasks)

    suyuan("work", "--once")

    assert [record.getMessage() for record in caplog.records] == ["task sweep failed"]
    assert Anchor.objects.count() == 1


def test_a_worker_that_is_told_to_stop_does_nothing_more():
    stop = threading.Event()
    stop.set()

    assert loop.work(stop) == 0
    assert Anchor.objects.count() == 0


def test_migrate_says_the_home_is_up_to_date(suyuan):
    assert suyuan("migrate") == (0, "", "up to date\n")


def test_doctor_looks_and_says_what_it_found(suyuan):
    case_at("archived")

    code, out, _ = suyuan("doctor", "--json")

    answer = json.loads(out)
    jsonschema.validate(answer, of("doctor"))
    errors = [finding for finding in answer["findings"] if finding["level"] == "error"]
    assert (answer["ok"], code) == (not errors, 0 if answer["ok"] else 1)
    assert "chain_broken" not in out


def test_version_and_help_say_what_this_is(suyuan):
    code, out, _ = suyuan("--version")
    assert (code, out.split(",")[0]) == (0, "suyuan")

    code, out, _ = suyuan("--help")
    assert code == 0
    assert all(command in out for command in ("import", "board", "case", "audit"))
