"""A stretch of an XES log, whole traces long, as codes: what both of its readers give."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from .columns import Codes

TAGS = ("string", "date", "int", "float", "boolean", "id", "list", "container")
"""The elements that carry an attribute; their places are the kinds of ``Rows``."""
KIND = ("string", "time", "integer", "float", "boolean", "string", "string", "string")
"""What each of them is among the kinds of ``Columns``."""


class Rows(NamedTuple):
    """Attributes: by row whose, which, what value, by what element."""

    owner: Codes
    key: Codes
    value: Codes
    kind: Codes

    def chosen(self, rows: object) -> "Rows":
        """Return some of the rows, by number or by flag."""
        return Rows(*(column[rows] for column in self))  # type: ignore[index]


class Batch(NamedTuple):
    """Traces and events are numbered from 0 within the stretch; words stand once and are pointed at."""

    words: pa.StringArray
    traces: int
    trace_of_event: Codes
    of_events: Rows
    of_traces: Rows


def codes(values: object) -> Codes:
    """Return numbers of rows in the width all of them have."""
    return np.asarray(values, np.int32)
