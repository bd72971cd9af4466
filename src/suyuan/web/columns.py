"""The columns of a list of cases: those of the house, and how each reads in a workbook."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from suyuan.store import rules
from suyuan.store.queries import attention, listing

from . import export
from .templatetags.ui import lang, local

HOUSE = ("business_type", "text", "state", "unit", "due", "accepted_at")
"""What a list shows to whoever chose nothing."""

FILE = (
    "business_type",
    "state",
    "category",
    "unit",
    "accepted_at",
    "due",
    "finding",
    "satisfaction",
    "text",
)
"""What a workbook holds for them."""

CODED = ("business_type", "state", "category", "finding", "satisfaction")


def table(wanted: Sequence[str], rows, now: datetime, most: int) -> export.Table:  # type: ignore[no-untyped-def]
    """Return the cases as a table: number and light, and the columns wanted."""
    names = ["number", "light", *wanted]
    heads = [rules.label("field", name, lang()) for name in names]
    return export.Table(heads, _lines(names, rows.iterator(chunk_size=1000), now), most)


def _lines(names: Sequence[str], rows: Iterable, now: datetime) -> Iterator[list[object]]:  # type: ignore[type-arg]
    called: dict[str, str] = {"": ""}
    for case in rows:
        if "handler" in names and case.handler not in called:
            called |= {case.handler: case.handler} | attention.handlers([case])
        yield [called[case.handler] if name == "handler" else cell(case, name, now) for name in names]


def line(case, now: datetime) -> list[object]:  # type: ignore[no-untyped-def]
    """Return a case as a line of a workbook with the columns of the house."""
    return [cell(case, name, now) for name in ("number", "light", *FILE)]


def cell(case, name: str, now: datetime) -> object:  # type: ignore[no-untyped-def]
    """Return one column of a case in words."""
    if name in CODED:
        return rules.label(name, getattr(case, name), lang())
    plain = {
        "number": case.number,
        "unit": case.unit.name,
        "accepted_at": local(case.accepted_at),
        "due": local(case.next_due_at),
        "text": case.brief,
    }
    return plain[name] if name in plain else rules.label("light", listing.light(case, now), lang())
