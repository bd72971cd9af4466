"""Delivering: for each channel with something due one batch claimed, handed over, settled; receipts read.

The database is let go while a carrier works, so that a slow one holds nothing anybody waits for; and the
worker's own round goes on without it.
"""

import functools
import hashlib
import logging
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

from suyuan.actions.notice import deliver, receipts
from suyuan.actions.notice.deliver import Batch
from suyuan.config.home import home
from suyuan.domain.errors import RuleError
from suyuan.gateways.carriers import GatewayError, Outcome, all_failed
from suyuan.gateways.carriers import file as files
from suyuan.store import rules
from suyuan.store.queries import notices

from .hands import Hands

log = logging.getLogger("suyuan.work")


def beside(now: datetime, holder: str, hands: Hands) -> int:
    """Begin with every channel that has something due; return how many messages were settled.

    One batch a channel at most is under way. A round waits a moment for them, then leaves a slow carrier to
    itself.
    """
    for channel in deliver.waiting(now):
        if not hands.busy(channel):
            hands.begin(channel, functools.partial(_deliver, [channel], now, holder))
    return hands.wait(rules.figure("outbox.carrier", "patience_ms") / 1_000)


def batches(now: datetime, holder: str) -> int:
    """Deliver one batch by every channel that has one due; return how many messages were settled."""
    return _deliver(deliver.waiting(now), now, holder)


def _deliver(channels: list[str], now: datetime, holder: str) -> int:
    """Deliver one batch by each of some channels; return how many messages were settled."""
    done, started = 0, time.monotonic()
    for channel in channels:
        batch = deliver.claim(channel=channel, holder=holder, now=now)
        if batch is None:
            continue
        try:
            outcomes = _hand_over(batch)
        except Exception:
            log.exception("channel %s failed", channel)
            outcomes = all_failed(batch.letters, "internal")
        later = now + timedelta(seconds=time.monotonic() - started)
        done += deliver.settle(batch=batch, outcomes=outcomes, now=later)
    return done


def _hand_over(batch: Batch) -> list[Outcome]:
    """Return what the carrier says of a batch, with no database session open while it works."""
    if not batch.letters:
        return []
    if not connection.in_atomic_block:
        connection.close()
    try:
        return batch.carrier.send(batch.letters)
    except GatewayError as error:
        return all_failed(batch.letters, "carrier", permanent=error.permanent)


def read_receipts(now: datetime) -> int:
    """Take every file of receipts that waits; return how many files there were."""
    waiting = [
        (channel.code, path)
        for channel in notices.channels()
        if channel.carrier == "file"
        for path in files.waiting(home() / "outbox" / "in" / channel.code)
    ]
    for channel, path in waiting:
        _read(channel, path, now)
    return len(waiting)


def _read(channel: str, path: Path, now: datetime) -> None:
    """Take one file and move it to ``done``, or to ``refused`` with a file beside it that says why."""
    try:
        content, rows = files.read(path)
        digest = hashlib.sha256(content).hexdigest()
        taken = receipts.receive_file(channel=channel, name=path.name, digest=digest, rows=rows, now=now)
        refused = [(each["key"], each["reason"]) for each in taken.refused]
    except RuleError as error:
        refused = [("", error.code)]
        taken = None
    if refused:
        report = files.written(("key", "reason"), refused)
        files.put(path.parent / "refused" / f"{path.stem}.reasons.csv", report)
    files.set_apart(path, "done" if taken is not None else "refused")
