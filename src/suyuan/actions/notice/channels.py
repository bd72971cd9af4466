"""Channels: the ways out of the house, kept by the administrator; their secrets are sealed, never shown."""

import json
import re
from collections.abc import Container, Mapping
from datetime import datetime, time

from django.db import transaction

from suyuan.domain import notice
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import Field, Type
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import Role
from suyuan.gateways.carriers.apprise import is_target
from suyuan.store import chain, rules, seal, wording
from suyuan.store.models import Channel

from .._forms import clean
from ._addresses import targets
from .queue import Draft, queue

STREAM = "register:channel"
CARRY = "carry_"
"""Before a template's code: the field that says whether the channel carries it."""

COMMON = (
    Field("title", Type.TEXT),
    Field("enabled", Type.BOOL, required=False),
    Field("language", Type.CHOICE, choices=("zh", "en")),
    Field("rate", Type.INTEGER, required=False),
    Field("batch", Type.INTEGER),
    Field("quiet_from", Type.TEXT, required=False),
    Field("quiet_until", Type.TEXT, required=False),
    Field("ladder", Type.TEXT, required=False),
)
PACE = frozenset({"rate", "batch", "quiet_from", "quiet_until", "ladder"})
"""Fields of ``COMMON`` that the rulebook fills in well for most."""
SECRETS = {
    "sms_http": (Field("url", Type.TEXT), Field("secret", Type.TEXT)),
    "apprise": (Field("targets", Type.LONGTEXT, required=False),),
}
"""What each carrier needs besides: left empty, what is sealed stays as it is."""
SEALED = frozenset(each.name for fields in SECRETS.values() for each in fields)


def asked(carrier: str, code: str = "") -> tuple[Field, ...]:
    """Return what the form of a channel asks for, known by ``code`` or a new one."""
    channel = Channel.objects.filter(code=code).first()
    return _asked(carrier, set(seal.unseal(channel.sealed)) if channel else set())


def _asked(carrier: str, kept: Container[str]) -> tuple[Field, ...]:
    """Return what a form asks for; a secret that is kept may be left empty."""
    secrets = (each.optional if each.name in kept else each for each in SECRETS.get(carrier, ()))
    telling = (Field(f"{CARRY}{each}", Type.BOOL, required=False) for each in wording.CARRIED)
    return (*COMMON, *secrets, *telling)


def values(code: str) -> dict[str, str]:
    """Return what a channel's form holds, without its secrets; the rulebook's defaults for one not known."""
    found = Channel.objects.filter(code=code).first()
    if found is None:
        terms = rules.rulebook().figures["outbox.channel"][-1].terms
        kept = {name: terms[name] for name in ("rate", "batch", "quiet_from", "quiet_until")}
        known = kept | {"ladder": " ".join(map(str, terms["ladder"])), "enabled": True, "language": "zh"}
        carried: list[str] = []
    else:
        known = {field.name: getattr(found, field.name) for field in COMMON}
        known |= {"ladder": " ".join(map(str, found.ladder))}
        known |= {name: f"{known[name]:%H:%M}" for name in ("quiet_from", "quiet_until") if known[name]}
        carried = found.templates
    known["enabled"] = int(known["enabled"])
    shown = {name: str(value) for name, value in known.items() if value not in (None, "")}
    return shown | {f"{CARRY}{each}": str(int(each in carried)) for each in wording.CARRIED}


@transaction.atomic
def save(*, code: str, carrier: str, form: Mapping[str, object], actor: Actor, now: datetime) -> Channel:
    """Keep a channel, a new one or one that is known; raise BadInput naming every field that is wrong."""
    check(actor, "channel_save")
    if carrier not in notice.CARRIERS or not re.fullmatch(r"[a-z][a-z0-9_]{0,19}", code):
        raise BadInput("bad_form", fields={"code" if carrier in notice.CARRIERS else "carrier": "bad_code"})
    channel = Channel.objects.select_for_update().filter(code=code).first()
    if code == notice.IN_APP or (channel is not None and channel.carrier != carrier):
        raise BadInput("bad_form", fields={"code": "taken"})
    channel = channel or Channel(code=code, carrier=carrier, sealed=seal.seal({}))
    before = _shown(channel)
    filled = clean(_asked(carrier, SEALED), form, now)
    problems = _fill(channel, filled)
    if problems:
        raise BadInput("bad_form", fields=problems)
    channel.changed_by, channel.changed_at = actor.username, now
    channel.save()
    secret = sorted(SEALED & set(filled))
    after = _shown(channel)
    changed = {name: value for name, value in after.items() if before[name] != value}
    chain.append(
        stream=STREAM,
        at=now,
        actor=actor.username,
        verb="channel_save",
        objects=[("channel", code)],
        detail={"channel": code, "carrier": carrier, "changed": changed, "sealed": secret},
    )
    return channel


def check(actor: Actor, verb: str) -> None:
    """Raise Refused unless somebody may change the ways out: an administrator of a whole company."""
    whole = any(role is Role.ADMIN and path.count("/") == 2 for role, path in actor.grants)
    if actor is not SYSTEM and not whole:
        raise Refused("not_your_role", verb=verb)


def _shown(channel: Channel) -> dict[str, object]:
    names = ("title", "enabled", "language", "templates", "rate", "batch", "ladder")
    quiet = {name: str(getattr(channel, name) or "") for name in ("quiet_from", "quiet_until")}
    return {name: getattr(channel, name) for name in names} | quiet


def _fill(channel: Channel, filled: Mapping[str, object]) -> dict[str, str]:
    """Put a checked form into a channel; return what is wrong, by field."""
    problems: dict[str, str] = {}
    channel.title = str(filled["title"])[:60]
    channel.enabled = bool(filled.get("enabled"))
    channel.language = str(filled["language"])
    channel.templates = [each for each in wording.CARRIED if filled.get(f"{CARRY}{each}")]
    for name in ("rate", "batch"):
        value = filled.get(name)
        if value is not None and not 1 <= int(str(value)) <= 10_000:
            problems[name] = "out_of_range"
        setattr(channel, name, value)
    for name in ("quiet_from", "quiet_until"):
        try:
            setattr(channel, name, _clock(str(filled.get(name, ""))))
        except ValueError:
            problems[name] = "bad_time"
    if (channel.quiet_from is None) != (channel.quiet_until is None):
        problems.setdefault("quiet_until", "quiet_half")
    words = str(filled.get("ladder", "")).split()
    if not all(word.isascii() and word.isdecimal() and 1 <= int(word) <= 604_800 for word in words[:20]):
        problems["ladder"] = "bad_ladder"
    else:
        channel.ladder = [int(word) for word in words[:20]]
    return problems | _seal(channel, filled)


def _clock(text: str) -> time | None:
    if not text:
        return None
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 a time of day, which has no zone


def _seal(channel: Channel, filled: Mapping[str, object]) -> dict[str, str]:
    """Seal what is secret, keeping what was left empty; return what is wrong."""
    kept = seal.unseal(channel.sealed)
    problems = {}
    if channel.carrier == "sms_http":
        kept |= {name: str(filled[name]) for name in ("url", "secret") if name in filled}
        problems = {name: "required" for name in ("url", "secret") if not kept.get(name)}
        if not re.match(r"https?://[^\s/]+", kept.get("url", "http://-")):
            problems["url"] = "bad_url"
    elif channel.carrier == "apprise":
        try:
            kept["targets"] = json.dumps(_targets(channel, str(filled.get("targets", ""))))
        except ValueError:
            problems["targets"] = "bad_targets"
    if not problems:
        channel.sealed = seal.seal(kept)
    return problems


def _targets(channel: Channel, text: str) -> dict[str, list[str]]:
    """Return the robots with the lines given laid over those known; a line without an address drops them."""
    given: dict[str, list[str]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, mark, url = (part.strip() for part in line.partition("="))
        if not name or not mark or (url and not is_target(url)):
            raise ValueError(name)
        given.setdefault(name, []).extend([url] if url else [])
    merged = targets(channel) | given
    return {name: urls for name, urls in merged.items() if urls}


@transaction.atomic
def test(*, code: str, recipient: str, address: Mapping[str, str], actor: Actor, now: datetime) -> int:
    """Queue a test message by a channel and return its id."""
    check(actor, "outbox_queue")
    channel = Channel.objects.filter(code=code).first()
    draft = Draft(
        key=f"test:{code}:{now:%Y%m%d%H%M%S%f}",
        channel=code,
        template="test",
        recipient=recipient,
        address=address,
        facts={"title": channel.title if channel else code},
    )
    return queue(draft=draft, actor=actor, now=now)
