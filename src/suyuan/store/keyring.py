"""The keys that open what is sealed: several at once, numbered; the newest seals, all open.

Each lies as a file of its own in the home's secrets: ``seal`` is number 1, ``seal.2`` number 2. A process
sees a key that another one made: before it seals, it looks whether the folder has changed.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from suyuan.config.home import home, secret
from suyuan.domain.errors import Refused

MOST = 255
"""The number of a key is the first byte of what it sealed."""


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys as they lay in the folder at one moment."""

    folder: Path
    seen: int
    ciphers: dict[int, AESGCM]
    newest: int


_KEY = re.compile(r"seal(?:\.\d+)?")
_ring: Ring | None = None


def current() -> Ring:
    """Return the ring; read it again if the folder has changed."""
    global _ring
    if _ring is None or (not _STEADY and _ring.folder.stat().st_mtime_ns != _ring.seen):
        _ring = _read()
    return _ring


_STEADY: list[bool] = []
"""Holds something while a batch keeps to one ring."""


@contextmanager
def steady() -> Iterator[None]:
    """Keep to the ring as it lies now while a batch is sealed: one look at the folder, not one a value."""
    current()
    _STEADY.append(True)
    try:
        yield
    finally:
        _STEADY.pop()


def forget() -> None:
    """Read the ring anew at the next question: the home is another one."""
    global _ring
    _ring = None


def opener(number: int) -> AESGCM:
    """Return the cipher of a key; raise ValueError for one that is not there."""
    ring = _ring or current()
    if number not in ring.ciphers:
        ring = current()
    if number not in ring.ciphers:
        raise ValueError(f"sealed with an unknown key {number}")
    return ring.ciphers[number]


def numbers() -> list[int]:
    """Return the numbers of the keys there are, oldest first."""
    return sorted(current().ciphers)


def lacking() -> list[str]:
    """Return which of the two kinds of keys this home has none of: ``seal``, ``index``."""
    there = {path.name for path in _folder().iterdir()}
    sealing = any(_KEY.fullmatch(name) for name in there)
    return [name for name, found in (("seal", sealing), ("index", "index" in there)) if not found]


def first() -> None:
    """Make the keys a home begins with, where they are not there."""
    for name in lacking():
        secret(name)


def add() -> int:
    """Make a new key, which seals from now on, and return its number."""
    number = numbers()[-1] + 1
    if number > MOST:
        raise Refused("no_key_number_left", most=MOST)
    secret(_name(number))
    return number


def destroy(number: int) -> None:
    """Remove a key: what it sealed can never be opened again, in no copy of the database."""
    (_folder() / _name(number)).unlink()
    forget()


def _read() -> Ring:
    folder = _folder()
    seen = folder.stat().st_mtime_ns
    found = {_number(path.name): path for path in folder.iterdir() if _KEY.fullmatch(path.name)}
    if _ring is not None and _ring.folder == folder and max(found, default=0) < _ring.newest:
        raise Refused("keys_missing", lacking=[_name(_ring.newest)])  # the newest is never retired
    if not found:
        secret(_name(1))
        return _read()
    ciphers = {number: AESGCM(path.read_bytes()) for number, path in found.items()}
    return Ring(folder, seen, ciphers, max(ciphers))


def _folder() -> Path:
    folder = home() / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _name(number: int) -> str:
    return "seal" if number == 1 else f"seal.{number}"


def _number(name: str) -> int:
    return 1 if name == "seal" else int(name.removeprefix("seal."))
