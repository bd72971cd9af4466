"""Recall: a step taken back by whoever did it: what the case said before, and its clocks as they ran."""

from collections.abc import Mapping
from datetime import datetime

from suyuan.domain.vocabulary import State
from suyuan.store.models import Event, Unit

from . import _clocks
from ._change import Change

MOMENTS = ("dispatched_at", "taken_at")


def recall(change: Change) -> State | None:
    """Put back what the undone step changed; the event of that step says what was."""
    undone = Event.objects.get(pk=int(str(change.detail["undoes"])))
    was: Mapping[str, object] = undone.detail["was"]
    for name, value in was.items():
        setattr(change.case, name, _before(name, value))
    moved = _clocks.put_back(change.case, undone.detail.get("clocks", ()), change.now)
    if moved:
        change.detail["clocks"] = moved
    return None


def _before(name: str, value: object) -> object:
    if name in ("unit", "desk"):
        return Unit.objects.get(code=value) if value else None
    if name in MOMENTS:
        return datetime.fromisoformat(str(value)) if value else None
    return value
