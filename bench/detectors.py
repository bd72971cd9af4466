"""How right are the detectors, and how fast those over a home's own cases?

A simulated city with precursors comes in like any office's files; its days are looked at one after the other,
each as it stood then, and what is found is held against what was planted. What is measured is written into
the rulebook (``detector_scores.toml``), said to be simulated. ``speed``: how long ``detect all`` takes there.
"""

import argparse
import csv
import json
import time
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from bench import detectlogs, detectmixes, detectworlds, home, naming

DETECTORS = ("silent_dissatisfaction", "misclassified", "repeat_contact", "under_registration")
PLANTED_ALL = frozenset({"misclassified", "under_registration"})
"""Detectors of which the city plants every one there is: what else is told is false. Of the others what is
told beside the planted is counted: who is not content is so whether it was planted or not."""
SCORES = "detector_scores.toml"
DAY = timedelta(days=1)
MONTH = 30.0
HEADING = """\
# What detectors did on planted truth, written by ``python -m bench.detectors``, never by hand. Simulated:
# an upper bound of what can be hoped for, and no word about this office's customers.
"""


@dataclass
class Told:
    """What was planted of one detector, and when each thing found was seen first."""

    began: dict[str, datetime] = field(default_factory=dict)
    seen: dict[str, datetime] = field(default_factory=dict)

    def figures(self, begin: datetime, until: datetime, *, all_planted: bool) -> dict[str, object]:
        """Return how many that began between were found, with what delay, and what else was told a month."""
        days = (until - begin) / DAY + 1
        planted = {
            thing: at for thing, at in self.began.items() if thing.startswith("unit:") or begin <= at <= until
        }
        beside = round(len(self.seen.keys() - self.began.keys()) / days * MONTH, 1)
        return summed(planted, self.seen) | {"false_a_month" if all_planted else "beside_a_month": beside}


def summed(planted: Mapping[str, datetime], seen: Mapping[str, datetime]) -> dict[str, object]:
    """Return how many of the planted things were seen, and the median delay in days; a unit has none."""
    delays = [
        max((seen[thing] - at) / DAY, 0.0)
        for thing, at in planted.items()
        if thing in seen and not thing.startswith("unit:")
    ]
    return {
        "found": len(planted.keys() & seen.keys()),
        "of": len(planted),
        "delay_days": round(median(delays), 1) if delays else None,
    }


def planted(city: Path) -> dict[str, Told]:
    """Return what was planted, by detector; repeat contacts stand in the truth of every city."""
    told = {name: Told() for name in DETECTORS}
    with (city / "precursors.csv").open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["detector"] in told:
                told[row["detector"]].began[row["object"]] = datetime.fromisoformat(row["began"])
    return told


def looked(told: Mapping[str, Told], first: date, last: date) -> Iterator[tuple[date, float]]:
    """Look at each day as it stood at its end, keep what was seen first; yield how long each look took."""
    from suyuan.actions import detecting
    from suyuan.store import rules

    zone = rules.rulebook().calendar.zone
    day = first
    while day <= last:
        at = datetime.combine(day + DAY, datetime.min.time(), zone)
        begun = time.perf_counter()
        found = detecting.find(told, as_of=at.astimezone(UTC))
        yield day, time.perf_counter() - begun
        for one in found:
            told[one.detector].seen.setdefault(one.object, at)
        day += DAY


def load(city: Path, now: datetime) -> None:
    """Take the files of a city into the home."""
    from suyuan.actions import imports, trace
    from suyuan.cli import demo_city
    from suyuan.domain.procedure import SYSTEM

    demo_city.load_people(city, "", now)
    imports.run(path=city / "orders.xlsx", layout="suyuan", actor=SYSTEM, now=now)
    trace.take_log(path=city / "log.sqlite", actor=SYSTEM, now=now, how=trace.How(source="bench"))


def written(rows: Mapping[str, Mapping[str, object]], seed: int, on: date) -> str:
    """Return the rulebook's file: rows of other detectors stay, measured ones are replaced."""
    place = files("suyuan.rulebook").joinpath(SCORES)
    known = {one["detector"]: one for one in tomllib.loads(place.read_text("utf-8")).get("measured", ())}
    known |= {name: {"detector": name, "on": on, "seed": seed, **row} for name, row in rows.items()}
    return HEADING + "".join(_row(known[name]) for name in sorted(known))


def _row(row: Mapping[str, object]) -> str:
    lines = [f"{name} = {_plain(value)}" for name, value in row.items() if value is not None]
    return "\n[[measured]]\n" + "\n".join(lines) + "\n"


def _plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def main() -> None:
    """Measure, print one line a detector, and write the figures where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=31)
    parser.add_argument("--customers", type=int, default=5_000)
    parser.add_argument("--days", type=int, default=150)
    parser.add_argument("--warm", type=int, default=60, help="days that are not looked at")
    parser.add_argument("--write", action="store_true", help="into the rulebook")
    asked = parser.parse_args()
    home.fresh()
    last = date(2026, 6, 30)
    with TemporaryDirectory() as folder:
        measure(asked, Path(folder), last)


def measure(asked: argparse.Namespace, city: Path, last: date) -> None:
    """Make the city, take it in, look at each of its days."""
    from suyuan.actions import detecting
    from suyuan.simulate.assemble import write
    from suyuan.simulate.town import Size, imagine

    write(imagine(Size(asked.seed, asked.customers, asked.days, last, precursors=True)), city)
    load(city, datetime(last.year, last.month, last.day, tzinfo=UTC) + DAY)
    told, first = planted(city), last - (asked.days - asked.warm - 1) * DAY
    spent = [seconds for _, seconds in looked(told, first, last)]
    until = datetime(last.year, last.month, last.day, tzinfo=UTC)
    days = len(spent)
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    what = {
        "zh": f"模拟城市 {asked.customers} 户，逐日看 {days} 天",
        "en": f"a simulated city of {asked.customers} customers, {days} days looked at one by one",
    }
    rows = {
        name: what | one.figures(begin, until, all_planted=name in PLANTED_ALL)
        for name, one in told.items()
        if one.began
    }
    rows |= {name: what | row for name, row in detectlogs.measured(city, first, last).items()}
    for worlds in (detectworlds, detectmixes, naming):
        for name, made in worlds.WORLDS.items():
            zh, en = worlds.SAID[name]
            rows[name] = {"zh": zh, "en": en} | made(np.random.default_rng(asked.seed))
    for name, figures in rows.items():
        home.line("detectors.city", detector=name, **figures, days=days)
    begun = time.perf_counter()
    n = len(detecting.find(as_of=until + DAY))
    every, each = round(time.perf_counter() - begun, 2), round(median(spent), 2)
    home.line("detectors.speed", seconds=every, signals=n, a_look=each)
    if asked.write:
        place = Path(str(files("suyuan.rulebook").joinpath(SCORES)))
        place.write_text(written(rows, asked.seed, datetime.now(UTC).date()), "utf-8")


if __name__ == "__main__":
    main()
