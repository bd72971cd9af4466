"""The ledger of rewards and penalties: what somebody sees of it, what could be entered, how it balances."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from suyuan.analytics.period import Period
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.ledger import NAMED_TO, PROPOSED, SIGNED, STATES, Books, Line, books, refusal_to_sign
from suyuan.domain.rulebook import Certainty
from suyuan.domain.rulebook.tariff import Counted, Ground, Kind
from suyuan.domain.vocabulary import EXCLUDED, State
from suyuan.store.models import Case, Clock, Event, LedgerEntry, Unit
from suyuan.store.models.ledger import LIVE

from . import cases, discipline, reach, restricted
from .desks import known
from .reconcile import days
from .viewer import Viewer, under

STREAM = "register:ledger"
"""The chain of what was proposed for the ledger and decided."""
SURE = tuple(one.value for one in Certainty if one.assessable)
GONE = (State.VOID, State.MERGED)
TRUE = ("verified", "partial")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries a list shows."""

    period: Period
    unit: str = ""
    kind: str = ""
    state: str = ""
    case: str = ""


def listed(viewer: Viewer | None, wanted: Wanted) -> QuerySet[LedgerEntry]:
    """Return the entries asked for, the newest first: by when they were decided, until then proposed."""
    known("kind", wanted.kind, ("", *Kind))
    known("state", wanted.state, ("", *STATES))
    rows = _within(viewer, wanted.unit).annotate(stands=Coalesce("decided_at", "proposed_at"))
    rows = rows.filter(days("stands", wanted.period))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.case:
        rows = rows.filter(case=cases.get(viewer, wanted.case) if viewer else cases.unscoped(wanted.case))
    return rows.order_by("-stands", "-pk")


def waiting(viewer: Viewer, unit: str = "") -> int:
    """Return how many entries in reach wait for a second person, whenever they were proposed."""
    return _within(viewer, unit).filter(state=PROPOSED).count()


def _within(viewer: Viewer | None, unit: str) -> QuerySet[LedgerEntry]:
    """Return the entries in reach, at or below a unit; those about a person for few beside that person."""
    rows = LedgerEntry.objects.select_related("unit", "post", "case__unit", "case__accused", "reverses")
    if viewer is None:
        return rows
    named = under({path for role, path in viewer.actor.reaching if role in NAMED_TO}, "unit__")
    own = Q(person=viewer.actor.username)
    rows = rows.filter(viewer.scope() & (Q(person="") | named) | own)
    if not unit:
        return rows
    units = reach.unit_ids(viewer, reach.narrowed(viewer, unit))
    return rows if units is None else rows.filter(unit__in=units)


def shows_case(viewer: Viewer | None, entry: LedgerEntry) -> bool:
    """Tell whether somebody may learn which case an entry is about, and what was said of it."""
    if entry.case is None:
        return True
    return not entry.case.restricted if viewer is None else cases.may_see(viewer.actor, entry.case)


def one(viewer: Viewer, pk: int) -> LedgerEntry:
    """Return an entry to act on: in reach, with the case it is about; any other is not found."""
    found = _within(viewer, "").filter(pk=pk).first()
    if found is None or not shows_case(viewer, found):
        raise Refused("not_found", entry=pk)
    return found


def to_sign(viewer: Viewer, entries: Collection[int]) -> list[LedgerEntry]:
    """Return those of some entries that wait and that somebody may sign, in their order."""
    rows = _within(viewer, "").filter(pk__in=entries, state=PROPOSED).order_by("pk")
    return [
        one
        for one in rows
        if shows_case(viewer, one)
        and refusal_to_sign(viewer.actor, one.unit.path, one.person, one.proposed_by) is None
    ]


def standing(mark: str) -> LedgerEntry | None:
    """Return the entry that stands under a mark."""
    return LedgerEntry.objects.filter(LIVE, mark=mark).first()


def of_case(viewer: Viewer, case: Case) -> list[LedgerEntry]:
    """Return the entries of a case that somebody may see, oldest first."""
    return list(_within(viewer, "").filter(case=case).order_by("pk"))


# ---- what could be entered ----


def shown_by(ground: Ground, now: datetime) -> Q:
    """Return the condition that a case shows a ground; what an appeal took out shows none."""
    late = Q(stopped_at__gt=F("due_at")) | Q(stopped_at=None, state="running", due_at__lte=now)
    clocks = Clock.objects.filter(late, case=OuterRef("pk"), provisional=False, certainty__in=SURE)
    clocks = clocks.exclude(state="void").order_by()
    held = {
        Ground.DISCIPLINE_OVERDUE: Q(Exists(clocks.filter(limit__in=discipline.limits()))),
        Ground.CLOCK_BREACH: Q(Exists(clocks.filter(binding=True))),
        Ground.VERIFIED_FINDING: Q(finding__in=TRUE, reviewed_at__isnull=False)
        & ~Q(finding_assessed="unverified"),
        Ground.SATISFIED: Q(satisfaction="satisfied", state=State.ARCHIVED),
        Ground.DISSATISFIED: Q(satisfaction="dissatisfied", state=State.ARCHIVED),
        Ground.PRAISE: Q(business_type="praise", state=State.ARCHIVED),
    }
    return held[ground] & ~Q(state__in=GONE) & ~Q(finding_assessed=EXCLUDED)


def shows(case: Case, ground: Ground, now: datetime) -> bool:
    """Tell whether a case shows a ground."""
    return Case.objects.filter(shown_by(ground, now), pk=case.pk).exists()


def to_enter(viewer: Viewer, ground: Ground, period: Period, now: datetime) -> QuerySet[Case]:
    """Return the cases of a period in reach that show a ground and stand in no entry for it, oldest first."""
    units = reach.unit_ids(viewer, viewer.paths)
    entered = LedgerEntry.objects.filter(LIVE, ground=ground, case=OuterRef("pk"))
    rows = Case.objects.filter(days("accepted_at", period), restricted.unrestricted(viewer), is_child=False)
    rows = rows if units is None else rows.filter(unit__in=units)
    rows = rows.filter(shown_by(ground, now)).filter(~Exists(entered))
    return rows.select_related("unit", "accused").order_by("accepted_at", "pk")


def concerned(case: Case) -> Unit:
    """Return the unit that answers for a case in the ledger: the one it accuses, else where it lies."""
    return case.accused or case.unit


def free_of_complaints(viewer: Viewer, period: Period) -> QuerySet[Unit]:
    """Return the lowest units in reach without a complaint in a period, that have no entry for it."""
    entered = LedgerEntry.objects.filter(
        LIVE, ground=Ground.ZERO_COMPLAINTS, period=period.label, unit=OuterRef("pk")
    )
    rows = Unit.objects.filter(viewer.scope(""), children=None, closed_at=None, provisional=False)
    rows = rows.filter(~Exists(_complaints(period, unit=OuterRef("pk"))), ~Exists(entered))
    return rows.filter(~Exists(_complaints(period, accused=OuterRef("pk")))).order_by("path")


def has_complaints(unit: Unit, period: Period) -> bool:
    """Tell whether a unit, or one below it, had a complaint in a period or was accused in one.

    One that an appeal took out of the assessment is none.
    """
    return any(rows.exists() for rows in _at_or_below(unit, period))


def complaints_of(unit: Unit, period: Period) -> list[Case]:
    """Return those complaints, the oldest first."""
    found = {
        case.pk: case
        for rows in _at_or_below(unit, period)
        for case in rows.select_related("unit", "accused")
    }
    return sorted(found.values(), key=lambda case: (case.accepted_at, case.pk))


def _at_or_below(unit: Unit, period: Period) -> tuple[QuerySet[Case], QuerySet[Case]]:
    return (
        _complaints(period, unit__path__startswith=unit.path),
        _complaints(period, accused__path__startswith=unit.path),
    )


def _complaints(period: Period, **where: object) -> QuerySet[Case]:
    rows = Case.objects.filter(days("accepted_at", period), business_type="complaint", **where)
    return rows.exclude(state__in=GONE).exclude(finding_assessed=EXCLUDED).order_by()


# ---- the books ----


def balanced(viewer: Viewer | None, period: Period, unit: str = "") -> dict[Counted, Books]:
    """Return the books over the entries signed in a period: the ledger's rows against what was proposed."""
    events = Event.objects.filter(days("at", period), stream=STREAM, verb="sign_entry")
    chained = set(events.values_list("detail__entry", flat=True))
    if viewer is not None and chained:
        seen = _within(viewer, unit).filter(pk__in=chained).order_by()
        chained = set(seen.values_list("pk", flat=True))
    rows = [(Counted(entry.counted), line(entry)) for entry in signed(viewer, period, unit)]
    proposed = _proposed(chained)
    return {
        counted: books(
            (line for of, line in rows if of is counted), (line for of, line in proposed if of is counted)
        )
        for counted in Counted
    }


def signed(viewer: Viewer | None, period: Period, unit: str = "") -> list[LedgerEntry]:
    """Return the entries in reach that were signed in a period."""
    rows = _within(viewer, unit).filter(days("decided_at", period), state=SIGNED)
    return list(rows.order_by("pk"))


def line(entry: LedgerEntry) -> Line:
    """Return what a signed entry books."""
    return Line(Kind(entry.kind), entry.amount, entry.reverses_id is not None)


def _proposed(entries: Collection[int]) -> list[tuple[Counted, Line]]:
    """Return what was proposed of some entries, as the chain has it."""
    events = Event.objects.filter(stream=STREAM, verb__in=("propose_entry", "reverse_entry"))
    return [
        (Counted(said["counted"]), Line(Kind(said["kind"]), Decimal(said["amount"]), "reverses" in said))
        for said in events.values_list("detail", flat=True)
        if said["entry"] in entries
    ]


def whole(period: Period) -> Period:
    """Return a period that begins and ends; raise BadInput for all of time."""
    if period.first is None or period.last is None:
        raise BadInput("bad_form", fields={"ledger_period": "period_open"})
    return period
