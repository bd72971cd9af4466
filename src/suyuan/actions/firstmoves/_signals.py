"""What the detectors say of single cases and accounts: a signal about a place or a unit calls nobody."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from suyuan.actions import detecting
from suyuan.analytics import firstcalls
from suyuan.analytics.firstmoves.ranking import Reason
from suyuan.store.event_log import MARK
from suyuan.store.models import KeptSignal, Unit
from suyuan.store.queries import mutes

from ._people import Said

CASE, ACCOUNT = "case", "account"
PROMISING = frozenset({"case_overdue_soon", "commitment_breaking", "promise_watch"})
"""The detectors that speak of a promise."""
FRESH = timedelta(days=1)
"""How long ago the detectors may have run for what they kept to be told."""


def said(orders: Iterable[Reason], now: datetime) -> list[Said]:
    """Return what the detectors say now, each with its case or account; not what orders say already.

    What they kept lately, as it was graded, else what they find; nothing that is muted.
    """
    known = {(one.case, detector) for one in orders for detector in firstcalls.said_of(one.code)["same_as"]}
    found = (_said(one) for one in _found(now))
    return [one for one in found if one is not None and (one.case, one.reason.detector) not in known]


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


def _said(signal: Any) -> Said | None:
    kind, _, name = signal.object.partition(":")
    if kind not in (CASE, ACCOUNT):
        return None
    reason = Reason(
        code=signal.why,
        source="signal",
        level=str(signal.level),
        promise=signal.detector if signal.detector in PROMISING else "",
        case=name if kind == CASE else "",
        category=signal.category,
        detector=signal.detector,
        facts=dict(signal.facts),
    )
    return Said(reason, case=reason.case, account=name.removeprefix(MARK) if kind == ACCOUNT else "")
