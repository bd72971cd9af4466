"""Disconnection for arrears 欠费停电: what comes before supply is cut, and what forbids it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from . import fields
from .errors import BadInput, Refused
from .fields import Field, Type
from .vocabulary import Role

PROCEDURE = "disconnection"
RESIDENT, BUSINESS = "resident", "business"
PAYERS = (RESIDENT, BUSINESS)
"""The classes of customer that the rules of notice tell apart."""
HOLDS, HOURS = "disconnection.reminder", "disconnection.hours"
"""The figures that are ours."""
LIFE_FLAG, IMPORTANT = "life_support", "important_user"

ACCOUNT = Field("account", Type.TEXT, personal=True)
PAYER = Field("payer_class", Type.CHOICE, required=False, choices=PAYERS)
"""Of whom the register does not say what kind of customer it is."""
SINCE = Field("arrears_since", Type.DATE)
"""The first day on which the oldest bill was overdue."""
AMOUNT = Field("arrears", Type.DECIMAL)
"""What is owed, in yuan."""
WAY = Field("notice_way", Type.CHOICE, reasons="notice_way")
COPY = Field("administration_copy", Type.TEXT, required=False)
"""What proves that the administration has a copy of the notice to an important user."""
PAID_ON = Field("paid_on", Type.DATE)
PROOF = fields.EVIDENCE

FORM = (ACCOUNT, SINCE, AMOUNT, PAYER, fields.NOTE.optional)
NOTICE = (WAY, fields.AT, PROOF, COPY, fields.NOTE.optional)
DONE = (fields.AT, PROOF, fields.NOTE.optional)
"""When it was done, what proves it, a word on it."""
COPIED = (replace(COPY, required=True), fields.NOTE.optional)
WITHDRAWN = (PAID_ON, PROOF, fields.NOTE.optional)

MAY = frozenset({Role.STATION, Role.MARKETING, Role.OFFICE})
"""The roles that register one, over the unit of the account."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What the rulebook asks before a customer of a class is disconnected, with where each figure stands."""

    figure: str
    certainty: str
    overdue_days_over: int
    notice_days: int
    reminder: timedelta
    reminder_figure: str
    reminder_certainty: str
    reminder_holds: timedelta
    """How long a reminder counts: the rules want it just before."""
    holds_certainty: str
    hours: "Hours"


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of the day in which supply may be cut, and whether on working days alone."""

    first: int
    last: int
    working_days_only: bool
    certainty: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a disconnection is: what was given, and of whom."""

    payer: str
    arrears_since: date
    noticed_at: datetime | None
    copied: bool
    reminded_at: datetime | None
    flags: frozenset[str] = frozenset()
    """The codes of the special-customer flags that stand on the account."""


def payer_of(kind: str, said: object) -> str:
    """Return the class of a customer: by the register's kind, else as said; raise BadInput for neither."""
    if kind:
        return RESIDENT if kind == RESIDENT else BUSINESS
    if not said:
        raise BadInput("bad_form", fields={PAYER.name: "required"})
    return str(said)


def check_notice(payer: str, way: str, group: str) -> None:
    """Raise BadInput for a notice that a business did not get in writing; ``group`` is the way's."""
    if payer != RESIDENT and group != "written":
        raise BadInput("bad_form", fields={WAY.name: "notice_not_written"}, value=way)


def check_approval(stands: Standing, demand: Demand, now: datetime, today: date) -> None:
    """Raise Refused, naming what lacks, where a disconnection may not be approved yet or not at all."""
    _check_life(stands)
    if stands.noticed_at is None:
        raise Refused("notice_missing")
    rule = {"figure": demand.figure, "certainty": demand.certainty}
    overdue = (today - stands.arrears_since).days
    if overdue <= demand.overdue_days_over:
        raise Refused("not_overdue_enough", days=overdue, above=demand.overdue_days_over, **rule)
    since = stands.noticed_at + timedelta(days=demand.notice_days)
    if now < since:
        raise Refused("notice_not_over", since=since.isoformat(), notice_days=demand.notice_days, **rule)
    if IMPORTANT in stands.flags and not stands.copied:
        raise Refused("copy_missing", **rule)


def check_cut(stands: Standing, demand: Demand, at: datetime, local: datetime, *, working: bool) -> None:
    """Raise Refused, naming what lacks, where supply may not be cut then; ``local`` is ``at`` here."""
    check_approval(stands, demand, at, local.date())
    rule = {"figure": demand.reminder_figure, "certainty": demand.reminder_certainty}
    if stands.reminded_at is None:
        raise Refused("reminder_missing", **rule)
    since = stands.reminded_at + demand.reminder
    if at < since:
        raise Refused("reminder_too_late", since=since.isoformat(), **rule)
    until = stands.reminded_at + demand.reminder_holds
    if at > until:
        raise Refused(
            "reminder_lapsed", until=until.isoformat(), figure=HOLDS, certainty=demand.holds_certainty
        )
    _check_hours(demand.hours, local, working=working)


def _check_life(stands: Standing) -> None:
    if LIFE_FLAG in stands.flags:
        raise Refused("life_support_here")


def _check_hours(hours: Hours, local: datetime, *, working: bool) -> None:
    within = time(hours.first) <= local.time() < time(hours.last)
    if not within or (hours.working_days_only and not working):
        allowed: Mapping[str, object] = {
            "from_hour": hours.first,
            "until_hour": hours.last,
            "figure": HOURS,
            "certainty": hours.certainty,
        }
        raise Refused("not_at_this_hour", **allowed)
