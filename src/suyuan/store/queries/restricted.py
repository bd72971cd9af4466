"""Which restricted cases somebody sees: for audit, leaders and whom one is entrusted to, and no accused."""

from django.db.models import Q

from suyuan.domain.discipline import above
from suyuan.domain.order import UNASSIGNED
from suyuan.domain.protection import CARERS, PROCEDURE
from suyuan.domain.vocabulary import Role
from suyuan.store.models import Case, Unit

from . import reach, walk
from .viewer import Viewer, under


def trusted(viewer: Viewer) -> set[str]:
    """Return the paths whose restricted cases the viewer sees."""
    return {path for role, path in viewer.actor.reaching if role in (Role.AUDIT, Role.LEADER)}


def accusing(viewer: Viewer) -> Q:
    """Return the condition for cases that accuse a unit the viewer is of."""
    units = Unit.objects.filter(path__in=above(viewer.actor.places)).order_by()
    return Q(accused__in=units.values("pk"))


PROTECTING = Q(procedure=PROCEDURE)
"""Records of staff protection: restricted, and for others than restricted cases are."""


def caring(viewer: Viewer) -> set[str]:
    """Return the paths whose records of staff protection the viewer sees."""
    return {path for role, path in viewer.actor.reaching if role in CARERS}


def unrestricted(viewer: Viewer) -> Q:
    """Return the condition that leaves out restricted cases for whom they are not meant."""
    own = Q(entrusted=viewer.actor.username)
    meant = (under(trusted(viewer), "unit__") & ~PROTECTING | own) & ~accusing(viewer)
    return Q(restricted=False) | meant | under(caring(viewer), "unit__") & PROTECTING


def open_to(viewer: Viewer) -> Q:
    """Return the same for a list of cases, without a look at the units' table."""
    own = Q(entrusted=viewer.actor.username)
    meant = (_below(viewer, trusted(viewer)) & ~_PROTECTING | own) & ~accusing(viewer)
    return Q(restricted=False) | meant | _below(viewer, caring(viewer)) & _PROTECTING


_PROTECTING = walk.apart("procedure", [PROCEDURE])


def _below(viewer: Viewer, paths: set[str]) -> Q:
    units = reach.unit_ids(viewer, paths) if paths else []
    return ~Q(pk__in=()) if units is None else walk.apart("unit", units)


def any_seen(viewer: Viewer) -> bool:
    """Return whether any case lies in the viewer's reach, whatever the lake holds by now."""
    return Case.objects.filter(viewer.scope(), unrestricted(viewer)).exists()


def without_unit(viewer: Viewer) -> int:
    """Return how many open cases in reach a file brought without a unit."""
    return Case.objects.filter(
        viewer.scope(), unrestricted(viewer), is_open=True, unit__code=UNASSIGNED
    ).count()
