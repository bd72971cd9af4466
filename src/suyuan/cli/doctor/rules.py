"""The rulebook and the calendar: read without a fault, and published far enough ahead."""

from collections.abc import Iterator
from datetime import datetime

from .finding import Finding, warning


def look(now: datetime) -> Iterator[Finding]:
    """Warn before the published working calendar runs out; a broken file shows as its own error."""
    from suyuan.store import rules

    there = rules.rulebook().calendar
    left = (there.last - now.astimezone(there.zone).date()).days
    if left < rules.figure("doctor.warns", "calendar_days"):
        yield warning(
            "calendar_short",
            f"the working calendar ends on {there.last}, {max(left, 0)} days ahead; "
            "dues past it are provisional",
            "load the State Council's notice: suyuan rules calendar FILE",
        )
