"""What the lake knows of a fault that came again: whether, and until when that is watched, never when.

The moment it came again would lead from one order of a customer to the other; that it did does not.
"""

from datetime import timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from suyuan.store import rules

AGAIN = (
    "CASE WHEN c.business_type = 'repair' AND c.account_index <> '' AND c.restored_at IS NOT NULL THEN "
    "(SELECT MIN(n.accepted_at) FROM store_case n WHERE n.account_index = c.account_index "
    "AND n.business_type = 'repair' AND n.id <> c.id AND n.accepted_at > c.restored_at "
    "AND NOT n.is_child AND n.state NOT IN ('void', 'merged')) END"
)
"""When the account of a mended fault reported the next one."""
TOUCHED = (
    "SELECT p.id FROM store_case n JOIN store_case p ON p.account_index = n.account_index "
    "WHERE n.changed_event > %s AND n.changed_event <= %s AND n.account_index <> '' "
    "AND p.business_type = 'repair' AND p.restored_at IS NOT NULL"
)
"""The mended faults whose row another case of the account may have changed."""


def columns(
    kinds: list[Any], accounts: list[Any], restored: pa.Array, again: pa.Array
) -> dict[str, pa.Array]:
    """Return whether a fault came again in time, null where nobody can tell, and until when it is watched."""
    days = timedelta(days=rules.figure("repair.again", "days"))
    told = zip(kinds, accounts, strict=True)
    known = pa.array([kind == "repair" and account != "" for kind, account in told], pa.bool_())
    by = pc.if_else(known, pc.add(restored, pa.scalar(days, pa.duration("us"))), None)
    came = pc.fill_null(pc.less_equal(again, by), fill_value=False)
    return {"fault_again": pc.if_else(pc.is_valid(by), came, None), "fault_again_by": by}
