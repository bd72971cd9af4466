"""People as they are offered where one is picked: name, unit, and what they are good at."""

from collections.abc import Iterable

from suyuan.store import rules
from suyuan.store.queries import countersign
from suyuan.store.queries.viewer import Viewer

from .forms import Choices, every_unit
from .templatetags.ui import lang


def tags(person) -> list[str]:  # type: ignore[no-untyped-def]
    """Return the competences of somebody in words."""
    return [rules.label("reason.competence", code, lang()) for code in person.tags.split()]


def choices(viewer: Viewer, verb: str) -> dict[str, Choices]:
    """Return what is listed in the form of one verb, on the page of a case and of many, beside its codes."""
    if verb == "delegate":
        return {"delegate": words(viewer, countersign.delegates(viewer))}
    return {"unit": every_unit()} if verb in ("ask_support", "set_share") else {}


def words(viewer: Viewer, persons: Iterable) -> Choices:  # type: ignore[type-arg]
    """Return the people of units in reach by user name, each with what tells them apart."""
    return [
        (one.username, " · ".join([one.name, one.unit.name, *tags(one)]))
        for one in persons
        if one.unit and viewer.sees(one.unit.path)
    ]
