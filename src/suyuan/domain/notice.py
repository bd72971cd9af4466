"""When a message may leave, whom it may be addressed to, and which receipt is to be believed."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType

from .errors import BadInput, Refused
from .vocabulary import Role

IN_APP = "in_app"
"""The channel that needs no carrier: a message in it is delivered by being there."""

CARRIERS = ("mail", "apprise", "sms_http", "file")

STATES = ("queued", "running", "sent", "delivered", "failed", "aside", "withdrawn")
"""Waiting; in hand; taken by the carrier; reached the person; the carrier says it never did; given
up after the last attempt, or refused for good: a dead letter; taken back by a person."""

AGAIN = ("aside", "failed")
"""States from which a person may have a message tried again."""

BACK = ("queued", "aside", "failed")
"""States from which a person may take a message back."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a message is for: a role over a unit, a person by user name, or a sealed address."""

    kind: str
    name: str
    unit: str = ""


def recipient(text: str) -> Recipient:
    """Return who ``role@unit``, ``person:username`` or ``sealed:address`` names; raise BadInput otherwise."""
    kind, _, name = text.partition(":")
    if kind in ("person", "sealed") and name:
        return Recipient(kind, name)
    role, _, unit = text.partition("@")
    if role in set(Role) and unit and ":" not in role:
        return Recipient("role", role, unit)
    raise BadInput("bad_recipient", form="role@unit, person:username, sealed:address")


def is_quiet(at: time, begins: time | None, ends: time | None) -> bool:
    """Return whether a local time lies in the quiet hours, which may pass midnight; equal ends mean none."""
    if begins is None or ends is None or begins == ends:
        return False
    return begins <= at < ends if begins < ends else at >= begins or at < ends


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left of a carrier's rate: so many messages could leave at ``at``."""

    left: float
    at: datetime | None


def refilled(bucket: Bucket, rate: int, now: datetime) -> float:
    """Return how many messages may leave now at ``rate`` a second: never more than one second's worth."""
    if bucket.at is None:
        return float(rate)
    passed = max((now - bucket.at).total_seconds(), 0.0)  # a clock set back earns nothing
    return min(bucket.left + passed * rate, float(rate))


def wait(ladder: Sequence[int], failed: int) -> timedelta | None:
    """Return how long a message waits that has failed so often, or None after its last attempt."""
    return timedelta(seconds=ladder[failed - 1]) if failed <= len(ladder) else None


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """Return what stands in the signature header: HMAC-SHA256 over the timestamp, a dot and the body."""
    return "sha256=" + hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a gateway that brings receipts, as it came in."""

    timestamp: str
    signature: str
    body: bytes

    @property
    def digest(self) -> str:
        """Return what tells this call from every other; a replayed one has the same."""
        return hashlib.sha256(self.timestamp.encode() + b"." + self.body).hexdigest()


def check(call: Call, secret: bytes, now: datetime, window: timedelta) -> None:
    """Raise Refused for a call that is forged, or older or newer than the window allows."""
    expected = signature(secret, call.timestamp, call.body)
    if not secret or not hmac.compare_digest(expected.encode(), call.signature.encode()):
        raise Refused("receipt_forged")
    if not call.timestamp.isascii() or not call.timestamp.isdecimal() or len(call.timestamp) > 12:
        raise Refused("receipt_stale")
    if abs(now - datetime.fromtimestamp(int(call.timestamp), UTC)) > window:
        raise Refused("receipt_stale", window_seconds=int(window.total_seconds()))


OUTCOMES = ("delivered", "failed")
"""What a receipt can say: it reached the person, or it never will."""


@dataclass(frozen=True, slots=True)
class Told:
    """One receipt as the carrier tells it."""

    key: str
    outcome: str
    at: datetime
    code: str = ""


def read_receipts(body: bytes) -> list[Told]:
    """Return the receipts of a call's JSON body; raise BadInput naming the place that is wrong."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise BadInput("bad_receipts", problem="not_json") from None
    rows = content.get("receipts") if isinstance(content, dict) else None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise BadInput("bad_receipts", problem="no_receipts")
    return [told(row, place) for place, row in enumerate(rows, 1)]


def told(row: Mapping[str, object], place: int) -> Told:
    """Return one receipt; raise BadInput naming its place and the field that is wrong."""
    texts = {name: row.get(name, "") for name in ("key", "outcome", "at", "code")}
    for name, value in texts.items():
        if not isinstance(value, str) or len(value) > 200 or not value.isprintable():
            raise BadInput("bad_receipts", row=place, field=name)
    key, outcome, at, code = (str(value) for value in texts.values())
    if not key or outcome not in OUTCOMES:
        raise BadInput("bad_receipts", row=place, field="outcome" if key else "key")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError(at)
        return Told(key, outcome, moment.astimezone(UTC), code)
    except (ValueError, OverflowError):
        raise BadInput("bad_receipts", row=place, field="at") from None


AFTER = MappingProxyType(
    {
        ("queued", "delivered"): "delivered",
        ("running", "delivered"): "delivered",
        ("sent", "delivered"): "delivered",
        ("aside", "delivered"): "delivered",
        ("failed", "delivered"): "delivered",
        ("withdrawn", "delivered"): "delivered",
        ("running", "failed"): "failed",
        ("queued", "failed"): "failed",
        ("aside", "failed"): "failed",
        ("sent", "failed"): "failed",
    }
)
"""Where a receipt leads from each state. It may overtake the carrier's own answer, so a message can be on its
way back to the queue when it comes. What reached somebody once is never said not to have."""


def after(state: str, outcome: str) -> str:
    """Return the state a receipt leads to; raise Refused where it tells nothing that is not known."""
    if (target := AFTER.get((state, outcome))) is None:
        raise Refused("receipt_replayed", state=state, outcome=outcome)
    return target


def wire_key(key: str, again: int) -> str:
    """Return the idempotency key a carrier sees.

    It changes only when a person has a message sent again that the carrier took and could not deliver; every
    other attempt carries the same, so that a carrier which honours it never delivers twice.
    """
    return f"{key}#{again}" if again else key
