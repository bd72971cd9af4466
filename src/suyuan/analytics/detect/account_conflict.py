"""One account, two open orders that contradict: kinds that exclude each other, or two units at the same work.

Orders are the home's own and those of other systems, in one list. Which kinds exclude each other is the
figure's ``against`` ("kind|kind"): types of business and kinds of orders of ``watched.toml``. Two units are
at the same work where neither lies below the other and both orders are of one kind, one of ``works``. One
signal an account.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations, groupby
from typing import Any

import pyarrow as pa

from . import columns, open_orders
from .detector import Detector, Frames, Terms
from .signal import Level, Signal

Row = Mapping[str, Any]


def find(frames: Frames, terms: Terms, as_of: datetime) -> Iterator[Signal]:
    """Yield a signal for each account whose open orders contradict, by the pair that does so longest."""
    own: pa.Table = frames["account_orders"]
    others = open_orders.of_accounts(frames["orders"], as_of, terms["forget_days"])
    units: pa.Table = frames["units"]
    paths = dict(zip(units.column("code").to_pylist(), units.column("path").to_pylist(), strict=True))
    against = {frozenset(pair.split("|")) for pair in terms["against"]}
    rows = sorted([*own.to_pylist(), *others], key=lambda row: (row["account"], row["since"], row["number"]))
    for account, group in groupby(rows, key=lambda row: str(row["account"])):
        if pair := _worst(list(group), against, set(terms["works"]), paths):
            yield _signal(account, *pair, terms)


def _worst(
    rows: Sequence[Row], against: set[frozenset[str]], works: set[str], paths: Mapping[str, str]
) -> tuple[str, Row, Row] | None:
    """Return the first pair that contradicts by kind, or else by unit, and which it is."""
    pairs = list(combinations(rows, 2))
    for one, other in pairs:
        if frozenset((one["kind"], other["kind"])) in against:
            return "orders_exclude", one, other
    for one, other in pairs:
        same = one["kind"] == other["kind"] and one["kind"] in works
        if same and _apart(paths.get(one["unit"], ""), paths.get(other["unit"], "")):
            return "two_units", one, other
    return None


def _apart(one: str, other: str) -> bool:
    return bool(one and other) and not one.startswith(other) and not other.startswith(one)


def _signal(account: str, why: str, one: Row, other: Row, terms: Terms) -> Signal:
    later = max(one, other, key=lambda row: (row["since"], row["number"]))
    return Signal(
        detector="account_conflict",
        object=f"account:{account}",
        level=Level.IMPORTANT if why == "orders_exclude" else Level.GENERAL,
        since=later["since"],
        observed=2.0,
        expected=1.0,
        why=why,
        facts={
            "case": one["number"],
            "business_type": one.get("type", one["kind"]),
            "other": other["number"],
            "other_type": other.get("type", other["kind"]),
        },
        cases=(one["number"], other["number"]),
        unit=later["unit"],
        category=columns.becomes(terms, one["category"] or other["category"]),
    )


ACCOUNT_CONFLICT = Detector("account_conflict", ("account_orders", "orders", "units"), find)
