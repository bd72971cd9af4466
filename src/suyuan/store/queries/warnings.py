"""Warnings in reach: whose they are, what is late, what was done about each, and how its signals stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case as Whether
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from suyuan.domain import warning as rule
from suyuan.domain.errors import Refused
from suyuan.domain.rulebook.playbooks import Playbook, PlayStep, fitting
from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.models import Case, KeptSignal, WarningAct, WarningCase

from . import reach
from .desks import known, seen
from .viewer import Viewer

ALIKE = 5
"""So many open warnings of one detector, level and unit are shown before the rest is folded."""
OPEN = (State.REGISTERED, State.HANDLING, State.REVIEWING, State.DECIDING)
WHOSE = ("mine", "unit", "")
"""Those I took on; those of the units I work for; all in reach."""
STATES = ("open", "registered", "handling", "reviewing", "deciding", "late", "closed", "dismissed", "")
"""Open ones; not acknowledged, at work, its proof or its dismissal to be looked at; late; over; or all."""
_URGENT_FIRST = Whether(
    *(When(case__level=level, then=Value(rule.rank(level))) for level in rule.LEVELS),
    default=Value(0),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which warnings a list shows; ``unit`` with those below it, empty for all in reach."""

    whose: str = ""
    state: str = "open"
    level: str = ""
    detector: str = ""
    unit: str = ""
    category: str = ""


def listed(viewer: Viewer, wanted: Wanted, now: datetime) -> QuerySet[WarningCase]:
    """Return the warnings asked for: most urgent, then late, then due first; closed ones newest."""
    known("whose", wanted.whose, WHOSE)
    known("state", wanted.state, STATES)
    known("level", wanted.level, ("", *rule.LEVELS))
    rows = _within(viewer, wanted).filter(_stands(wanted.state, now)).select_related("case__unit")
    if wanted.state in ("closed", "dismissed", ""):
        return rows.order_by("-case__accepted_at", "-pk")
    return rows.order_by(*_first(now))


def folded(viewer: Viewer, wanted: Wanted, now: datetime) -> QuerySet[WarningCase]:
    """Return the same as ``listed``, of open ones no more than ``ALIKE`` of one detector, level and unit.

    The last of those bears how many there are, ``alike``. A detector that is asked for is not folded.
    """
    rows = listed(viewer, wanted, now)
    if wanted.detector or wanted.state in ("closed", "dismissed", ""):
        return rows.annotate(place=Value(0), alike=Value(0))
    same = [F("detector"), F("case__level"), F("case__unit")]
    place = Window(RowNumber(), partition_by=same, order_by=_first(now))
    return rows.annotate(place=place, alike=Window(Count("pk"), partition_by=same)).filter(place__lte=ALIKE)


def _first(now: datetime) -> list[Any]:
    """Return the order of open warnings: the most urgent, then what is late, then what is due first."""
    late = Whether(When(_late(now), then=Value(0)), default=Value(1), output_field=IntegerField())
    return [_URGENT_FIRST.desc(), late.asc(), F("case__next_due_at").asc(nulls_last=True), F("pk").asc()]


def _within(viewer: Viewer, wanted: Wanted) -> QuerySet[WarningCase]:
    units = reach.unit_ids(viewer, reach.narrowed(viewer, wanted.unit))
    rows = WarningCase.objects.filter(seen(viewer))
    if units is not None:
        rows = rows.filter(case__unit__in=units)
    if wanted.whose == "mine":
        rows = rows.filter(case__handler=viewer.actor.username)
    elif wanted.whose == "unit":
        rows = rows.filter(case__unit__path__in=viewer.actor.places)
    if wanted.detector:
        about = KeptSignal.objects.filter(warning=OuterRef("pk"), detector=wanted.detector)
        rows = rows.filter(Exists(about))
    if wanted.level:
        rows = rows.filter(case__level=wanted.level)
    if wanted.category:
        below = Q(case__category__startswith=f"{wanted.category}.")
        rows = rows.filter(Q(case__category=wanted.category) | below)
    return rows


def _late(now: datetime) -> Q:
    return Q(case__state=State.REGISTERED, case__next_due_at__lt=now)


def _stands(state: str, now: datetime) -> Q:
    return {
        "open": Q(case__is_open=True),
        "late": _late(now),
        "closed": Q(case__state=State.ARCHIVED),
        "dismissed": Q(case__state=State.VOID),
        "": Q(),
    }.get(state, Q(case__state=state))


def counts(viewer: Viewer, now: datetime) -> dict[str, int]:
    """Return how many warnings in reach are late to be acknowledged, waiting, at work and to be looked at."""
    rows = WarningCase.objects.filter(seen(viewer), case__is_open=True)
    named = ("late", *(one.value for one in OPEN))
    found: dict[str, int] = rows.aggregate(**{name: Count("pk", filter=_stands(name, now)) for name in named})
    return found


def of_case(case: Case) -> WarningCase | None:
    """Return what a warning holds beside its case, None of every other case."""
    return WarningCase.objects.filter(case=case).first() if case.procedure == rule.PROCEDURE else None


def one(viewer: Viewer, number: str) -> WarningCase:
    """Return a warning in reach by its number; raise Refused as if there were none for any other."""
    found = WarningCase.objects.filter(seen(viewer), case__number=number).select_related("case__unit").first()
    if found is None:
        raise Refused("not_found", number=number)
    return found


def signals_of(warning: WarningCase) -> list[KeptSignal]:
    """Return the signals of a warning, the first one first."""
    return list(warning.signals.select_related("unit").order_by("pk"))


def first_signals(every: Sequence[WarningCase]) -> dict[int, KeptSignal]:
    """Return the first signal of each of some warnings, by the key of the warning."""
    rows = KeptSignal.objects.filter(warning__in=every).select_related("unit").order_by("-pk")
    return {one.warning_id: one for one in rows if one.warning_id is not None}


def acts(warning: WarningCase) -> list[WarningAct]:
    """Return what was done about a warning, oldest first."""
    return list(warning.acts.select_related("note").order_by("seq"))


def stand(warning: WarningCase) -> list[dict[str, Any]]:
    """Return how the signals of a warning stand now, as its proof keeps them."""
    return [
        {
            "signal": one.pk,
            "detector": one.detector,
            "state": one.state,
            "came_true": one.came_true_at is not None,
            "level": one.level,
            "observed": one.observed,
            "expected": one.expected,
            "first": one.history[0]["observed"] if one.history else one.observed,
            "last_seen": one.last_seen.isoformat(),
        }
        for one in signals_of(warning)
    ]


def books(detector: str, category: str, on: date) -> Sequence[Playbook]:
    """Return what is taken up on a day for signals of a detector that would become a complaint of a category.

    The detector's own first; nothing where nothing fits.
    """
    return fitting(rules.rulebook().editions("playbook"), detector, category, on)


def needs_proof(case: Case) -> bool:
    """Return whether files must show that a warning is over: a signal stands, or came true."""
    rows = KeptSignal.objects.filter(warning__case=case)
    return rows.filter(~Q(state="over") | Q(came_true_at__isnull=False)).exists()


def books_of(warning: WarningCase) -> Sequence[Playbook]:
    """Return the playbooks of a warning, as they were in force when it was opened."""
    case = warning.case
    return books(warning.detector, case.category, rules.local_day(case.accepted_at))


def steps(found: Sequence[Playbook]) -> list[PlayStep]:
    """Return the checklist that playbooks make together, one after the other."""
    return [step for one in found for step in one.steps]


def sentences_of(every: Sequence[Case]) -> dict[int, KeptSignal]:
    """Return the first signal of each warning among some cases, by the key of the case."""
    asked = [one.pk for one in every if one.procedure == rule.PROCEDURE]
    if not asked:
        return {}
    rows = KeptSignal.objects.filter(warning__case__in=asked).select_related("warning").order_by("-pk")
    return {one.warning.case_id: one for one in rows if one.warning is not None}
