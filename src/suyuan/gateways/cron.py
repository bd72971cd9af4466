"""Cron expressions: five fields, read in the utility's own zone."""

from datetime import UTC, datetime, tzinfo

from cronsim import CronSim, CronSimError

from suyuan.domain.errors import BadInput

FIELDS = 5


def next_after(expression: str, moment: datetime, zone: tzinfo) -> datetime:
    """Return the first tick after a moment; raise BadInput for what is no expression or never comes."""
    if len(expression.split()) != FIELDS:
        raise BadInput("bad_cron", cron=expression)
    try:
        tick = next(CronSim(expression, moment.astimezone(zone)))
    except (CronSimError, StopIteration):
        raise BadInput("bad_cron", cron=expression) from None
    return tick.astimezone(UTC)
