"""Which step takes another back, with what form, and how long whoever did it may ask for that.

An inverse is a step of the same table, done through the same door: it has its own event, its clocks and its
messages, and what it takes back stays in the history; whoever was told of the step is told of that too.
A step without a row here is not taken back: a customer who was told cannot be untold, and a closed case is
opened as a new episode.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .procedure import RECALL

Detail = Mapping[str, object]
Form = dict[str, object]


@dataclass(frozen=True, slots=True)
class Inverse:
    """The verb that takes a step back, and its form from what the step's event kept; None where it cannot."""

    verb: str
    form: Callable[[Detail], Form | None] = lambda _: {}


def _mapping(detail: Detail, name: str) -> Mapping[str, object]:
    found = detail.get(name)
    return found if isinstance(found, Mapping) else {}


def _unit_before(detail: Detail) -> Form | None:
    was = _mapping(detail, "was")
    if not was.get("unit") or not was.get("specialty") or was.get("handler"):
        return None  # whoever had taken it on would have to take it on again: that is no way back
    return {"unit": was["unit"], "specialty": was["specialty"], "reason": "undone"}


def _facts_before(detail: Detail) -> Form | None:
    was, given = _mapping(detail, "was"), _mapping(detail, "form")
    if not was.get("category") or any(not was.get(name) for name in given if name in was):
        return None  # a field that was empty cannot be emptied again
    return {name: value for name, value in was.items() if value}


def _recalled(detail: Detail) -> Form | None:
    clocks = detail.get("clocks", ())
    if not _mapping(detail, "was") or not isinstance(clocks, list | tuple):
        return None  # done before what it changed was kept
    return None if any(one["did"] not in ("start", "stop") for one in clocks) else {}


def _item_added(detail: Detail) -> Form | None:
    return {"item": str(detail["item"])} if "item" in detail else None


INVERSE: Mapping[str, Inverse] = {
    "pause": Inverse("resume"),
    "merge": Inverse("unmerge"),
    "transfer": Inverse("transfer", _unit_before),
    "classify": Inverse("classify", _facts_before),
    "add_item": Inverse("drop_item", _item_added),
    "dispatch": Inverse(RECALL, _recalled),
    "accept": Inverse(RECALL, _recalled),
    "submit_finding": Inverse(RECALL, _recalled),
}
"""The steps that can be taken back."""


def expired(done_at: datetime, minutes: int, now: datetime) -> bool:
    """Return whether it is too late to take a step back."""
    return now > done_at + timedelta(minutes=minutes)
