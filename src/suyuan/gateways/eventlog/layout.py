"""Which column or attribute of a classical log is what: a small TOML or JSON file the person hands in."""

import json
import tomllib
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from suyuan.domain.errors import BadInput

from .columns import KINDS

LARGEST = 1 << 20


class Things(NamedTuple):
    """A column whose cells name objects."""

    column: str
    type: str
    qualifier: str = ""
    separator: str = ""
    """What stands between several ids in one cell; without it a cell is one id."""
    prefix: str = ""
    """Put before each id, where ids of two types are alike."""
    attributes: tuple[str, ...] = ()
    """Columns that speak of the object and not of the event."""


class Layout(NamedTuple):
    """How to read a classical log."""

    activity: str = "concept:name"
    time: str = "time:timestamp"
    time_format: str = ""
    """As ``strptime`` has it; empty: ISO 8601."""
    zone: str = ""
    """Where moments that name no zone were."""
    id: str = ""
    """The column of the event's own id; empty: events are numbered, e1, e2 and so on."""
    case: str = "case"
    """XES: the type of the object that each trace is."""
    delimiter: str = ""
    """csv: what stands between cells; empty: found out."""
    objects: tuple[Things, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    """Attributes that are no texts, with the kind of their values."""


OCEL_NAMES, LIST = ("ocel:eid", "ocel:activity", "ocel:timestamp"), "ocel:type:"
"""Headings of a csv of many types of objects; after ``LIST`` stands the type, in the cells lists of ids."""
BRACKETS = "[]"
"""As a separator: a cell is a list in brackets, as JSON or Python writes it."""
XES_NAMES = ("case:concept:name", "concept:name", "time:timestamp")
"""Headings of a csv whose layout everybody knows."""


def known(headings: list[str]) -> Layout | None:
    """Return the layout of a csv whose headings everybody knows; of an XES log ``case:…`` is the case's."""
    if set(OCEL_NAMES) <= set(headings):
        name, activity, time = OCEL_NAMES
        lists = [Things(h, h[len(LIST) :], "", BRACKETS) for h in headings if h.startswith(LIST)]
        return Layout(activity, time, id=name, objects=tuple(lists))
    if not set(XES_NAMES) <= set(headings):
        return None
    own = tuple(h for h in headings if h.startswith("case:") and h != XES_NAMES[0])
    return Layout(objects=(Things(XES_NAMES[0], "case", attributes=own),))


def read(path: Path) -> Layout:
    """Return the layout a file describes; raise BadInput naming what is wrong with it."""
    if not path.is_file():
        raise BadInput("no_such_file", file=path.name)
    if path.stat().st_size > LARGEST:
        raise BadInput("log_layout", file=path.name, problem="larger than a layout")
    try:
        text = path.read_text("utf-8-sig")
        given = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput("log_layout", file=path.name, problem=str(error)[:200]) from None
    return _layout(given, path.name)


def _layout(given: dict[str, Any], file: str) -> Layout:
    texts = ("activity", "time", "time_format", "zone", "id", "case", "delimiter")
    _only(given, (*texts, "objects", "kinds"), file, "")
    things, kinds = given.get("objects", []), given.get("kinds", {})
    if not isinstance(things, list) or not all(isinstance(each, dict) for each in things):
        raise BadInput("log_layout", file=file, key="objects", problem="not a list of tables")
    if not isinstance(kinds, dict) or not set(map(str, kinds.values())) <= set(KINDS):
        raise BadInput("log_layout", file=file, key="kinds", problem=f"not names with one of {KINDS}")
    for name in texts:
        _text(given, name, file)
    layout = Layout(
        **{name: given[name] for name in texts if name in given},
        objects=tuple(_things(each, file, f"objects[{n}]") for n, each in enumerate(things)),
        kinds=tuple(kinds.items()),
    )
    zone(layout.zone)
    if len(layout.delimiter) > 1:
        raise BadInput("log_layout", file=file, key="delimiter", problem="more than one character")
    return layout


def _things(given: dict[str, Any], file: str, place: str) -> Things:
    texts = ("column", "type", "qualifier", "separator", "prefix")
    _only(given, (*texts, "attributes"), file, place)
    for name in texts:
        _text(given, name, file, place)
    for name in ("column", "type"):
        if not given.get(name):
            raise BadInput("log_layout", file=file, key=f"{place}.{name}", problem="missing")
    own = given.get("attributes", [])
    if not isinstance(own, list) or not all(isinstance(each, str) for each in own):
        raise BadInput("log_layout", file=file, key=f"{place}.attributes", problem="not a list of columns")
    if own and given.get("separator"):
        raise BadInput("log_layout", file=file, key=f"{place}.attributes", problem="of several objects")
    return Things(**{name: given[name] for name in texts if name in given}, attributes=tuple(own))


def _only(given: dict[str, Any], names: tuple[str, ...], file: str, place: str) -> None:
    for name in given:
        if name not in names:
            key = f"{place}.{name}" if place else name
            raise BadInput("log_layout", file=file, key=key[:80], problem=f"unknown, known are {names}")


def _text(given: dict[str, Any], name: str, file: str, place: str = "") -> None:
    if not isinstance(given.get(name, ""), str):
        raise BadInput("log_layout", file=file, key=f"{place}.{name}" if place else name, problem="no text")


def zone(name: str) -> ZoneInfo | None:
    """Return the zone of that name, None for no name."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput("unknown_value", field="zone", value=name[:60]) from None
