"""Handle: the unit works on it."""

from suyuan.domain.vocabulary import State

from ._change import Change


def accept(change: Change) -> State | None:
    """Take the order on as its handler."""
    change.keep_before("handler", "handlers", "taken_at")
    change.case.handler = change.actor.username
    _worked_by(change)
    return None


def contact(change: Change) -> State | None:
    """Record a contact with the customer; an attempt that did not reach anybody stops no clock."""
    _worked_by(change)
    if not change.form["reached"]:
        change.detail["unmarked"] = ("contacted_at",)
    return None


def work(change: Change) -> State | None:
    """Record that somebody worked on the case on the way to its answer."""
    _worked_by(change)
    return None


def answer(change: Change) -> State | None:
    """Hand in the reply; where a specialty checks it first, the review marks it answered."""
    _worked_by(change)
    return None


def _worked_by(change: Change) -> None:
    name = change.actor.username
    if name not in change.case.handlers:
        change.case.handlers = [*change.case.handlers, name]
