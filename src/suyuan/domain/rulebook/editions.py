"""The editions of each record of a book, and which one of them is in force on a day."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TypeVar

from .checks import ends
from .office import OfficeRecord
from .records import Limit, Record
from .tables import Placed

R = TypeVar("R", bound=Record | OfficeRecord)


def editions_of(kind: type[R], placed: Iterable[Placed]) -> dict[str, tuple[R, ...]]:
    """Return the records of a kind by key, each with its editions, oldest first."""
    found: dict[str, list[R]] = {}
    for _, record in placed:
        if isinstance(record, kind):
            found.setdefault(record.key, []).append(record)
    return {
        key: tuple(sorted(editions, key=lambda one: one.in_force_from or date.min))
        for key, editions in found.items()
    }


def in_force(editions: Sequence[R], on: date) -> R | None:
    """Return the newest edition begun by ``on``, unless it has ended."""
    begun = [one for one in editions if (one.in_force_from or date.min) <= on]
    if not begun or (begun[-1].in_force_until or date.max) < on:
        return None
    return begun[-1]


def boundaries(limits: Iterable[Sequence[Limit]]) -> list[date]:
    """Return every day on which some limit begins, or has just ended."""
    found: set[date] = set()
    for editions in limits:
        found.update(one.in_force_from for one in editions)
        found.update(end + timedelta(days=1) for end in ends(editions) if end)
    return sorted(found)
