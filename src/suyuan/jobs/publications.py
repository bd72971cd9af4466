"""Publications: documents and lists that were asked for, one at a time."""

from collections.abc import Callable
from datetime import datetime

from suyuan.actions import publish

from .carry import carry_out


def next_one(now: datetime, holder: str, going: Callable[[], bool] = lambda: True) -> int:
    """Render the oldest document that waits and return 1, or 0 when there is none."""
    return carry_out(
        "publication",
        lambda row, at: publish.render(row=row, now=at, going=going),
        now,
        holder,
        failed=lambda row, fault, at: publish.failed(row=row, fault=fault, now=at),
    )
