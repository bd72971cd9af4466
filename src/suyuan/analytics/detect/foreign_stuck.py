"""Orders that stand still: open, and much longer at a step than others of their kind were, or than any may.

One that keeps another order of the same account from beginning (refused since) is told as urgent.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.analytics.trace.causality import fits
from suyuan.analytics.trace.eventlog import Ints

from .columns import DAY, NEVER, micro, moment
from .detector import Detector, Frames, Terms
from .orders import Orders, flagged
from .signal import Level, Signal

NAME = "foreign_stuck"


class _Stays(NamedTuple):
    """An order that stands still: since when, how long, how long is usual, when another was refused since."""

    order: int
    since: int
    idle: int
    least: float
    refused: int


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield the orders that have stood still for too long."""
    orders: Orders = frames["orders"]
    if not len(orders.thing):
        return
    log = orders.log
    at = log.at[orders.last]
    key = orders.kind.astype(np.int64) * len(log.activities) + log.activity[orders.last]
    usual = _usual(orders, terms)[key]
    known = np.maximum(terms["days"] * DAY, usual * terms["times"])
    limit = np.where(np.isnan(usual), terms["unknown_days"] * DAY, known)
    idle = micro(as_of) - at
    watched = np.array([bool(_category(orders, kind)) for kind in range(len(log.types))])[orders.kind]
    stays = watched & ~orders.is_done & (idle > limit) & (idle < terms["forget_days"] * DAY)
    chosen = np.flatnonzero(stays)
    columns = (chosen, at[chosen], idle[chosen], limit[chosen], _refused(orders, chosen, at))
    for row in zip(*(each.tolist() for each in columns), strict=True):
        yield _signal(orders, _Stays(*row), terms)


def _signal(orders: Orders, one: _Stays, terms: Terms) -> Signal:
    log, name = orders.log, orders.name(one.order)
    blocks = one.refused != NEVER
    level = Level.IMPORTANT if one.idle > terms["long"] * one.least else Level.GENERAL
    return Signal(
        NAME,
        f"order:{name}",
        Level.URGENT if blocks else level,
        moment(one.since),
        round(one.idle / DAY, 2),
        round(one.least / DAY, 2),
        "foreign_blocks" if blocks else "foreign_stuck",
        {
            "order": orders.named(int(orders.thing[one.order])),
            "type": log.types[int(orders.kind[one.order])],
            "days": round(one.idle / DAY),
            "usual": round(one.least / DAY),
            "step": log.activities[int(log.activity[orders.last[one.order]])],
            "waits_at": orders.waits_at(one.order) or "—",
            "refused": moment(one.refused).date().isoformat() if blocks else "",
        },
        (name,),
        orders.named(orders.beside(one.order, orders.is_unit)),
        _category(orders, int(orders.kind[one.order])),
    )


def _category(orders: Orders, kind: int) -> str:
    """Return what a customer complains of when an order of a type stays, empty for none that is watched."""
    name = orders.log.types[kind]
    return next((code for type_, code in orders.watched.stuck.items() if fits(name, (type_,))), "")


def _usual(orders: Orders, terms: Terms) -> NDArray[np.float64]:
    """Return of type × activity how long nearly all waited there for the next step; NaN where few did."""
    key, wait = orders.waits
    found = np.full(len(orders.log.types) * len(orders.log.activities), np.nan)
    order = np.lexsort((wait, key))
    key, wait = key[order], wait[order]
    which, start, count = np.unique(key, return_index=True, return_counts=True)
    many = count >= terms["few"]
    place = start + np.ceil(terms["nearly_all"] * (count - 1)).astype(np.int64)
    found[which[many]] = wait[place[many]]
    return found


def _refused(orders: Orders, chosen: NDArray[np.int64], since: Ints) -> NDArray[np.int64]:
    """Return when something was refused last on what each order is about, after its last step."""
    log = orders.log
    places, begun = orders.of_type(orders.watched.roles.places), np.full(len(log.type), NEVER, np.int64)
    begun[orders.thing] = orders.begun
    last, whose = np.full(len(log.type), NEVER, np.int64), np.full(len(log.type), -1, np.int64)
    turned = np.flatnonzero(flagged(log.activities, orders.watched.named.refused)[log.activity])
    for event in turned.tolist():  # few, in the order of time
        things = log.touched.of(event)
        mine = things[places[things]]
        last[mine], whose[mine] = log.at[event], things[np.argmax(begun[things])]  # the one begun last
    found = np.full(len(chosen), NEVER, np.int64)
    for row, order in enumerate(chosen.tolist() if len(turned) else ()):
        thing = int(orders.thing[order])
        about = np.unique(np.concatenate([log.touched.of(one) for one in log.happened.of(thing).tolist()]))
        about = about[places[about] & (whose[about] != thing)]
        when = int(last[about].max(initial=NEVER))
        found[row] = when if when > since[order] else NEVER
    return found


FOREIGN_STUCK = Detector(NAME, ("orders",), find)
