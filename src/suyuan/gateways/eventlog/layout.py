"""Which column or attribute of a classical log is what: a small TOML or JSON file the person hands in.

A heading may be a list: the first that is there is meant; where none is, what hangs on it is left.
"""

from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from suyuan.domain.errors import BadInput


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
    steps: tuple[str, ...] = ()
    """Only events of these activities are of the object; without them every event of the row."""


class Test(NamedTuple):
    """A column whose cells, or some patterns of them (``*`` stands for any text), decide."""

    column: str
    patterns: tuple[str, ...]


class Step(NamedTuple):
    """A column that says when a row's order did one thing: each that is filled is an event."""

    column: str
    activity: str
    when: Test | None = None
    unless: Test | None = None


class Layout(NamedTuple):
    """How to read a classical log."""

    activity: str = "concept:name"
    time: str = "time:timestamp"
    time_format: tuple[str, ...] = ()
    """As ``strptime`` has it, or ``iso``, tried one after the other; empty: ISO 8601."""
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
    steps: tuple[Step, ...] = ()
    """Given: a row is several events; ``activity`` and ``time`` are not read then."""
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """By heading that may be absent: what else it may be called."""
    recognised: tuple[tuple[str, ...], ...] = ()
    """One of each of these headings is in a csv of this layout: so it is known without being named."""
    title: str = ""
    """What tables of this layout are called."""

    def optional(self) -> frozenset[str]:
        """Return the headings that may be absent."""
        return frozenset(name for name, _ in self.also)


OCEL_NAMES, LIST = ("ocel:eid", "ocel:activity", "ocel:timestamp"), "ocel:type:"
"""Headings of a csv of many types of objects; after ``LIST`` stands the type, in the cells lists of ids."""
ISO = "iso"
"""As a form of moments: ISO 8601."""
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


def zone(name: str) -> ZoneInfo | None:
    """Return the zone of that name, None for no name."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput("unknown_value", field="zone", value=name[:60]) from None
