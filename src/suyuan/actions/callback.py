"""Call back: ask the customer; a dissatisfied one opens a second handling."""

from suyuan.domain.vocabulary import State

from . import archive
from ._change import Change


def call_back(change: Change) -> State | None:
    """Record an attempt; only a customer who was reached counts as called back."""
    case = change.case
    if change.form["reached"]:
        case.satisfaction = change.text("satisfaction") or "not_rated"
    else:
        case.unreached += 1
        change.detail["unmarked"] = ("called_back_at",)
    return None


def second_handle(change: Change) -> State | None:
    """Open a second handling for a customer who is not content."""
    archive.begin_again(change)
    return None
