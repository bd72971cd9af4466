"""The event log of this home: where it lies, and what stands in it for a number that leads to a person."""

import os
import shutil
from pathlib import Path

from suyuan.config.home import home

from . import seal

MARK = "~"
"""What a keyed reference begins with, so that it is no number of anybody's."""
FOLDER, NAME = "tracing", "event_log.sqlite"


def path() -> Path:
    """Return where the log that was taken over lies."""
    return home() / FOLDER / NAME


def put(made: Path) -> None:
    """Put a log in the place of the one before, for its owner alone."""
    place = path()
    place.parent.mkdir(mode=0o700, exist_ok=True)
    made.chmod(0o600)
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(place)


def state() -> tuple[int, int] | None:
    """Return what tells one state of the log from another, None where there is no log."""
    place = path()
    if not place.exists():
        return None
    found = place.stat()
    return found.st_ino, found.st_mtime_ns


def copy(target: Path) -> None:
    """Write the log to another place, for its owner alone; nothing where there is none."""
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    if path().exists():
        shutil.copyfile(path(), target)


def reference(kind: str, value: str) -> str:
    """Return what stands for a number: for an account that of the cases and the register of customers."""
    return meeting(seal.index(kind, value) or seal.reference(value)[:32])


def meeting(index: str) -> str:
    """Return what stands for the number that has this keyed index."""
    return MARK + index


def unmarked(about: str) -> str:
    """Return what a signal is about, or its key, with an account named one way: ``account:INDEX``."""
    return about.replace(f"account:{MARK}", "account:", 1)


def is_reference(thing: str) -> bool:
    """Return whether an object of a log is named by a reference."""
    return thing.startswith(MARK)
