"""Calls to the hotline as this home knows them: those that became cases, and those nobody took."""

from datetime import datetime, timedelta

import pyarrow as pa

from .reading import MOMENT, OPEN_TO_ALL, TEXT, table

DAYS = 70
"""Further back nothing is asked of calls."""
BY_PHONE = "95598"
_OF_CASES = {
    "at": ("COALESCE(c.received_at, c.accepted_at)", MOMENT),
    "line": ("c.line", TEXT),
    "area": ("c.area", TEXT),
}
_MISSED = {"at": ("m.at", MOMENT), "line": ("''", TEXT), "area": ("''", TEXT)}


def load(as_of: datetime) -> pa.Table:
    """Return the calls of the weeks before a moment: when, and from which line and area where known."""
    span = [as_of - timedelta(days=DAYS), as_of]
    of_cases = table(
        _OF_CASES,
        f"FROM store_case c WHERE {OPEN_TO_ALL} AND c.channel = '{BY_PHONE}' "
        "AND COALESCE(c.received_at, c.accepted_at) > %s AND COALESCE(c.received_at, c.accepted_at) <= %s",
        span,
    )
    missed = table(_MISSED, "FROM store_missedcall m WHERE m.at > %s AND m.at <= %s", span)
    return pa.concat_tables([of_cases, missed])
