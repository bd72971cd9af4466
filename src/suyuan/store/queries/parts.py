"""Whose turn it is on a case and who answers for it: the conditions of the queue, the people by part."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from suyuan.domain.parts import Part, of_procedure, owes, roles_of, waits_for
from suyuan.domain.procedure import Procedure
from suyuan.domain.procedures import CURRENT, frozen
from suyuan.domain.vocabulary import SPECIALTIES, Role, State
from suyuan.store.models import Case, Grant, Unit

from . import cases, countersign, reach, walk
from .viewer import Viewer


def mine(viewer: Viewer, part: str = "", *, led: bool = False) -> Q:
    """Return the condition for open cases whose next step is that of a role of the viewer's, of ``part``.

    On SQLite it leads to them where they are few and nothing else has ``led`` there.
    """
    found = _mine(viewer, part, leads=True)
    if connection.vendor != "sqlite" or (not led and walk.are_few(found)):
        return found
    return _mine(viewer, part, leads=False)


def _mine(viewer: Viewer, part: str, *, leads: bool) -> Q:
    """Return the condition as one of an index, or as one that no index is asked for."""

    def column(name: str, values: list[str]) -> Q:
        return Q(**{f"{name}__in": values}) if leads else walk.apart(name, values)

    waiting = Q(pk__in=countersign.awaited(viewer))
    for role, path in viewer.actor.reaching:
        if part and role not in acting(Part(part)):
            continue
        under = _under(viewer, path)
        for procedure in CURRENT.values():
            open_ones = Q(column("procedure", [procedure.name]), is_open=True)
            plain, kept = (_moved_by(role, procedure, kept=way) for way in (False, True))
            if plain:
                waiting |= open_ones & column("state", plain) & _way(plain == kept) & under
            if kept and kept != plain:
                waiting |= open_ones & column("state", kept) & Q(restricted=True) & under
    return waiting & Q(is_open=True) & ~Q(state=State.MERGED)


def _way(same: bool) -> Q:
    return Q() if same else Q(restricted=False)


def _moved_by(role: Role, procedure: Procedure, *, kept: bool) -> list[str]:
    """Return the states a role moves a case of a procedure on from."""
    rows = [step for step in procedure.steps if waits_for(step, role, restricted=kept)]
    return sorted({state.value for step in rows for state in step.source})


def acting(part: Part) -> frozenset[Role]:
    """Return every role that acts for a part of some case."""
    if part is Part.OWNER:
        return frozenset(Role)
    plain = {role for specialty in SPECIALTIES for role in roles_of(part, specialty)}
    return frozenset(plain | roles_of(part, "", restricted=True))


def held(viewer: Viewer, part: Part) -> Q:
    """Return the condition for open cases of which the viewer is the part asked for."""
    if part is Part.OWNER:
        return Q(is_open=True, owner=viewer.actor.username)
    found = Q(pk__in=())
    for role, path in viewer.actor.reaching:
        kinds = Q(pk__in=())
        if role in roles_of(part, "", restricted=True):
            kinds |= Q(restricted=True)
        if part is Part.SPECIALTY:
            own = [one for one in ("", *SPECIALTIES) if role in roles_of(part, one)]
            kinds |= Q(walk.apart("specialty", own), restricted=False) if own else Q(pk__in=())
        elif role in roles_of(part, ""):
            kinds |= Q(restricted=False)
        if kinds != Q(pk__in=()):
            found |= kinds & _under(viewer, path)
    return Q(is_open=True) & found


def _under(viewer: Viewer, path: str) -> Q:
    units = reach.unit_ids(viewer, [path])
    return Q() if units is None else walk.apart("unit", units)


@dataclass(frozen=True, slots=True)
class Holder:
    """One of those who answer for a case: the unit, its people by user name, what is open to them now."""

    part: Part
    unit: Unit | None
    people: tuple[str, ...]
    more: int
    """How many more people the part has than are named."""
    owes: tuple[str, ...]


SHOWN = 3
"""So many people of a part are named."""


def of(case: Case) -> list[Holder]:
    """Return who answers for a case, in the order lead, specialty, unit, and the customer's one face."""
    facts, procedure = cases.facts(case), frozen.pinned(case.procedure, case.version)
    codes = case.unit.path.strip("/").split("/")
    over = [f"/{'/'.join(codes[: depth + 1])}/" for depth in range(len(codes))]
    granted = Grant.objects.filter(unit__path__in=over, person__is_active=True)
    grants = list(granted.select_related("unit", "person").order_by("-unit__path", "person__username"))
    return [
        _holder(case, part, grants, tuple(owes(procedure, facts, part)))
        for part in of_procedure(case.procedure)
    ]


def _holder(case: Case, part: Part, grants: Iterable[Grant], owed: tuple[str, ...]) -> Holder:
    unit, people = _who(case, part, grants)
    return Holder(part, unit, people[:SHOWN], len(people[SHOWN:]), owed)


def _who(case: Case, part: Part, grants: Iterable[Grant]) -> tuple[Unit | None, tuple[str, ...]]:
    """Return the unit of a part and its people: of those whose role reaches the case, the nearest."""
    if part is Part.OWNER:
        return None, (case.owner,) if case.owner else ()
    if part is Part.UNIT and case.handler:
        return case.unit, (case.handler,)
    roles = roles_of(part, case.specialty, restricted=case.restricted)
    acting = [grant for grant in grants if grant.role in roles]
    nearest = acting[0].unit if acting else None
    people = dict.fromkeys(grant.person.username for grant in acting if grant.unit == nearest)
    return case.unit if part is Part.UNIT else nearest, tuple(people)
