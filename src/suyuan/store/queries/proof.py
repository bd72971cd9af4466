"""The proof of an answer as the chain of its case holds it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from suyuan.domain.proof import gives
from suyuan.store.models import Case, Event

from . import history, reporter


@dataclass(frozen=True, slots=True)
class Given:
    """One time the answer reached whoever asked: when, by which verb, and the event that says so."""

    at: datetime
    way: str
    event: int
    digest: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What can be shown: the masked statement, its digest, the event that holds it, how it was given."""

    received_at: datetime
    answered_at: datetime
    statement: str
    sha256: str
    event: int
    digest: str
    given: tuple[Given, ...]


def of(case: Case) -> Proof | None:
    """Return the proof of a case's answer, None as long as there is none or it reached nobody."""
    said = reporter.answer(case)
    if said is None:
        return None
    after = [event for event in history.events(case) if event.seq >= said.event.seq]
    given = tuple(
        Given(_at(event), event.verb, event.seq, event.digest)
        for event in after
        if gives(event.verb, event.detail, said.ref)
    )
    if not given:
        return None
    return Proof(
        received_at=case.received_at or case.accepted_at,
        answered_at=said.at,
        statement=said.text,
        sha256=hashlib.sha256(said.text.encode()).hexdigest(),
        event=said.event.seq,
        digest=said.event.digest,
        given=given,
    )


def _at(event: Event) -> datetime:
    """Return when it happened: the moment the form gives, or when it was written."""
    given = (event.detail.get("form") or {}).get("at")
    return datetime.fromisoformat(given) if given else event.at
