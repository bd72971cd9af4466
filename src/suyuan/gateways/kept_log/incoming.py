"""A log about to be merged: every name as it stands here, every event under its own number."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
MARK = "~"
"""What a keyed reference begins with."""


class Kinds(NamedTuple):
    """What the names of a log mean, as the rulebook has it."""

    role: Callable[[str], str]
    """A type of objects → ``order``, ``unit``, ``place`` (an account, an area; no meter) or nothing."""
    done: Callable[[str], bool]
    """Whether an order is done with an activity."""
    sign: Callable[[str], bool]
    """Whether an activity shows a deviation by itself: it is one order's, whatever others it names."""


class Promise(NamedTuple):
    """A moment by which an order was to be done: which object, what it is called, when, when it was said."""

    thing: int
    name: str
    at: int
    said: int


class Incoming(NamedTuple):
    """One source's log, or a piece of it."""

    activities: list[str]
    types: list[str]
    things: list[str]
    """By object: its name here."""
    type: Ints
    """By object: its type."""
    ids: Ints
    """By event: its number."""
    activity: Ints
    at: Ints
    rank: Ints
    touches: tuple[Ints, Ints]
    links: tuple[Ints, Ints]
    promises: list[Promise]
    adds: bool
    """Whether an event of the same moment has what it touches added to what it touched: rows of a table may
    say one event piece by piece."""

    def rows(self, *columns: Any) -> Any:
        """Yield columns as rows SQLite takes."""
        return zip(*(column.tolist() for column in columns), strict=True)


def signed(digest: str) -> int:
    """Return the first 64 bits of a digest as SQLite holds a number."""
    return int.from_bytes(bytes.fromhex(digest[:16]), "big", signed=True)


def name_of(event: int) -> str:
    """Return what an event is called outside."""
    return f"e{event & 0xFFFF_FFFF_FFFF_FFFF:016x}"
