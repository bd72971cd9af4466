"""What the detectors say of single cases and accounts: a signal about a place or a unit calls nobody."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from suyuan.actions import detecting
from suyuan.analytics import firstcalls
from suyuan.analytics.firstmoves.ranking import Reason
from suyuan.store import rules
from suyuan.store.event_log import MARK
from suyuan.store.models import Clock, KeptSignal, Unit
from suyuan.store.queries import mutes

from ._people import Said, rows_of

CASE, ACCOUNT = "case", "account"
DUE_SOON, COMMITTED = "case_overdue_soon", "commitment_breaking"
PROMISING = frozenset({DUE_SOON, COMMITTED})
"""The detectors that speak of a promise to a customer that a case or an account names."""
COMMITMENT = "commitment"
"""What stands in the place of a limit where the promise is one that somebody made."""
FRESH = timedelta(days=1)
"""How long ago the detectors may have run for what they kept to be told."""


def said(orders: Iterable[Reason], now: datetime) -> list[Said]:
    """Return what the detectors say now, each with its case or account; not what orders say already.

    What they kept lately, as it was graded, else what they find; nothing that is muted.
    """
    known = {(one.case, detector) for one in orders for detector in firstcalls.said_of(one.code)["same_as"]}
    every = list(_found(now))
    dues = _dues(every)
    found = (_said(one, dues) for one in every)
    return [one for one in found if one is not None and (one.case, one.reason.detector) not in known]


def _dues(every: Iterable[Any]) -> Mapping[tuple[str, str], datetime]:
    """Return when the limits end that are nearly up, by case and limit."""
    numbers = {str(one.facts["case"]) for one in every if one.detector == DUE_SOON}
    rows = Clock.objects.select_related("case").order_by("pk")
    return {(one.case.number, one.limit): one.due_at for one in rows_of(rows, "case__number", numbers)}


def _promised(signal: Any, dues: Mapping[tuple[str, str], datetime]) -> tuple[str, datetime | None]:
    """Return the limit or promise a signal speaks of and when it breaks; nothing where it speaks of none."""
    facts = signal.facts
    if signal.detector == DUE_SOON:
        return str(facts["limit"]), dues.get((str(facts["case"]), str(facts["limit"])))
    if signal.detector == COMMITTED:
        last = datetime.combine(date.fromisoformat(str(facts["day"])), time(23, 59))
        return COMMITMENT, last.replace(tzinfo=rules.rulebook().calendar.zone)
    return "", None


def _found(now: datetime) -> Iterator[Any]:
    """Yield signals, kept or found: what is read of them they have in common."""
    kept = KeptSignal.objects.filter(looked_at__gte=now - FRESH)
    if kept.exists():
        about = Q(object__startswith=f"{CASE}:") | Q(object__startswith=f"{ACCOUNT}:")
        yield from kept.filter(about, state="open").order_by("pk")
        return
    muted, paths = mutes.standing(now), dict(Unit.objects.values_list("code", "path"))
    for one in detecting.find(as_of=now):
        if not muted.holds(one.detector, one.object, paths.get(one.unit, "")):
            yield one


def _said(signal: Any, dues: Mapping[tuple[str, str], datetime]) -> Said | None:
    kind, _, name = signal.object.partition(":")
    if kind not in (CASE, ACCOUNT):
        return None
    promise, due = _promised(signal, dues)
    reason = Reason(
        code=signal.why,
        source="signal",
        level=str(signal.level),
        due=due,
        promise=promise,
        case=name if kind == CASE else "",
        category=signal.category,
        detector=signal.detector,
        facts=dict(signal.facts),
    )
    return Said(reason, case=reason.case, account=name.removeprefix(MARK) if kind == ACCOUNT else "")
