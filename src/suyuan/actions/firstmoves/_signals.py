"""What the detectors say of single cases and accounts: a signal about a place or a unit calls nobody."""

from collections.abc import Iterable
from datetime import datetime

from suyuan.actions import detecting
from suyuan.analytics import firstcalls
from suyuan.analytics.detect.signal import Signal
from suyuan.analytics.firstmoves.ranking import Reason

from ._people import Said

CASE, ACCOUNT = "case", "account"
PROMISING = frozenset({"case_overdue_soon", "commitment_breaking", "promise_watch"})
"""The detectors that speak of a promise."""


def said(orders: Iterable[Reason], now: datetime) -> list[Said]:
    """Return what the detectors find now, each with its case or account; not what orders say already."""
    known = {(one.case, detector) for one in orders for detector in firstcalls.said_of(one.code)["same_as"]}
    found = (_said(one) for one in detecting.find(as_of=now))
    return [one for one in found if one is not None and (one.case, one.reason.detector) not in known]


def _said(signal: Signal) -> Said | None:
    kind, _, name = signal.object.partition(":")
    if kind not in (CASE, ACCOUNT):
        return None
    reason = Reason(
        code=signal.why,
        source="signal",
        level=signal.level.value,
        promise=signal.detector if signal.detector in PROMISING else "",
        case=name if kind == CASE else "",
        category=signal.category,
        detector=signal.detector,
        facts=dict(signal.facts),
    )
    return Said(reason, case=reason.case, account=name if kind == ACCOUNT else "")
