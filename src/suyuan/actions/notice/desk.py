"""Desk: a person has dead letters sent again, or takes messages back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from suyuan.domain import notice
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import Role
from suyuan.store import bulk, chain
from suyuan.store.models import Message

MAY_CHANGE = frozenset({Role.ADMIN, Role.OFFICE})


@dataclass(slots=True)
class Result:
    """What became of each message somebody pointed at."""

    done: list[int] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Message id and the reason."""


@transaction.atomic
def retry(*, ids: Sequence[int], actor: Actor, now: datetime) -> Result:
    """Have messages tried afresh; one the carrier took and could not deliver gets a key of its own."""

    def again(message: Message) -> None:
        message.again += message.state == "failed"
        message.state, message.next_at, message.fault = "queued", now, None
        message.attempts = message.lapses = 0

    return _each(ids, actor, now, ("outbox_retry", notice.AGAIN, again))


@transaction.atomic
def withdraw(*, ids: Sequence[int], actor: Actor, now: datetime) -> Result:
    """Take back messages that have not left."""

    def back(message: Message) -> None:
        message.state, message.next_at = "withdrawn", None

    return _each(ids, actor, now, ("outbox_withdraw", notice.BACK, back))


Verb = tuple[str, tuple[str, ...], Callable[[Message], None]]
"""A verb's name, the states it may be done in, and what it changes."""


def _each(ids: Sequence[int], actor: Actor, now: datetime, verb: Verb) -> Result:
    name, states, change = verb
    check(actor, name)
    result = Result()
    found = {m.pk: m for m in _locked(ids)}
    for pk in dict.fromkeys(ids):
        message = found.get(pk)
        reason = "not_found" if message is None else _refusal(message, actor, states)
        if message is None or reason:
            result.refused.append((pk, reason))
            continue
        change(message)
        message.save(update_fields=["state", "next_at", "fault", "attempts", "lapses", "again"])
        result.done.append(pk)
    by_channel: dict[str, list[int]] = {}
    for pk in result.done:
        by_channel.setdefault(found[pk].channel, []).append(pk)
    for channel in sorted(by_channel):
        _write(channel, name, by_channel[channel], actor, now)
    return result


def _locked(ids: Sequence[int]) -> list[Message]:
    rows = Message.objects.select_for_update(of=("self",)).select_related("unit")
    return list(rows.filter(pk__in=ids).order_by("pk"))


def _refusal(message: Message, actor: Actor, states: tuple[str, ...]) -> str:
    if actor is not SYSTEM and not over(actor, message):
        return "not_found"  # as for one that is not there: ids tell nothing
    if message.state == "running":
        return "message_in_hand"
    if message.state not in states:
        return "message_gone"
    nobody = (message.fault or {}).get("code") == "no_work_phone"
    again = states == notice.AGAIN and nobody and notice.recipient(message.recipient).kind == "role"
    return "role_has_no_phone" if again else ""


def over(actor: Actor, message: Message) -> bool:
    """Return whether somebody may see to a message: over its unit; without one, over a whole company."""
    held = [path for role, path in actor.grants if role in MAY_CHANGE]
    if message.unit is None:
        return any(path.count("/") == 2 for path in held)
    return message.unit.path.startswith(tuple(held))


def check(actor: Actor, verb: str) -> None:
    """Raise Refused unless somebody may see to the outbox at all."""
    if actor is not SYSTEM and not {role for role, _ in actor.grants} & MAY_CHANGE:
        raise Refused("not_your_role", verb=verb)


def _write(channel: str, verb: str, ids: list[int], actor: Actor, now: datetime) -> None:
    bulk.one_at_a_time(f"outbox:{channel}")
    chain.append(
        stream=f"outbox:{channel}",
        at=now,
        actor=actor.username,
        verb=verb,
        objects=[],
        detail={"messages": ids},
    )
