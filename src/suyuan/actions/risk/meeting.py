"""Whether each key of a question meets anything in the log that a model is to be learned from."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from suyuan.analytics.risk.question import Question
from suyuan.analytics.trace.causality import Patterns, fits
from suyuan.domain.errors import BadInput

from .reading import SAID, TEAM, told_apart

if TYPE_CHECKING:
    from suyuan.gateways.eventlog import Columns

NEAR, NAMED = 5, 20
"""So many names nearest to what was asked for are told, so many where none is near."""


def check(columns: "Columns", given: Question) -> None:
    """Raise BadInput for the first key none of whose names is in the log, with the names nearest to them.

    Only where a model is learned: a log that is scored may be too young for what is waited for.
    """
    for key, patterns, known in _asked(columns, given):
        if patterns and not any(fits(name, patterns) for name in known):
            raise BadInput("question_meets_nothing", key=key, value=list(patterns)[:NAMED],
                           known=_near(patterns, known))  # fmt: skip


def _asked(columns: "Columns", given: Question) -> Iterator[tuple[str, Patterns, Sequence[str]]]:
    """Yield of each key what it asks for and the names that there are of it."""
    types, steps = list(columns.types), list(told_apart(columns, given.orders).activities)
    of_objects, of_events = (
        _names(table) for table in (columns.attributes_of_objects, columns.attributes_of_events)
    )
    said = [*of_objects, *(name for name in of_events if name not in of_objects)]
    for key in ("subjects", "customer", "orders"):
        yield key, getattr(given, key), types
    for key in ("due", "done_at"):
        yield key, (getattr(given, key),) if getattr(given, key) else (), of_objects
    yield "team", given.team, [*types, *of_events]
    yield "done", given.done, steps
    yield "activities", tuple(_bare(one) for one in given.activities), [*steps, *said]
    yield "traits", given.traits, said
    used = [name for name in said if fits(name, given.traits)]
    yield "rule", (given.rule,) if given.rule else (), [*used, TEAM]


def _bare(pattern: str) -> str:
    """Return the name of what is waited for, without the value that is said."""
    return pattern.partition(SAID)[0]


def _names(table: pa.Table) -> list[str]:
    return [name for name in pc.unique(table.column("name").cast("string")).to_pylist() if name]


def _near(patterns: Patterns, known: Sequence[str]) -> list[str]:
    near = [name for one in patterns for name in get_close_matches(one, known, NEAR)]
    return list(dict.fromkeys(near)) or sorted(known)[:NAMED]
