"""One-vote vetoes: which stand, whom they keep from rewards, who may be rewarded in a period."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from suyuan.analytics.period import Period
from suyuan.domain.discipline import is_of
from suyuan.domain.ledger import NAMED_TO
from suyuan.domain.staffing import COMPANIES, DESKS
from suyuan.domain.vocabulary import EXCLUDED, State
from suyuan.store.models import Case, Event, LiabilityShare, Unit, Veto

from . import reach, silence
from .desks import known, seen
from .viewer import Viewer, under

SHOWN = ("standing", "waiting", "over", "")
STANDS = (State.ARCHIVED, State.DECIDING)
"""Signed; while it is appealed against it stands."""
_ABOUT = Case.objects.filter(number=OuterRef("case__parent_number"), finding_assessed=EXCLUDED)
FALLEN = Exists(_ABOUT)
"""What it rests on was taken out of the assessment by an appeal: it keeps nobody from anything."""


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
        "standing": Q(case__state__in=STANDS, until_on__gte=today) & ~Q(FALLEN),
        "waiting": Q(case__is_open=True),
        "over": Q(case__state=State.VOID)
        | Q(case__state__in=STANDS, until_on__lt=today)
        | Q(FALLEN, case__state=State.ARCHIVED),
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
    rows = Veto.objects.filter(
        whom, ~Q(FALLEN), case__state__in=STANDS, begins_on__lte=last, until_on__gte=first
    )
    return rows.select_related("case").order_by("pk").first()


def is_concerned(unit: Unit, case: Case) -> bool:
    """Tell whether a unit had to do with a case: it has or had it, is accused, or has a signed share.

    Units above one that had count too, and those below: who leads a team answers for it. Of a whole company
    everybody is a part, so what it had says nothing of those below it.
    """
    moved = Event.objects.filter(stream=f"case:{case.number}").values_list("objects_json", flat=True)
    codes = {key for objects in moved for kind, key in objects if kind == "unit"}
    paths = {case.unit.path, *Unit.objects.filter(code__in=codes).values_list("path", flat=True)}
    shared = LiabilityShare.objects.filter(liability__about=case).exclude(signed_at=None)
    paths |= set(shared.values_list("unit__path", flat=True))
    if case.accused is not None:
        paths.add(case.accused.path)
    return any(one.startswith(unit.path) or is_of(one, (unit.path,)) for one in paths)


def there(case: Case, unit: Unit, person: str, today: date) -> str:
    """Return the number of the veto of a unit, or of one of its people, that waits or stands on a case."""
    rows = Veto.objects.filter(case__parent_number=case.number, unit=unit, person=person)
    rows = rows.exclude(case__state=State.VOID).filter(until_on__gte=today)
    return rows.values_list("case__number", flat=True).first() or ""


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
    rows = Veto.objects.filter(~Q(FALLEN), person="", case__state__in=STANDS)
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
    """Return the teams in reach an award is for, in tree order: the lowest units but companies and desks."""
    rows = Unit.objects.filter(viewer.scope(""), children=None, closed_at=None, provisional=False)
    rows = rows.exclude(kind__in=COMPANIES | DESKS)
    return rows.order_by("path")
