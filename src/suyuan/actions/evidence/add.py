"""Add: seal what comes in, look at what it is, keep it under the digest of its bytes.

Sealed to a file of its own and on the disk for good, then moved to its address, then the row: whenever the
plug is pulled, no row stands without its bytes, and bytes without a row are swept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from django.db import transaction

from suyuan.domain import evidence as rule
from suyuan.domain import masking
from suyuan.domain.characters import storable
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.gateways import filetype
from suyuan.store import bulk, locker, seal
from suyuan.store.models import Attachment
from suyuan.store.queries import cases, hidden

from ._bounds import bounds, largest, most
from ._manifest import stamp
from ._piece import ask, chosen, write_down
from .place import placed

NAME = 200
DEVICE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One file as it comes in: its bytes piece by piece, and what the sender says of it."""

    pieces: Iterable[bytes]
    name: str
    made_by: str
    declared: str = ""
    kind: str = ""
    """Empty: what its type usually is."""
    maker: str = ""
    device: str = ""
    claimed_at: datetime | None = None


def add(*, number: str, file: Incoming, actor: Actor, now: datetime) -> str:
    """Add a file to a case and return its SHA-256; the same bytes twice are one piece of evidence."""
    ask(actor, cases.unscoped(number), "add")
    name = shown(file.name)
    _check(file, name, now)
    staged = locker.stage(file.pieces, name, most())
    try:
        media, kind = _looked_at(staged, file, name)
        return _keep(number, staged, _row(file, name, media, kind), actor, now)
    finally:
        staged.drop()


def shown(name: str) -> str:
    """Return a name as a name: no folder, nothing that cannot be kept."""
    kept = "".join(each for each in name if storable(each) and each.isprintable())
    return PurePosixPath(kept.replace("\\", "/")).name[-NAME:]


def _check(file: Incoming, name: str, now: datetime) -> None:
    if file.kind and file.kind not in rule.KINDS:
        raise BadInput("unknown_choice", name=name, field="evidence_kind", value=file.kind)
    chosen("evidence_maker", file.made_by, now, name=name)
    if file.claimed_at is not None and file.claimed_at > now:
        raise BadInput("future", name=name, field="claimed_at")
    if not all(storable(text) for text in (file.maker, file.device)):
        raise BadInput("bad_characters", name=name)
    if max(len(file.maker), len(file.device)) > DEVICE:
        raise BadInput("too_long", name=name, most=DEVICE)


def _looked_at(staged: locker.Staged, file: Incoming, name: str) -> tuple[str, str]:
    """Return the media type and the kind of what was staged; raise where it is not taken."""
    media = media_of(staged, name, file.declared)
    kind = file.kind or rule.USUAL[rule.family(media)]
    check_kind(staged, name, media, kind)
    return media, kind


def media_of(staged: locker.Staged, name: str, declared: str) -> str:
    """Return the media type of what was staged; raise where its name, its content and its sender disagree."""
    with locker.clear(staged.path, staged.key, staged.sha256) as opened:
        return filetype.accept(opened, staged.size, name, declared, bounds()).media_type


def check_kind(staged: locker.Staged, name: str, media: str, kind: str) -> None:
    """Raise where a file is not of the kind it is said to be, or larger than that kind may be."""
    if not rule.fits(kind, media):
        raise BadInput("kind_disagrees", name=name, kind=kind, media_type=media)
    if staged.size > largest(kind):
        raise BadInput("too_large", name=name, bytes=staged.size, largest=largest(kind))


def _row(file: Incoming, name: str, media: str, kind: str) -> Attachment:
    return Attachment(
        name=name,
        masked_by=masking.VERSION,
        kind=kind,
        made_by=file.made_by,
        claimed_at=file.claimed_at,
        media_type=media,
        sealed=seal.seal({"name": name, "maker": file.maker, "device": file.device}),
    )


@transaction.atomic
def _keep(number: str, staged: locker.Staged, piece: Attachment, actor: Actor, now: datetime) -> str:
    case = cases.locked(number)
    ask(actor, case, "add")
    known = case.attachments.filter(sha256=staged.sha256).first()
    if known is not None:
        if known.shredded_at or known.withdrawn_at:
            raise Refused("evidence_shredded" if known.shredded_at else "evidence_withdrawn")
        return staged.sha256
    bulk.one_at_a_time(f"file:{staged.sha256}")
    piece.name = hidden.masks(case)(piece.name)[:NAME]
    piece.case, piece.sha256, piece.size = case, staged.sha256, staged.size
    piece.sealed_key = locker.wrap(placed(staged))
    piece.added_by, piece.added_at = actor.username, now
    piece.save(force_insert=True)
    write_down(case, piece, "attach", actor, now, **facts(piece))
    return staged.sha256


def facts(piece: Attachment) -> dict[str, object]:
    """Return what the event says of a piece, free of personal text."""
    return {
        "size": piece.size,
        "media_type": piece.media_type,
        "kind": piece.kind,
        "made_by": piece.made_by,
        "claimed_at": stamp(piece.claimed_at),
    }
