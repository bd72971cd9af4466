"""Final answer: written on a case, approved at two levels, told while valid, reviewed by somebody else."""

from datetime import timedelta

from suyuan.domain import filing, masking
from suyuan.domain.errors import Refused
from suyuan.domain.vocabulary import State
from suyuan.store import rows, rules
from suyuan.store.models import Case, FinalAnswer

from . import handle
from ._change import Change
from ._open_child import open_child

VALID = "final_answer.valid"
"""The figure: for how many days a final answer holds once it was approved."""


def answer_finally(change: Change) -> State | None:
    """Write a final answer on a case, unless one is on its way or in force."""
    parent = change.case
    if standing := FinalAnswer.objects.filter(parent=parent, case__is_open=True).first():
        raise Refused("answered_finally", because_of=standing.case.number)
    number = open_child(change, "final_answer", tells=filing.COUNTY)
    case = Case.objects.get(number=number)
    case.handlers = [change.actor.username]
    rows.update(case, ("handlers",))
    mask = masking.mask_whole if parent.secrecy else masking.mask
    FinalAnswer.objects.create(case=case, parent=parent, script=mask(change.text("script")))
    change.detail["opened"] = number
    return None


def approve(change: Change) -> None:
    """Let it hold from now on for as long as the rulebook says."""
    until = change.now + timedelta(days=rules.figure(VALID, "days"))
    FinalAnswer.objects.filter(case=change.case).update(valid_until=until)
    change.detail["valid_until"] = until.isoformat()


def review(change: Change) -> State | None:
    """Decide the review a customer asked for: it stands, or counts no more and the case can be reopened."""
    handle.work(change)
    return None
