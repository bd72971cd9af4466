"""The promises to customers that were open at a moment."""

from datetime import datetime

import pyarrow as pa

from .reading import DAY, MOMENT, OPEN_TO_ALL, TEXT, WHOLE, table

COLUMNS = {
    "number": ("c.number", TEXT),
    "procedure": ("c.procedure", TEXT),
    "category": ("c.category", TEXT),
    "unit": ("u.code", TEXT),
    "seq": ("p.seq", WHOLE),
    "made": ("p.made_at", MOMENT),
    "promised_on": ("p.promised_on", DAY),
}


def load(as_of: datetime) -> pa.Table:
    """Return the promises made by then and not fulfilled, moved or given up then."""
    rest = (
        "FROM store_commitment p JOIN store_case c ON c.id = p.case_id JOIN store_unit u ON u.id = c.unit_id "
        "WHERE p.made_at <= %s AND (p.closed_at IS NULL OR p.closed_at > %s) "
        f"AND {OPEN_TO_ALL}"
    )
    return table(COLUMNS, rest, [as_of] * 2)
