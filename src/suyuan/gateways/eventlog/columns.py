"""A whole event log as columns: what every reader gives and every writer and method takes.

Numbers of rows join the parts: ``touch_event`` is a row of the events, ``touch_object`` one of the objects.
Moments are microseconds since 1970-01-01T00:00:00Z; texts stand once in a list and are pointed at by codes.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Codes = npt.NDArray[np.int32]
Moments = npt.NDArray[np.int64]
Declared = dict[str, dict[str, str]]
"""Type → attribute → kind of its values."""

KINDS = ("string", "time", "integer", "float", "boolean")
"""The kinds of values OCEL 2.0 knows; ``Columns`` knows no other."""

REASONS = (
    "attribute_value",
    "bad_time",
    "dangling_relation",
    "dangling_row",
    "duplicate_attribute",
    "duplicate_event",
    "duplicate_object",
    "duplicate_relation",
    "duplicate_row",
    "duplicate_trace",
    "event_set_aside",
    "no_activity",
    "no_id",
    "no_time",
    "no_value",
    "not_the_changed_field",
    "object_set_aside",
    "row_width",
    "trace_without_name",
    "unknown_field",
)
"""Why something is set aside; the words are the labels ``log_set_aside``."""

_WORD = pa.dictionary(pa.int32(), pa.string())
OF_EVENTS = pa.schema([("event", pa.int32()), ("name", _WORD), ("value", _WORD), ("kind", _WORD)])
OF_OBJECTS = pa.schema(
    [("object", pa.int32()), ("name", _WORD), ("value", _WORD), ("kind", _WORD), ("at", pa.int64())]
)


class SetAside(NamedTuple):
    """One thing of a log that was not taken: where it stands, what it is, why."""

    where: str
    what: str
    why: str


class Columns(NamedTuple):
    """A whole log."""

    activities: list[str]
    """Every activity, those without events too, in the order of their names."""
    activity: Codes
    """By event: its activity."""
    at: Moments
    """By event: when, in microseconds UTC. Events stand by moment, then by their order in the file."""
    event_ids: Any
    """By event: its id; a ``pa.StringArray`` or ``pa.LargeStringArray`` without nulls and doubles."""
    types: list[str]
    """Every type of objects, those without objects too, in the order of their names."""
    type: Codes
    """By object: its type. Objects stand in the order of the file."""
    object_ids: Any
    """By object: its id, unlike any other's."""
    qualifiers: list[str]
    """Every qualifier of either kind of relation; the empty one says nothing."""
    touch_event: Codes
    touch_object: Codes
    touch_qualifier: Codes
    """By relation of an event to an object: the event, the object, how. In the order of the events."""
    link_source: Codes
    link_target: Codes
    link_qualifier: Codes
    """By relation of an object to an object: from, to, how. In the order of the sources."""
    attributes_of_events: pa.Table
    """``OF_EVENTS``: the event, the name, the value as text, its kind. In the order of the events."""
    attributes_of_objects: pa.Table
    """``OF_OBJECTS``: the same of objects, and from when on the value holds; null: from the beginning."""
    declared_of_events: Declared
    """By activity: its attributes, those nothing has too."""
    declared_of_objects: Declared
    """By type of objects: its attributes."""
    quarantined: list[SetAside]
    """What was not taken, in the order it was met."""
    numbered: bool = False
    """Whether the ids of events are their places in the file and no ids of their own."""
