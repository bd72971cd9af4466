"""One event, several contacts: customers call again about what is not solved (E15).

Which contacts are one event is told before (``analytics/repeats``, with the links on record); here they are
counted and graded. An event of which nothing is open any more says what went wrong, and is general.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from . import columns
from .detector import Detector, Frames, Terms
from .signal import Level, Signal


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:  # noqa: ARG001 the frame is cut
    """Yield a signal for each event of at least so many contacts."""
    frame: pa.Table = frames["repeats"]
    of: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in frame.to_pylist():
        of[row["event"]].append(row)
    for event, rows in of.items():
        if sum(row["times"] for row in rows) >= terms["calls"]:
            yield _signal(event, sorted(rows, key=lambda row: (row["at"], row["number"])), terms)


def _signal(event: str, rows: Sequence[Mapping[str, Any]], terms: Terms) -> Signal:
    times, first, last = sum(row["times"] for row in rows), rows[0], rows[-1]
    waits = any(row["open"] for row in rows)
    level = Level.URGENT if times >= terms["urgent"] else Level.IMPORTANT
    return Signal(
        detector="repeat_contact",
        object=f"case:{event}",
        level=level if waits and times >= terms["important"] else Level.GENERAL,
        since=first["at"],
        observed=float(times),
        expected=float(terms["calls"]),
        why="called_again" if waits else "called_again_closed",
        facts={"case": event, "times": times, "cases": len(rows)},
        cases=tuple(row["number"] for row in rows),
        unit=last["unit"],
        category=columns.becomes(terms, first["category"] or last["category"], first["procedure"]),
    )


REPEAT_CONTACT = Detector("repeat_contact", ("repeats",), find)
