"""The orders of other systems that were open at a moment, by the accounts they are about, as own ones are.

Kinds are those of the rulebook (``watched.toml``, ``kinds_of_orders``); an order that touches many accounts,
as a batch of addresses does, stands at each of them. Arrays by step; only what is open is walked.
"""

from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suyuan.analytics.trace.causality import fits
from suyuan.analytics.trace.eventlog import Index, Ints

from .columns import DAY, micro, moment
from .orders import Orders

Row = dict[str, Any]


def of_accounts(orders: Orders, as_of: datetime, forget_days: float) -> list[Row]:
    """Return a row an open order and account: ``account, number, kind, type, category, unit, since``.

    An order whose last step is older than ``forget_days`` is nobody's work any more. ``account`` is the name
    of the object, its keyed reference in a home; ``type`` what the log calls the kind.
    """
    if not len(orders.thing):
        return []
    kinds = _kinds(orders)
    last = orders.log.at[orders.last]
    kind = np.array([bool(one) for one in kinds])[orders.kind]
    chosen = np.flatnonzero(kind & ~orders.is_done & (micro(as_of) - last < forget_days * DAY))
    order, account = _accounts(orders, chosen)
    said = {one: _said(orders, one, kinds) for one in np.unique(order).tolist()}
    pairs = zip(order.tolist(), account.tolist(), strict=True)
    return [{"account": orders.log.objects[whose], **said[one]} for one, whose in pairs]


def _kinds(orders: Orders) -> list[str]:
    """Return the kind of each type of the log, empty for none that is named."""
    named = orders.watched.kinds_of_orders.items()
    return [next((kind for kind, every in named if fits(name, every)), "") for name in orders.log.types]


def _accounts(orders: Orders, chosen: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of some orders and the accounts their own steps name, each pair once."""
    step = np.flatnonzero(np.isin(orders.steps[1], chosen))
    order, event = orders.steps[1][step], orders.steps[2][step]
    pair, thing = _flat(orders.log.touched, event)
    mine = orders.is_account[thing]
    both = np.unique(np.stack([order[pair[mine]], thing[mine]]).astype(np.int64), axis=1)
    return both[0], both[1]


def _flat(of: Index, left: Ints) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return all that belongs to some, and which of them each belongs to."""
    start, size = of.start[left], of.start[left + 1] - of.start[left]
    which = np.repeat(np.arange(len(left)), size)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(size) - size, size)
    return which, of.item[start[which] + offset]


def _said(orders: Orders, one: int, kinds: list[str]) -> Row:
    kind = int(orders.kind[one])
    name = orders.log.types[kind]
    becomes = (code for pattern, code in orders.watched.stuck.items() if fits(name, (pattern,)))
    return {
        "number": orders.name(one),
        "kind": kinds[kind],
        "type": name,
        "category": next(becomes, ""),
        "unit": orders.named(orders.beside(one, orders.is_unit)),
        "since": moment(int(orders.begun[one])),
    }
