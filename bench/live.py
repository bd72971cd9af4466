"""A city lived through day by day: what detectors found of what was planted, what became of the warnings.

The city knows what shows before complaints and from when on; a precursor is found when a signal is kept about
it, and early when that is before its complaint. What acting in time truly did, it knows too.
"""

import argparse
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from bench import home
from suyuan.cli import live
from suyuan.cli.live_looks import SURGE
from suyuan.simulate import imagine
from suyuan.simulate.precursors.planted import Precursor
from suyuan.simulate.precursors.supply import HALF
from suyuan.simulate.prevention import Prevention
from suyuan.simulate.window import DAY

if TYPE_CHECKING:
    from suyuan.store.models import KeptSignal


def found(asked: live.Lived, lived: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return by kind of precursor how many began, how many a signal was kept about, how long that took.

    ``early`` counts those that became a complaint and were told of before it, of ``became``. The telephone
    rings again and again at one place: a day on which it did tells of it where calls were told to surge.
    """
    over, rang = len(lived) * DAY, {at for at, day in enumerate(lived) if day.get("rang")}
    from suyuan.store import seal
    from suyuan.store.models import KeptSignal

    prevention = Prevention(imagine(asked.size), lambda account: seal.index("account", account))
    told: dict[str, list[KeptSignal]] = defaultdict(list)
    for row in KeptSignal.objects.order_by("first_seen"):
        told[row.object].append(row)
    begins = live.moment(date.fromisoformat(asked.begins), live.time())
    rows: dict[str, list[tuple[Precursor, float | None]]] = defaultdict(list)
    for one in {id(each): each for every in prevention.known.values() for each in every}.values():
        if one.began < over:
            at = one.began // DAY
            rings = one.began + HALF if at in rang else None
            seen = rings if one.detector == SURGE else _seen(one, prevention, told, begins)
            rows[one.detector].append((one, seen))
    return {name: _counted(each, over) for name, each in sorted(rows.items())}


def _seen(
    one: Precursor, prevention: Prevention, told: dict[str, "list[KeptSignal]"], begins: datetime
) -> float | None:
    """Return in seconds from the first day when a signal about a precursor was kept first."""
    names = [name for name, every in prevention.known.items() if any(each is one for each in every)]
    first = [
        row.first_seen
        for name in names
        for row in told.get(name, ())
        if row.detector == one.detector or name.startswith("order:")
    ]
    return (min(first) - begins).total_seconds() if first else None


def _counted(each: list[tuple[Precursor, float | None]], over: int) -> dict[str, Any]:
    delays = [max(0.0, (seen - max(0, one.began)) / DAY) for one, seen in each if seen is not None]
    became = [(one, seen) for one, seen in each if any(c.at < over for c in one.complaints)]
    early = sum(seen is not None and seen < min(c.at for c in one.complaints) for one, seen in became)
    return {
        "began": len(each),
        "found": len(delays),
        "median_delay_days": round(median(delays), 1) if delays else None,
        "became": len(became),
        "early": early,
    }


def warnings() -> dict[str, Any]:
    """Return how many warnings there are by state, closed with proof, never taken on, by detector."""
    from suyuan.store.models import WarningCase

    every = WarningCase.objects.select_related("case")
    proven = every.filter(case__state="archived").exclude(proof=None).count()
    return {
        "by_state": dict(Counter(one.case.state for one in every)),
        "closed_with_proof": proven,
        "by_detector": dict(Counter(every.values_list("detector", flat=True)).most_common()),
    }


def effect(asked: live.Lived, days: int) -> dict[str, Any]:
    """Return what the report on the effect of warnings says at the end."""
    from suyuan.analytics.effects import effect as method
    from suyuan.store.queries import acted, viewer

    office = viewer.named("office")
    assert office is not None
    end = date.fromisoformat(asked.begins) + timedelta(days=days)
    counted = acted.counted(office, live.moment(end, live.NOON))
    said = method.effect(counted.panel, counted.acted, counted.terms)
    return {"verdict": said.verdict, "why": said.why, "units": said.units, "controls": said.controls}


def first_moves(asked: live.Lived, days: int) -> dict[str, Any]:
    """Return what the report on first moves says of the calls at the end."""
    from suyuan.store.queries import moves_effect

    end = date.fromisoformat(asked.begins) + timedelta(days=days)
    said = moves_effect.report(None, live.moment(end, live.NOON)).told()
    return {"so_far": said["so_far"], "all": said["all"]}


def main() -> None:
    """Live through a city and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=22)
    parser.add_argument("--customers", type=int, default=1_000)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--end", type=date.fromisoformat, default=date(2026, 10, 31))
    parser.add_argument("--left", default="", help="Live in this home and leave it; it goes on where it was.")
    given = parser.parse_args()
    home.fresh(given.left)
    begins = given.end - timedelta(days=given.days - 1)
    asked = live.Lived(given.seed, given.customers, given.days, begins.isoformat())
    days = list(live.live(asked, 0))
    seconds = sorted(day["seconds"] for day in days)
    from suyuan.store.models import KeptSignal

    home.line(
        "live",
        customers=given.customers,
        days=given.days,
        day_seconds={"median": median(seconds), "most": seconds[-1]} if seconds else None,
        precursors=found(asked, days),
        kept=dict(Counter(KeptSignal.objects.values_list("detector", flat=True)).most_common()),
        warnings=warnings(),
        truth=live.truth(asked),
        effect=effect(asked, given.days),
        first_moves=first_moves(asked, given.days),
    )


if __name__ == "__main__":
    main()
