"""A small simulated city whose event log knows a case of ours: the log is written with its number.

What is asked of pages need not be learned for each of them: what is ``learned`` once is put back ``again``.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from suyuan.actions import _log_held, population, traced
from suyuan.actions._log_known import Known
from suyuan.actions.population import Surveyed
from suyuan.actions.trace import How, take_log
from suyuan.domain.procedure import SYSTEM
from suyuan.simulate import build
from suyuan.store import event_log, rules

LAST = date(2025, 10, 31)


def made(folder: Path) -> Path:
    """Write a small city's files into a folder and return it: everything in it is traced surely."""
    build(7, 300, 40, LAST, folder)
    return folder


def unsure(folder: Path) -> Path:
    """Write the files of a city in which some complaints are traced less than half surely."""
    build(5, 600, 60, LAST, folder, 4.0)
    return folder


def of_kind(city: Path, kind: str) -> list[str]:
    """Return the complaints of a city that a kind of cause was planted for."""
    causes = json.loads((city / "truth.json").read_text("utf-8"))["causes"]
    return [one["complaint"] for one in causes if one["kind"] == kind]


def take(city: Path, room: Path, called: dict[str, str] | None = None) -> None:
    """Take a city's log over in the place of any other; some complaints have the numbers of cases here."""
    forget()
    log = room / "handed.sqlite"
    shutil.copy(city / "log.sqlite", log)
    with closing(sqlite3.connect(log)) as link, link:
        for theirs, ours in (called or {}).items():
            link.execute("UPDATE object SET ocel_id = ? WHERE ocel_id = ?", (ours, theirs))
            link.execute(
                "UPDATE event_object SET ocel_object_id = ? WHERE ocel_object_id = ?", (ours, theirs)
            )
            link.execute(
                "UPDATE object_object SET ocel_source_id = ? WHERE ocel_source_id = ?", (ours, theirs)
            )
            link.execute(
                "UPDATE object_object SET ocel_target_id = ? WHERE ocel_target_id = ?", (ours, theirs)
            )
    take_log(path=log, actor=SYSTEM, now=timezone.now(), how=How(replace=True))
    log.unlink()


def forget() -> None:
    """Remove the log that was taken over."""
    event_log.path().unlink(missing_ok=True)


@dataclass(frozen=True)
class Learned:
    """A log that was taken over, with what was learned from it while no case stood here."""

    file: Path
    known: Known
    surveyed: tuple[Surveyed, ...]
    """It looked over as a whole, where that was asked for."""
    about: dict[int, str]
    """What its complaints are about, as it stood then: pages write to it."""


def learned(city: Path, room: Path, ask: Callable[[], object] = traced.known) -> Learned:
    """Take a city's log over, ask something of it, and undo what that wrote to the database."""
    population._held.clear()
    for step in (lambda: take(city, room), ask):
        with transaction.atomic():
            step()
            transaction.set_rollback(True)
    rules.forget()  # of a database that is not there any more
    [known] = _log_held._held
    shutil.copy2(event_log.path(), room / "kept.sqlite")
    forget()
    return Learned(room / "kept.sqlite", known, tuple(population._held), dict(known.about))


def again(one: Learned) -> None:
    """Put a log that was learned from in its place, as if that had just been done."""
    event_log.path().parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copy2(one.file, event_log.path())
    one.known.about.clear()
    one.known.about.update(one.about)
    one.known.said.clear()
    _log_held._held[:] = [one.known]
    population._held[:] = [replace(each, remembered={}) for each in one.surveyed]
