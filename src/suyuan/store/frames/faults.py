"""The repairs accepted in some days: where, when, and what the crew wrote of the cause, masked."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

import pyarrow as pa
from django.db.models import Count

from suyuan.store import rules
from suyuan.store.models import SupplyPoint

from .reading import MOMENT, OPEN_TO_ALL, TEXT, table
from .texts import SAID, note

COLUMNS = {
    "number": ("c.number", TEXT),
    "line": ("c.line", TEXT),
    "area": ("c.area", TEXT),
    "unit": ("u.code", TEXT),
    "unit_path": ("u.path", TEXT),
    "began": ("c.accepted_at", MOMENT),
    "ended": ("c.restored_at", MOMENT),
    **{name: (note(name), TEXT) for name in ("cause", "reply")},
    "said": (SAID, TEXT),
}
"""``cause`` is what was handed in when supply was back, ``reply`` the answer to the customer, ``said`` what
the customer said; masked."""


def load(first: date, last: date) -> pa.Table:
    """Return the repairs of some days; secret, void and merged ones and parts of others are left out."""
    zone = rules.rulebook().calendar.zone
    since, until = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    rest = (
        f"FROM store_case c JOIN store_unit u ON u.id = c.unit_id WHERE {OPEN_TO_ALL} "
        "AND c.business_type = 'repair' AND c.state <> 'merged' AND NOT c.is_child "
        "AND c.accepted_at >= %s AND c.accepted_at < %s ORDER BY c.accepted_at, c.id"
    )
    held = sum(sql.count("%s") for sql, _ in COLUMNS.values())
    return table(COLUMNS, rest, [*[until] * held, since, until])


def accounts() -> dict[tuple[str, str], int]:
    """Return how many accounts each area has by line and area, and each line, its area empty."""
    rows = (
        SupplyPoint.objects.exclude(line="", area="")
        .values_list("line", "area")
        .annotate(n=Count("pk"))
        .order_by()
    )
    found: dict[tuple[str, str], int] = defaultdict(int)
    for line, area, n in rows:
        for place in {(line, area) if area else (line, ""), (line, "")} - {("", "")}:
            found[place] += n
    return dict(found)
