"""What a reporter who is kept secret finds with the code: the answer as far as it stands, masked."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import get_random_string

from suyuan.domain import card
from suyuan.domain.reporter import ALPHABET
from suyuan.store import seal
from suyuan.store.models import Case, Event, ReporterCode

from . import texts


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered on a case: the note's reference, the event that holds it, the masked words."""

    ref: str
    event: Event
    at: datetime
    text: str


def drawn() -> str:
    """Return a code nobody was given, in groups."""
    return card.printed(get_random_string(card.LENGTH, ALPHABET))


def digest(typed: str) -> str:
    """Return what a code is kept and found by, however it was typed."""
    return seal.digest(f"reporter\n{card.plain(typed)}".encode())


def found(typed: str) -> ReporterCode | None:
    """Return what is known of a code, None for one that leads nowhere."""
    row = ReporterCode.objects.filter(digest=digest(typed)).select_related("case__unit")
    return row.first()


def has_code(case: Case) -> bool:
    """Return whether a code was handed out for a case."""
    return ReporterCode.objects.filter(case=case).exists()


def answer(case: Case) -> Answer | None:
    """Return what was answered, None as long as nothing was or it is being worked on again."""
    if case.answered_at is None:
        return None
    replies = Event.objects.filter(stream=f"case:{case.number}", detail__form__has_key="reply")
    event = replies.order_by("-seq").first()
    if event is None:
        return None
    ref = event.detail["form"]["reply"]["note"]
    note = case.notes.filter(ref=ref).first()
    if note is None:
        return None
    return Answer(ref, event, case.answered_at, texts.drawn(case)(note.masked))
