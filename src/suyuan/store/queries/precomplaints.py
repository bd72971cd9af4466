"""Pre-complaint cases in reach, the one that is open of something, and the signs of a case."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from suyuan.domain.errors import Refused
from suyuan.domain.precomplaint import CASE, FROM, GRADES, OUTCOMES, SIGNAL, Origin
from suyuan.store.models import Case, Event, PreComplaint

from . import reach, signals
from .desks import known, seen
from .viewer import Viewer

WEIGHTS = "precomplaint.grade"
"""The figure: what each sign weighs, and the least points of a grade."""
STATES = ("open", "follow", "closed", "")
"""Those at work, those of them whose day to follow up has come, those that are over, or all."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list shows: how they stand, how risky, what came of them, of which unit."""

    state: str = "open"
    risk: str = ""
    outcome: str = ""
    unit: str = ""


def listed(viewer: Viewer, wanted: Wanted, today: date) -> QuerySet[PreComplaint]:
    """Return the cases in reach that are asked for: open ones by their due, others the newest first."""
    known("state", wanted.state, STATES)
    known("risk", wanted.risk, ("", *GRADES))
    known("outcome", wanted.outcome, ("", *OUTCOMES))
    units = reach.unit_ids(viewer, reach.narrowed(viewer, wanted.unit))
    found = PreComplaint.objects.filter(seen(viewer)).select_related("case__unit")
    if units is not None:
        found = found.filter(case__unit__in=units)
    if wanted.risk:
        found = found.filter(risk=wanted.risk)
    if wanted.outcome:
        found = found.filter(outcome=wanted.outcome)
    if wanted.state == "follow":
        return found.filter(case__is_open=True, follow_on__lte=today).order_by("follow_on", "pk")
    if wanted.state == "open":
        return found.filter(case__is_open=True).order_by(F("case__next_due_at").asc(nulls_last=True), "pk")
    if wanted.state == "closed":
        found = found.filter(case__is_open=False)
    return found.order_by("-case__accepted_at", "-pk")


def of_case(case: Case) -> PreComplaint | None:
    """Return what a pre-complaint case holds beside its case, None of every other case."""
    return PreComplaint.objects.filter(case=case).first() if case.procedure == "precomplaint" else None


def open_of(origin: Origin) -> PreComplaint | None:
    """Return the case that is open of an origin: its own, or one of the case behind it."""
    same = Q(key=origin.key)
    if origin.parent:
        same |= Q(case__parent_number=origin.parent)
    found = PreComplaint.objects.filter(same, case__is_open=True).select_related("case")
    return found.order_by("pk").first()


def from_case(viewer: Viewer, number: str) -> Origin:
    """Return a case in reach as an origin; raise Refused where there is none or it needs none."""
    case = Case.objects.filter(viewer.scope(), number=number, restricted=False).select_related("unit").first()
    if case is None:
        raise Refused("not_found", case=number)
    if not fits(case):
        raise Refused("no_precomplaint", case=number)
    return Origin(CASE, number, case.unit.code, case.category, signs_of(case), number)


def from_signal(viewer: Viewer, pk: int) -> Origin:
    """Return a signal in reach as an origin, with the newest case behind it that can be one."""
    signal = signals.get(viewer, pk)
    behind = Case.objects.filter(viewer.scope(), number__in=signal.cases, restricted=False)
    case = behind.filter(procedure__in=FROM).exclude(state="merged").order_by("-accepted_at", "-pk").first()
    signs = {f"signal_{signal.level}": 1} | (signs_of(case) if case else {})
    parent = case.number if case else ""
    return Origin(SIGNAL, str(pk), signal.unit.code, signal.category, signs, parent)


def fits(case: Case) -> bool:
    """Tell whether a case can be an origin: a customer's own, of any kind that is no complaint yet."""
    return case.procedure in FROM and not case.restricted and case.state != "merged"


def signs_of(case: Case) -> dict[str, int]:
    """Return the signs of discontent that a case shows, each with its count; none that is not there."""
    found = {
        "dissatisfied": int("dissatisfied" in (case.satisfaction, case.first_satisfaction)),
        "urged": case.urges,
        "begun_again": case.episode - 1,
        "sent_back": case.returns,
        "contacts": max(0, case.contacts.count() - 1),
        "supervised": int(case.supervised),
    }
    return {name: count for name, count in found.items() if count > 0}


def attempts(case: Case) -> int:
    """Return how often somebody tried to reach the customer of a case."""
    return Event.objects.filter(stream=f"case:{case.number}", verb="contact").count()


def counts(viewer: Viewer) -> Mapping[str, int]:
    """Return how many in reach came to what, open ones under the empty text."""
    found = PreComplaint.objects.filter(seen(viewer)).exclude(case__state="void")
    return Counter(found.values_list("outcome", flat=True))


def opened_from(viewer: Viewer, number: str) -> list[PreComplaint]:
    """Return the pre-complaint cases in reach that a case was promoted to, or that became it."""
    wanted = Q(case__parent_number=number) | Q(kind=CASE, ref=number) | Q(complaint=number)
    found = PreComplaint.objects.filter(wanted).filter(seen(viewer))
    return list(found.select_related("case__unit").order_by("pk"))
