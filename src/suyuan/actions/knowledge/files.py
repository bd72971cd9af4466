"""Files of the rulebook: the text of a document, the source of a confirmation. Kept for good, in the locker.

Whoever may read the rules may open them; each opening is an event on a stream of the file's own, so that the
stream every process follows for what is in force stays short.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.masking import mask
from suyuan.domain.procedure import Actor
from suyuan.domain.rulebook import edits
from suyuan.store import bulk, chain, locker
from suyuan.store.models import RuleFile

from ..evidence._bounds import largest
from ..evidence.add import NAME, check_kind, media_of, shown
from ..evidence.place import placed

KIND = "document"
"""What a file of the rulebook may be: paper, a text or a picture of paper, never sound or video."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A file as it comes in: its bytes piece by piece, its name, what the sender says it is."""

    pieces: Iterable[bytes]
    name: str
    declared: str = ""


def keep_file(*, handed: Handed, actor: Actor, now: datetime) -> str:
    """Keep a file and return its SHA-256; the same bytes twice are one file."""
    if not edits.may_propose(KIND, actor):
        raise Refused("not_your_role", verb="rule_file_add")
    name = shown(handed.name)
    staged = locker.stage(handed.pieces, name, largest(KIND))
    try:
        media = media_of(staged, name, handed.declared)
        check_kind(staged, name, media, KIND)
        return _keep(staged, name, media, actor, now)
    finally:
        staged.drop()


@transaction.atomic
def _keep(staged: locker.Staged, name: str, media: str, actor: Actor, now: datetime) -> str:
    bulk.one_at_a_time(f"file:{staged.sha256}")
    if RuleFile.objects.filter(sha256=staged.sha256).exists() and locker.path_of(staged.sha256).exists():
        return staged.sha256
    key = locker.wrap(placed(staged))
    row = {"name": mask(name)[:NAME], "media_type": media, "size": staged.size, "sealed_key": key}
    row |= {"added_by": actor.username, "added_at": now}
    RuleFile.objects.update_or_create(sha256=staged.sha256, defaults=row)
    _write(staged.sha256, "rule_file_add", actor, now, size=staged.size, media_type=media)
    return staged.sha256


@transaction.atomic
def open_file(*, sha256: str, actor: Actor, now: datetime) -> RuleFile:
    """Write down that somebody opens a file of the rulebook, and return it."""
    row = RuleFile.objects.filter(sha256=sha256).first()
    if row is None:
        raise Refused("not_found", file=sha256)
    _write(sha256, "rule_file_open", actor, now)
    return row


def check_there(entry: Mapping[str, Any], source: str) -> None:
    """Raise BadInput where an entry, or its source, names a file that was not handed in."""
    for digest in (str(entry.get("file", "")), source):
        if digest and not RuleFile.objects.filter(sha256=digest).exists():
            raise BadInput("no_such_file", file=digest[:12])


def _write(sha256: str, verb: str, actor: Actor, now: datetime, **detail: object) -> None:
    chain.append(
        stream=f"rulefile:{sha256}",
        at=now,
        actor=actor.username,
        verb=verb,
        objects=[("file", sha256)],
        detail=detail,
    )
