"""A log that is made here, event by event, and not read from a file."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from .batch import codes
from .building import Found, Relations, columns, same
from .columns import OF_EVENTS, OF_OBJECTS, Columns, Declared


@dataclass(slots=True)
class Names:
    """Texts as numbers in the order they were met."""

    place: dict[str, int] = field(default_factory=dict)
    rows: "array[int]" = field(default_factory=lambda: array("i"))

    def add(self, text: str) -> None:
        """Take one more row."""
        self.rows.append(self.place.setdefault(text, len(self.place)))

    def coded(self) -> Any:
        """Return the rows as a ``pa.DictionaryArray``."""
        words = pa.array(list(self.place), pa.string())
        return pa.DictionaryArray.from_arrays(np.array(self.rows, np.int32), words)


@dataclass(slots=True)
class Said:
    """Attributes of objects: by row whose, which, what value, from when on."""

    owner: "array[int]" = field(default_factory=lambda: array("i"))
    name: Names = field(default_factory=Names)
    value: Names = field(default_factory=Names)
    since: list[int | None] = field(default_factory=list)


@dataclass(slots=True)
class Making:
    """Objects, events and links so far; attributes are texts."""

    _of: dict[tuple[str, str], int] = field(default_factory=dict)
    _ids: dict[str, int] = field(default_factory=dict)
    _types: Names = field(default_factory=Names)
    _events: list[str] = field(default_factory=list)
    _activity: Names = field(default_factory=Names)
    _at: "array[int]" = field(default_factory=lambda: array("q"))
    _event: "array[int]" = field(default_factory=lambda: array("i"))
    _touched: "array[int]" = field(default_factory=lambda: array("i"))
    _links: dict[tuple[int, int, str], None] = field(default_factory=dict)
    _said: Said = field(default_factory=Said)
    _declared: Declared = field(default_factory=dict)

    def object(self, kind: str, name: str) -> int:
        """Return the row of an object, made where it is new; a name that another type has gets its own."""
        row = self._of.get((kind, name))
        if row is None:
            row = self._of[kind, name] = len(self._of)
            called = name if name not in self._ids else f"{kind}:{name}"
            self._ids[called] = row
            self._types.add(kind)
        return row

    def event(self, name: str, activity: str, at: int, things: Iterable[int]) -> None:
        """Take an event at a moment in microseconds, on objects by row; a row below 0 is none."""
        row = len(self._events)
        self._events.append(name)
        self._activity.add(activity)
        self._at.append(at)
        for thing in dict.fromkeys(things):
            if thing >= 0:
                self._event.append(row)
                self._touched.append(thing)

    def link(self, source: int, target: int, how: str) -> None:
        """Join an object to another, once each way of joining; a row below 0 is none."""
        if source >= 0 and target >= 0 and source != target:
            self._links[source, target, how] = None

    def say(self, thing: int, name: str, value: str, since: int | None = None) -> None:
        """Say something of an object, from a moment on or from the beginning; an empty text says nothing."""
        if value:
            said = self._said
            said.owner.append(thing)
            said.name.add(name)
            said.value.add(value)
            said.since.append(since)

    def columns(self) -> Columns:
        """Return the log."""
        types = self._types.coded()
        said, declared = self._attributes(types)
        links = np.array([pair[:2] for pair in self._links], np.int32).reshape(-1, 2)
        hows = Names()
        for _, _, how in self._links:
            hows.add(how)
        return columns(
            Found(
                self._activity.coded(),
                np.array(self._at, np.int64),
                pa.array(self._events, pa.string()),
                types,
                pa.array(list(self._ids), pa.string()),
                Relations(codes(self._event), codes(self._touched), same("", len(self._event))),
                Relations(links[:, 0], links[:, 1], hows.coded()),
                OF_EVENTS.empty_table(),
                said,
                {},
                declared,
                [],
            )
        )

    def _attributes(self, types: Any) -> tuple[pa.Table, Declared]:
        said = self._said
        owner = codes(said.owner)
        kind = np.asarray(types.indices)[owner] if len(owner) else owner
        name = said.name.coded()
        parts = [
            pa.array(owner, pa.int32()),
            name,
            said.value.coded(),
            same("string", len(owner)),
            pa.array(said.since, pa.int64()),
        ]
        pairs = np.unique(np.stack([kind, np.asarray(name.indices)], 1), axis=0).tolist()
        declared: Declared = {}
        for of, which in pairs:
            declared.setdefault(types.dictionary[of].as_py(), {})[name.dictionary[which].as_py()] = "string"
        return pa.table(parts, schema=OF_OBJECTS), declared
