"""Evidence as it is read: of one case, one piece, its custody, and what is due to be destroyed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from suyuan.domain import evidence as rule
from suyuan.domain.errors import Refused
from suyuan.domain.rulebook import assessable
from suyuan.store import locker, rules, seal
from suyuan.store.models import Attachment, Case, Event

from . import cases, texts
from .viewer import Viewer


def stream_of(number: str) -> str:
    """Return the stream that holds every look at the evidence of a case."""
    return f"evidence:{number}"


def standing(piece: Attachment) -> rule.Standing:
    """Return what the rules need to know of a piece."""
    return rule.Standing(
        added_by=piece.added_by,
        withdrawn=piece.withdrawn_at is not None,
        held=piece.held_at is not None,
        shredded=piece.shredded_at is not None,
        shred_asked_by=piece.shred_asked_by,
    )


def refused(viewer: Viewer, case: Case, verb: str, piece: Attachment | None = None) -> str | None:
    """Return why this viewer may not do ``verb`` with the evidence of a case, or None."""
    roles = viewer.actor.roles_over(case.unit.path)
    shown = None if piece is None else standing(piece)
    return rule.refusal(verb, roles, viewer.actor.username, shown)


def pieces(viewer: Viewer, case: Case) -> list[Attachment]:
    """Return the evidence of a case in the order it came, names as drawn; none for who may not see any."""
    cases.reachable(viewer, case)
    if refused(viewer, case, "look"):
        return []
    found, draw = list(case.attachments.order_by("added_at", "pk")), texts.drawn(case)
    for one in found:
        one.name = draw(one.name)
    return found


def piece(viewer: Viewer, case: Case, sha256: str) -> Attachment:
    """Return one piece; raise Refused where it is not there or not for this viewer."""
    cases.reachable(viewer, case)
    found = case.attachments.filter(sha256=sha256).first()
    if found is None or refused(viewer, case, "look"):
        raise Refused("not_found", file=sha256)
    return found


def opened(viewer: Viewer, case: Case, found: Attachment) -> dict[str, str]:
    """Return what was sealed of a piece: its name as it came, its maker and device; empty once shredded."""
    cases.reachable(viewer, case)
    if found.case_id != case.pk or refused(viewer, case, "look"):
        raise Refused("not_found", file=found.sha256)
    return seal.unseal(found.sealed) if found.sealed else {}


def key(found: Attachment) -> bytes:
    """Return the key of a piece; raise Refused where it was destroyed."""
    if found.sealed_key is None:
        raise Refused("evidence_shredded" if found.shredded_at else "file_missing", file=found.sha256)
    return locker.unwrap(found.sealed_key)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of custody."""

    at: datetime
    actor: str
    verb: str
    sha256: str
    facts: dict[str, object]


CUSTODY = (
    "attach",
    "evidence_withdraw",
    "evidence_hold",
    "evidence_release",
    "evidence_ask_shred",
    "evidence_keep",
    "evidence_shred",
)
"""Verbs of the case's own stream that are part of a piece's custody."""


def custody(viewer: Viewer, case: Case, limit: int = 500) -> list[Step]:
    """Return who did or saw what with the evidence of a case, newest first."""
    cases.reachable(viewer, case)
    if refused(viewer, case, "look"):
        return []
    own = Event.objects.filter(stream=f"case:{case.number}", verb__in=CUSTODY)
    looks = Event.objects.filter(stream=stream_of(case.number))
    rows = sorted([*own, *looks.order_by("-seq")[:limit]], key=lambda event: (event.at, event.pk))
    return [_step(event) for event in rows[::-1]]


def _step(event: Event) -> Step:
    files = [key for kind, key in event.objects_json if kind == "file"]
    return Step(event.at, event.actor, event.verb, files[0] if len(files) == 1 else "", event.detail)


# ---- how long ----


def term_of(case: Case) -> rule.Term | None:
    """Return how long the evidence of a case is kept; None where its level was never set."""
    name = rule.TERM_OF.get(case.level)
    if name is None:
        return None
    newest = rules.rulebook().figures[name][-1]
    certainty = newest.certainty.value
    return rule.Term(name, int(newest.terms["years"]), newest.basis, certainty, assessable(certainty))


def local_day(at: datetime | None) -> date | None:
    """Return the local day of a moment, where there is one."""
    return None if at is None else at.astimezone(cases.LOCAL).date()


def is_due(case: Case, now: datetime) -> bool:
    """Return whether the term of a case is over by now, where somebody says that it applies."""
    today = now.astimezone(cases.LOCAL).date()
    return rule.unshreddable(term_of(case), local_day(case.archived_at), today, said_yes=True) is None


@dataclass(frozen=True, slots=True)
class Due:
    """A piece whose term is over."""

    piece: Attachment
    term: rule.Term
    until: date


def due(viewer: Viewer, now: datetime, page: int, size: int = 50) -> tuple[list[Due], bool]:
    """Return a page of the pieces in reach whose term is over, the oldest first, and whether more follow."""
    rows: list[Due] = []
    skip = (page - 1) * size
    for found in _candidates(viewer, now).iterator(chunk_size=500):
        if not is_due(found.case, now):
            continue
        if refused(viewer, found.case, "look") or not cases.may_see(viewer.actor, found.case):
            continue
        if skip:
            skip -= 1
            continue
        if len(rows) == size:
            return rows, True
        rows.append(_due(found))
    return rows, False


def _due(found: Attachment) -> Due:
    term, closed = term_of(found.case), local_day(found.case.archived_at)
    assert term is not None
    assert closed is not None
    return Due(found, term, rule.kept_until(closed, term.years))


def _candidates(viewer: Viewer, now: datetime):  # type: ignore[no-untyped-def]
    shortest = min(int(rules.figure(name, "years")) for name in (rule.GENERAL, rule.MAJOR))
    closed_before = now - timedelta(days=365 * shortest)
    rows = Attachment.objects.filter(viewer.scope("case__unit__"), shredded_at__isnull=True)
    rows = rows.filter(case__archived_at__lt=closed_before).select_related("case__unit")
    return rows.order_by("case__archived_at", "pk")
