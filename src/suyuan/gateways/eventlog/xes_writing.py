"""XES (.xes, .xes.gz), written: for a log whose every event touches one object of one type, and no other."""

import gzip
import io
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import numpy as np

from suyuan.domain.errors import BadInput

from .columns import Columns
from .ocel_xml import cell
from .telling import Told, told

_TAG = {"string": "string", "time": "date", "integer": "int", "float": "float", "boolean": "boolean"}
_RESERVED = ("concept:name", "time:timestamp")
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
"""


def write(log: Columns, path: Path) -> None:
    """Write the log; raise BadInput where XES has no way to say it."""
    _refuse(log)
    by_case: defaultdict[str, list[Told]] = defaultdict(list)
    telling = told(log)
    for event in telling.events:
        by_case[event.relations[0][0]].append(event)
    with _opened(path) as stream:
        stream.write(_HEAD)
        for case in telling.objects:
            stream.write("  <trace>\n")
            _attribute(stream, 4, ("concept:name", case.id, "string"))
            for name, value, kind, _ in case.attributes:
                _attribute(stream, 4, (name, value, kind))
            for event in by_case[case.id]:
                _event(stream, event)
            stream.write("  </trace>\n")
        stream.write("</log>\n")


def _refuse(log: Columns) -> None:
    """Raise BadInput for what would be lost."""

    def no(problem: str, **facts: object) -> BadInput:
        return BadInput("log_unwritable", problem=problem, **facts)

    used = [log.types[code] for code in np.unique(log.type).tolist()]
    if len(used) > 1:
        raise no("XES has one type of objects", types=used)
    counts = np.bincount(log.touch_event, minlength=len(log.at))
    if (counts != 1).any():
        row = int(np.flatnonzero(counts != 1)[0])
        raise no(
            "an event of XES is of one object", value=log.event_ids[row].as_py()[:60], count=int(counts[row])
        )
    if any(log.qualifiers[code] for code in np.unique(log.touch_qualifier).tolist()):
        raise no("XES has no qualifiers")
    if len(log.link_source):
        raise no("XES has no relations between objects", count=len(log.link_source))
    changes = log.attributes_of_objects["at"]
    if changes.null_count != len(changes):
        raise no("XES has no changes of objects", count=len(changes) - changes.null_count)
    for table in (log.attributes_of_events, log.attributes_of_objects):
        for name in table["name"].combine_chunks().dictionary.to_pylist():
            if name in _RESERVED:
                raise no("a name XES keeps for itself", value=name)


def _event(stream: TextIO, event: Told) -> None:
    stream.write("    <event>\n")
    _attribute(stream, 6, ("concept:name", event.type, "string"))
    _attribute(stream, 6, ("time:timestamp", event.time, "time"))
    if all(name != "identity:id" for name, *_ in event.attributes):
        _attribute(stream, 6, ("identity:id", event.id, "string"))
    for name, value, kind, _ in event.attributes:
        _attribute(stream, 6, (name, value, kind))
    stream.write("    </event>\n")


def _attribute(stream: TextIO, indent: int, said: tuple[str, str, str]) -> None:
    name, value, kind = said
    stream.write(f'{" " * indent}<{_TAG[kind]} key="{cell(name)}" value="{cell(value)}"/>\n')


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """Give what to write text to; mtime=0: the same log gives the same bytes."""
    packed = path.name.lower().endswith(".gz")
    raw = gzip.GzipFile(path, "wb", compresslevel=6, mtime=0) if packed else path.open("wb")
    with raw, io.TextIOWrapper(raw, encoding="utf-8", newline="\n") as text:  # type: ignore[type-var]
        yield text
