"""Copying the database whole, as of one moment, while others write to it; and putting it back."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from pathlib import Path

from suyuan.domain.errors import BadInput

FOLDERS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql@*/bin")
"""Where distributions put PostgreSQL's own programs when they are not on the path."""

Settings = Mapping[str, object]
"""One entry of Django's DATABASES."""


def kind(database: Settings) -> str:
    """Return sqlite or postgresql."""
    return "sqlite" if str(database["ENGINE"]).endswith("sqlite3") else "postgresql"


def dump(database: Settings, path: Path) -> None:
    """Write the database to ``path``: a SQLite file, or PostgreSQL's custom format."""
    if kind(database) == "sqlite":
        _copy(Path(str(database["NAME"])), path)
        return
    _run("pg_dump", database, "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")


def load(database: Settings, path: Path) -> None:
    """Put a dump into an empty database; it arrives whole or not at all."""
    if kind(database) == "sqlite":
        target = Path(str(database["NAME"]))
        for stale in (target, target.with_name(target.name + "-wal"), target.with_name(target.name + "-shm")):
            stale.unlink(missing_ok=True)
        target.touch(mode=0o600)
        _copy(path, target)
        return
    options = (
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        "--clean",
        "--if-exists",
    )
    _run("pg_restore", database, *options, f"--dbname={database['NAME']}", str(path))


def _copy(source: Path, target: Path) -> None:
    """Copy a SQLite database by its own backup interface: a copied file would miss what is in its log."""
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as old, sqlite3.connect(target) as new:
        old.backup(new, pages=4096)
    old.close()
    new.close()


def _run(program: str, database: Settings, *words: str) -> None:
    """Run one of PostgreSQL's programs; what it complains of becomes the error."""
    given = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    env = {name: str(database[key]) for name, key in given.items() if database.get(key)}
    if program == "pg_dump":
        words = (*words, str(database["NAME"]))
    done = subprocess.run(  # noqa: S603  a program found by us, words of our own
        [_found(program), *words], env=os.environ | env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BadInput("backup_failed", program=program, problem=said[:300])


def _found(program: str) -> Path:
    """Return where a program of PostgreSQL lies: the newest, which can read every older server."""
    folders = [folder for pattern in FOLDERS for folder in Path("/").glob(pattern)]
    there = [folder / program for folder in folders if (folder / program).exists()]
    if on_path := shutil.which(program):
        there.append(Path(on_path))
    if not there:
        raise BadInput(
            "program_missing", program=program, fix="install PostgreSQL's client programs, 15 or newer"
        )
    return max(there, key=_version)


def _version(program: Path) -> int:
    said = subprocess.run(  # noqa: S603  a program found by us
        [program, "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"\) (\d+)", said.stdout)
    return int(found[1]) if found else 0
