"""How right are the detectors of calls, hot spots, themes, mixes and measures, in worlds that are drawn?

Each world plants its own among months in which nothing happened but chance, weeks and days of more or less of
everything. What is told of anything else, or before it began, is a false alarm.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from numpy.random import Generator
from numpy.typing import NDArray

from bench.detectworlds import BOOK, DAY, HOUR, NOW, measured, told
from suyuan.analytics import themes
from suyuan.analytics.detect import call_surge
from suyuan.analytics.detect.emerging_theme import Brought
from suyuan.analytics.detect.measure_drift import Weekly

WEEK = 7 * DAY
MONTH = 30.0
BUSY = np.array([2, 1, 1, 1, 1, 2, 4, 8, 12, 14, 13, 10, 9, 10, 11, 11, 10, 9, 9, 10, 9, 7, 5, 3], float)
"""Calls by hour of the day, in parts of a whole."""


def calls(chance: Generator) -> dict[str, object]:
    """60 lines with 400 calls a day in all; in the last thirty of ninety days 20 outages call for an hour."""
    days, lines = 90, 60
    share = chance.dirichlet(np.full(lines, 2.0))
    level = chance.gamma(25, 1 / 25, days * 24) * np.tile(BUSY / BUSY.sum(), days) * 400
    per_hour = chance.poisson(level)
    hour = np.repeat(np.arange(days * 24), per_hour)
    at, line = hour + chance.random(len(hour)), chance.choice(lines, len(hour), p=share)
    hit = chance.choice(lines, 20, replace=False)
    start = np.sort(chance.choice(29 * 12, 20, replace=False)) * 2.0 + 60 * 24
    more = chance.poisson(15, 20)
    at = np.concatenate([at, np.repeat(start, more) + chance.random(int(more.sum()))])
    line = np.concatenate([line, np.repeat(hit, more)])
    begin = NOW - 60 * DAY
    order = np.argsort(at)
    base = np.datetime64(begin.replace(tzinfo=None), "us")
    moments = pa.array(base + (at[order] * 3.6e9).astype("timedelta64[us]"), pa.timestamp("us", "UTC"))
    names = pa.array([f"L{n}" for n in line[order].tolist()])
    every = pa.table([moments, names, pa.array([""] * len(names))], schema=call_surge.SCHEMA)

    def looks(when):  # type: ignore[no-untyped-def]
        known = int(np.searchsorted(at[order], (when - begin) / HOUR))
        return told("call_surge", when, calls=every.slice(0, known)) - {"calls:all"}

    began = {f"line:L{n}": begin + float(hours) * HOUR for n, hours in zip(hit, start, strict=True)}
    return measured(began, looks, HOUR / 2, 60 * 24)


def mixes(chance: Generator) -> dict[str, object]:
    """80 worlds of forty weeks with 150 contacts a week; in 40 a type grows by half in the last twelve."""
    kinds = np.array([f"k{n}" for n in range(12)])
    seen, delays, wrong, weeks = 0, [], 0, 0
    for world in range(80):
        usual = chance.dirichlet(np.linspace(6, 1, 12))
        moved = usual + np.eye(12)[0] * (0.5 * usual[0] + 0.1)
        first = _first_drift(chance, (usual, moved / moved.sum() if world < 40 else usual), kinds)
        early = first is not None and (first < 28 or world >= 40)
        wrong, weeks = wrong + early, weeks + (first or 40) - 24
        if world < 40 and first is not None and not early:
            seen, delays = seen + 1, [*delays, 7.0 * (first - 28)]
    return _row(seen, 40, delays, wrong / weeks * MONTH / 7)


def _first_drift(
    chance: Generator, mix: tuple[NDArray[np.float64], NDArray[np.float64]], kinds: NDArray[np.str_]
) -> int | None:
    """Return after how many weeks the mix of kinds is told, None for never; it moves after week 28."""
    of_week = [chance.dirichlet(200 * mix[week >= 28]) for week in range(40)]
    kind = np.concatenate([chance.choice(kinds, 150, p=each) for each in of_week])
    base = np.datetime64((NOW - 280 * DAY).replace(tzinfo=None), "us")
    hours = np.repeat(np.arange(40) * 168.0, 150) + np.sort(chance.random((40, 150)) * 168, 1).ravel()
    at = pa.array(base + (hours * 3.6e9).astype("timedelta64[us]"), pa.timestamp("us", "UTC"))
    same = pa.array(["one"] * len(kind))
    table = pa.table({"kind": pa.array(kind), "category": same, "channel": same, "accepted_at": at})
    for week in range(25, 41):
        if told("classifier_drift", NOW - (40 - week) * WEEK, cases=table.slice(0, week * 150)):
            return week
    return None


def measures(chance: Generator) -> dict[str, object]:
    """60 measures of 40 matters a week at 90 %; 15 fall to 80 % in the last twelve of a hundred weeks."""
    weeks = tuple(NOW - (100 - n) * WEEK for n in range(100))
    rate = np.full((60, 100), 0.9)
    rate[:15, 88:] = 0.8
    of = chance.poisson(40, (60, 100)).astype(float)
    level = chance.beta(60 * rate, 60 * (1 - rate))
    n = chance.binomial(of.astype(int), level).astype(float)
    seen: dict[str, int] = {}
    for last in range(60, 101):
        frame = [
            Weekly("timely_rate", f"{one}", "", weeks[:last], n[one, :last], of[one, :last])
            for one in range(60)
        ]
        for name in told("measure_drift", weeks[last - 1] + WEEK, weekly=frame):
            seen.setdefault(name, last)
    hit = [f"measure:timely_rate@{one}" for one in range(15)]
    delays = [7.0 * (seen[name] - 88) for name in hit if seen.get(name, 0) > 88]
    return _row(len(delays), 15, delays, (len(seen) - len(delays)) / 41 * MONTH / 7)


def brought_up(chance: Generator) -> dict[str, object]:
    """40 stations, 15 categories, 60 matters a day; at 12 one category comes three times as often."""
    days, stations, kinds = 270, 40, 15
    usual = chance.dirichlet(np.full(kinds, 1.5))[:, None] * chance.dirichlet(np.full(stations, 4.0)) * 60
    mean = np.repeat((usual * chance.gamma(8, 1 / 8, usual.shape))[..., None], days, 2)
    place, about = chance.choice(stations, 12, replace=False), chance.integers(0, kinds, 12)
    mean[about, place, 240:] = mean[about, place, 240:] * 3 + 0.25
    count = chance.poisson(mean)
    began = {f"theme:k{k}/s{s}": NOW for k, s in zip(about.tolist(), place.tolist(), strict=True)}

    def looks(when):  # type: ignore[no-untyped-def]
        today = 240 + (when - NOW).days
        return _themes(count[..., max(today - 210, 0) : today], today)

    return measured(began, looks, DAY, 30)


def _themes(count: NDArray[np.int64], today: int) -> set[str]:
    """Return the themes of the last thirty of some days, by kind and station."""
    book, day = BOOK(), date(2026, 1, 1)
    window, limits = (book.figures[f"theme.{name}"][-1].terms for name in ("window", "threshold"))
    kind, place, at = np.nonzero(count)
    size = count.shape[2]
    rows = pa.table(
        {
            "kind": [f"k{n}" for n in kind.tolist()],
            "unit_path": [f"/s{n}/" for n in place.tolist()],
            "line": [""] * len(kind),
            "area": [""] * len(kind),
            "recent": (at >= size - window["days"]).tolist(),
            "day": [day + timedelta(days=int(today - size + n)) for n in at.tolist()],
            "n": count[kind, place, at].astype(float),
        }
    )
    rule = themes.Threshold(window["days"], window["baseline_days"], limits["least"], limits["least_days"],
                            limits["q"])  # fmt: skip
    frame = tuple(
        Brought(f"{one.name.kind}{one.name.unit_path.rstrip('/')}", one.name.kind, True, "", one.name.unit,
                NOW, one.n, one.days, one.expected, one.low, one.q, ())
        for one in themes.judge(rows, rule)
    )  # fmt: skip
    return told("emerging_theme", NOW, themes=frame)


def spots(chance: Generator) -> dict[str, object]:
    """A company of 400 areas and 500 days; every four weeks an outbreak of six standard deviations."""
    from bench import outbreaks
    from suyuan.analytics.hotspots import scanning
    from suyuan.analytics.hotspots.expect import expected
    from suyuan.analytics.hotspots.ordinary import Borne

    base = outbreaks.company(int(chance.integers(1, 10_000)))
    hoped = expected(base.counts, base.tree, base.days, base.figures)
    apart = (base.counts - hoped.mean)[:, base.start :].std(1)
    counts, plan = outbreaks.injected(base, apart, "medium", 6.0, chance)
    found = scanning.scan(counts, base.tree, base.days, base.figures, Borne()).signals
    delays, of_some = [], set()
    for one in plan:
        shares = (base.tree.below @ base.tree.below[[one.node]].T.toarray()[:, 0]) > 0
        lasts = range(one.start, one.start + outbreaks.LASTS)
        mine = [at for at, signal in enumerate(found) if shares[signal.node] and signal.raised in lasts]
        of_some |= set(mine)
        delays += [float(min(found[at].raised for at in mine) - one.start)] if mine else []
    months = (counts.shape[1] - base.start) / MONTH
    return _row(len(delays), len(plan), delays, (len(found) - len(of_some)) / months)


def _row(seen: int, of: int, delays: list[float], wrong: float) -> dict[str, object]:
    middle = round(float(np.median(delays)), 1) if delays else None
    return {"found": seen, "of": of, "delay_days": middle, "false_a_month": round(wrong, 1)}


WORLDS: Mapping[str, Callable[[Generator], dict[str, object]]] = {
    "call_surge": calls,
    "classifier_drift": mixes,
    "measure_drift": measures,
    "emerging_theme": brought_up,
    "hot_spot": spots,
}
SAID: Mapping[str, tuple[str, str]] = {
    "call_surge": (
        "60 条线路、每天 400 个来电、20 次停电各引来约 15 个电话，每半小时看一次，看 30 天",
        "60 lines, 400 calls a day, 20 outages of which about 15 call, looked at every half hour for 30 days",
    ),
    "classifier_drift": (
        "80 个世界、每周 150 件诉求，其中 40 个的一类诉求第 28 周后多一半有余，逐周看",
        "80 worlds, 150 contacts a week, in 40 one type grows by half and more, looked at weekly",
    ),
    "measure_drift": (
        "60 项指标、每周约 40 件、15 项从 90% 降到 80%，逐周看 41 周",
        "60 measures of about 40 matters a week, 15 fall from 90 to 80 %, looked at weekly for 41 weeks",
    ),
    "emerging_theme": (
        "40 个单位、15 类诉求、每天约 60 件，12 处的一类多到三倍有余，逐日看 30 天",
        "40 units, 15 categories, 60 matters a day, at 12 one comes three times as often, looked at daily",
    ),
    "hot_spot": (
        "400 个台区、500 天，每四周在中等大小的地方埋一次高 6 个标准差的异常",
        "400 areas and 500 days, every four weeks an outbreak six standard deviations high at a medium place",
    ),
}
