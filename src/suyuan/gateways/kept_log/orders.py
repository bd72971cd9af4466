"""Orders of other systems as rows of a list: kept beside the events, made anew for those that moved."""

import hashlib
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from . import owning, tables
from .incoming import MARK, Kinds, name_of

_MADE = f"""
DELETE FROM main.orders WHERE object IN (SELECT object FROM temp.moved);
INSERT INTO main.orders
WITH happened AS (
  SELECT t.object, e.id, e.at, e.rank, e.activity, e.source, a.done, {owning.OWN} AS own,
    (SELECT u.object FROM main.touch u JOIN main.object uo ON uo.id = u.object
     JOIN main.type ut ON ut.id = uo.type WHERE u.event = e.id AND ut.role = 'unit'
     ORDER BY uo.name LIMIT 1) AS unit
  FROM temp.moved m CROSS JOIN main.object o ON o.id = m.object CROSS JOIN main.type ty ON ty.id = o.type
  CROSS JOIN main.touch t ON t.object = m.object CROSS JOIN main.event e ON e.id = t.event
  JOIN main.activity a ON a.id = e.activity WHERE ty.role = 'order'
), step AS (
  SELECT *,
    row_number() OVER (PARTITION BY object ORDER BY own DESC, at DESC, rank DESC, id DESC) AS place,
    max(own) OVER (PARTITION BY object) AS any_own, first_value(iif(own, unit, NULL)) OVER (
      PARTITION BY object ORDER BY own DESC, unit IS NULL, at DESC, rank DESC, id DESC) AS latest
  FROM happened
)
SELECT s.object, sign(o.name), o.type, max(s.latest), min(s.at), max(s.at),
  max(CASE WHEN s.place = 1 AND s.own THEN s.activity END), sum(s.own), max(s.done AND s.own),
  max(CASE WHEN s.place = 1 THEN s.source END),
  (SELECT min(p.at) FROM main.promise p WHERE p.object = s.object)
FROM step s JOIN main.object o ON o.id = s.object WHERE s.own = s.any_own GROUP BY s.object
"""
"""Of an order without a step of its own it is only known that others named it, and when."""
_SHOWN = """
SELECT r.object, r.sign, o.name, t.name, u.name, r.begun, r.last, coalesce(a.name, ''),
  r.steps, r.done, s.name, r.promised
FROM orders r JOIN object o ON o.id = r.object JOIN type t ON t.id = r.type
LEFT JOIN activity a ON a.id = r.step LEFT JOIN object u ON u.id = r.unit
LEFT JOIN source s ON s.id = r.source
"""


BESIDE = 1_000
"""So many objects of an event are named."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order as a list shows it; moments are microseconds UTC."""

    thing: int
    """Its number among the objects."""
    sign: str
    """What an address may call it: its number, or of a reference another word for it."""
    name: str
    type: str
    unit: str | None
    """The unit of the last step of its own that names one."""
    begun: int
    last: int
    step: str
    """The last step of its own; empty where there is none, and others only name it."""
    steps: int
    done: int
    source: str | None
    promised: int | None
    """The first moment by which something of it was to be done."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows a list of orders. Empty means any."""

    type: str = ""
    unit: str = ""
    state: str = ""
    """``open`` or ``done``."""
    number: str = ""
    """How its number begins."""
    among: tuple[str, ...] | None = None
    """Of one of these units; None: of any, and of none."""


@dataclass(frozen=True, slots=True)
class Step:
    """One event of an order, and what else it happened to."""

    at: int
    activity: str
    event: str
    source: str
    others: tuple[tuple[str, str], ...]
    """Type and name of each other object, so many at most (``BESIDE``)."""
    more: int
    """How many further ones there are."""


def sign_of(name: str) -> str:
    """Return what an address calls an order: a reference leads to somebody, and is told by a digest of it."""
    return name if name[:1] != MARK else "r-" + hashlib.sha256(name.encode()).hexdigest()[:20]


def renew(link: sqlite3.Connection, kinds: Kinds) -> None:
    """Make the rows of the orders in ``moved`` anew; of all where names mean something else than before."""
    if _meant(link, kinds):
        link.execute("INSERT OR IGNORE INTO temp.moved SELECT id FROM main.object")
    owning.settle(link, kinds)
    link.create_function("sign", 1, sign_of, deterministic=True)
    tables.script(link, _MADE)


def _meant(link: sqlite3.Connection, kinds: Kinds) -> bool:
    """Write down what types and activities mean; tell whether one that was known means something else."""
    changed = 0
    for table, column, meaning in (("type", "role", kinds.role), ("activity", "done", kinds.done)):
        for number, name, before in link.execute(f"SELECT id, name, {column} FROM {table}").fetchall():
            now = meaning(name)
            if now != before:
                link.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (now, number))
                changed += 1
    return changed > 0


def orders(path: Path, wanted: Wanted, start: int, count: int) -> list[Order]:
    """Return some orders, the one whose last step is the latest first."""
    with tables.reading(path) as link:
        if tables.version(link) != tables.FORM:
            return []
        where: list[str] = []
        given: list[object] = []
        for sql, value in (
            ("r.type = (SELECT id FROM type WHERE name = ?)", wanted.type),
            ("r.unit = (SELECT id FROM object WHERE name = ?)", wanted.unit),
            ("r.done = ?", {"open": "0", "done": "1"}.get(wanted.state, "")),
        ):
            if value:
                where.append(sql)
                given.append(value)
        if wanted.number:  # a range and not LIKE, which takes no index
            where.append("r.sign >= ? AND r.sign < ?")
            given += [wanted.number, wanted.number + "\U0010ffff"]
        if wanted.among is not None:
            signs = ",".join("?" * len(wanted.among))
            where.append(f"r.unit IN (SELECT id FROM object WHERE name IN ({signs}))")
            given += wanted.among
        sql = _SHOWN + (f"WHERE {' AND '.join(where)} " if where else "")
        rows = link.execute(
            f"{sql} ORDER BY r.last DESC, r.object DESC LIMIT ? OFFSET ?", (*given, count, start)
        )
        return [Order(*row) for row in rows]


def order(path: Path, sign: str) -> Order | None:
    """Return one order, None where there is none."""
    with tables.reading(path) as link:
        if tables.version(link) != tables.FORM:
            return None
        row = link.execute(f"{_SHOWN} WHERE r.sign = ?", (sign,)).fetchone()
    return Order(*row) if row else None


def named(path: Path, names: Collection[str]) -> dict[str, Order]:
    """Return the orders with some names, by their names."""
    signs = [sign_of(name) for name in names]
    with tables.reading(path) as link:
        if tables.version(link) != tables.FORM:
            return {}
        sql = f"{_SHOWN} WHERE r.sign IN ({','.join('?' * len(signs))})"
        found = [Order(*row) for row in link.execute(sql, signs)]
    return {one.name: one for one in found}


def signs(path: Path, names: Collection[str]) -> dict[str, str]:
    """Return what an address calls each of some things that are orders, by their names."""
    wanted = {sign_of(name): name for name in names}
    with tables.reading(path) as link:
        if tables.version(link) != tables.FORM:
            return {}
        marks = ",".join("?" * len(wanted))
        rows = link.execute(f"SELECT sign FROM orders WHERE sign IN ({marks})", list(wanted))
        return {wanted[sign]: sign for (sign,) in rows}


def types(path: Path) -> list[tuple[str, int]]:
    """Return the types of orders there are, with how many."""
    with tables.reading(path) as link:
        if tables.version(link) != tables.FORM:
            return []
        sql = (
            "SELECT t.name, count(*) FROM orders r JOIN type t ON t.id = r.type GROUP BY t.id ORDER BY t.name"
        )
        return link.execute(sql).fetchall()


def steps(path: Path, one: Order, most: int, *, own: bool = True) -> list[Step]:
    """Return the steps of an order, the oldest first, so many at most; else the events that only name it."""
    with tables.reading(path) as link:
        whose = owning.OWN if owning.is_counted(link) else "1"
        found = link.execute(
            f"""SELECT e.id, e.at, a.name, s.name FROM touch t JOIN event e ON e.id = t.event
                JOIN object o ON o.id = t.object JOIN activity a ON a.id = e.activity
                LEFT JOIN source s ON s.id = e.source
                WHERE t.object = ? AND ({whose}) = ? ORDER BY e.at, e.rank, e.id LIMIT ?""",
            (one.thing, int(own), most),
        ).fetchall()
        return [
            Step(at, activity, name_of(event), source or "", *_beside(link, event, one.thing))
            for event, at, activity, source in found
        ]


def _beside(link: sqlite3.Connection, event: int, thing: int) -> tuple[tuple[tuple[str, str], ...], int]:
    """Return what else an event happened to, and how much of that is left out."""
    rows = link.execute(
        "SELECT t.name, o.name FROM touch k JOIN object o ON o.id = k.object "
        "JOIN type t ON t.id = o.type WHERE k.event = ? AND k.object <> ? ORDER BY t.name, o.name",
        (event, thing),
    ).fetchall()
    return tuple(rows[:BESIDE]), max(len(rows) - BESIDE, 0)
