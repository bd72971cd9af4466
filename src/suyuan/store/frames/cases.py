"""The cases of customers: those open at a moment, and all that came in within the window before it.

What a case is (type, category, unit) is read as it stands now; what happened to it is cut at the moment.
A case reopened after the moment counts as closed then: when it was first closed is in its events alone.
"""

from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from suyuan.domain.order import MILESTONES
from suyuan.store import rules

from .reading import FLAG, MOMENT, OPEN_TO_ALL, TEXT, UTC_MOMENT, WHOLE, table
from .whose import CUSTOMERS

WINDOW = "detect.window"
REACHED = tuple(name for name in MILESTONES if name != "accepted_at")
_PAUSED = (
    "CASE WHEN c.is_open OR c.archived_at > %s THEN EXISTS (SELECT 1 FROM store_clock k "
    "JOIN store_clockentry e ON e.clock_id = k.id WHERE k.case_id = c.id AND e.kind = 'pause' AND e.at <= %s "
    "AND NOT EXISTS (SELECT 1 FROM store_clockentry l WHERE l.clock_id = k.id AND l.id > e.id "
    "AND l.at <= %s AND l.kind IN ('resume', 'stop', 'void'))) ELSE %s END"
)
HEARD = {"satisfaction": "called_back_at", "crew_rating": "called_back_at", "card": "card_at"}
"""What a customer said, and when: empty before."""
COLUMNS = {
    "number": ("c.number", TEXT),
    "procedure": ("c.procedure", TEXT),
    "kind": ("c.business_type", TEXT),
    "category": ("c.category", TEXT),
    "channel": ("c.channel", TEXT),
    "unit": ("u.code", TEXT),
    "origin": ("c.origin", TEXT),
    "account": ("c.account_index", TEXT),
    "phone": ("c.phone_index", TEXT),
    "satisfaction": ("c.satisfaction", TEXT),
    "crew_rating": ("c.crew_rating", TEXT),
    "card": ("COALESCE(d.rating, '')", TEXT),
    "episode": ("c.episode", WHOLE),
    "open": ("c.is_open", FLAG),
    "paused": (_PAUSED, FLAG),
    "accepted_at": ("c.accepted_at", MOMENT),
    "card_at": ("d.taken_at", MOMENT),
    "reopened_at": ("c.reopened_at", MOMENT),
    **{name: (f"c.{name}", MOMENT) for name in REACHED},
}
"""``account`` and ``phone`` are keyed indexes; ``card`` is what the customer marked on the card."""


def load(as_of: datetime) -> pa.Table:
    """Return the cases of customers known then, by when they were accepted."""
    since = as_of - timedelta(days=rules.figure(WINDOW, "days"))
    rest = (
        "FROM store_case c JOIN store_unit u ON u.id = c.unit_id "
        "LEFT JOIN store_card d ON d.case_id = c.id AND d.episode = c.episode "
        f"WHERE {OPEN_TO_ALL} AND {CUSTOMERS} "
        "AND c.state <> 'merged' AND c.accepted_at <= %s "
        "AND (c.accepted_at > %s OR c.is_open OR c.archived_at > %s) ORDER BY c.accepted_at, c.id"
    )
    return cut(table(COLUMNS, rest, [*[as_of] * 3, False, as_of, since, as_of]), as_of)


def cut(found: pa.Table, as_of: datetime) -> pa.Table:
    """Return cases as they stood at a moment."""
    at = pa.scalar(as_of, UTC_MOMENT)
    now_open, reopened = found.column("open"), found.column("reopened_at")
    later = pc.fill_null(pc.greater(reopened, at), False)
    archived = pc.fill_null(pc.greater(found.column("archived_at"), at), False)
    was_open = pc.and_(pc.or_(now_open, archived), pc.invert(later))
    for name in ("card_at", "reopened_at", *REACHED):
        column = found.column(name)
        kept = pc.if_else(pc.less_equal(column, at), column, pa.scalar(None, UTC_MOMENT))
        found = found.set_column(found.schema.get_field_index(name), name, kept)
    for name, moment in HEARD.items():
        heard = pc.if_else(pc.is_null(found.column(moment)), "", found.column(name))
        found = found.set_column(found.schema.get_field_index(name), name, heard)
    return found.set_column(found.schema.get_field_index("open"), "open", was_open)
