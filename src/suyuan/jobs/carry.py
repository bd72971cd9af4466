"""Carrying out rows under a lease, one at a time; one that fails keeps its reason and stops no other."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from suyuan.actions import work
from suyuan.domain.errors import Refused

from .faults import DATABASE_AWAY, fault

log = logging.getLogger("suyuan.work")

Run = Callable[[Any, datetime], None]
"""Does what a row says, and ends its lease."""

Failed = Callable[[Any, dict[str, object], datetime], object]
"""Keeps the reason why it could not be done."""


def carry_out(
    kind: str,
    run: Run,
    now: datetime,
    holder: str,
    failed: Failed | None = None,
    of: Collection[str] | None = None,
) -> int:
    """Claim the oldest row of a kind that is due and carry it out; return 1, or 0 where there is none.

    ``of`` are kinds of schedules: of them alone.
    """
    while (row := work.claim(kind=kind, holder=holder, now=now, of=of)) is not None:
        try:
            run(row, now)
        except DATABASE_AWAY:
            raise
        except Exception as error:
            if isinstance(error, Refused) and error.code == "lease_lost":
                log.warning("%s %d was slower than its lease: another worker has it", kind, row.pk)
                return 1
            log.exception("%s %d failed", kind, row.pk)
            reason = fault(error)
            failed(row, reason, now) if failed else work.fail(kind=kind, row=row, fault=reason, now=now)
        return 1
    return 0
