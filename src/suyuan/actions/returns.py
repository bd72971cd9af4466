"""Returns: a regulator, the city line or the press was told of a case, or is asked for more time."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from suyuan.domain import returns as rule
from suyuan.domain.errors import Refused
from suyuan.store import chain, rows, rules
from suyuan.store.models import Case, Clock, ClockEntry, RegulatorReturn
from suyuan.store.queries import cases
from suyuan.store.queries import returns as queries
from suyuan.store.queries.viewer import Viewer

from . import _clocks, _pauses
from ._forms import clean

EXTENDED = "extended"
"""Why the clock of a channel was moved."""


@transaction.atomic
def file_return(*, viewer: Viewer, number: str, kind: str, form: Mapping[str, object], now: datetime) -> int:
    """Record a return that was filed with its day and receipt number; return its id.

    An extension moves the clock of the channel: its old due stays in the ledger of the clock.
    """
    rules.look(now)
    cases.get(viewer, number)
    rule.known(kind)
    case = cases.locked(number)
    if not viewer.actor.over_case(case.unit.path) & rule.MAY:
        raise Refused("not_your_role", verb="file_return")
    owed = rule.owed(rules.rulebook()).get(case.channel)
    answered = queries.next_of(case, kind, owed)
    if no := rule.refusal(kind, owed, answered.standing):
        raise Refused(no, number=number, kind=kind)
    assert owed is not None
    given = clean(rule.FORMS[kind], form, now)
    filed_on, days = given["filed_on"], int(str(given.get(rule.DAYS, 0)))
    assert isinstance(filed_on, date)
    rule.check_day(filed_on, rules.local_day(case.accepted_at), rules.local_day(now))
    clock = answered.clock
    if kind == rule.EXTENSION:
        rule.check_days(days, owed)
        _extend(case, clock, days, now)
    made = RegulatorReturn.objects.create(
        case=case,
        clock=clock,
        kind=kind,
        channel=case.channel,
        due_at=clock.due_at if clock is not None else None,
        filed_on=filed_on,
        receipt_number=str(given["receipt_number"]),
        days=days,
        filed_by=viewer.actor.username,
        filed_at=now,
    )
    _write(case, made, viewer, now)
    return made.pk


def _extend(case: Case, clock: Clock | None, days: int, now: datetime) -> None:
    """Move the due of a running clock by so many days; raise Refused where none runs."""
    if clock is None or clock.state != "running":
        raise Refused("no_clock_running", number=case.number)
    before = clock.due_at
    clock.due_at = before + timedelta(days=days)
    ClockEntry.objects.create(
        clock=clock, kind="retarget", at=now, reason=EXTENDED, due_before=before, due_after=clock.due_at
    )
    _pauses.climb(clock, rules.rulebook(), now)
    clock.save(update_fields=["due_at", "next_rung_at"])
    _clocks.refresh_due(case)


def _write(case: Case, made: RegulatorReturn, viewer: Viewer, now: datetime) -> None:
    case.changed_event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=viewer.actor.username,
        verb="file_return",
        objects=[("case", case.number), ("unit", case.unit.code)],
        detail={
            "form": {
                "return_kind": made.kind,
                "filed_on": made.filed_on.isoformat(),
                "receipt_number": made.receipt_number,
                **({"extension_days": made.days} if made.days else {}),
            }
        },
    )
    rows.update(case, ("changed_event", "next_due_at"))
