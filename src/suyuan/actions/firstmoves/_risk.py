"""What the model of complaints says of customers: how likely each is to complain, and who is most."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from suyuan.actions.risk import scoring
from suyuan.analytics.firstmoves.ranking import Reason

from ._people import Said

MODEL = "complaint"
"""The model of customers who complain within thirty days."""
FRESH = timedelta(days=2)
"""How old a score may be for a call to rest on it."""


def scores(now: datetime) -> Mapping[str, scoring.Score]:
    """Return what the model said lately of each account, by its key; nothing where it says nothing."""
    found = scoring.kept_scores(MODEL)
    if found is None or datetime.fromisoformat(found.as_of) < now - FRESH:
        return {}
    return {one.subject: one for one in found.scores if not one.doubt}


def said(scored: Mapping[str, scoring.Score]) -> list[Said]:
    """Return a reason for each account that is among those that can be looked at."""
    return [
        Said(_reason(one), account=account) for account, one in scored.items() if one.band == scoring.HIGH
    ]


def _reason(one: scoring.Score) -> Reason:
    return Reason("risk_high", "risk", "important", facts={"percent": round(one.chance * 100)})
