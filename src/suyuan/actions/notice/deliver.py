"""Deliver: claim a batch in one short transaction; settle in a second what the carrier said between them.

Nothing is open while the carrier works. A worker that dies in between leaves its batch under a lease; another
takes it when the lease is over and hands over the same keys, so a carrier which honours them sends once.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from django.db import connection, transaction

from suyuan.domain import notice
from suyuan.domain.errors import Refused, RuleError
from suyuan.gateways.carriers import Carrier, Letter, Outcome
from suyuan.store import bulk, chain, leases, wording
from suyuan.store.models import Channel, Message
from suyuan.store.queries.cases import LOCAL

from ._addresses import Book
from ._carriers import carrier

TERMS = "lease.message"


@dataclass(frozen=True, slots=True)
class Held:
    """A message in a worker's hands."""

    id: int
    attempts: int
    failed: int
    """Attempts that failed, this one counted as if it had."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a worker took to hand over."""

    channel: str
    holder: str
    carrier: Carrier
    held: Mapping[str, Held]
    letters: Sequence[Letter]
    unsendable: Sequence[Outcome]
    """What has no address here: settled with the rest, never handed over."""
    ladder: Sequence[int]


def waiting(now: datetime) -> list[str]:
    """Return the channels that have something due."""
    due = Message.objects.filter(next_at__lte=now).order_by()
    return [code for code in _enabled() if due.filter(channel=code).exists()]


def _enabled() -> list[str]:
    return list(Channel.objects.filter(enabled=True).values_list("code", flat=True))


@transaction.atomic
def claim(*, channel: str, holder: str, now: datetime) -> Batch | None:
    """Put what may leave by a channel now under a lease, as much as its rate allows; None for nothing."""
    way = Channel.objects.filter(code=channel, enabled=True).first()
    if way is None:
        return None
    allowed = way.batch if way.rate is None else min(way.batch, _allowance(way, now))
    rows = Message.objects.filter(channel=channel).select_related("wording")
    if notice.is_quiet(now.astimezone(LOCAL).time(), way.quiet_from, way.quiet_until):
        rows = rows.filter(urgent=True)
    due = rows.order_by("-urgent", "next_at", "pk")
    taken = (
        leases.claim(due, holder=holder, now=now, by=leases.terms(TERMS), count=allowed) if allowed else []
    )
    if way.rate is not None and taken:
        Channel.objects.filter(pk=way.pk).update(left=way.left - len(taken), counted_at=now)
    return _batch(way, holder, taken) if taken else None


def _allowance(way: Channel, now: datetime) -> int:
    """Return how many messages the rate allows now; the channel stays locked: workers share one rate."""
    locked = Channel.objects.select_for_update().get(pk=way.pk)
    assert locked.rate is not None
    way.left = notice.refilled(notice.Bucket(locked.left, locked.counted_at), locked.rate, now)
    return math.floor(way.left)


def _batch(way: Channel, holder: str, taken: Sequence[Message]) -> Batch:
    book = Book(way)
    held, letters, unsendable = {}, [], []
    for message in taken:
        key = notice.wire_key(message.key, message.again)
        held[key] = Held(message.pk, message.attempts, message.attempts - message.lapses)
        try:
            letters.append(_letter(key, message, way, book))
        except (RuleError, ValueError, InvalidTag) as error:  # one that cannot be read stops no other
            code = error.code if isinstance(error, RuleError) else "unreadable"
            unsendable.append(Outcome(key, problem=code, permanent=True))
    return Batch(way.code, holder, carrier(way), held, letters, unsendable, way.ladder)


def _letter(key: str, message: Message, way: Channel, book: Book) -> Letter:
    if not (to := book.of(message)):
        known = message.address is None and way.carrier == "sms_http"
        raise Refused("no_work_phone" if known else "no_address", channel=way.code)
    words = wording.of(message, way.language)
    return Letter(key, to, words.subject, words.text)


@transaction.atomic
def settle(*, batch: Batch, outcomes: Sequence[Outcome], now: datetime) -> int:
    """Write down what became of a batch and return how many messages are still this worker's to settle.

    Every attempt is written; a message whose lease was lost, or whose receipt came first, is not moved.
    """
    every = {each.key: each for each in (*outcomes, *batch.unsendable)}
    said = {key: every.get(key) or Outcome(key, problem="not_answered") for key in batch.held}
    ours = _ours(batch)
    moved = {key: each for key, each in said.items() if batch.held[key].id in ours}
    _sent({key: each for key, each in moved.items() if each.taken}, batch, now)
    aside = _failed({key: each for key, each in moved.items() if not each.taken}, batch, now)
    _write_attempts(said, batch, now)
    taken = sum(each.taken for each in said.values())
    bulk.one_at_a_time(f"outbox:{batch.channel}")
    chain.append(
        stream=f"outbox:{batch.channel}",
        at=now,
        actor="system",
        verb="outbox_settle",
        objects=[],
        detail={"tried": len(said), "taken": taken, "aside": aside, "lost": len(said) - len(moved)},
    )
    return len(moved)


def _ours(batch: Batch) -> set[int]:
    """Lock the messages still under the very claim this batch came from and return their ids."""
    wanted = {held.id: held.attempts for held in batch.held.values()}
    rows = Message.objects.filter(pk__in=wanted, state="running", holder=batch.holder).order_by("pk")
    return {pk for pk, tries in rows.select_for_update().values_list("pk", "attempts") if wanted[pk] == tries}


def _sent(taken: Mapping[str, Outcome], batch: Batch, now: datetime) -> None:
    if not taken:
        return
    stamp = bulk.stamp()(now)
    pairs = [value for key, each in taken.items() for value in (batch.held[key].id, each.reference)]
    holes = ", ".join(["(%s, %s)"] * len(taken))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE store_message SET state = 'sent', next_at = NULL, holder = '', fault = NULL, "
            "sent_at = %s, reference = v.column2 "
            f"FROM (VALUES {holes}) AS v WHERE store_message.id = v.column1",
            (stamp, *pairs),
        )


def _failed(failed: Mapping[str, Outcome], batch: Batch, now: datetime) -> int:
    """Let messages wait for their next attempt, or set them aside; return how many were set aside."""
    groups: dict[tuple[timedelta | None, str], list[int]] = {}
    for key, each in failed.items():
        wait = None if each.permanent else notice.wait(batch.ladder, batch.held[key].failed)
        groups.setdefault((wait, each.problem), []).append(batch.held[key].id)
    for (wait, problem), ids in groups.items():
        Message.objects.filter(pk__in=ids).update(
            state="aside" if wait is None else "queued",
            next_at=None if wait is None else now + wait,
            holder="",
            fault={"code": problem, "facts": {}},
        )
    return sum(len(ids) for (wait, _), ids in groups.items() if wait is None)


def _write_attempts(said: Mapping[str, Outcome], batch: Batch, now: datetime) -> None:
    stamp = bulk.stamp()(now)
    columns = ("message_id", "at", "holder", "taken", "reference", "problem")
    rows = [
        (batch.held[key].id, stamp, batch.holder, each.taken, each.reference, each.problem[:60])
        for key, each in said.items()
    ]
    bulk.insert("store_attempt", columns, rows)
