"""What models of risk say of customers: how likely each is to complain, and who is most.

One model is asked about customers, one about orders of other systems; a model that is no better than a
trivial rule is not asked (``looking.fresh``).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from suyuan.actions.risk import looking, scoring
from suyuan.analytics.firstmoves.ranking import Reason
from suyuan.store.event_log import MARK

from ._people import Said

CUSTOMERS, ORDERS = "complaint", "order_complaint"
"""The model of customers who complain within thirty days, that of orders that end in a complaint."""


def scores(now: datetime) -> Mapping[str, scoring.Score]:
    """Return the highest that was lately said of each account, by its key; nothing where nothing is said."""
    found: dict[str, scoring.Score] = {}
    for account, one in (*_fresh(CUSTOMERS, now), *_fresh(ORDERS, now)):
        if account not in found or one.chance > found[account].chance:
            found[account] = one
    return found


def _fresh(model: str, now: datetime) -> Iterator[tuple[str, scoring.Score]]:
    said = looking.fresh(model, now)
    for one in said.scores if said else ():
        account = one.subject if model == CUSTOMERS else one.account
        if account and not one.doubt:
            yield account.removeprefix(MARK), one


def said(scored: Mapping[str, scoring.Score]) -> list[Said]:
    """Return a reason for each account that is among those that can be looked at."""
    return [
        Said(_reason(one), account=account) for account, one in scored.items() if one.band == scoring.HIGH
    ]


def _reason(one: scoring.Score) -> Reason:
    facts: dict[str, str | int | float] = {"percent": round(one.chance * 100)}
    if not one.account:
        return Reason("risk_high", "risk", "important", facts=facts)
    called = one.subject[1:7] if one.subject.startswith(MARK) else one.subject
    return Reason("risk_order", "risk", "important", facts={**facts, "order": called})
