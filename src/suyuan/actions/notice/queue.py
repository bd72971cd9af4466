"""Queue: a message that no verb on a case queues by itself, to a role, a person, or a sealed address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.notice import IN_APP, recipient
from suyuan.domain.procedure import Actor
from suyuan.domain.reporter import WRITTEN_TO
from suyuan.store import chain, seal, wording
from suyuan.store.models import Case, Channel, Message, Unit
from suyuan.store.queries import org


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be queued. ``address`` holds a phone or an email, which is stored sealed alone."""

    key: str
    channel: str
    template: str
    recipient: str = ""
    address: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    case_number: str = ""
    unit: str = ""
    not_before: datetime | None = None


@transaction.atomic
def queue(*, draft: Draft, actor: Actor, now: datetime) -> int:
    """Queue one message and return its id; a key that is known queues nothing and returns the first one's."""
    known = Message.objects.filter(key=draft.key).first()
    if known is not None:
        return known.pk
    message = _message(draft, now)
    message.save()
    chain.append(
        stream=f"outbox:{draft.channel}",
        at=now,
        actor=actor.username,
        verb="outbox_queue",
        objects=[("case", draft.case_number)] if draft.case_number else [],
        detail={"message": message.pk, "template": draft.template, "recipient": message.recipient},
    )
    return message.pk


def _message(draft: Draft, now: datetime) -> Message:
    if draft.channel != IN_APP and not Channel.objects.filter(code=draft.channel, enabled=True).exists():
        raise Refused("no_channel", channel=draft.channel)
    if "#" in draft.key or not 0 < len(draft.key) <= 100:
        raise BadInput("unknown_value", field="key", value=draft.key[:100])
    content = wording.pattern(draft.template, now)
    wording.words(draft.template, draft.facts, draft.case_number, "zh", content)
    kind = next(iter(draft.address), "")
    if bool(draft.recipient) == bool(kind) or len(draft.address) > 1 or kind not in ("", "phone", "email"):
        raise BadInput("bad_recipient", form="role@unit, person:username, sealed:address")
    if kind and draft.case_number:
        _refuse_secret(draft.case_number)
    address = draft.address.get(kind, "")
    who = draft.recipient or "sealed:address"
    named = recipient(who)
    in_app = draft.channel == IN_APP
    return Message(
        key=draft.key,
        channel=draft.channel,
        template=draft.template,
        wording_id=wording.kept(draft.template, now),
        recipient=who,
        address=seal.seal({kind: address}) if kind else None,
        address_index=seal.index(kind, address) if kind else "",
        unit=_unit(draft.unit or named.unit),
        case_number=draft.case_number,
        urgent=wording.is_urgent(draft.template),
        facts=dict(draft.facts),
        queued_at=now,
        not_before=draft.not_before,
        state="delivered" if in_app else "queued",
        next_at=None if in_app else draft.not_before or now,
        delivered_at=now if in_app else None,
    )


def _refuse_secret(number: str) -> None:
    """Refuse a message to the caller of a case who asked to stay unknown."""
    said = Case.objects.filter(number=number).values_list("secrecy", flat=True).first()
    if said is not None and said not in WRITTEN_TO:
        raise Refused("caller_kept_secret", case=number)


def _unit(code: str) -> Unit | None:
    return org.unit(code) if code else None
