"""One number in two systems: orders of which two sources say other accounts or areas."""

import sqlite3
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from . import owning, tables

_SEVERAL = """
SELECT t.object FROM temp.moved m CROSS JOIN main.object o ON o.id = m.object
JOIN main.type y ON y.id = o.type AND y.role = 'order' CROSS JOIN main.touch t ON t.object = o.id
CROSS JOIN main.event e ON e.id = t.event GROUP BY t.object HAVING min(e.source) < max(e.source)
"""
_PLACES = f"""
SELECT DISTINCT e.source, y.name, p.name FROM main.object o CROSS JOIN main.touch t ON t.object = o.id
CROSS JOIN main.event e ON e.id = t.event CROSS JOIN main.touch w ON w.event = e.id
CROSS JOIN main.object p ON p.id = w.object JOIN main.type y ON y.id = p.type AND y.role = 'place'
WHERE o.id = ? AND {owning.OWN}
"""


class Clash(NamedTuple):
    """Two sources that name other things of one type for one order."""

    one: str
    other: str
    type: str


def count(link: sqlite3.Connection, source: int) -> int:
    """Return of how many orders in ``moved`` a source says other places than another one does."""
    return sum(
        any(source in pair[:2] for pair in _clashes(link.execute(_PLACES, (thing,))))
        for (thing,) in link.execute(_SEVERAL).fetchall()
    )


def clashes(path: Path, thing: int) -> list[Clash]:
    """Return which sources say other places of an order, by their names."""
    with tables.reading(path) as link:
        if not owning.is_counted(link):
            return []
        names = dict(link.execute("SELECT id, name FROM source"))
        found = _clashes(link.execute(_PLACES, (thing,)))
        return [Clash(names[one], names[other], kind) for one, other, kind in found]


def _clashes(rows: Iterable[tuple[int, str, str]]) -> list[tuple[int, int, str]]:
    """Return the pairs of sources that both name places of a type, and none in common."""
    said: dict[str, dict[int, set[str]]] = {}
    for source, kind, place in rows:
        said.setdefault(kind, {}).setdefault(source, set()).add(place)
    return [
        (one, other, kind)
        for kind in sorted(said)
        for one, other in combinations(sorted(said[kind]), 2)
        if not said[kind][one] & said[kind][other]
    ]
