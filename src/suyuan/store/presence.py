"""Presence: a worker holds a lock on a file of its own in the home for its life, so its death is seen.

The name it holds rows under is the name of its file. A file of this machine that nobody holds a lock on is of
a worker that died; where there is no file, nobody can tell, and the lease has to run out.
"""

import logging
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from suyuan.config.home import home

from . import locks

log = logging.getLogger("suyuan.work")

_here: list[str] = []
"""The names this process is signed on under, the oldest first."""
FOLDER = ".workers"
"""In the home; a leading dot keeps it out of backups."""


def name() -> str:
    """Return a name no other worker has, to hold leases under."""
    return f"{_machine()}:{os.getpid()}:{secrets.token_hex(8)}"


def _machine() -> str:
    return socket.gethostname()[:40]


def here(what: str) -> str:
    """Return a name to hold leases under for what this process does beside a worker.

    Its death is seen as a worker's is where the process is signed on; elsewhere the lease has to run out.
    """
    return f"{_here[0] if _here else name()}/{what}"


@contextmanager
def sign_on() -> Iterator[str]:
    """Give a worker or a command its name, and let this machine see that it lives until it leaves or dies."""
    me, handle = name(), None
    try:
        while (handle := _own(_file(me))) is None:
            me = name()
    except OSError as error:
        log.warning("no lock in %s (%s): after a crash the leases of this worker run out", FOLDER, error)
    else:
        _here.append(me)
    try:
        yield me
    finally:
        if handle is not None:
            _here.remove(me)
            _forget(_file(me), handle)


def _own(path: Path) -> int | None:
    """Return a lock on a new file, or None where somebody came between the making and the locking."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        if locks.take(handle) and path.exists():
            return handle
    except OSError:
        _forget(path, handle)
        raise
    os.close(handle)
    return None


def gone(holder: str) -> bool:
    """Return whether a holder of rows is known to have died on this machine."""
    worker = holder.partition("/")[0]
    if not worker.startswith(f"{_machine()}:"):
        return False
    handle = _left(_file(worker))
    if handle is not None:
        os.close(handle)
    return handle is not None


def dead() -> Iterator[str]:
    """Yield each worker that died on this machine; each is forgotten once the next is asked for."""
    for path in sorted((home() / FOLDER).glob(f"{_machine()}~*")):
        handle = _left(path)
        if handle is None:
            continue
        try:
            yield path.name.replace("~", ":")
        except GeneratorExit:
            os.close(handle)
            raise
        _forget(path, handle)


def _left(path: Path) -> int | None:
    """Return a lock on the file of a worker that died, or None where it lives or nobody can tell."""
    handle = None
    with suppress(OSError):
        handle = os.open(path, os.O_RDWR)
        if locks.take(handle) and path.exists():
            return handle
    if handle is not None:
        os.close(handle)
    return None


def _forget(path: Path, handle: int) -> None:
    """Remove a file while its lock is held, so that nobody takes it for one just made."""
    if sys.platform == "win32":  # an open file cannot be removed there, nor one that somebody else has open
        os.close(handle)
        with suppress(PermissionError):
            path.unlink(missing_ok=True)
        return
    path.unlink(missing_ok=True)
    os.close(handle)


def _file(worker: str) -> Path:
    return home() / FOLDER / worker.replace(":", "~")
