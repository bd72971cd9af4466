"""Where an imported order stands, and the clocks it carries by the rules in force on its own day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from suyuan.domain import clockplan, worktime
from suyuan.domain.clock import rungs
from suyuan.domain.order import MILESTONES, OrderRecord
from suyuan.domain.procedure import Procedure
from suyuan.domain.rulebook import Limit, Rulebook
from suyuan.domain.vocabulary import State
from suyuan.store.bulk import Stamp

from .._pauses import next_rung

TARGET = "imported.target"
"""The limit id of the date a file says an order was to be done by."""

Moments = Mapping[str, datetime | None]


@dataclass(slots=True)
class Standing:
    """Where one order stands: its clocks, why none of them binds, and the earliest due that still runs."""

    procedure: Procedure
    state: State
    closed: bool
    clocks: list[tuple[Any, ...]] = field(default_factory=list)
    reason: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges orders of one file."""

    rules: Rulebook
    columns: frozenset[str]
    """The fields the file has a column for."""
    stamp: Stamp
    now: datetime
    """When the file came: what was over by then is history, and nobody is told of it."""

    @property
    def ladder(self) -> tuple[tuple[float, ...], list[timedelta]]:
        """Return the house ladder, for targets that name none."""
        terms = self.rules.figures["clock.ladder"][-1].terms
        return tuple(terms["warn"]), [timedelta(hours=hours) for hours in terms["after_hours"]]

    def judge(self, record: OrderRecord, procedure: Procedure, moments: Moments) -> Standing:
        """Return where an order stands; an unknown answer time is not judged, no target is invented."""
        closed = is_closed(record)
        facts = {
            "business_type": record.business_type,
            "site": record.site,
            "channel": record.channel,
            "category": record.category,
            "level": record.level,
        }
        on = record.accepted_at.astimezone(self.rules.calendar.zone).date()
        every = self.rules.limits_for(procedure.name, facts, on)
        known = [limit for limit in every if self._known(limit, moments, closed)]
        plan = clockplan.plan(known, moments, ())
        standing = Standing(procedure, state_of(procedure.name, moments, closed), closed)
        bound = record.target_at is not None
        for limit in plan.start:
            assert isinstance(limit, Limit)
            self._add(standing, limit, moments, may_bind=record.target_at is None)
            bound = bound or limit.binding
        if record.target_at is not None:
            self._add_target(standing, record, moments)
        if not bound:
            in_force = any(limit.binding for limit in every)
            standing.reason = self._reason(record, procedure.name, in_force and closed)
        return standing

    def _known(self, limit: Limit, moments: Moments, closed: bool) -> bool:
        """Return whether the file says enough to judge by this limit, or it is still to be kept here.

        Of a stop the file has no column for nobody knows whether it was reached before; so such a clock runs
        only where no later milestone was, and somebody can still be told of it in time.
        """
        if limit.stops not in MILESTONES:
            return False
        if moments.get(limit.stops) is not None:
            return True
        if closed or limit.binding or limit.stops in self.columns:
            return not closed
        start = moments.get(limit.starts)
        return start is not None and not _passed(limit.stops, moments) and self._ahead(start, limit)

    def _ahead(self, start: datetime, limit: Limit) -> bool:
        due = worktime.due(start, limit.amount, limit.unit, limit.count, self.rules.calendar)
        return next_rung(start, due.at, limit, self.now) is not None

    def _add(self, standing: Standing, limit: Limit, moments: Moments, *, may_bind: bool) -> None:
        start, stop, stamp = moments[limit.starts], moments.get(limit.stops), self.stamp
        assert start is not None
        due = worktime.due(start, limit.amount, limit.unit, limit.count, self.rules.calendar)
        stamped = stamp(due.at)
        standing.clocks.append(
            (
                limit.id,
                limit.family,
                limit.kind,
                limit.binding and may_bind,
                limit.amount,
                limit.unit,
                limit.count,
                limit.certainty.value,
                1,
                stamp(start),
                stamped,
                due.provisional,
                stamp(stop),
                "running" if stop is None else "stopped",
                stamp(next_rung(start, due.at, limit, self.now)) if stop is None else None,
                limit.in_force_from.isoformat(),
            )
        )
        if stop is None and (standing.due is None or due.at < standing.due):
            standing.due = due.at

    def _add_target(self, standing: Standing, record: OrderRecord, moments: Moments) -> None:
        target, stamp = record.target_at, self.stamp
        assert target is not None
        stop = moments["answered_at"] or moments["archived_at"]
        ladder = rungs(record.accepted_at, target, *self.ladder)
        ahead = next((one.at for one in ladder if one.at > self.now), None)
        state, rung = ("running", stamp(ahead)) if stop is None else ("stopped", None)
        fixed = (TARGET, TARGET, "imported", True, None, "", "", "file", 1)
        times = (stamp(record.accepted_at), stamp(target), False, stamp(stop), state, rung, None)
        standing.clocks.append((*fixed, *times))
        if stop is None and (standing.due is None or target < standing.due):
            standing.due = target

    def _reason(self, record: OrderRecord, procedure: str, unanswered: bool) -> str:
        if "target_at" in self.columns and procedure == "imported":
            return "no_target"
        if record.business_type == "unknown":
            return "type_unknown"
        if procedure == "repair" and not record.site:
            return "site_unknown"
        return "no_answer_time" if unanswered else "no_rule_in_force"


def _passed(milestone: str, moments: Moments) -> bool:
    """Return whether something later than a milestone happened, so that it did too."""
    return any(moments.get(name) is not None for name in MILESTONES[MILESTONES.index(milestone) + 1 :])


def is_closed(record: OrderRecord) -> bool:
    """Return whether the order is over: the file says so, or its times do.

    An order of unknown type cannot be carried on here: answered, it is history.
    """
    if record.closed is not None:
        return record.closed
    ends = ("archived_at", "answered_at") if record.business_type == "unknown" else ("archived_at",)
    return any(name in record.moments for name in ends)


def state_of(procedure: str, moments: Moments, closed: bool) -> State:
    """Return where an imported order stands in its procedure."""
    if closed:
        return State.ARCHIVED
    if procedure == "imported":
        return State.OPEN
    if moments["answered_at"] is not None:
        return State.CALLBACK
    if moments["taken_at"] is None:
        return State.REGISTERED if moments["dispatched_at"] is None else State.DISPATCHED
    if procedure == "repair" and moments["restored_at"] is not None:
        return State.RESTORED
    on_site = procedure in ("repair", "application") and moments["arrived_at"] is not None
    return State.ON_SITE if on_site else State.HANDLING
