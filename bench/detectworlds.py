"""How right are the detectors of clocks, promises, orders, hand-overs and answers, in worlds that are drawn?

A city has few of them and does not say which are to be told, so each world plants its own among innocents.
An innocent that is told counts as a false alarm, also one answered in the last fifth of its limit.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.random import Generator

from suyuan.analytics.detect.index import DETECTORS
from suyuan.domain import rulebook

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 3, 4, 0, 30, tzinfo=UTC)
"""A Wednesday morning."""
Row = dict[str, Any]
BOOK = functools.cache(rulebook.load)
GOOD = (
    "{day}联系客户，供电所现场核查发现表计示数与系统一致，经核实情况不属实，已向客户解释计费依据，"
    "更换了老化的{part}，客户表示认可。"
)


def rows(columns: Mapping[str, tuple[str, str]], made: Sequence[Row], /, **same: Any) -> pa.Table:
    """Return a frame as its loader would; ``same`` is what every row has unless it says otherwise."""
    from suyuan.store.frames.reading import of_rows

    return of_rows(columns, [[{**same, **row}.get(name) for name in columns] for row in made])


def told(name: str, at: datetime, **frames: Any) -> set[str]:
    """Return what a detector tells of at a moment, by the shipped figures."""
    book = BOOK()
    terms = book.figures[f"detect.{name}"][-1].terms
    return {one.object for one in DETECTORS[name].find({"calendar": book.calendar, **frames}, terms, at)}


def measured(
    began: Mapping[str, datetime], looks: Callable[[datetime], set[str]], every: timedelta, count: int
) -> dict[str, object]:
    """Look so often, and return what came of what began when, and of everything else that was told."""
    from bench.detectors import MONTH, summed

    seen: dict[str, datetime] = {}
    for n in range(1, count + 1):
        for thing in looks(NOW + n * every):
            seen.setdefault(thing, NOW + n * every)
    wrong = len(seen.keys() - began.keys()) / (count * every / DAY) * MONTH
    return summed(began, seen) | {"false_a_month": round(wrong, 1)}


def clocks(chance: Generator) -> dict[str, object]:
    """300 limits of 8 to 96 hours, looked at hourly for ten days: 60 run out, the others are met in time."""
    from suyuan.store.frames import clocks

    limit = chance.integers(8, 96, 300)
    started = [NOW + float(hours) * HOUR for hours in chance.uniform(0, 140, 300)]
    late = set(chance.choice(300, 60, replace=False).tolist())
    share = np.where(np.isin(np.arange(300), sorted(late)), 2.0, chance.uniform(0, 1, 300))
    due = [at + int(limit[n]) * HOUR for n, at in enumerate(started)]

    def looks(at: datetime) -> set[str]:
        running = [
            {"number": f"{n}", "started": started[n], "due": due[n], "amount": float(limit[n])}
            for n in range(300)
            if started[n] <= at < started[n] + float(limit[n] * share[n]) * HOUR
        ]
        same = {"procedure": "complaint", "category": "", "unit": "01", "limit": "complaint.answer"}
        same |= {"kind": "internal", "binding": True, "certainty": "Q", "counted": "hours"}
        return told("case_overdue_soon", at, clocks=rows(clocks.COLUMNS, running, **same))

    began = {f"case:{n}": due[n] - 0.2 * int(limit[n]) * HOUR for n in late}
    return measured(began, looks, HOUR, 240)


def promises(chance: Generator) -> dict[str, object]:
    """300 promises of sixty days, looked at daily: 40 are broken, the others kept up to ten days early."""
    from suyuan.store.frames import commitments

    book = BOOK()
    day = [book.calendar.local(NOW).date() + timedelta(days=int(n)) for n in chance.integers(3, 55, 300)]
    late = set(chance.choice(300, 40, replace=False).tolist())
    early = chance.uniform(0, 10, 300)
    noon = [datetime(one.year, one.month, one.day, 4, tzinfo=UTC) for one in day]
    closed = [at + 3 * DAY if n in late else at - float(early[n]) * DAY for n, at in enumerate(noon)]

    def looks(at: datetime) -> set[str]:
        still = [{"number": f"{n}", "promised_on": day[n]} for n in range(300) if at < closed[n]]
        same = {"procedure": "complaint", "category": "", "unit": "01", "seq": 1, "made": NOW}
        return told("commitment_breaking", at, commitments=rows(commitments.COLUMNS, still, **same))

    return measured({f"case:{n}": noon[n] - 4 * DAY for n in late}, looks, DAY, 60)


def stuck(chance: Generator) -> dict[str, object]:
    """600 orders of the last months as they go, 30 that lie after they were taken on, looked at daily."""
    from suyuan.store.frames import cases

    steps = ("dispatched_at", "taken_at", "answered_at", "archived_at")

    def course(number: str, begun: datetime, waits: Sequence[float]) -> Row:
        ends = np.cumsum(waits)
        return {"number": number, "accepted_at": begun} | {
            step: begun + float(hours) * HOUR for step, hours in zip(steps, ends, strict=False)
        }

    every = [
        course(f"I{n}", NOW + float(chance.uniform(-90, 14)) * DAY, chance.lognormal(2, 0.5, 4))
        for n in range(600)
    ]
    every += [course(f"L{n}", NOW + n * 4 * HOUR, chance.lognormal(1, 0.5, 2)) for n in range(30)]
    same = {"procedure": "application", "kind": "application.meter", "category": "", "channel": "95598"}
    same |= {
        "unit": "01",
        "origin": "live",
        "account": "",
        "phone": "",
        "satisfaction": "",
        "crew_rating": "",
    }
    same |= {"card": "", "episode": 1, "paused": False}

    def looks(at: datetime) -> set[str]:
        known = [
            {name: when for name, when in row.items() if name == "number" or when <= at}
            | {"open": "archived_at" not in row or row["archived_at"] > at}
            for row in every
            if row["accepted_at"] <= at
        ]
        return told("order_stuck", at, cases=rows(cases.COLUMNS, known, **same))

    return measured({f"case:L{n}": every[600 + n]["taken_at"] for n in range(30)}, looks, DAY, 20)


def bounced(chance: Generator) -> dict[str, object]:
    """44 pairs, three hand-overs a week each for half a year: four bounce one in two, 40 one in twenty."""
    from suyuan.store.frames import handovers, units

    rate = np.where(np.arange(44) < 4, 0.5, 0.05)
    given = [
        {"number": f"{pair}.{n}", "giver": "o", "taker": f"{pair}", "at": NOW + (n + 0.5) * 7 / 3 * DAY,
         "ended": "return" if chance.random() < rate[pair] else "accept"}
        for pair in range(44) for n in range(78)
    ]  # fmt: skip

    def looks(at: datetime) -> set[str]:
        known = [row for row in given if row["at"] <= at]
        frames = {
            "handovers": rows(handovers.COLUMNS, known, idle_hours=1.0),
            "units": rows(units.COLUMNS, []),
        }
        return told("shirking", at, **frames)

    return measured({f"pair:o>{n}": NOW for n in range(4)}, looks, 7 * DAY, 26)


def answers(chance: Generator) -> dict[str, object]:
    """246 answers in thirty days: 20 leave a demand unanswered or are unfinished, one unit copies its own."""
    from suyuan.store.frames import texts

    said = ("客户反映电费偏高。", "客户反映电费偏高，要求赔偿。")
    parts = ["表箱", "空开", "接线", "铅封", "表计", "进户线"]
    made: list[Row] = []
    for n in range(240):
        at, bad = NOW + float(chance.uniform(0, 29)) * DAY, n < 20
        date = "X月X日" if bad and n % 2 else f"{at:%m月%d日}"
        reply = (
            GOOD.format(day=date, part=f"{chance.choice(parts)}（{n}号）")
            + "另"
            + "一二三四五六七八"[n % 8] * 3
        )
        made.append({"number": f"{n}", "unit": f"u{n % 40}", "account": f"k{n}", "answered_at": at,
                     "reply": reply, "said": said[bad and not n % 2], "accepted_at": at - DAY})  # fmt: skip
    copied = NOW + 10 * DAY
    made += [
        {"number": f"c{n}", "unit": "copy", "account": f"c{n}", "answered_at": copied,
         "reply": GOOD.format(day=f"3月{n + 1}日", part="表箱"), "said": said[0], "accepted_at": copied - DAY}
        for n in range(6)
    ]  # fmt: skip
    same = {"procedure": "complaint", "kind": "complaint", "category": "", "channel": "95598", "urges": 0}
    same |= {"unit_name": "", "satisfaction": "", "cause": "", "measures": ""}

    def looks(at: datetime) -> set[str]:
        known = [row for row in made if row["answered_at"] <= at]
        return told("reply_quality", at, texts=rows(texts.COLUMNS, known, **same))

    began = {f"case:{n}": made[n]["answered_at"] for n in range(20)}
    return measured(began | {"unit:copy": copied}, looks, DAY, 30)


WORLDS: Mapping[str, Callable[[Generator], dict[str, object]]] = {
    "case_overdue_soon": clocks,
    "commitment_breaking": promises,
    "order_stuck": stuck,
    "shirking": bounced,
    "reply_quality": answers,
}
SAID: Mapping[str, tuple[str, str]] = {
    "case_overdue_soon": (
        "300 个时限、60 个超期，其余随机按时办结，逐小时看 10 天",
        "300 limits of which 60 run out and the others are met at any time, looked at hourly for ten days",
    ),
    "commitment_breaking": (
        "300 项承诺、40 项违约，其余提前 0–10 天兑现，逐日看 60 天",
        "300 promises, 40 broken, the others kept up to ten days early, looked at daily for 60 days",
    ),
    "order_stuck": (
        "600 张正常工单、30 张滞留，逐日看 20 天",
        "600 orders as they go and 30 that lie, looked at daily for twenty days",
    ),
    "shirking": (
        "44 对单位、4 对一半退回，每周移交 3 件，逐周看半年",
        "44 pairs of units, four bounce one in two, three hand-overs a week, looked at weekly for six months",
    ),
    "reply_quality": (
        "246 份答复、20 份有大的疑点、1 个单位套用，逐日看 30 天",
        "246 answers, 20 with a grave fault and one unit that copies, looked at daily for thirty days",
    ),
}
