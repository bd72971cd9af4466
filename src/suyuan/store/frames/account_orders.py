"""Orders of accounts that were open at a moment, to be held against each other."""

from datetime import datetime

import pyarrow as pa

from suyuan.store.event_log import MARK

from .reading import MOMENT, OPEN_TO_ALL, TEXT, table
from .whose import CUSTOMERS

COLUMNS = {
    "account": (f"'{MARK}' || c.account_index", TEXT),
    "number": ("c.number", TEXT),
    "kind": ("c.business_type", TEXT),
    "category": ("c.category", TEXT),
    "unit": ("u.code", TEXT),
    "since": ("c.accepted_at", MOMENT),
}
"""``account`` is its reference as logs have it, never the number; ``kind`` the type of business."""


def load(as_of: datetime) -> pa.Table:
    """Return the cases of accounts that were open then, by account and age."""
    rest = (
        f"FROM store_case c JOIN store_unit u ON u.id = c.unit_id WHERE {OPEN_TO_ALL} AND {CUSTOMERS} "
        "AND c.state <> 'merged' AND c.account_index <> '' AND NOT c.is_child AND c.accepted_at <= %s "
        "AND (c.is_open OR c.archived_at > %s) AND (c.reopened_at IS NULL OR c.reopened_at <= %s) "
        "ORDER BY c.account_index, c.accepted_at, c.id"
    )
    return table(COLUMNS, rest, [as_of] * 3)
