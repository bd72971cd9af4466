"""Disconnections for arrears in reach, the one open of an account, and what the rulebook asks before one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, QuerySet

from suyuan.domain.disconnection import HOLDS, HOURS, PAYERS, PROCEDURE, Demand, Hours, Standing
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook.records import Figure
from suyuan.domain.vocabulary import State
from suyuan.store import rules
from suyuan.store.models import Case, Disconnection, SpecialFlag

from . import reach
from .desks import known, seen
from .viewer import Viewer

BY_STATE = {
    "approve": State.REVIEWING,
    "cut": State.HANDLING,
    "off": State.DISCONNECTED,
    "reconnect": State.RECONNECTING,
}
"""What a list calls those that wait for approval, are approved, are off, and are to be reconnected."""
STATES = ("open", *BY_STATE, "closed", "")
RULES = "arrears.notice.rules"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which a list shows: how they stand, of which class of customer, of which unit."""

    state: str = "open"
    payer: str = ""
    unit: str = ""


def listed(viewer: Viewer, wanted: Wanted) -> QuerySet[Disconnection]:
    """Return those in reach that are asked for: open ones by their due, others the newest first."""
    known("state", wanted.state, STATES)
    known("payer", wanted.payer, ("", *PAYERS))
    units = reach.unit_ids(viewer, reach.narrowed(viewer, wanted.unit))
    found = Disconnection.objects.filter(seen(viewer)).select_related("case__unit")
    if units is not None:
        found = found.filter(case__unit__in=units)
    if wanted.payer:
        found = found.filter(payer=wanted.payer)
    if wanted.state in BY_STATE:
        found = found.filter(case__state=BY_STATE[wanted.state])
    elif wanted.state:
        found = found.filter(case__is_open=wanted.state == "open")
    if wanted.state in ("closed", ""):
        return found.order_by("-case__accepted_at", "-pk")
    return found.order_by(F("case__next_due_at").asc(nulls_last=True), "pk")


def of_case(case: Case) -> Disconnection | None:
    """Return what a disconnection holds beside its case, None of every other case."""
    return Disconnection.objects.filter(case=case).first() if case.procedure == PROCEDURE else None


def open_of(account_index: str) -> Disconnection | None:
    """Return the one that is open of an account."""
    found = Disconnection.objects.filter(case__account_index=account_index, case__is_open=True)
    return found.select_related("case").first()


def standing(found: Disconnection, case: Case) -> Standing:
    """Return how far a disconnection is, with the flags that stand on its account."""
    return Standing(
        found.payer,
        found.arrears_since,
        found.noticed_at,
        found.copied,
        found.reminded_at,
        _flags(case.account_index),
    )


def _flags(account_index: str) -> frozenset[str]:
    """Return the flags that nobody ended and the customer did not take back, also where the consent ran out.

    Elsewhere a flag whose consent ran out is not acted on; whether somebody breathes by current outlasts it.
    """
    if not account_index:
        return frozenset()
    rows = SpecialFlag.objects.filter(account__number_index=account_index, cleared_at=None, withdrawn_at=None)
    return frozenset(rows.values_list("code", flat=True))


def demand(payer: str, day: date) -> Demand:
    """Return what the rulebook asks on a day before a customer of a class is disconnected."""
    own, holds, hours = (_figure(name, day) for name in (f"arrears.notice.{payer}", HOLDS, HOURS))
    again = own if "repeat_hours" in own.terms else _figure(RULES, day)
    before = {"hours": again.terms.get("repeat_hours", 0), "minutes": again.terms.get("repeat_minutes", 0)}
    return Demand(
        own.id,
        own.certainty.value,
        int(own.terms["overdue_days_over"]),
        int(own.terms["notice_days"]),
        timedelta(**before),
        again.id,
        again.certainty.value,
        timedelta(hours=holds.terms["hours"]),
        holds.certainty.value,
        Hours(
            int(hours.terms["first_hour"]),
            int(hours.terms["last_hour"]),
            bool(hours.terms["working_days_only"]),
            hours.certainty.value,
        ),
    )


def _figure(name: str, day: date) -> Figure:
    found = rules.rulebook().figure(name, day)
    if found is None:
        raise BadInput("no_rule_in_force", id=name, on=day.isoformat())
    return found


def is_working(moment: datetime) -> bool:
    """Return whether a moment lies on a working day of the calendar."""
    calendar = rules.rulebook().calendar
    day = calendar.local(moment).date()
    return calendar.is_workday(day) if calendar.is_published(day) else calendar.provisional_workday(day)
