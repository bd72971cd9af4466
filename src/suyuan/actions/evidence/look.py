"""Look: who saw, played or took out which piece of evidence, when and for what. Each look is an event."""

from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.store import chain
from suyuan.store.models import Attachment
from suyuan.store.queries import cases
from suyuan.store.queries.evidence import stream_of

from ._piece import ask, chosen, locked

LOOKS = ("evidence_small", "evidence_view", "evidence_play", "evidence_download")


@transaction.atomic
def open_locker(*, number: str, purpose: str, actor: Actor, now: datetime) -> None:
    """Open the evidence of a case for a purpose: small pictures show, and every later look names it."""
    case = cases.locked(number)
    ask(actor, case, "look")
    chain.append(
        stream=stream_of(number),
        at=now,
        actor=actor.username,
        verb="evidence_open",
        objects=[("case", number)],
        detail={"purpose": chosen("evidence_purpose", purpose, now)},
    )


@transaction.atomic
def look(*, number: str, sha256: str, verb: str, purpose: str, actor: Actor, now: datetime) -> Attachment:
    """Write down that somebody looks at a piece, and return it."""
    if verb not in LOOKS:
        raise BadInput("unknown_verb", verb=verb)
    _, piece = locked(number, sha256, actor, "look")
    if piece.sealed_key is None:
        raise Refused("file_missing", file=sha256)
    chain.append(
        stream=stream_of(number),
        at=now,
        actor=actor.username,
        verb=verb,
        objects=[("case", number), ("file", sha256)],
        detail={"purpose": chosen("evidence_purpose", purpose, now)},
    )
    return piece
