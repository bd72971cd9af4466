"""Publications: documents that were asked for, one at a time."""

from datetime import datetime

from suyuan.actions import publish

from .carry import carry_out


def next_one(now: datetime, holder: str) -> int:
    """Render the oldest document that waits and return 1, or 0 when there is none."""
    return carry_out("publication", lambda row, at: publish.render(row=row, now=at), now, holder)
