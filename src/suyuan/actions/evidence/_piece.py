"""What every verb on evidence does around its own work: lock, ask, write down."""

from datetime import datetime

from suyuan.domain import evidence as rule
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import reason
from suyuan.domain.procedure import Actor
from suyuan.store import chain, rules
from suyuan.store.models import Attachment, Case
from suyuan.store.queries import cases
from suyuan.store.queries.evidence import standing

from .._forms import has_ended


def ask(actor: Actor, case: Case, verb: str, piece: Attachment | None = None) -> None:
    """Raise Refused where the actor may not do ``verb``; a case out of reach is not there."""
    cases.reached(actor, case)
    shown = None if piece is None else standing(piece)
    reason = rule.refusal(verb, actor.roles_over(case.unit.path), actor.username, shown)
    if reason is not None:
        raise Refused(reason, verb=verb)


def locked(number: str, sha256: str, actor: Actor, verb: str) -> tuple[Case, Attachment]:
    """Return the case, locked, and one piece of its evidence; raise Refused where ``verb`` is shut."""
    case = cases.locked(number)
    piece = case.attachments.filter(sha256=sha256).first()
    ask(actor, case, verb, piece)
    if piece is None:
        raise Refused("not_found", file=sha256)
    return case, piece


def chosen(kind: str, code: str, now: datetime, **facts: str) -> str:
    """Return a code of a reason list of the rulebook; one that is not there, or has ended, is an error."""
    codes = {choice.code for choice in rules.rulebook().reasons[kind]}
    if code not in codes:
        raise BadInput("unknown_choice" if code else "required", field=kind, value=code, **facts)
    if has_ended(reason(kind), code, now):
        raise BadInput("choice_ended", field=kind, value=code, **facts)
    return code


def write_down(
    case: Case, piece: Attachment, verb: str, actor: Actor, now: datetime, **detail: object
) -> int:
    """Write an event on the stream of the case, which counts as changed."""
    event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=actor.username,
        verb=verb,
        objects=[("case", case.number), ("file", piece.sha256)],
        detail={"sha256": piece.sha256, **detail},
    )
    case.changed_event = event
    case.save(update_fields=["changed_event"])
    return event
