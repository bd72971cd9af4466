"""Receipts: what a carrier says later. Believed only when signed, in time, and new; the rest is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from suyuan.domain import notice
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.notice import Call, Told
from suyuan.store import bulk, chain, rules, seal
from suyuan.store.models import Channel, ContactWay, Message, Receipt, ReceiptCall


@dataclass(slots=True)
class Taken:
    """What became of a call or a file of receipts."""

    accepted: int = 0
    refused: list[dict[str, str]] = field(default_factory=list)
    """Each with its key and the reason; kept as rows too."""


@transaction.atomic
def receive(*, channel: str, call: Call, now: datetime) -> Taken:
    """Take the receipts a gateway brings; raise Refused for a forged, stale or replayed call."""
    way = Channel.objects.filter(code=channel, carrier="sms_http").first()
    secret = seal.unseal(way.sealed)["secret"].encode() if way is not None else b""
    window = timedelta(seconds=rules.figure("outbox.receipt", "window_seconds"))
    notice.check(call, secret, now, window)
    told = notice.read_receipts(call.body)
    if len(told) > (most := rules.figure("outbox.receipt", "most")):
        raise BadInput("bad_receipts", problem="too_many", limit=most)
    _once(channel, call.digest, now)
    return _take(channel, told, f"call {call.digest[:16]}", now)


@transaction.atomic
def receive_file(
    *, channel: str, name: str, digest: str, rows: Sequence[Mapping[str, str]], now: datetime
) -> Taken:
    """Take the receipts of a file; a row that cannot be understood is refused and the others are taken."""
    _once(channel, digest, now)
    told, wrong = [], []
    for place, row in enumerate(rows, 2):
        try:
            told.append(notice.told(row, place))
        except BadInput as error:
            wrong.append({"key": str(row.get("key", "")), "reason": error.code})
    taken = _take(channel, told, f"file {name}"[:120], now)
    taken.refused += wrong
    return taken


def _once(channel: str, digest: str, now: datetime) -> None:
    """Remember a call or a file; raise Refused for one that was taken before."""
    try:
        with transaction.atomic():
            ReceiptCall.objects.create(channel=channel, digest=digest, at=now)
    except IntegrityError:
        raise Refused("receipt_replayed", channel=channel) from None


def _take(channel: str, told: Sequence[Told], source: str, now: datetime) -> Taken:
    taken, rows = Taken(), []
    found = _messages({each.key for each in told})
    for each in told:
        message = found.get(each.key)
        reason = _apply(message, channel, each)
        if reason:
            taken.refused.append({"key": each.key, "reason": reason})
        else:
            taken.accepted += 1
        known = message if reason != "receipt_other_channel" else None
        rows.append(
            Receipt(
                message=known,
                channel=channel,
                key=each.key,
                outcome=each.outcome,
                at=each.at,
                received_at=now,
                code=each.code,
                refused=reason,
                source=source,
            )
        )
    Receipt.objects.bulk_create(rows)
    _count_bounces(found, [row for row in rows if not row.refused])
    changed = ["state", "next_at", "holder", "delivered_at", "fault"]
    Message.objects.bulk_update([m for m in found.values() if m.channel == channel], changed, batch_size=500)
    _write(channel, taken, source, now)
    return taken


def _count_bounces(found: Mapping[str, Message], taken: Sequence[Receipt]) -> None:
    """Count what never arrived on the contacts it went to; what arrived shows that they are good again."""
    for receipt in taken:
        if index := found[receipt.key].address_index:
            ways = ContactWay.objects.filter(value_index=index, valid_until=None)
            ways.update(bounced=0 if receipt.outcome == "delivered" else F("bounced") + 1)


def _messages(keys: set[str]) -> dict[str, Message]:
    """Return the messages that wire keys name, locked in the order of their ids."""
    stems = {key.partition("#")[0] for key in keys}
    rows = Message.objects.select_for_update().filter(key__in=stems).order_by("pk")
    found = {notice.wire_key(message.key, message.again): message for message in rows}
    return {key: message for key, message in found.items() if key in keys}


def _apply(message: Message | None, channel: str, told: Told) -> str:
    """Move a message to where a receipt leads; return why it does not, or nothing."""
    if message is None:
        return "receipt_unknown"
    if message.channel != channel:
        return "receipt_other_channel"
    try:
        message.state = notice.after(message.state, told.outcome)
    except Refused as refused:
        return refused.code
    message.next_at, message.holder = None, ""
    if told.outcome == "delivered":
        message.delivered_at, message.fault = told.at, None
    else:
        message.fault = {"code": "reported", "facts": {"code": told.code}}
    return ""


def _write(channel: str, taken: Taken, source: str, now: datetime) -> None:
    bulk.one_at_a_time(f"outbox:{channel}")
    chain.append(
        stream=f"outbox:{channel}",
        at=now,
        actor="system",
        verb="outbox_receipts",
        objects=[],
        detail={"source": source, "accepted": taken.accepted, "refused": len(taken.refused)},
    )
