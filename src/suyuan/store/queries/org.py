"""Units and people."""

from collections import Counter
from datetime import datetime

from django.db.models import Count

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.order import UNASSIGNED
from suyuan.domain.procedure import Actor
from suyuan.store import rows
from suyuan.store.models import Case, Unit

from . import reach
from .listing import Filters, found
from .viewer import Viewer

MADE_UP_ROOT = "company"
"""The root that order files get before there is a register."""


def exists(code: str) -> bool:
    """Return whether a unit has this code."""
    return Unit.objects.filter(code=code).exists()


def unit(code: str) -> Unit:
    """Return the unit with this code; raise BadInput if there is none."""
    known = Unit.objects.filter(code=code).first()
    if known is None:
        raise BadInput("unknown_unit", unit=code)
    return known


def codes_below(code: str) -> frozenset[str]:
    """Return the codes of a unit and of those below it; raise BadInput if there is none."""
    top = unit(code).path
    return frozenset(Unit.objects.filter(path__startswith=top).order_by().values_list("code", flat=True))


def names() -> dict[str, tuple[str, str]]:
    """Return the name and the path of every unit by its code."""
    return {code: (name, path) for code, name, path in Unit.objects.values_list("code", "name", "path")}


def at(path: str) -> Unit:
    """Return the unit with this path."""
    return Unit.objects.get(path=path)


def desk_of(actor: Actor) -> Unit:
    """Return the highest unit an actor holds a role over: where what he takes in is registered."""
    paths = sorted((path for _, path in actor.reaching), key=len)
    desk = rows.one(Unit, path=paths[0]) if paths else None
    if desk is None:
        raise Refused("no_unit", actor=actor.username)
    return desk


def in_reach(viewer: Viewer, code: str) -> Unit:
    """Return a unit in reach; raise Refused as if there were none for any other."""
    known = Unit.objects.filter(viewer.register_scope(""), code=code).select_related("parent").first()
    if known is None:
        raise Refused("unknown_unit", unit=code)
    return known


def units(viewer: Viewer) -> list[Unit]:
    """Return the units in reach, in tree order."""
    return viewer.once("units", lambda: list(Unit.objects.filter(viewer.register_scope(""))))


def every_unit() -> list[Unit]:
    """Return all units, in tree order."""
    return list(Unit.objects.all())


def open_cases(viewer: Viewer, now: datetime) -> dict[int, int]:
    """Return how many open cases each unit holds itself, by its id, of those the viewer may see.

    Those that are not restricted are counted in an index that holds nothing else.
    """
    within = reach.unit_ids(viewer, viewer.paths)
    seen = Case.objects.order_by().filter(is_open=True, restricted=False)
    plain = seen if within is None else seen.filter(unit__in=within)
    kept = found(viewer, Filters(open_only=True), now).order_by().filter(restricted=True)
    counted = (rows.values_list("unit").annotate(n=Count("*")) for rows in (plain, kept))
    return dict(sum(map(Counter, map(dict, counted)), Counter()))


def has_register() -> bool:
    """Return whether an organisation register has been loaded: units that are not provisional."""
    return Unit.objects.filter(provisional=False).exists()


def every(*, provisional_only: bool = False) -> list[Unit]:
    """Return all units in tree order, or those that wait to be confirmed: UNASSIGNED never does."""
    known = Unit.objects.order_by("path")
    return list(known.filter(provisional=True).exclude(code=UNASSIGNED) if provisional_only else known)


def root_of(unit: Unit) -> Unit:
    """Return the unit at the top of the tree this one stands in."""
    return Unit.objects.get(code=unit.path.strip("/").split("/")[0])
