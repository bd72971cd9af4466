"""The home and the machine: keys nobody else can read, room on the disk, a Python that is new enough."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from suyuan.config.home import home

from .finding import Finding, error, warning

FREE_BYTES = 2 * 1024**3
OLDEST_PYTHON = (3, 11)


def reach() -> Iterator[Finding]:
    """Yield a finding when there is no home and none can be made."""
    try:
        home()
    except SystemExit as wrong:
        yield error(
            "home_unusable", str(wrong), "name a folder in SUYUAN_HOME that this account may write to"
        )


def look(home: Path) -> Iterator[Finding]:
    """Yield what is wrong with where the installation lies."""
    yield from _python()
    yield from _writable(home)
    yield from _secrets(home)
    yield from _in_clear(home)
    yield from _disk(home)


def _python() -> Iterator[Finding]:
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield error(
            "python_old", f"Python {sys.version.split()[0]} is too old", "install Python 3.11 or newer"
        )


def _writable(home: Path) -> Iterator[Finding]:
    if not os.access(home, os.W_OK | os.X_OK):
        yield error(
            "home_read_only",
            "the home cannot be written to",
            "give the account that runs Suyuan the folder named in SUYUAN_HOME",
        )
    if os.name != "posix":
        return
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o002:
        yield warning("home_open", "everybody on this machine may write to the home", "chmod o-w on the home")
    if mode & 0o005 and any(stat.S_IMODE(path.stat().st_mode) & 0o004 for path in home.glob("*.sqlite3*")):
        text = "everybody on this machine may read the database in the home"
        yield error("home_readable", text, "chmod 700 on the home")


def _secrets(home: Path) -> Iterator[Finding]:
    """Complain when others on this machine can read the keys."""
    for path in sorted(p for p in (home / "secrets").rglob("*") if p.is_file()):
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            name = path.relative_to(home)
            yield error("secret_readable", f"{name} can be read by others", f"chmod 600 {name} in the home")


def _in_clear(home: Path) -> Iterator[Finding]:
    """Complain of what an earlier version kept here with account numbers in it."""
    fixes = {
        "event_log.sqlite": "suyuan trace take event_log.sqlite, named where it lies: it is taken over "
        "without them and removed",
        "demo/calls.csv": "remove it: nothing reads it",
    }
    for name, fix in fixes.items():
        if (home / name).is_file():
            yield error("log_in_clear", f"{name} in the home holds account numbers in clear", fix)


def _disk(home: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(home).free
    if free < FREE_BYTES:
        yield warning(
            "disk_nearly_full",
            f"{free / 1024**3:.1f} GiB are free where the home lies",
            "free some, or move the home and set SUYUAN_HOME",
        )
