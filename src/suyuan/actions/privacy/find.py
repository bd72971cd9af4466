"""Find: that somebody searched for exactly a telephone, an account or a name is written down, not the value.

The reference is keyed and salted, and the salt stands beside it: whoever has the log alone can follow nobody,
and whoever has the home's keys and the number can say who searched for it.
"""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from suyuan.domain.masking import mask, may_be_name
from suyuan.domain.procedure import Actor
from suyuan.store import chain, rules, seal
from suyuan.store.models import Case, Event, Person
from suyuan.store.queries import exact
from suyuan.store.queries.viewer import Viewer

LONG = re.compile(r"\d(?:\D{0,3}\d){6}")
"""Seven digits, however they are written."""
WORD = {"customer": "name"}
"""What the field of a name is called where it is compared."""


def stream_of(username: str) -> str:
    """Return the stream of what somebody searched for: one for each person, so that desks wait for none."""
    return f"find:{username}"


def asked_by(text: str) -> dict[str, str]:
    """Return what a text typed into one box can be: digits a number, anything else a name."""
    return {"phone": text, "account": text} if LONG.search(text) else {"customer": text}


def search(*, viewer: Viewer, text: str, place: str, now: datetime, sure: bool = False) -> None:
    """Write down a search by one box that is ``sure`` to mean somebody, looks so, or finds who called."""
    text = text.strip()
    if not text or Case.objects.filter(number=text).exists():
        return
    hits = len(exact.ids(viewer, phone=text, account=text, name=text))
    if sure or hits or mask(text) != text or LONG.search(text) or any(map(may_be_name, text.split())):
        find(asked=asked_by(text), hits=hits, place=place, actor=viewer.actor, now=now)


def look_up(*, viewer: Viewer, asked: Mapping[str, str], callers: int, now: datetime) -> None:
    """Write down what the desk looked up of who is on the line, with how many cases and accounts it found."""
    given = {name: value for name, value in asked.items() if value}
    if given:
        found = exact.ids(viewer, **{WORD.get(name, name): value for name, value in given.items()})
        find(asked=given, hits=len(found) + callers, place="desk", actor=viewer.actor, now=now)


@transaction.atomic
def find(*, asked: Mapping[str, str], hits: int, place: str, actor: Actor, now: datetime) -> None:
    """Write one event of an exact search; the same again a short while later is none."""
    Person.objects.select_for_update().get(username=actor.username)
    fresh = sorted(set(asked) - _known(asked, place, actor, now))
    if not fresh:
        return
    salt = secrets.token_hex(16)
    chain.append(
        stream=stream_of(actor.username),
        at=now,
        actor=actor.username,
        verb="personal_find",
        detail={
            "asked": {name: reference(name, asked[name], salt) for name in fresh},
            "salt": salt,
            "hits": hits,
            "place": place,
            "refused": not exact.knows_anybody(actor),
        },
    )


def _known(asked: Mapping[str, str], place: str, actor: Actor, now: datetime) -> set[str]:
    """Return which of the values asked this person asked here a short while ago."""
    since = now - timedelta(minutes=rules.figure("privacy.find", "minutes"))
    known: set[str] = set()
    for event in Event.objects.filter(stream=stream_of(actor.username), at__gt=since).order_by("-seq")[:200]:
        told = event.detail
        if told["place"] == place:
            known |= {
                name
                for name, value in asked.items()
                if told["asked"].get(name) == reference(name, value, told["salt"])
            }
    return known


def reference(kind: str, value: str, salt: str) -> str:
    """Return what stands for a value in the event of a search: however it was written, the same."""
    return seal.reference(seal.index(WORD.get(kind, kind), value), salt)
