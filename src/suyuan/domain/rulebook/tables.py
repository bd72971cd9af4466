"""The arrays a rulebook file may hold, and the records in them."""

from collections.abc import Callable, Mapping
from datetime import date

from .office import OFFICE_TABLES, OfficeRecord
from .reading import JUDGED_TABLES, Row, rows
from .records import Record

TABLES: Mapping[str, Callable[[Row], Record | OfficeRecord]] = {**JUDGED_TABLES, **OFFICE_TABLES}
"""What a file may hold, besides ``calendar``, ``fixed_day``, ``confirm`` and ``revoke``."""
Placed = tuple[Row, Record | OfficeRecord]
"""A record with the place it was read from."""


def records(file: str, name: str, content: object) -> list[Placed]:
    """Return the records of one array of a file; the same record twice in a file is an error."""
    found: list[Placed] = []
    seen: set[tuple[str, date | None]] = set()
    for row in rows(file, name, content):
        record = TABLES[name](row)
        row.close()
        if (mark := (record.key, record.in_force_from)) in seen:
            raise row.error("in_force_from", "repeats a record of this file")
        seen.add(mark)
        found.append((row, record))
    return found
