"""Mutes: which hold at a moment, and those of units in reach."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from suyuan.domain.errors import Refused
from suyuan.store import rules
from suyuan.store.event_log import unmarked
from suyuan.store.models import Mute

from . import reach
from .desks import known
from .viewer import Viewer

STATES = ("held", "ended", "")
"""Those that hold today, those that do not any more, or all."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The mutes that hold at a moment: detector, object, path of the unit; empty stands for any."""

    rows: tuple[tuple[str, str, str], ...]

    def holds(self, detector: str, thing: str, unit_path: str) -> bool:
        """Return whether a signal is muted."""
        return any(
            (not one or one == detector)
            and (not about or unmarked(about) == unmarked(thing))
            and unit_path.startswith(path)
            for one, about, path in self.rows
        )


def held(now: datetime) -> QuerySet[Mute]:
    """Return the mutes that hold at a moment."""
    return Mute.objects.filter(since__lte=now, ended_at=None, until__gte=rules.local_day(now))


def standing(now: datetime) -> Standing:
    """Return the same as a run of the detectors asks them."""
    return Standing(tuple(held(now).values_list("detector", "object", "unit__path")))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mutes a list shows: how they stand, of which detector, of a unit and those below it."""

    state: str = "held"
    detector: str = ""
    unit: str = ""


def listed(viewer: Viewer, wanted: Wanted, now: datetime) -> QuerySet[Mute]:
    """Return the mutes of units in reach, the ones that end first before the others."""
    known("state", wanted.state, STATES)
    units = reach.unit_ids(viewer, reach.narrowed(viewer, wanted.unit))
    rows = Mute.objects.select_related("unit")
    if units is not None:
        rows = rows.filter(unit__in=units)
    if wanted.detector:
        rows = rows.filter(detector=wanted.detector)
    over = Q(until__lt=rules.local_day(now)) | Q(ended_at__isnull=False)
    if wanted.state:
        rows = rows.exclude(over) if wanted.state == "held" else rows.filter(over)
    return rows.order_by("until", "pk")


def of_signal(signal, now: datetime) -> list[Mute]:  # type: ignore[no-untyped-def]
    """Return the mutes that hold a signal now."""
    rows = (
        held(now)
        .select_related("unit")
        .filter(Q(detector="") | Q(detector=signal.detector), Q(object="") | Q(object=signal.object))
    )
    return [one for one in rows if signal.unit.path.startswith(one.unit.path)]


def get(viewer: Viewer, pk: int) -> Mute:
    """Return a mute in reach; raise Refused as if there were none for any other."""
    found = Mute.objects.select_related("unit").filter(pk=pk).first()
    if found is None or not viewer.sees(found.unit.path):
        raise Refused("not_found", mute=pk)
    return found
