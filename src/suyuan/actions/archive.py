"""Archive, and open again: a new episode never rewrites the first closure."""

from suyuan.domain.errors import BadInput
from suyuan.domain.sampling import ANSWERED
from suyuan.domain.vocabulary import Role, State

from . import clock
from ._change import Change

AGAIN = (
    "contacted_at",
    "arrived_at",
    "restored_at",
    "answered_at",
    "reviewed_at",
    "called_back_at",
    "archived_at",
)
"""Milestones a new episode must reach anew; the events keep the old ones."""


def archive(change: Change) -> State | None:
    """Close the case."""
    case = change.case
    uncalled = case.secrecy == "anonymous" and case.called_back_at is None and not case.unreached
    if uncalled and not change.text("note"):  # it stands for the callback there cannot be
        raise BadInput("bad_form", fields={"note": "required"})
    if case.finding and not case.finding_assessed:
        case.finding_assessed = case.finding
    answered(change)
    return None


def reopen(change: Change) -> State | None:
    """Open an archived case again as a new episode."""
    begin_again(change)
    answered(change)
    return None


def answer_objection(change: Change) -> State | None:
    """Say to the audit desk what is true of its objection, and what was done."""
    change.case.objection = ANSWERED
    return None


def answered(change: Change) -> None:
    """Let the audit desk look again where something was done about its objection."""
    if change.case.objection:
        change.case.objection = ANSWERED
        change.also.append(("objection_answered", f"{Role.AUDIT.value}@{change.case.unit.code}"))


def begin_again(change: Change) -> None:
    """Start a new episode: old milestones go to the event, clocks run from now."""
    case = change.case
    change.detail["was"] = {
        name: value.isoformat() for name in AGAIN if (value := getattr(case, name)) is not None
    } | {"satisfaction": case.satisfaction}
    if case.episode == 1:
        case.first_satisfaction = case.satisfaction
    for name in AGAIN:
        setattr(case, name, None)
    case.satisfaction = case.responsibility = case.card = ""
    case.unreached = 0
    case.sheets = {}
    # What still runs, a regulator's clock above all, is not begun anew: it goes along, out of any pause.
    if case.paused:
        clock.resume(change)
    case.clocks.filter(episode=case.episode, state="running").update(episode=case.episode + 1)
    case.episode += 1
    case.reopened_at = change.now
