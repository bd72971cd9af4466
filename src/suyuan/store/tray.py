"""Files that lie here for a while: handed in, set apart, answers to be fetched. Sealed, and in no backup.

Each is sealed like evidence, chunk by chunk, under a key that follows from a secret of the home and a salt of
its own. What must read a clear file gets one in a folder for its owner alone, gone when that is done.
A file without the mark is another's, or an earlier version's: it is read as it is.
"""

import hashlib
import hmac
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from suyuan.config.home import home, secret

from . import locker, locks

HANDED_IN, SET_APART, TAKEN_OUT, ROOMS = "uploads", "quarantine", "taken_out", ".clear"
MARK = b"SYT1"
SALT = 32
START = len(MARK) + SALT
PIECE = 1024 * 1024


def folder(name: str) -> Path:
    """Return a folder of the home that its owner alone may enter, making it if needed."""
    path = home() / name
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)
    return path


def write(path: Path, pieces: Iterable[bytes]) -> None:
    """Seal what comes in to a file; it is there whole or not at all."""
    part, salt = path.with_name(f".{secrets.token_hex(8)}.part"), secrets.token_bytes(SALT)
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:  # noqa: PTH123 a mode
            out.write(MARK + salt)
            for sealed in locker.chunks(pieces, _key(salt)):
                out.write(sealed)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _key(salt: bytes) -> bytes:
    return hmac.digest(secret("tray"), salt, "sha256")


def shut(plain: bytes) -> bytes:
    """Return a few bytes sealed, to stand in a file that grows."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(secret("tray")).encrypt(nonce, plain, MARK)


def unshut(sealed: bytes) -> bytes:
    """Return what was sealed by ``shut``; raise InvalidTag or ValueError where it was cut off."""
    return AESGCM(secret("tray")).decrypt(sealed[:12], sealed[12:], MARK)


def is_sealed(path: Path) -> bool:
    """Return whether a file is sealed."""
    return _salt(path) is not None


def _salt(path: Path) -> bytes | None:
    with path.open("rb") as file:
        head = file.read(START)
    return head[len(MARK) :] if head.startswith(MARK) and len(head) == START else None


def reading(path: Path) -> BinaryIO:
    """Return a file opened for reading, as it was before it was sealed."""
    salt = _salt(path)
    return path.open("rb") if salt is None else locker.clear(path, _key(salt), path.name, START)


def sha256(path: Path) -> str:
    """Return the SHA-256 of what a file says."""
    with reading(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """Give a clear copy of a file, under its name, for as long as it is read."""
    if not path.is_file() or not is_sealed(path):
        yield path
        return
    with room() as place, reading(path) as source:
        copy = place / path.name
        with copy.open("xb") as out:
            shutil.copyfileobj(source, out, PIECE)
        yield copy


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Give a place to write a clear file to; it is sealed at ``path`` afterwards, if there is one."""
    with room() as place:
        made = place / path.name
        yield made
        if made.exists():
            keep(made, path)


def keep(source: Path, path: Path) -> None:
    """Seal a clear file to ``path``, which may be itself."""
    with source.open("rb") as file:
        write(path, iter(lambda: file.read(PIECE), b""))


@contextmanager
def room() -> Iterator[Path]:
    """Give an empty folder for its owner alone, then remove it; a killed holder loses its lock on it."""
    place = Path(tempfile.mkdtemp(dir=folder(ROOMS)))
    held = _lock(place)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        if held is not None:
            os.close(held)


def _lock(place: Path) -> int | None:
    """Return a lock on a folder, or None where somebody has it or the disk knows no locks.

    Windows opens no folders: what a crash leaves goes by its age there.
    """
    held = None
    with suppress(OSError):
        held = os.open(place, os.O_RDONLY)
        if locks.take(held):
            return held
    if held is not None:
        os.close(held)
    return None


def abandoned(young: float, old: float) -> list[Path]:
    """Return the rooms whose holder is gone: without a lock and older than ``young``, or than ``old``."""
    found = []
    for place in sorted((home() / ROOMS).glob("*")):
        made = place.stat().st_mtime
        if made < old:
            found.append(place)
        elif made < young and (held := _lock(place)) is not None:
            os.close(held)
            found.append(place)
    return found
