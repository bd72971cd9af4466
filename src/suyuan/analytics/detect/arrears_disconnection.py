"""Disconnections for arrears without what has to come before: a notice days ahead, a last reminder.

A kind of order is held to a step only where one of it ever had it: a table without the column proves nothing.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.analytics.trace.causality import Patterns
from suyuan.domain.rulebook.book import Rulebook

from .columns import DAY, NEVER, looked_at, micro, moment
from .detector import Detector, Frames, Terms
from .orders import Orders
from .signal import Level, Signal

NAME = "arrears_disconnection"
CATEGORY = "business.billing.reconnect"
_MINUTE = 60_000_000
RESIDENT = "resident"


class _Steps(NamedTuple):
    """When an order was asked for, noticed, reminded of, done and taken back, ``NEVER`` where it was not."""

    asked: int
    notice: int
    reminder: int
    cut: int
    back: int


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield the disconnections that lack something, before they are done and for some days after."""
    orders: Orders = frames["orders"]
    if not len(orders.thing):
        return
    named, now = orders.watched.named, micro(as_of)
    every = (named.asked, named.notice, named.reminder, named.cut, named.reconnected)
    asked, _, _, cut, _ = columns = [orders.first(one) for one in every]
    has_notice, has_reminder = (_ever(orders, one) for one in (named.notice, named.reminder))
    since = np.where(asked == NEVER, cut, asked)
    recent = (since != NEVER) & ((cut == NEVER) | (cut > now - terms["recent_days"] * DAY))
    recent &= (since > now - terms["forget_days"] * DAY) & (has_notice | has_reminder)
    chosen = np.flatnonzero(recent & ~(orders.is_done & (cut == NEVER)))
    classes = _classes(orders, chosen, frames)
    for order in chosen.tolist():
        one = _Steps(*(int(each[order]) for each in columns))
        demand = _demand(frames["rulebook"], classes.get(order, ""), as_of)
        why = _lacks(one, now, demand, terms, (bool(has_notice[order]), bool(has_reminder[order])))
        if why:
            yield _signal(orders, order, one, why, demand)


def _ever(orders: Orders, patterns: Patterns) -> NDArray[np.bool_]:
    """Return of each order whether one of its kind ever had a step."""
    kinds = np.zeros(len(orders.log.types), bool)
    kinds[orders.kind[orders.first(patterns) != NEVER]] = True
    found: NDArray[np.bool_] = kinds[orders.kind]
    return found


def _classes(orders: Orders, chosen: NDArray[np.int64], frames: Frames) -> dict[int, str]:
    named = {order: orders.named(orders.beside(order, orders.is_account)) for order in chosen.tolist()}
    known = frames["classes"](set(named.values()) - {""}) if named else {}
    return {order: known[name] for order, name in named.items() if name in known}


def _demand(book: Rulebook, group: str, as_of: datetime) -> tuple[float, float]:
    """Return the days of notice and the minutes of the last reminder; of an unknown class the lesser."""
    day = looked_at(as_of, book.calendar.zone).date()
    names = [f"arrears.notice.{RESIDENT if group == RESIDENT else 'business'}", "arrears.notice.rules"]
    own, rules = (book.figure(name, day) for name in names)
    days = float(own.terms["notice_days"]) if own else 0.0
    return days, float(rules.terms["repeat_minutes"]) if rules else 0.0


def _lacks(one: _Steps, now: int, demand: tuple[float, float], terms: Terms, held: tuple[bool, bool]) -> str:
    """Return what a disconnection lacks, empty where nothing."""
    days, minutes = demand
    done = one.cut != NEVER
    if held[0] and one.notice == NEVER:
        waited = one.asked != NEVER and now > one.asked + terms["notice_within_days"] * DAY
        return "cut_unnoticed" if done else "notice_missing" if waited else ""
    if not done:
        return ""
    if held[0] and one.notice > one.cut - days * DAY:
        return "notice_short"
    if held[1] and (one.reminder == NEVER or one.reminder > one.cut - minutes * _MINUTE):
        return "reminder_missing"
    return ""


def _signal(orders: Orders, order: int, one: _Steps, why: str, demand: tuple[float, float]) -> Signal:
    done, name = one.cut != NEVER, orders.name(order)
    level = Level.IMPORTANT if one.back == NEVER else Level.GENERAL
    if done and one.back == NEVER and why != "reminder_missing":
        level = Level.URGENT
    notice = (one.cut - one.notice) / DAY if done and one.notice != NEVER else 0.0
    return Signal(
        NAME,
        f"order:{name}",
        level,
        moment(one.cut if done else one.asked),
        round(float(notice), 2),
        demand[0],
        why,
        {
            "order": orders.named(int(orders.thing[order])),
            "type": orders.log.types[int(orders.kind[order])],
            "days": round(float(notice), 1),
            "notice_days": demand[0],
            "minutes": demand[1],
        },
        (name,),
        orders.named(orders.beside(order, orders.is_unit)),
        CATEGORY,
    )


ARREARS_DISCONNECTION = Detector(NAME, ("orders", "rulebook", "classes"), find)
