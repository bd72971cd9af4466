"""Promise watch: orders of other systems against the limits they run under, before the customer calls.

An order runs from one step to another within a limit of the rulebook (working time where it is in working
days), and by a moment it was promised for. The earlier end counts. It is told when so much of the time is
used, when it is over, and for a while when it was kept too late.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from suyuan.analytics.trace.causality import codes, fits
from suyuan.analytics.trace.working import WorkingTime, working_time
from suyuan.domain import worktime
from suyuan.domain.rulebook.book import Rulebook
from suyuan.domain.rulebook.records import Limit

from .columns import DAY, HOUR, NEVER, looked_at, micro, moment
from .detector import Detector, Frames, Terms
from .orders import Orders
from .signal import Level, Signal
from .watched import Promise

NAME = "promise_watch"
_MICROS = {"minutes": 60_000_000, "hours": HOUR, "days": DAY, "working_days": DAY}
PROMISED = "promised"
"""The certainty of what an order itself was promised by."""


class Due(NamedTuple):
    """By when something of an order is to be done, and by what."""

    at: int
    since: int
    used: float
    budget: float
    """Both in the unit of the limit."""
    unit: str
    basis: str
    """The limit, or the attribute that promised a moment."""
    certainty: str
    group: str


Classes = Callable[[Collection[str]], Mapping[str, str]]
"""Told accounts by name, returns the class of customer of those that are known."""


@dataclass(frozen=True)
class Watch:
    """What is watched at a moment."""

    orders: Orders
    book: Rulebook
    classes: Classes
    now: int

    @cached_property
    def working(self) -> WorkingTime:
        """Return the working time from the first order on."""
        first = int(self.orders.begun.min(initial=self.now))
        return working_time(self.book.calendar, first - DAY, self.now + DAY)

    def budgets(self, promise: Promise, day: date) -> dict[str, Limit]:
        """Return the limit in force on a day by class of customer; without any by the class ``""``."""
        for family in promise.families:
            if family in self.book.limits:
                plain = self.book.limit(family, day)
                found = {"": plain} if plain else {}
            else:
                found = self._by_class(family, day)
            if found:
                return found
        return {}

    def _by_class(self, family: str, day: date) -> dict[str, Limit]:
        """Return the limit of each class that a family knows and that is in force on a day."""
        found = {}
        for group, endings in self.orders.watched.classes.items():
            known = [f"{family}.{one}" for one in endings if f"{family}.{one}" in self.book.limits]
            limit = self.book.limit(known[0], day) if known else None
            if limit is not None:
                found[group] = limit
        return found

    def groups(self, orders: Collection[int]) -> dict[int, str]:
        """Return the class of the customer of orders, those that somebody knows."""
        account = {order: self.orders.beside(order, self.orders.is_account) for order in orders}
        named = {order: self.orders.named(thing) for order, thing in account.items() if thing >= 0}
        known = self.classes(set(named.values())) if named else {}
        return {order: known[name] for order, name in named.items() if name in known}


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield the orders that near the end of what was promised, or are past it."""
    orders: Orders = frames["orders"]
    watch = Watch(orders, frames["rulebook"], frames["classes"], micro(as_of))
    found: dict[int, tuple[Due, int, Promise | None]] = {}
    for promise in orders.watched.promises:
        for order, due, stop in _limited(watch, promise, terms):
            if order not in found or due.at < found[order][0].at:
                found[order] = due, stop, promise
    for order, due, stop in _promised(watch, terms):
        if order not in found or due.at < found[order][0].at:
            found[order] = due, stop, _of_kind(watch, order)
    for order, (due, stop, kept) in found.items():
        signal = _signal(watch, order, due, stop, kept, terms)
        if signal is not None:
            yield signal


def _of_kind(watch: Watch, order: int) -> Promise | None:
    """Return the first promise that orders of a kind are under, None where none is."""
    kind = watch.orders.log.types[int(watch.orders.kind[order])]
    return next((one for one in watch.orders.watched.promises if fits(kind, one.types)), None)


def _limited(watch: Watch, promise: Promise, terms: Terms) -> Iterator[tuple[int, Due, int]]:
    """Yield the orders for whom a limit nears or is over, with when it was kept (``NEVER``: not yet)."""
    orders, now = watch.orders, watch.now
    start, stop = orders.first(promise.starts), orders.first(promise.stops)
    runs = (start != NEVER) & orders.of_type(promise.types)[orders.thing]
    waits = runs & (stop == NEVER) & ~orders.is_done
    late = runs & (stop > now - round(terms["recent_days"] * DAY))
    chosen = np.flatnonzero(waits | late)
    chosen = chosen[start[chosen] > now - _reach(watch, promise, terms)]
    end = np.where(stop[chosen] == NEVER, now, stop[chosen])
    worked = watch.working.between(start[chosen], end) if len(chosen) else end
    near = _near(watch, promise, terms, (chosen, start[chosen], end, worked))
    groups = watch.groups([order for order, *_ in near]) if any(len(one[-1]) > 1 for one in near) else {}
    for order, began, ended, work, by_class in near:
        group = groups.get(order, "")
        limit = by_class.get(group) or by_class.get("") or max(by_class.values(), key=_length)
        used = (work if limit.unit == "working_days" else ended - began) / _MICROS[limit.unit]
        due = worktime.due(moment(began), limit.amount, limit.unit, limit.count, watch.book.calendar)
        by = limit.id, limit.certainty.value
        yield order, Due(micro(due.at), began, used, limit.amount, limit.unit, *by, group), int(stop[order])


def _near(
    watch: Watch, promise: Promise, terms: Terms, rows: tuple[NDArray[np.int64], ...]
) -> list[tuple[int, int, int, int, dict[str, Limit]]]:
    """Return the orders for whom the shortest limit that may hold is near its end, with the limits."""
    known: dict[date, dict[str, Limit]] = {}
    found = []
    for order, began, ended, work in zip(*(each.tolist() for each in rows), strict=True):
        day = moment(began).astimezone(watch.book.calendar.zone).date()
        if day not in known:
            known[day] = watch.budgets(promise, day)
        if any(
            (work if limit.unit == "working_days" else ended - began) >= terms["near"] * _length(limit)
            for limit in known[day].values()
        ):
            found.append((order, began, ended, work, known[day]))
    return found


def _length(limit: Limit) -> int:
    return limit.amount * _MICROS[limit.unit]


def _reach(watch: Watch, promise: Promise, terms: Terms) -> int:
    """Return how long ago an order may have begun: what waits longer is stuck, and told as that."""
    today = looked_at(moment(watch.now), watch.book.calendar.zone).date()
    longest = max((_length(limit) for limit in watch.budgets(promise, today).values()), default=0)
    return int(longest * 2 + round(terms["forget_days"] * DAY))


def _promised(watch: Watch, terms: Terms) -> Iterator[tuple[int, Due, int]]:
    """Yield the orders that were promised by a moment which nears or is over."""
    orders, now = watch.orders, watch.now
    promised = orders.log.promised
    if promised is None or not len(orders.thing):
        return
    wanted = np.isin(promised.code, list(codes(promised.names, orders.watched.named.promised)))
    due_of = np.full(len(orders.log.type), np.iinfo(np.int64).max)
    by: NDArray[np.int64] = np.zeros(len(orders.log.type), np.int64)
    for thing, code, at in _last_said(promised.thing, promised.code, promised.at, wanted):
        if at < due_of[thing]:
            due_of[thing], by[thing] = at, code
    due, begun = due_of[orders.thing], orders.begun
    kept = _kept(orders)
    recent = now - round(terms["recent_days"] * DAY)
    open_ = (kept == NEVER) & ~orders.is_done & (now - begun >= terms["near"] * (due - begun))
    late = (kept > recent) & (kept > due)
    near = (open_ | late) & (due < np.iinfo(np.int64).max) & (due > now - round(terms["forget_days"] * DAY))
    for order in np.flatnonzero(near & (due > begun)).tolist():
        end = int(kept[order]) if kept[order] != NEVER else now
        began, at = int(begun[order]), int(due[order])
        name = promised.names[int(by[orders.thing[order]])]
        used, budget = (end - began) / HOUR, (at - began) / HOUR
        yield order, Due(at, began, used, budget, "hours", name, PROMISED, ""), int(kept[order])


def _last_said(
    thing: NDArray[np.integer], code: NDArray[np.integer], at: NDArray[np.integer], wanted: NDArray[np.bool_]
) -> Iterator[tuple[int, int, int]]:
    """Yield what each attribute says last; rows stand by object, the latest saying last."""
    said: dict[tuple[int, int], int] = {}
    for one, name, when in zip(
        thing[wanted].tolist(), code[wanted].tolist(), at[wanted].tolist(), strict=True
    ):
        said[one, name] = when
    for (one, name), when in said.items():
        yield one, name, when


def _kept(orders: Orders) -> NDArray[np.int64]:
    """Return when each order did what the first promise of its kind is about: an application, connect."""
    found = np.full(len(orders.thing), NEVER, np.int64)
    said = np.zeros(len(orders.thing), bool)
    for promise in orders.watched.promises:
        mine = orders.of_type(promise.types)[orders.thing] & ~said
        found, said = np.where(mine, orders.first(promise.stops), found), said | mine
    return found


def _signal(
    watch: Watch, order: int, due: Due, stop: int, promise: Promise | None, terms: Terms
) -> Signal | None:
    """Return what is told of an order, None where its own limit is not near."""
    share = due.used / due.budget
    over = (watch.now if stop == NEVER else stop) > due.at
    if (
        share < terms["near"]
        or (stop != NEVER and not over)
        or due.at < watch.now - terms["forget_days"] * DAY
    ):
        return None
    if stop != NEVER:
        why, level = "order_kept_late", Level.GENERAL
    elif over:
        why, level = "order_broken", Level.URGENT
    else:
        why, level = "order_near", Level.IMPORTANT if share >= terms["pressing"] else Level.GENERAL
    return Signal(
        NAME,
        f"order:{watch.orders.name(order)}",
        level,
        moment(due.since),
        round(due.used, 3),
        due.budget,
        f"{why}_promised" if due.certainty == PROMISED else why,
        _facts(watch, order, due, share) | {"waits_at": _awaited(watch.orders, order, promise)},
        (watch.orders.name(order),),
        watch.orders.named(watch.orders.beside(order, watch.orders.is_unit)),
        promise.category if promise else "",
    )


def _facts(watch: Watch, order: int, due: Due, share: float) -> dict[str, str | int | float]:
    orders, zone = watch.orders, watch.book.calendar.zone
    return {
        "order": orders.named(int(orders.thing[order])),
        "type": orders.log.types[int(orders.kind[order])],
        "due": moment(due.at).astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        "percent": round(100 * share),
        "said" if due.certainty == PROMISED else "limit": due.basis,
        "certainty": due.certainty,
        "class": due.group,
        "unit": due.unit,
        "step": orders.log.activities[int(orders.log.activity[orders.last[order]])],
    }


def _awaited(orders: Orders, order: int, promise: Promise | None) -> str:
    """Return what an order waits for: what usually comes next; where none went on yet, what was promised."""
    if (usual := orders.waits_at(order)) or promise is None:
        return usual or "—"
    latin = orders.log.activities[int(orders.log.activity[orders.last[order]])].isascii()
    return next((one for one in promise.stops if one.isascii() == latin), promise.stops[0])


PROMISE_WATCH = Detector(NAME, ("orders", "rulebook", "classes"), find)
