"""Fault hot spots and repeated faults of some days, found once a day and kept in memory. Nothing is written.

Told of are our own repairs, their cause by what the crew wrote, and outages of the log that was taken over
where they are said to be faults; a table of outages handed in takes the place of the log.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from suyuan.analytics import faults as method
from suyuan.analytics.detect.columns import moment
from suyuan.analytics.faults.counting import Told
from suyuan.analytics.faults.returning import again
from suyuan.analytics.intervals import wilson
from suyuan.domain.evaluation import THEME, About
from suyuan.gateways import supplyfile
from suyuan.store import rules
from suyuan.store.frames import faults as own
from suyuan.store.queries import org

from .detecting import files, orders

LIST, FIGURE = "fault_cause", "faults.threshold"
KEPT = 4
"""So many spans of days are kept in memory."""
FAULT = "fault"
REPAIR = "repair"
"""What customers bring up of a fault: its order joins the one about that theme at the place."""
BEHIND = 500
"""So many of the orders behind a row are named at most, the newest."""


@dataclass(frozen=True)
class Found:
    """What was found in some days, of all units."""

    first: date
    last: date
    faults: method.Faults
    piled: tuple[method.Piled, ...]
    returned: tuple[method.Returned, ...]
    days: int
    """Days within which a fault counts as come again."""

    @cached_property
    def causes(self) -> Counter[str]:
        """Return how many faults of areas and lines had each cause, the empty one unknown."""
        told = (*self.faults.areas, *(one for one in self.faults.lines if one.whole))
        return Counter(one.cause for one in told)

    @property
    def total(self) -> int:
        """Return how many faults there were."""
        return self.causes.total()

    @property
    def again(self) -> int:
        """Return how many of them were the return of another."""
        return again(self.returned)

    @property
    def share_again(self) -> tuple[float, float] | None:
        """Return the interval of the share of faults of known cause that were returns; None without any."""
        known = self.total - self.causes[""]
        return wilson(min(self.again, known), known)


_ONE = threading.Lock()
_held: dict[tuple[date, date], Found] = {}


def forget() -> None:
    """Look anew next time."""
    _held.clear()


def kept(first: date, last: date) -> Found:
    """Return what was found in days that are over, found once in each process."""
    with _ONE:
        if (first, last) not in _held:
            while len(_held) >= KEPT:
                _held.pop(next(iter(_held)))
            _held[first, last] = found(first, last)
        return _held[first, last]


def found(first: date, last: date, outages: Path | None = None) -> Found:
    """Return the hot spots and repeated faults of some days; raise BadInput for a file nobody can read."""
    terms = rules.rulebook().figures[FIGURE][-1].terms
    zone = rules.rulebook().calendar.zone
    end = datetime.combine(last + timedelta(days=1), time(), zone)
    begin = datetime.combine(first, time(), zone)
    other = _of_log(end) if outages is None else _of_file(outages)
    records = pa.concat_tables([_of_orders(own.load(first, last)), _within(other, begin, end)])
    made = method.faults(records, float(terms["hours"]))
    days = int(rules.figure("repair.again", "days"))
    rule = method.Threshold(int(terms["least"]), float(terms["q"]))
    piled = method.piled(made, own.accounts(), rule)
    return Found(first, last, made, tuple(piled), tuple(method.returned(made, days)), days)


def _of_orders(table: pa.Table) -> pa.Table:
    """Return repairs by what the crew wrote of the cause, else told the customer, else the customer said."""
    cause = named(table["cause"])
    for name in ("reply", "said"):
        cause = pc.if_else(pc.equal(cause, ""), named(table[name]), cause)
    return _records(table, {"order": pa.array([True] * len(table), pa.bool_()), "cause": cause})


def _of_log(as_of: datetime) -> pa.Table:
    """Return the outages of the log that are said to be faults, or somebody else's damage."""
    return _of_outages(orders.supply(as_of), None)


def _of_file(path: Path) -> pa.Table:
    """Return the outages of a table that are said to be faults, by the causes it names."""
    zone = str(rules.rulebook().calendar.zone)
    sheet = supplyfile.read(path, "outages", zone, files.bounds()).table
    ever = datetime.max.replace(tzinfo=rules.rulebook().calendar.zone) - timedelta(days=2)
    made = files.MADE["outages"](sheet, ever)
    text = dict(zip(sheet["outage"].to_pylist(), named(sheet["cause"]).to_pylist(), strict=True))
    return _of_outages(made, text)


def _of_outages(table: pa.Table, causes: Mapping[str, str] | None) -> pa.Table:
    plain = {name: table[name].cast(pa.string()) for name in ("place", "place_kind", "kind", "line", "unit")}
    external = table["external"].fill_null(False)
    is_fault = pc.or_(pc.equal(plain["kind"], FAULT), external)
    said = [(causes or {}).get(one, "") for one in table["outage"].to_pylist()]
    cause = pc.if_else(pc.and_(external, pc.equal(pa.array(said, pa.string()), "")), "external", said)
    area = pc.if_else(pc.equal(plain["place_kind"], "area"), plain["place"], "")
    paths = {one.code: one.path for one in org.every()}
    made = {
        "number": table["outage"],
        "order": pa.array([False] * len(table), pa.bool_()),
        "area": area,
        "cause": cause,
        "unit": plain["unit"],
        "line": plain["line"],
        "unit_path": pa.array([paths.get(one or "", "") for one in plain["unit"].to_pylist()], pa.string()),
    }
    return _records(table, made).filter(is_fault)


def _records(table: pa.Table, given: Mapping[str, Any]) -> pa.Table:
    columns = [given[one.name] if one.name in given else table[one.name] for one in method.SCHEMA]
    return pa.table(columns, schema=method.SCHEMA)


def _within(table: pa.Table, begin: datetime, end: datetime) -> pa.Table:
    from_it = pc.greater_equal(table["began"], pa.scalar(begin, pa.timestamp("us", "UTC")))
    return table.filter(pc.and_(from_it, pc.less(table["began"], pa.scalar(end, pa.timestamp("us", "UTC")))))


def named(texts: pa.ChunkedArray) -> pa.Array:
    """Return the cause that each text names: the first of the list one of whose words it holds, or none."""
    texts = pc.fill_null(texts.cast(pa.string()).combine_chunks(), "")
    code = pa.array([""] * len(texts), pa.string())
    for one in reversed(list(rules.rulebook().choices.get(LIST, {}).values())):
        words = "|".join(re.escape(word) for word in (one.title.zh, *one.synonyms))
        code = pc.if_else(pc.match_substring_regex(texts, words, ignore_case=True), one.code, code)
    return code


def seen(told: tuple[Told, ...], sees: Callable[[str], bool]) -> bool:
    """Tell whether somebody sees every unit that some faults lie with; whole or not at all."""
    paths = {path for one in told for _, path in one.units}
    return bool(paths) and all(map(sees, paths))


def unit(told: tuple[Told, ...]) -> str:
    """Return the code of the unit most of the records of some faults lie with; empty where nobody knows."""
    codes = Counter(code for one in told for code, _ in one.units)
    return codes.most_common(1)[0][0] if codes else ""


def numbers(told: tuple[Told, ...]) -> tuple[str, ...]:
    """Return the numbers of our own orders behind some faults, the newest first."""
    newest = sorted(told, key=lambda one: -one.began)
    return tuple(number for one in newest for number in reversed(one.numbers))[:BEHIND]


def is_technical(cause: str) -> bool:
    """Tell whether a cause calls for a technical assessment."""
    return (cause or "any") in rules.rulebook().figures[FIGURE][-1].terms["technical"]


def about(one: method.Piled, span: Found) -> About:
    """Return what a technical assessment order is opened about: repairs at the place, and the figures."""
    figures: dict[str, float | int | str] = {
        "n": one.n,
        "days": len({rules.local_day(moment(each.began)) for each in one.told}),
        "expected": one.expected,
        "ratio": one.ratio,
        "low": one.low,
        "high": one.high,
        "q": one.q,
        "cause": one.cause or "any",
    }
    where = (one.level, one.area or one.line, unit(one.told))
    return About(THEME, REPAIR, *where, span.first, span.last, figures, numbers(one.told))


def advice(cause: str, language: str = "zh") -> str:
    """Return what is recommended about a cause, the empty one for faults of every kind."""
    return rules.label("fault_advice", cause or "any", language)


def title(cause: str, language: str = "zh") -> str:
    """Return a cause in words; the empty one is every cause."""
    if not cause:
        return rules.label("fault_level", "any", language)
    known = rules.rulebook().choices[LIST].get(cause)
    return str(getattr(known.title, language)) if known else cause
