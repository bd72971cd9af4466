"""Signals that were kept: those in reach, those that wait for a warning, and one with what is behind it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case as Whether
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from suyuan.domain import warning as rule
from suyuan.domain.errors import Refused
from suyuan.domain.vocabulary import State
from suyuan.store.models import Case, KeptSignal

from . import reach, restricted
from .desks import known
from .viewer import Viewer

STATES = ("open", "muted", "over", "")
"""Those that stand, those that are muted, those that are over, or all."""
RANK = Whether(
    *(When(level=level, then=Value(rule.rank(level))) for level in rule.LEVELS),
    default=Value(0),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which signals a list shows; ``unit`` with those below it, empty for all in reach."""

    state: str = "open"
    level: str = ""
    detector: str = ""
    unit: str = ""
    category: str = ""


def waiting(level: str) -> list[tuple[int, int, str]]:
    """Return the signals of a level or above that wait for a warning: key, unit, level; most urgent first."""
    enough = [one for one in rule.LEVELS if rule.rank(one) >= rule.rank(level)]
    rows = KeptSignal.objects.filter(state="open", warning=None, level__in=enough)
    return list(rows.order_by(RANK.desc(), "since", "pk").values_list("pk", "unit_id", "level"))


def unacknowledged() -> Counter[int]:
    """Return how many warnings each unit has not acknowledged."""
    rows = Case.objects.filter(procedure=rule.PROCEDURE, state=State.REGISTERED).values("unit_id")
    return Counter({row["unit_id"]: row["n"] for row in rows.annotate(n=Count("pk")).order_by()})


def of_open_warnings(unit: int, category: str) -> QuerySet[KeptSignal]:
    """Return the signals of a unit and category whose warnings are open, the oldest first."""
    rows = KeptSignal.objects.filter(unit_id=unit, category=category, warning__case__is_open=True)
    return rows.select_related("warning__case").order_by("pk")


def seen(viewer: Viewer) -> Q:
    """Return the condition for signals in reach: of its units; about a case, if that may be seen."""
    units = reach.unit_ids(viewer, viewer.paths)
    mine = Case.objects.filter(restricted.unrestricted(viewer), viewer.scope(), pk=OuterRef("about_id"))
    open_to = Q(about=None) | Q(Exists(mine.order_by()))
    return open_to if units is None else Q(unit__in=units) & open_to


def listed(viewer: Viewer, wanted: Wanted) -> QuerySet[KeptSignal]:
    """Return the signals in reach that are asked for, the most urgent first."""
    known("state", wanted.state, STATES)
    known("level", wanted.level, ("", *rule.LEVELS))
    units = reach.unit_ids(viewer, reach.narrowed(viewer, wanted.unit))
    rows = KeptSignal.objects.filter(seen(viewer)).select_related("unit", "warning__case")
    if units is not None:
        rows = rows.filter(unit__in=units)
    for name in ("state", "level", "detector"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.category:
        rows = rows.filter(Q(category=wanted.category) | Q(category__startswith=f"{wanted.category}."))
    return rows.order_by(RANK.desc(), "-last_seen", "-pk")


def get(viewer: Viewer, pk: int) -> KeptSignal:
    """Return a signal in reach; raise Refused as if there were none for any other."""
    rows = KeptSignal.objects.filter(seen(viewer), pk=pk)
    found = rows.select_related("unit", "about", "warning__case__unit").first()
    if found is None:
        raise Refused("not_found", signal=pk)
    return found


def counted(viewer: Viewer) -> Counter[str]:
    """Return how many signals in reach stand, by level."""
    rows = KeptSignal.objects.filter(seen(viewer), state="open").values("level").annotate(n=Count("pk"))
    return Counter({row["level"]: row["n"] for row in rows.order_by()})


def detectors(rows: Iterable[str] = ()) -> list[str]:
    """Return the detectors that ever found something."""
    found = KeptSignal.objects.order_by("detector").values_list("detector", flat=True).distinct()
    return sorted({*found, *rows})
