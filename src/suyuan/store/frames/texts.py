"""What was said on cases of late, masked: the words of the customer, and those of the answer."""

from datetime import datetime, timedelta

import pyarrow as pa

from suyuan.store import rules
from suyuan.store.queries.replies import PARTS

from .reading import MOMENT, OPEN_TO_ALL, TEXT, WHOLE, table
from .whose import CUSTOMERS

FIGURE, TERM = "detect.window", "text_days"
UNITS = "detect.under_registration"


def note(field: str) -> str:
    """Return the SQL of what was said last in a field until a moment, masked; the moment is its one value."""
    return (
        "COALESCE((SELECT n.masked FROM store_note n WHERE n.case_id = c.id "
        f"AND n.field = '{field}' AND c.answered_at <= %s ORDER BY n.id DESC LIMIT 1), '')"
    )


SAID = "COALESCE((SELECT t.masked FROM store_contact t WHERE t.case_id = c.id ORDER BY t.id LIMIT 1), '')"
COLUMNS = {
    "number": ("c.number", TEXT),
    "procedure": ("c.procedure", TEXT),
    "kind": ("c.business_type", TEXT),
    "category": ("c.category", TEXT),
    "channel": ("c.channel", TEXT),
    "unit": ("u.code", TEXT),
    "unit_name": ("u.name", TEXT),
    "account": ("c.account_index", TEXT),
    "satisfaction": ("CASE WHEN c.called_back_at <= %s THEN c.satisfaction ELSE '' END", TEXT),
    "said": (SAID, TEXT),
    **{name: (note(name), TEXT) for name in PARTS},
    "urges": ("(SELECT COUNT(*) FROM store_urge g WHERE g.case_id = c.id AND g.at <= %s)", WHOLE),
    "accepted_at": ("c.accepted_at", MOMENT),
    "answered_at": ("CASE WHEN c.answered_at <= %s THEN c.answered_at END", MOMENT),
}
"""``cause``, ``measures`` and ``reply`` are what was last handed in, empty before the answer."""


def load(as_of: datetime) -> pa.Table:
    """Return the cases of customers that came in or were answered of late."""
    return _since(as_of, rules.figure(FIGURE, TERM))


def load_of_units(as_of: datetime) -> pa.Table:
    """Return the same of the days over which units are held against each other."""
    return _since(as_of, rules.figure(UNITS, "days"))


def _since(as_of: datetime, days: float) -> pa.Table:
    since = as_of - timedelta(days=days)
    rest = (
        f"FROM store_case c JOIN store_unit u ON u.id = c.unit_id WHERE {OPEN_TO_ALL} AND {CUSTOMERS} "
        "AND c.state <> 'merged' AND NOT c.is_child AND c.accepted_at <= %s "
        "AND (c.accepted_at > %s OR c.answered_at > %s) ORDER BY c.accepted_at, c.id"
    )
    held = sum(sql.count("%s") for sql, _ in COLUMNS.values())
    return table(COLUMNS, rest, [*[as_of] * (held + 1), since, since])
