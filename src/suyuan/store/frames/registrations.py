"""Of each unit what was registered as a complaint in the window, and what else says there was something.

The signs are those of ``queries/silence``: what goes past the company, what is written, what is asked three
times, what customers were not content with, calls nobody took, complaints made something else.
"""

from datetime import datetime, timedelta

import pyarrow as pa

from suyuan.analytics.streak import LETTERS, REGULATORS
from suyuan.store import rules
from suyuan.store.queries.silence import MANY

from .reading import OPEN_TO_ALL, TEXT, WHOLE, table
from .whose import CUSTOMERS

FIGURE = "detect.under_registration"
_OTHER = "c.business_type <> 'complaint'"


def _among(names: tuple[str, ...]) -> str:
    return "({})".format(", ".join(f"'{name}'" for name in names))


def _sum(condition: str) -> str:
    return f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"


COLUMNS = {
    "unit": ("u.code", TEXT),
    "name": ("u.name", TEXT),
    "kind": ("u.kind", TEXT),
    "orders": ("COUNT(*)", WHOLE),
    "complaints": (_sum("c.business_type = 'complaint' AND c.finding_assessed <> 'excluded'"), WHOLE),
    "regulated": (_sum(f"{_OTHER} AND c.channel IN {_among(REGULATORS)}"), WHOLE),
    "written": (_sum(f"{_OTHER} AND c.channel IN {_among(LETTERS)}"), WHOLE),
    "repeats": (_sum(f"{_OTHER} AND g.n >= {MANY - 1}"), WHOLE),
    "dissatisfied": (
        _sum(f"{_OTHER} AND c.satisfaction = 'dissatisfied' AND c.called_back_at <= %s"),
        WHOLE,
    ),
    "missed": ("COALESCE(MAX(m.n), 0)", WHOLE),
    "reclassified": (_sum(f"{_OTHER} AND x.stream IS NOT NULL"), WHOLE),
}
"""Counts of the orders that came in within the window; ``orders`` are all of them."""


def load(as_of: datetime) -> pa.Table:
    """Return the counts of each unit that had an order in the window."""
    since = as_of - timedelta(days=rules.figure(FIGURE, "days"))
    rest = (
        "FROM store_case c JOIN store_unit u ON u.id = c.unit_id "
        "LEFT JOIN (SELECT case_id, COUNT(*) AS n FROM store_urge WHERE at <= %s GROUP BY case_id) g "
        "ON g.case_id = c.id "
        "LEFT JOIN (SELECT unit_id, COUNT(*) AS n FROM store_missedcall WHERE at > %s AND at <= %s "
        "GROUP BY unit_id) m ON m.unit_id = u.id "
        "LEFT JOIN (SELECT DISTINCT stream FROM store_event WHERE verb = 'reclassify' AND at > %s "
        "AND at <= %s AND CAST(detail AS TEXT) LIKE %s) x ON x.stream = 'case:' || c.number "
        f"WHERE {OPEN_TO_ALL} AND {CUSTOMERS} AND NOT c.is_child AND c.state <> 'merged' "
        "AND c.accepted_at > %s AND c.accepted_at <= %s GROUP BY u.code, u.name, u.kind ORDER BY u.code"
    )
    was = '%"was": {%"business_type": "complaint"%'
    return table(COLUMNS, rest, [as_of, as_of, since, as_of, since, as_of, was, since, as_of])
