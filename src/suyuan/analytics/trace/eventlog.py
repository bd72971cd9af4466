"""A whole event log as columns: which events touched which objects, and which objects belong together.

The shape is OCEL 2.0's. Objects, events and names are numbers into lists; both ways of a relation are kept as
offsets into one array, so that what an object took part in is a slice, in the order of time, however long the
log is. Arrays may be mapped from files: nothing here copies them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.integer]


class Names(Sequence[str]):
    """Texts that are read one at a time: a log has more ids than anybody asks for."""

    def __init__(self, texts: pa.Array) -> None:
        self._texts = texts

    @property
    def texts(self) -> pa.Array:
        """Return all of them as they are held."""
        return self._texts

    def __getitem__(self, at):  # type: ignore[no-untyped-def]
        """Return one text."""
        return self._texts[at].as_py()

    def __len__(self) -> int:
        return len(self._texts)

    def find(self, text: str) -> int:
        """Return where a text stands, -1 where it does not."""
        return int(pc.index(self._texts, text).as_py())


@dataclass(frozen=True, slots=True)
class Index:
    """A relation by its left side: what belongs to ``n`` stands at ``start[n]:start[n + 1]``."""

    start: Ints
    item: Ints

    def of(self, left: int) -> Ints:
        """Return what belongs to one."""
        return self.item[self.start[left] : self.start[left + 1]]

    @property
    def left(self) -> Ints:
        """Return the left side of every pair."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))


def distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return values once each, rising. NumPy's own ``unique`` hashes: a hundred times slower on millions."""
    found = np.sort(values)
    return found[np.append(True, found[1:] != found[:-1])] if len(found) else found


def index(left: Ints, right: Ints, size: int) -> Index:
    """Return the relation of pairs by its left side, each pair once, the right side in rising order."""
    width = int(right.max(initial=0)) + 1
    pairs = distinct(left.astype(np.int64) * width + right)
    start = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(pairs // width, minlength=size), out=start[1:])
    return Index(start, (pairs % width).astype(np.int32))


@dataclass(frozen=True, slots=True)
class Promised:
    """Moments that attributes of objects say, by the object, then by the name."""

    names: Sequence[str]
    thing: Ints
    code: Ints
    """A number into ``names``."""
    at: Ints
    since: Ints
    """Since when it is said, microseconds of UTC."""


@dataclass(frozen=True)
class EventLog:
    """Events in the order of time, objects, and what joins them."""

    activities: Sequence[str]
    types: Sequence[str]
    activity: Ints
    """Of each event, a number into ``activities``; events stand in the order of time."""
    at: Ints
    """When each happened, microseconds of UTC since 1970."""
    type: Ints
    """Of each object, a number into ``types``."""
    events: Names
    objects: Names
    touched: Index
    """Event → objects."""
    happened: Index
    """Object → its events, in the order of time."""
    out: Index
    """Object → the objects it names as belonging to it."""
    back: Index
    """Object → the objects that name it."""
    label: Mapping[int, str] = field(default_factory=dict)
    """What a complaint is about, by its object, where the log says it."""
    group: Ints | None = None
    """Of each object the class of its customer, a number from 1 on, 0 for none; None where none is told."""
    promised: Promised | None = None
    """By when something of an object was promised; None where no attribute says so."""

    def first(self, thing: int) -> int:
        """Return the first event of an object; -1 where it has none."""
        of = self.happened.of(thing)
        return int(of[0]) if len(of) else -1


@dataclass(frozen=True, slots=True)
class Relations:
    """Pairs of numbers: (event, object) and (object, object)."""

    event: Ints
    touched: Ints
    source: Ints
    target: Ints


def log(
    names: tuple[Sequence[str], Sequence[str], Names, Names],
    activity: Ints,
    at: Ints,
    kind: Ints,
    pairs: Relations,
    label: Mapping[int, str] | None = None,
) -> EventLog:
    """Return a log of columns; ``names`` are those of activities, types, events and objects.

    ``kind`` is the type of each object. Events have to stand in the order of time.
    """
    activities, types, events, objects = names
    return EventLog(
        activities,
        types,
        activity,
        at,
        kind,
        events,
        objects,
        touched=index(pairs.event, pairs.touched, len(at)),
        happened=index(pairs.touched, pairs.event, len(kind)),
        out=index(pairs.source, pairs.target, len(kind)),
        back=index(pairs.target, pairs.source, len(kind)),
        label={} if label is None else label,  # an empty one is filled later
    )
