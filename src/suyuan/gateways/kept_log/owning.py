"""Whose step an event is that names several orders: the one definition is that of tracing.

What shows a deviation by itself (a refusal) is one order's: of those it names the one whose kind most such
events name, else the one begun last, as ``analytics.trace.signs`` has it. Any other event is a step of every
order it names, but of none whose kind such an activity seldom names: those it only names.

``usual`` counts of each activity how many events name a type of objects; ``beats`` keeps of two kinds of
orders which has an activity for its own: both are small, and kept beside the events.
"""

import sqlite3

from .incoming import Kinds

SELDOM = 2
"""A kind of order has no activity for its own that names another kind more than so many times as often."""
MADE = """
CREATE TABLE IF NOT EXISTS usual (activity INTEGER, type INTEGER, events INTEGER,
  PRIMARY KEY (activity, type)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS beats (activity INTEGER, one INTEGER, other INTEGER, won INTEGER,
  PRIMARY KEY (activity, one, other)) WITHOUT ROWID;
"""
"""``won``: 1 where an event that names both is not a step of the order of the other kind; 0 where it is that
of the two which began last."""
_COUNTED = """
INSERT INTO main.usual
SELECT e.activity, o.type, {sign}count(*) FROM {events} x CROSS JOIN main.event e ON e.id = x.{id}
CROSS JOIN main.touch t ON t.event = e.id CROSS JOIN main.object o ON o.id = t.object
WHERE true GROUP BY e.activity, o.type
ON CONFLICT DO UPDATE SET events = events + excluded.events
"""
_BEGUN = "(SELECT min(be.at) FROM main.touch bt JOIN main.event be ON be.id = bt.event WHERE bt.object = {0})"
OWN = f"""
NOT EXISTS (SELECT 1 FROM main.beats b CROSS JOIN main.touch k ON k.event = e.id
  JOIN main.object ko ON ko.id = k.object AND ko.type = b.one
  WHERE b.activity = e.activity AND b.other = o.type AND ko.id <> o.id
  AND (b.won OR ({_BEGUN.format("ko.id")}, ko.name) > ({_BEGUN.format("o.id")}, o.name)))
"""
"""Whether the event ``e`` is a step of the order ``o`` that it names."""
_NEAR = """
INSERT OR IGNORE INTO temp.moved
SELECT k.object FROM temp.moved m CROSS JOIN main.object o ON o.id = m.object
CROSS JOIN main.touch t ON t.object = m.object CROSS JOIN main.event e ON e.id = t.event
CROSS JOIN main.touch k ON k.event = e.id CROSS JOIN main.object ko ON ko.id = k.object
JOIN main.beats b ON b.activity = e.activity AND b.one = o.type AND b.other = ko.type
WHERE o.type IN (SELECT one FROM main.beats WHERE NOT won) AND NOT b.won
"""
_OF_ACTIVITY = """
INSERT OR IGNORE INTO temp.moved SELECT t.object FROM main.event e CROSS JOIN main.touch t ON t.event = e.id
WHERE e.activity = ?
"""


def ready(link: sqlite3.Connection) -> None:
    """Count a log that was kept before this was counted."""
    if is_counted(link):
        return
    for statement in MADE.split(";"):
        link.execute(statement)
    count(link, "main.event", "id", 1)


def is_counted(link: sqlite3.Connection) -> bool:
    """Tell whether it is known of a log whose step an event is."""
    return bool(link.execute("SELECT count(*) FROM main.sqlite_master WHERE name = 'beats'").fetchone()[0])


def count(link: sqlite3.Connection, events: str, column: str, by: int) -> None:
    """Add the events that a table names to what is usual (1), or take them away before they change (-1)."""
    link.execute(_COUNTED.format(events=events, id=column, sign="-" if by < 0 else ""))


def settle(link: sqlite3.Connection, kinds: Kinds) -> None:
    """Say anew which kinds have an activity for their own; add to ``moved`` the orders that are met by it."""
    before = {row[:3]: row[3] for row in link.execute("SELECT activity, one, other, won FROM main.beats")}
    now = _beats(link, kinds)
    if now != before:
        link.execute("DELETE FROM main.beats")
        link.executemany(
            "INSERT INTO main.beats VALUES (?, ?, ?, ?)", ((*key, won) for key, won in now.items())
        )
    changed = {key[0] for key, _ in set(now.items()) ^ set(before.items())}
    for activity in sorted(changed):
        link.execute(_OF_ACTIVITY, (activity,))
    link.execute(_NEAR)


def _beats(link: sqlite3.Connection, kinds: Kinds) -> dict[tuple[int, int, int], int]:
    """Return by activity, kind and other kind whether an event of both is only the first one's."""
    rows = link.execute(
        "SELECT u.activity, a.name, u.type, u.events FROM main.usual u JOIN main.type t ON t.id = u.type "
        "JOIN main.activity a ON a.id = u.activity WHERE t.role = 'order' AND u.events > 0"
    ).fetchall()
    seen: dict[tuple[int, str], dict[int, int]] = {}
    for activity, name, kind, events in rows:
        seen.setdefault((activity, name), {})[kind] = events
    found = {}
    for (activity, name), often in seen.items():
        shows = kinds.sign(name)
        for one, other in ((one, other) for one in often for other in often):
            more, less = often[one], often[other]
            if more > less if shows else more > SELDOM * less:
                found[activity, one, other] = 1
            elif shows and more == less:
                found[activity, one, other] = 0
    return found
