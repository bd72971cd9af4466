"""How long has a unit had no complaint, and can the silence be believed? (C31)

A target of zero breeds hiding, so a streak never stands alone: beside it stand the signs of complaints that
came in under another name. A streak without orders is silence, not service.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis

from suyuan.analytics import scan
from suyuan.analytics.measures import terms
from suyuan.analytics.source import Table, Tables, Value

NO_ORDERS, REPEATS, DISSATISFIED, URGED = "no_orders", "repeats", "dissatisfied", "urged"
REGULATED, WRITTEN = "regulated", "written"
REGULATORS, LETTERS = ("12345", "12398", "media"), ("web", "app", "letter", "citizen")
"""Channels on which customers go past the company, and those on which they write."""
NOTES = {
    NO_ORDERS: ("期间没有任何工单,零投诉不能说明问题", "no orders at all: the streak says nothing"),
    REPEATS: ("有三次及以上来电而未登记投诉", "three or more calls on a case, no complaint registered"),
    DISSATISFIED: ("有客户回访不满意而未登记投诉", "dissatisfied customers, no complaint registered"),
    REGULATED: (
        "有12345、12398、媒体来单而未登记投诉",
        "orders by 12345, 12398 or media, no complaint registered",
    ),
    WRITTEN: ("有网上或书面留言而未登记投诉", "messages in writing, no complaint registered"),
    URGED: ("有工单被催办三次及以上而未登记投诉", "cases urged three times or more, no complaint registered"),
}


@dataclass(frozen=True, slots=True)
class Streak:
    """Whole local days without a complaint up to and including ``until``, with what speaks against it."""

    path: str
    days: int
    since: date
    until: date
    ever: bool
    """False when the lake holds no complaint of the unit, so that the streak starts with its first order."""
    orders: int
    signs: dict[str, int]


@dataclass(frozen=True, slots=True)
class Day:
    """What one unit had on one local day."""

    path: str
    day: date
    complaints: int
    orders: int
    repeats: int
    dissatisfied: int
    urged: int
    regulated: int
    written: int


def zero_complaints(tables: Tables, until: date) -> list[Streak]:
    """Return the streak of every unit met and of every unit above it, the longest first."""
    by_path: dict[str, list[Day]] = {}
    for row in tables.fetch(_days(tables, until)).to_pylist():
        day = Day(**row)
        for above in scan.ancestors(day.path):
            by_path.setdefault(above, []).append(day)
    streaks = [streak(path, days, until) for path, days in by_path.items()]
    return sorted(streaks, key=lambda each: (-each.days, each.path))


def _days(tables: Tables, until: date) -> Table:
    """Return what each unit had on each local day: one narrow pass over the cases."""
    cases = tables.cases.filter(tables.cases.accepted_date <= until)
    other = ~terms.complaint(cases)
    many = terms.CALLS_OF_A_REPEAT

    def counted(condition: Value) -> Value:
        return ibis.ifelse(condition, 1, None).count()

    return cases.group_by(path=cases.unit_path, day=cases.accepted_date).aggregate(
        complaints=counted(terms.complaint(cases)),
        orders=cases.count(),
        repeats=counted(other & (terms.amount_of("contact_count", 1)(cases) >= many)),
        dissatisfied=counted(other & (cases.satisfaction == "dissatisfied")),
        regulated=counted(other & cases.channel.isin(REGULATORS)),
        written=counted(other & cases.channel.isin(LETTERS)),
        urged=counted(other & (terms.amount_of("urge_count", 0)(cases) >= many)),
    )


def streak(path: str, days: Sequence[Day], until: date) -> Streak:
    """Return the streak of one unit from what it had on each day it had anything."""
    last = max((day.day for day in days if day.complaints), default=None)
    since = min(day.day for day in days) if last is None else last + timedelta(days=1)
    within = [day for day in days if day.day >= since]
    found = {
        REPEATS: sum(day.repeats for day in within),
        DISSATISFIED: sum(day.dissatisfied for day in within),
        URGED: sum(day.urged for day in within),
        REGULATED: sum(day.regulated for day in within),
        WRITTEN: sum(day.written for day in within),
        NO_ORDERS: 0 if within else 1,
    }
    return Streak(
        path=path,
        days=(until - since).days + 1,
        since=since,
        until=until,
        ever=last is not None,
        orders=sum(day.orders for day in within),
        signs={sign: amount for sign, amount in found.items() if amount},
    )
