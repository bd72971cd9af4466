"""Frames for the detectors, made row by row."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from suyuan.analytics.detect.index import DETECTORS
from suyuan.analytics.detect.signal import Signal
from suyuan.domain import rulebook
from suyuan.store.frames.reading import Columns, of_rows

NOW = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
"""Wednesday 2026-03-04 10:30 in Shanghai."""
BOOK = rulebook.load()


def frame(columns: Columns, rows: list[dict[str, Any]], **given: Any) -> pa.Table:
    """Return a frame as its loader would; ``given`` is what every row has unless it says otherwise."""
    every = [{**given, **row} for row in rows]
    return of_rows(columns, [[row.get(name) for name in columns] for row in every])


def found(name: str, as_of: datetime = NOW, **frames: Any) -> list[Signal]:
    """Return what a detector finds by the shipped figures, its calendar the one calendar."""
    terms = BOOK.figures[f"detect.{name}"][-1].terms
    return list(DETECTORS[name].find({"calendar": BOOK.calendar, **frames}, terms, as_of))
