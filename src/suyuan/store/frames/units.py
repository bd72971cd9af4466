"""The units of the company, as the register has them now."""

from datetime import datetime

import pyarrow as pa

from .reading import TEXT, WHOLE, table

COLUMNS = {
    "code": ("u.code", TEXT),
    "path": ("u.path", TEXT),
    "name": ("u.name", TEXT),
    "kind": ("u.kind", TEXT),
    "customers": ("u.customers", WHOLE),
}
"""``path`` holds the codes from the root down, /01/0101/; ``customers`` is null where nobody counted."""


def load(as_of: datetime) -> pa.Table:  # noqa: ARG001 what units there were is not kept by day
    """Return every unit, in tree order."""
    return table(COLUMNS, "FROM store_unit u ORDER BY u.path")
