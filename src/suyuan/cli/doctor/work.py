"""What must happen: the daily anchor, a backup, workers that take rows up, rows nobody could finish."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from .finding import Finding, error, warning


def look(now: datetime) -> Iterator[Finding]:
    """Yield what has not happened and should have."""
    yield from _anchor(now)
    yield from _backup(now)
    yield from _waiting(now)
    yield from _aside()


def _older(at: datetime | None, now: datetime, days: int) -> bool:
    return at is None or now - at > timedelta(days=days)


def _anchor(now: datetime) -> Iterator[Finding]:
    from suyuan.store import rules
    from suyuan.store.queries import condition

    days, first, last = (
        rules.figure("doctor.warns", "anchor_days"),
        condition.first_event_at(),
        condition.last_anchor_on(),
    )
    if first is None or not _older(first, now, days):
        return
    if last is None or (now.date() - last).days > days:
        since = f"since {last}" if last else "at all"
        yield error(
            "no_anchor",
            f"the audit trail has not been anchored {since}: no worker is running",
            "run suyuan serve without --no-worker, or suyuan work",
        )


def _backup(now: datetime) -> Iterator[Finding]:
    from suyuan.store import rules
    from suyuan.store.queries import condition

    days, first, last = (
        rules.figure("doctor.warns", "backup_days"),
        condition.first_event_at(),
        condition.last_backup_at(),
    )
    if first is not None and _older(first, now, days) and _older(last, now, days):
        said = f"the last backup was taken on {last:%Y-%m-%d}" if last else "no backup has ever been taken"
        yield warning("no_backup", said, "suyuan backup FILE, every night, onto another machine")


def _waiting(now: datetime) -> Iterator[Finding]:
    from suyuan.store import rules
    from suyuan.store.queries import condition

    longest = timedelta(minutes=rules.figure("doctor.warns", "waiting_minutes"))
    for kind, since in condition.longest_waiting():
        if now - since > longest:
            yield error(
                "work_waits",
                f"{kind}: the oldest row has waited for a worker since {since:%Y-%m-%d %H:%M} UTC",
                "run suyuan serve without --no-worker, or more of suyuan work",
            )


def _aside() -> Iterator[Finding]:
    from suyuan.store.queries import condition

    for kind, count in condition.set_aside():
        yield warning(
            "work_set_aside",
            f"{kind}: {count} rows were given up after several attempts",
            "read the reasons in the console, mend them, and have the rows tried again",
        )
