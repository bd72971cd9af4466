"""The ladder of a case: its urges, what supervises it, and every rung with whom it told and who read it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from suyuan.domain import ladder
from suyuan.domain.ladder import Counts
from suyuan.store import rules
from suyuan.store.models import Case, Clock, Supervision, Urge

from . import cases, reach, texts
from .desks import known, seen
from .pressing import counts
from .receipts import Receipt, of_rungs
from .viewer import Viewer

STATES = ("open", "unacknowledged", "reported", "done", "")
"""Open orders; those nobody acknowledged, those reported on; those that are over; or all."""


def superiors() -> tuple[str, ...]:
    """Return the roles that are told when urges reach the superior's rung."""
    return tuple(rules.rulebook().figures["ladder.superior"][-1].terms["roles"])


def last_order(number: str) -> Supervision | None:
    """Return the newest supervision order on a case."""
    rows = Supervision.objects.filter(case__parent_number=number).select_related("case")
    return rows.order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class RungLine:
    """One rung of a clock: fired or to come, whom it tells, and who was reached."""

    case: str
    limit: str
    rung: str
    at: datetime
    fired_at: datetime | None
    roles: tuple[str, ...]
    urgent: bool
    receipts: tuple[Receipt, ...]

    @property
    def escalated(self) -> bool:
        """Return whether it told more than the first role of its ladder."""
        return self.fired_at is not None and len(self.roles) > 1


@dataclass(frozen=True, slots=True)
class UrgeLine:
    """One urge: when, taken by whom, by which channel, what was said (masked), which rungs it reached."""

    seq: int
    at: datetime
    by: str
    channel: str
    contact: int | None
    text: str
    rungs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The ladder of a case as somebody may see it."""

    urges: int
    counts: Counts
    priority: str
    urged: tuple[UrgeLine, ...]
    orders: tuple[Supervision, ...]
    rungs: tuple[RungLine, ...]


def of(viewer: Viewer | None, case: Case) -> Ladder:
    """Return the ladder of a case that was found in reach; nobody in particular sees every order."""
    orders = [one for one in orders_on(case) if viewer is None or cases.may_see(viewer.actor, one.case)]
    rungs = rungs_of([case, *(one.case for one in orders)])
    steps = counts()
    return Ladder(
        case.urges,
        steps,
        ladder.priority(case.urges, steps, supervised=case.supervised),
        tuple(urged(case)),
        tuple(orders),
        tuple(rungs),
    )


def orders_on(case: Case) -> list[Supervision]:
    """Return the supervision orders on a case, oldest first."""
    if not case.supervised:
        return []
    rows = Supervision.objects.filter(case__parent_number=case.number)
    return list(rows.select_related("case__unit", "case__accused").order_by("pk"))


def order_of(case: Case) -> Supervision | None:
    """Return what a supervision order holds beside its case, None of every other case."""
    return Supervision.objects.filter(case=case).first() if case.procedure == "supervision" else None


def urged(case: Case) -> list[UrgeLine]:
    """Return the urges of a case, oldest first, what was said drawn as its other texts are."""
    if not case.urges:
        return []
    drawn = texts.drawn(case)
    rows = Urge.objects.filter(case=case).select_related("contact").order_by("seq")
    return [
        UrgeLine(
            one.seq,
            one.at,
            one.by,
            one.contact.channel if one.contact else "",
            one.contact_id,
            drawn(one.contact.masked) if one.contact else "",
            tuple(one.rungs),
        )
        for one in rows
    ]


def rungs_of(every: list[Case]) -> list[RungLine]:
    """Return the rungs of the clocks of some cases: those fired, and those to come of clocks that run."""
    clocks = list(
        Clock.objects.filter(case__in=every, case__episode=F("episode"))
        .exclude(state="void")
        .select_related("case__unit")
        .prefetch_related("rungs")
        .order_by("pk")
    )
    book, told = rules.rulebook(), of_rungs([one.number for one in every])
    found = []
    for clock in clocks:
        rungs = ladder.rungs_of(clock.limit, clock.started_at, clock.due_at, book)
        fired = {one.rung: one.fired_at for one in clock.rungs.all()}
        for rung in rungs:
            at = fired.get(rung.code)
            if at is None and (clock.state != "running" or clock.next_rung_at is None):
                continue
            receipts = tuple(told.get((clock.pk, rung.code), ()))
            step = ladder.step(rung.code, rungs)
            roles = _told(receipts, ladder.roles_of(clock.limit, step, book))
            found.append(
                RungLine(
                    clock.case.number,
                    clock.limit,
                    rung.code,
                    rung.at,
                    at,
                    roles,
                    ladder.is_urgent(clock.limit, rung.code, book),
                    receipts,
                )
            )
    return sorted(found, key=lambda one: (one.at, one.limit, one.rung))


def _told(receipts: tuple[Receipt, ...], roles: tuple[str, ...]) -> tuple[str, ...]:
    """Return who was told, or is to be as the rulebook says today; in the order in which a rung climbs."""
    found = dict.fromkeys(one.role for one in receipts)
    return (*(one for one in roles if one in found), *(found.keys() - set(roles))) if found else roles


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders a list shows: how they stand, of a unit and those below it."""

    state: str = "open"
    unit: str = ""


def listed(viewer: Viewer, wanted: Wanted) -> QuerySet[Supervision]:
    """Return the supervision orders in reach: open ones by their due, others the newest first."""
    known("state", wanted.state, STATES)
    units = reach.unit_ids(viewer, reach.narrowed(viewer, wanted.unit))
    rows = Supervision.objects.filter(seen(viewer)).select_related("case__unit")
    if units is not None:
        rows = rows.filter(case__unit__in=units)
    narrowed = {
        "open": Q(case__is_open=True),
        "unacknowledged": Q(case__state="dispatched"),
        "reported": Q(case__state="reported"),
        "done": Q(case__is_open=False),
    }.get(wanted.state, Q())
    rows = rows.filter(narrowed)
    if wanted.state in ("open", "unacknowledged", "reported"):
        return rows.order_by(F("case__next_due_at").asc(nulls_last=True), "pk")
    return rows.order_by("-case__accepted_at", "-pk")
