"""One-vote vetoes: which stand, whom they keep from rewards, who may be rewarded in a period."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from suyuan.analytics.period import Period
from suyuan.domain.ledger import NAMED_TO
from suyuan.domain.vocabulary import State
from suyuan.store.models import Case, Unit, Veto

from . import reach, silence
from .desks import known, seen
from .viewer import Viewer, under

SHOWN = ("standing", "waiting", "over", "")
STANDS = (State.ARCHIVED, State.DECIDING)
"""Signed; while it is appealed against it stands."""


def of(case: Case) -> Veto | None:
    """Return what a veto holds beside its case, None of any other case."""
    return Veto.objects.select_related("unit").filter(case=case).first() if case.procedure == "veto" else None


def names_person(viewer: Viewer, found: Veto) -> bool:
    """Tell whether somebody may learn whom a veto is of: that person, the office, audit and leaders."""
    if found.person == viewer.actor.username:
        return True
    return bool(viewer.actor.over_case(found.unit.path) & NAMED_TO)


def listed(viewer: Viewer, show: str, unit: str, today: date) -> QuerySet[Veto]:
    """Return the vetoes in reach: those that stand, that wait for a signature or decision, that are over."""
    known("show", show, SHOWN)
    rows = _within(viewer, unit)
    held = {
        "standing": Q(case__state__in=STANDS, until_on__gte=today),
        "waiting": Q(case__is_open=True),
        "over": Q(case__state=State.VOID) | Q(case__state__in=STANDS, until_on__lt=today),
    }
    return (rows.filter(held[show]) if show else rows).order_by("-pk")


def _within(viewer: Viewer, unit: str) -> QuerySet[Veto]:
    """Return the vetoes in reach; those about one person for few beside that person."""
    named = under({path for role, path in viewer.actor.reaching if role in NAMED_TO}, "unit__")
    rows = Veto.objects.filter(Q(person="") | named | Q(person=viewer.actor.username), seen(viewer))
    rows = rows.select_related("unit", "case__unit")
    if not unit:
        return rows
    within = reach.unit_ids(viewer, reach.narrowed(viewer, unit))
    return rows if within is None else rows.filter(unit__in=within)


def standing(unit: Unit, person: str, first: date, last: date) -> Veto | None:
    """Return the veto that keeps a unit, or one of its people, from a reward for some days, if one does.

    What keeps a unit keeps its people and the units below it; what keeps one person keeps nobody else.
    """
    codes = unit.path.strip("/").split("/")
    above = [f"/{'/'.join(codes[: depth + 1])}/" for depth in range(len(codes))]
    whom = Q(person="", unit__path__in=above) | (Q(person=person) if person else Q(pk__in=()))
    rows = Veto.objects.filter(whom, case__state__in=STANDS, begins_on__lte=last, until_on__gte=first)
    return rows.select_related("case").order_by("pk").first()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that could be rewarded for a period: the veto that keeps it, and what its silence is worth."""

    unit: Unit
    veto: Veto | None
    complaints: int
    silence: silence.Silence

    @property
    def eligible(self) -> bool:
        """Tell whether no veto stands."""
        return self.veto is None


def candidates(period: Period, units: list[Unit]) -> list[Candidate]:
    """Return some units in reach as candidates for an award of a period."""
    assert period.first is not None
    assert period.last is not None
    rows = Veto.objects.filter(person="", case__state__in=STANDS)
    rows = rows.filter(begins_on__lte=period.last, until_on__gte=period.first).select_related("unit", "case")
    vetoes = list(rows)
    guard = silence.of(units, period)
    had = silence.complaints(units, period)
    return [
        Candidate(
            unit,
            next((one for one in vetoes if unit.path.startswith(one.unit.path)), None),
            had[unit.pk],
            guard[unit.pk],
        )
        for unit in units
    ]


def teams(viewer: Viewer) -> QuerySet[Unit]:
    """Return the lowest units in reach, in tree order: the teams an award is for."""
    rows = Unit.objects.filter(viewer.scope(""), children=None, closed_at=None, provisional=False)
    return rows.order_by("path")
