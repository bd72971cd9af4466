"""The clocks on customers' cases that ran at a moment, with their due as it stood then.

What the house owes itself (a warning, a rectification order) has rungs of its own: a warning of a warning
warns nobody.
"""

from datetime import datetime

import pyarrow as pa

from .reading import DAY, FLAG, MOMENT, NUMBER, OPEN_TO_ALL, TEXT, table
from .whose import OWED

_DUE = (
    "COALESCE((SELECT e.due_before FROM store_clockentry e WHERE e.clock_id = k.id AND e.at > %s "
    "AND e.due_before IS NOT NULL ORDER BY e.at, e.id LIMIT 1), k.due_at)"
)
"""The due before the first change after the moment; today's where there was none."""
COLUMNS = {
    "number": ("c.number", TEXT),
    "procedure": ("c.procedure", TEXT),
    "category": ("c.category", TEXT),
    "unit": ("u.code", TEXT),
    "limit": ('k."limit"', TEXT),
    "kind": ("k.kind", TEXT),
    "binding": ("k.binding", FLAG),
    "amount": ("k.amount", NUMBER),
    "counted": ("k.unit", TEXT),
    "certainty": ("k.certainty", TEXT),
    "limit_from": ("k.limit_from", DAY),
    "started": ("k.started_at", MOMENT),
    "due": (_DUE, MOMENT),
}
"""``amount`` in units of ``counted`` (working_days, days, hours, minutes); null where a file gave the due."""
_PAUSED = (
    "COALESCE((SELECT e.kind FROM store_clockentry e WHERE e.clock_id = k.id AND e.at <= %s "
    "AND e.kind IN ('pause', 'resume') ORDER BY e.at DESC, e.id DESC LIMIT 1), '') <> 'pause'"
)
_RAN = (
    "(k.state IN ('running', 'paused') OR k.stopped_at > %s "
    "OR k.state = 'void' AND EXISTS (SELECT 1 FROM store_clockentry v WHERE v.clock_id = k.id "
    "AND v.kind = 'void' AND v.at > %s))"
)


def load(as_of: datetime) -> pa.Table:
    """Return the clocks started by then, not stopped, void or paused then; case and unit as they are now."""
    rest = (
        "FROM store_clock k JOIN store_case c ON c.id = k.case_id JOIN store_unit u ON u.id = c.unit_id "
        f"WHERE k.started_at <= %s AND {_RAN} AND {_PAUSED} AND {OPEN_TO_ALL} "
        f"AND {OWED}"
    )
    return table(COLUMNS, rest, [as_of] * 5)
