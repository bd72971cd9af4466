"""A database that is up to date: made once from the migrations, and copied by whoever needs one."""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
import psycopg
from django.apps import apps

KEPT = Path(__file__).parents[1] / "build/ready"
NAME = "suyuan_ready"
"""The database on PostgreSQL that others are made from."""
MEMORY = "file:memorydb_default?mode=memory&cache=shared"
"""Where Django keeps a test's SQLite database."""


def migrated(**place: str) -> None:
    """Bring the database of a home up to date, as a command does that is started there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUYUAN", "DJANGO"))}
    code = "from suyuan.cli.main import main; main()"
    subprocess.run([sys.executable, "-c", code, "migrate"], env=kept | place, check=True, capture_output=True)


def edition() -> str:
    """Return what tells one set of migrations from another."""
    told = hashlib.sha256(django.__version__.encode())
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path).glob("migrations/*.py")):
            told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()


def database() -> Path:
    """Return the file of an SQLite database that is up to date; it is kept until a migration changes."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{edition()}.sqlite3"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            for left in (*KEPT.glob("*.sqlite3"), *KEPT.glob("home/*.sqlite3*")):
                left.unlink()
            migrated(SUYUAN_HOME=str(KEPT / "home"))
            shutil.move(KEPT / "home/suyuan.sqlite3", path)
            shutil.rmtree(KEPT / "home")
    return path


def home(folder: Path) -> Path:
    """Return ``folder`` as a home whose database is up to date."""
    folder.mkdir(mode=0o700)
    shutil.copyfile(database(), folder / "suyuan.sqlite3")
    return folder


@contextmanager
def in_memory() -> Iterator[None]:
    """Keep the database in this process's memory, where Django will find nothing left to migrate."""
    with closing(sqlite3.connect(MEMORY, uri=True)) as memory:
        with closing(sqlite3.connect(database())) as file:
            file.backup(memory)
        yield


def on_server(url: str) -> str:
    """Return the name of a database on a PostgreSQL server that is up to date, to make others from."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f"CREATE DATABASE {NAME}_begun")
            folder = KEPT / "server"
            migrated(SUYUAN_HOME=str(folder), SUYUAN_DATABASE_URL=f"{url.rpartition('/')[0]}/{NAME}_begun")
            shutil.rmtree(folder)
            connection.execute(f"ALTER DATABASE {NAME}_begun RENAME TO {NAME}")
    return NAME
