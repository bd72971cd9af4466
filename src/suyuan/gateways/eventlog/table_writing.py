"""A log as csv (.csv, .csv.gz): an event a row, a type of objects a column, in its cells lists of ids."""

import json
from pathlib import Path

import numpy as np

from suyuan.domain.errors import BadInput

from ..tablefile import guard, open_writer
from .columns import Columns
from .layout import LIST, OCEL_NAMES
from .telling import told


def write(log: Columns, path: Path) -> dict[str, int]:
    """Write the log; return how much of it a table has no place for, by what it is."""
    rows_of = {name: number for number, name in enumerate(log.object_ids.to_pylist())}
    names = sorted({name for kinds in log.declared_of_events.values() for name in kinds})
    own = [*OCEL_NAMES, *(f"{LIST}{kind}" for kind in log.types)]
    if clash := next((name for name in names if name in own or not name), None):
        raise BadInput("log_unwritable", value=clash, problem="a heading of the log's own")
    with open_writer(path) as write_row:
        write_row([guard(name) for name in (*own, *names)])
        for event in told(log).events:
            by_type: dict[str, list[str]] = {kind: [] for kind in log.types}
            for other, _ in event.relations:
                by_type[log.types[log.type[rows_of[other]]]].append(other)
            said = {name: value for name, value, _, _ in event.attributes}
            cells = [json.dumps(ids, ensure_ascii=False) if ids else "" for ids in by_type.values()]
            row = [event.id, event.type, event.time, *cells, *(said.get(name, "") for name in names)]
            write_row([guard(cell) for cell in row])
    return {what: count for what, count in _lost(log).items() if count}


def _lost(log: Columns) -> dict[str, int]:
    untouched = len(log.object_ids) - len(np.unique(log.touch_object))
    qualified = np.array([bool(name) for name in log.qualifiers] or [False])
    return {
        "links": len(log.link_source),
        "qualifiers": int(qualified[log.touch_qualifier].sum()) if len(log.touch_qualifier) else 0,
        "attributes_of_objects": log.attributes_of_objects.num_rows,
        "objects_without_events": untouched,
        "activities_without_events": len(log.activities) - len(np.unique(log.activity)),
    }
