"""OCEL 2.0 as XML, read element by element against the standard's schema and written by it."""

import re
from collections.abc import Iterable
from contextlib import closing
from datetime import tzinfo
from pathlib import Path
from typing import TextIO

from suyuan.domain.errors import BadInput

from .columns import Columns, Declared
from .gathering import Gathered, finish
from .source import Source
from .telling import Told, told
from .xml_events import Parser, parse, plain

_WITHIN: dict[tuple[str, ...], tuple[str, ...]] = {
    (): ("log",),
    ("log",): ("object-types", "event-types", "objects", "events"),
    ("log", "object-types"): ("object-type",),
    ("log", "event-types"): ("event-type",),
    ("log", "object-types", "object-type"): ("attributes",),
    ("log", "event-types", "event-type"): ("attributes",),
    ("log", "object-types", "object-type", "attributes"): ("attribute",),
    ("log", "event-types", "event-type", "attributes"): ("attribute",),
    ("log", "objects"): ("object",),
    ("log", "events"): ("event",),
    ("log", "objects", "object"): ("attributes", "objects"),
    ("log", "events", "event"): ("attributes", "objects"),
    ("log", "objects", "object", "attributes"): ("attribute",),
    ("log", "events", "event", "attributes"): ("attribute",),
    ("log", "objects", "object", "objects"): ("relationship",),
    ("log", "events", "event", "objects"): ("relationship",),
}
"""Path of an element → what may stand in it."""
_NEEDED = {
    "object-type": ("name",),
    "event-type": ("name",),
    "object": ("id", "type"),
    "event": ("id", "type"),
    "relationship": ("object-id", "qualifier"),
}
_PARTS = ("object-types", "event-types", "objects", "events")
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_CELL = _TEXT | {'"': "&quot;", "\t": "&#9;", "\n": "&#10;"}


def read(source: Source, zone: tzinfo | None) -> Columns:
    """Return the whole log."""
    reader = _Reader(Gathered(source.name))
    with closing(source.blocks()) as blocks:
        parse(blocks, reader, source.name)
    for part in _PARTS:
        if part not in reader.parts:
            raise reader.log.wrong("log", lacks=part)
    return finish(reader.log, zone)


class _Reader:
    """Takes what a document tells."""

    at: Parser

    def __init__(self, log: Gathered) -> None:
        self.log = log
        self.parts: set[str] = set()
        self._path: tuple[str, ...] = ()
        self._type = ""
        self._attribute: tuple[str, str | None] = ("", None)
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        name, where = plain(name), f"line {self.at.line}"
        if name not in _WITHIN.get(self._path, ()):
            raise self.log.wrong(where, element=name[:60], within="/".join(self._path))
        for needed in _NEEDED.get(name, ()):
            if needed not in attributes:
                raise self.log.wrong(where, element=name, lacks=needed)
        self._path += (name,)
        self._text = []
        match self._path[1:]:
            case (part,):
                self.parts.add(part)
            case (_, "object-type" | "event-type"):
                self._declare(attributes["name"], where)
            case (_, "object-type" | "event-type", "attributes", "attribute"):
                self._declare_attribute(attributes, where)
            case ("objects", "object"):
                self.log.object_ids.append(attributes["id"])
                self.log.types.append(attributes["type"])
            case ("events", "event"):
                self.log.event_ids.append(attributes["id"])
                self.log.activities.append(attributes["type"])
                self.log.times.append(attributes.get("time"))
            case (_, "object" | "event", "attributes", "attribute"):
                self._keep(attributes, where)
            case (_, "object", "objects", "relationship"):
                row, ids = len(self.log.object_ids) - 1, self.log.object_ids
                self.log.links.add(row, ids[row], attributes["object-id"], attributes["qualifier"])
            case (_, "event", "objects", "relationship"):
                row, ids = len(self.log.event_ids) - 1, self.log.event_ids
                self.log.touches.add(row, ids[row], attributes["object-id"], attributes["qualifier"])

    @property
    def _types(self) -> Declared:
        return self.log.object_types if self._path[1] == "object-types" else self.log.event_types

    def _declare(self, name: str, where: str) -> None:
        if name in self._types:
            raise self.log.wrong(where, value=name[:60], problem="declared twice")
        self._types[name] = {}
        self._type = name

    def _declare_attribute(self, attributes: dict[str, str], where: str) -> None:
        for needed in ("name", "type"):
            if needed not in attributes:
                raise self.log.wrong(where, element="attribute", lacks=needed)
        kinds = self._types[self._type]
        if attributes["name"] in kinds:
            raise self.log.wrong(where, value=attributes["name"][:60], problem="declared twice")
        kinds[attributes["name"]] = self.log.kind(attributes["type"], where)

    def _keep(self, attributes: dict[str, str], where: str) -> None:
        needed = ("name", "time") if self._path[1] == "objects" else ("name",)
        for each in needed:
            if each not in attributes:
                raise self.log.wrong(where, element="attribute", lacks=each)
        at = attributes["time"] if self._path[1] == "objects" else None
        self._attribute = (attributes["name"], at)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if plain(name) == "attribute" and self._path[1] in ("objects", "events"):
            called, at = self._attribute
            value = "".join(self._text)
            if self._path[1] == "objects":
                self.log.of_objects.add(len(self.log.object_ids) - 1, called, value, at)
            else:
                self.log.of_events.add(len(self.log.event_ids) - 1, called, value)
        self._path = self._path[:-1]
        self._text = []

    def text(self, data: str) -> None:
        """Take the text of an attribute; there may be none anywhere else."""
        if self._path[-1:] == ("attribute",) and self._path[1] in ("objects", "events"):
            self._text.append(data)
        elif data.strip():
            raise self.log.wrong(f"line {self.at.line}", text=data.strip()[:20])


def write(columns: Columns, path: Path) -> None:
    """Write the log."""
    log = told(columns)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("<?xml version='1.0' encoding='UTF-8'?>\n<log>\n")
        _types(stream, "object", columns.declared_of_objects)
        _types(stream, "event", columns.declared_of_events)
        for word, every in (("object", log.objects), ("event", log.events)):
            stream.write(f" <{word}s>\n")
            _each(stream, word, every)
            stream.write(f" </{word}s>\n")
        stream.write("</log>\n")


def _types(stream: TextIO, word: str, declared: Declared) -> None:
    stream.write(f" <{word}-types>\n")
    for name, kinds in declared.items():
        stream.write(f'  <{word}-type name="{cell(name)}">\n   <attributes>\n')
        for attribute, kind in kinds.items():
            stream.write(f'    <attribute name="{cell(attribute)}" type="{kind}"/>\n')
        stream.write(f"   </attributes>\n  </{word}-type>\n")
    stream.write(f" </{word}-types>\n")


def _each(stream: TextIO, word: str, every: Iterable[Told]) -> None:
    for each in every:
        time = f' time="{each.time}"' if word == "event" else ""
        stream.write(f'  <{word} id="{cell(each.id)}" type="{cell(each.type)}"{time}>\n   <attributes>\n')
        for name, value, _, at in each.attributes:
            since = f' time="{at}"' if word == "object" else ""
            stream.write(f'    <attribute name="{cell(name)}"{since}>{_escaped(value, _TEXT)}</attribute>\n')
        stream.write("   </attributes>\n   <objects>\n")
        for other, how in each.relations:
            stream.write(f'    <relationship object-id="{cell(other)}" qualifier="{cell(how)}"/>\n')
        stream.write(f"   </objects>\n  </{word}>\n")


def cell(text: str) -> str:
    """Return a text as the value of an attribute; raise BadInput where XML has no way to say it."""
    return _escaped(text, _CELL)


def _escaped(text: str, how: dict[str, str]) -> str:
    bad = _ILLEGAL.search(text)
    if bad:
        raise BadInput("log_unwritable", value=text[:40], problem=f"no XML has U+{ord(bad.group()):04X}")
    return "".join(how.get(each, each) for each in text) if any(each in text for each in how) else text
