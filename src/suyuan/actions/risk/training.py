"""Learning models of risk, and keeping them with their cards."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from suyuan.analytics.risk import learned as models
from suyuan.analytics.risk import saving
from suyuan.analytics.risk.learned import Card, Model
from suyuan.analytics.risk.told import Told
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Actor
from suyuan.store import chain, rules
from suyuan.store import risk as files

from . import home_log, meeting, reading
from .asked import Asked, terms

if TYPE_CHECKING:
    from suyuan.gateways.eventlog import Layout

STREAM = "register:risk"
SEED = 20_260_101
"""By which resamples are drawn; one for all, so that a model learned again is the same."""
MICROS = 1_000_000


@dataclass(frozen=True)
class Kept:
    """A model with its card as it is kept."""

    model: Model
    card: Card
    learned_at: str
    version: str
    digest: str


def told_here(given: Asked, now: datetime, logs: home_log.Logs | None = None) -> Told:
    """Return what this home knows of the subjects of a model; nothing later than now."""
    zone = rules.rulebook().calendar.zone.utcoffset(now.replace(tzinfo=None))
    columns = (logs or home_log.Logs(now)).columns(with_others=given.with_others)
    read = reading.told(columns, given.question, int(zone.total_seconds()) if zone else 0)
    return replace(read, end=min(int(now.timestamp()), read.end) if read.end else int(now.timestamp()))


def told_of(given: Asked, path: Path, layout: "Layout | None", zone: str, *, to_learn: bool = False) -> Told:
    """Return what a log in a file says of the subjects of a model.

    Raise BadInput for a key that meets nothing in a log to learn from.
    """
    from suyuan.gateways import eventlog

    columns = eventlog.read(path, layout, zone)
    if to_learn:
        meeting.check(columns, given.question)
    return reading.told(columns, given.question)


def train(*, name: str, told: Told, given: Asked, actor: Actor, now: datetime) -> Kept:
    """Learn a model and keep it in the place of the one before; raise Refused where there is too little.

    Nothing is written, and nobody kept from writing, before it is learned; it is in no use before that is
    written down.
    """
    files.path(name, files.MODEL)  # what is no name is told before anything is learned
    book = rules.rulebook()
    model, card = models.learned(told, given.question, terms(book, now.date()), SEED)
    from suyuan import __version__

    content = saving.saved(model, card) | {"learned_at": now.isoformat(), "version": __version__}
    digest = hashlib.sha256(repr(sorted(content["card"].items())).encode()).hexdigest()
    with transaction.atomic():
        chain.append(
            stream=STREAM,
            at=now,
            actor=actor.username,
            verb="risk_train",
            objects=[("risk_model", name)],
            detail={"rows": list(card.rows), "hits": list(card.hits), "digest": digest},
        )
    files.put(name, files.MODEL, content | {"digest": digest})
    files.drop(name, files.REFUSED)
    return Kept(model, card, now.isoformat(), __version__, digest)


def kept(name: str) -> Kept | None:
    """Return a model that is kept, None where there is none; raise BadInput where its file is wrong."""
    content: Any = files.get(name, files.MODEL)
    if content is None:
        return None
    model, card = saving.loaded(content)
    said = (str(content.get(key, "")) for key in ("learned_at", "version", "digest"))
    return Kept(model, card, *said)


def needed(name: str) -> Kept:
    """Return a model that is kept; raise Refused where it has not been learned."""
    found = kept(name)
    if found is None:
        raise Refused("risk_untrained", model=name)
    return found
