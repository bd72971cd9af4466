"""What do the methods compute on? Tables that no engine has been chosen for yet.

The tables are unbound Ibis tables of the lake's schema; ``fetch`` is the engine's one door and hands back
Arrow. So a measure is written once and each engine (``gateways/engine.py``) runs it in its own dialect.
"""

import functools
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import ibis
import pyarrow as pa

from suyuan.analytics.lake import CASES, CLOCKS, COMMITMENTS, HANDOVERS, TABLES, UNITS, Columns

_IBIS = {
    "int64": "int64",
    "int32": "int32",
    "int16": "int16",
    "int8": "int8",
    "bool": "boolean",
    "string": "string",
    "date32": "date",
    "timestamp": "timestamp('UTC')",
}
_ARROW = {name: name for name in _IBIS} | {"timestamp": ""}

Table = Any
"""An Ibis table."""
Value = Any
"""An Ibis column or scalar expression."""

AS_OF: Value = ibis.param(_IBIS["timestamp"])
"""The moment figures are drawn for, told when an expression is run: one expression serves every moment."""


class Fetch(Protocol):
    """Runs an expression, at a moment where the expression asks for ``AS_OF``, and returns Arrow."""

    def __call__(self, expression: Table, as_of: datetime | None = None) -> pa.Table:
        """Return the rows."""
        ...


def arrow_schema(columns: Columns) -> pa.Schema:
    """Return the Arrow schema in which the lake stores these columns."""
    return pa.schema(
        [
            (name, pa.timestamp("us", tz="UTC") if kind == "timestamp" else pa.type_for_alias(_ARROW[kind]))
            for name, kind in columns
        ]
    )


@functools.cache
def unbound(name: str, columns: Columns) -> Table:
    """Return an Ibis table of these columns that is tied to no engine."""
    return ibis.table({column: _IBIS[kind] for column, kind in columns}, name=name)


@dataclass(frozen=True)
class Tables:
    """The lake's tables and the function that runs an expression over them."""

    fetch: Fetch
    cases: Table
    clocks: Table
    commitments: Table
    handovers: Table
    units: Table


def tables(fetch: Fetch) -> Tables:
    """Return the tables of the lake, run by ``fetch``."""
    return Tables(
        fetch=fetch,
        cases=unbound("cases", CASES),
        clocks=unbound("clocks", CLOCKS),
        commitments=unbound("commitments", COMMITMENTS),
        handovers=unbound("handovers", HANDOVERS),
        units=unbound("units", UNITS),
    )


def empty(name: str) -> pa.Table:
    """Return the table ``name`` of a lake into which nothing was exported yet."""
    return arrow_schema(TABLES[name]).empty_table()
