"""How well complaints are traced: simulated cities and two other towns know the sources, the method does not.

One line of JSON a log: the part of complaints with a source whose source is first, and within three; of those
that came from the front, how many blame anybody else; the expected calibration error of the confidence over
ten bins; of complaints without a source, how many abstain. ``--city``,
``--town`` and ``--third`` choose logs by their seeds.
"""

import argparse
import json
import tempfile
import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench import elsewhere, thirdtown
from suyuan.actions import eventlogs
from suyuan.analytics.trace import causality, eventlog
from suyuan.analytics.trace.causality import Rules
from suyuan.analytics.trace.eventlog import EventLog, Names, Relations
from suyuan.analytics.trace.tracer import Tracer
from suyuan.gateways import eventlog as files
from suyuan.simulate import build

END = date(2025, 10, 31)
CITIES, TOWNS, THIRDS = (404, 505, 606), (11, 12, 13), (21, 22, 23)
"""Seeds that nothing was chosen on."""
BINS = 10


@dataclass(frozen=True, slots=True)
class Truth:
    """One complaint: from where it came (object and activity, or nowhere), whether the front did it."""

    complaint: str
    thing: str
    activity: str
    front: bool


def city(seed: int, customers: int = 6_000, days: int = 200) -> tuple[EventLog, Rules, list[Truth]]:
    """Return a simulated city's log, our own rules, and what the city knows."""
    rules = eventlogs.rules()
    with tempfile.TemporaryDirectory() as folder:
        build(seed, customers, days, END, Path(folder), 6.0)
        log = eventlogs.traceable(files.read(Path(folder) / "log.sqlite"), rules)
        causes = json.loads((Path(folder) / "truth.json").read_text("utf-8"))["causes"]
    truth = [
        Truth(
            one["complaint"],
            one["root"]["object"] if one["root"]["unit"] else "",
            one["root"]["activity"],
            one["front_desk"],
        )
        for one in causes
    ]
    return log, rules, truth


def town(seed: int) -> tuple[EventLog, Rules, list[Truth]]:
    """Return another town's log, its rules, and what it knows."""
    made = elsewhere.build(seed)
    objects, types = list(made.types), sorted(set(made.types.values()))
    activities = sorted({done for _, done, _ in made.events})
    number = {name: at for at, name in enumerate(objects)}
    pairs = np.array([(n, number[one]) for n, row in enumerate(made.events) for one in row[2]], np.int32)
    none = np.zeros(0, np.int32)
    log = eventlog.log(
        (
            activities,
            types,
            Names(pa.array([f"e{n}" for n in range(len(made.events))])),
            Names(pa.array(objects)),
        ),
        np.array([activities.index(done) for _, done, _ in made.events], np.int32),
        np.array([round(at * 1e6) for at, _, _ in made.events], np.int64),
        np.array([types.index(made.types[name]) for name in objects], np.int32),
        Relations(pairs[:, 0], pairs[:, 1], none, none),
    )
    return (
        log,
        causality.rules(tomllib.loads(elsewhere.RULES), "town.toml"),
        [Truth(*one) for one in made.truth],
    )


SHAPES = {
    "third": thirdtown.Shape(),
    "third few": thirdtown.Shape(tickets=60),
    "third many": thirdtown.Shape(tickets=2_000),
    "third about nothing": thirdtown.Shape(about=False),
    "third unrelated": thirdtown.Shape(relations=False),
    "third attributes": thirdtown.Shape(units="attribute"),
    "third halves": thirdtown.Shape(lifecycle=True, relations=False, about=False, units="both"),
}
"""The shapes a third town's log is written in."""


def third(seed: int, shape: thirdtown.Shape) -> tuple[EventLog, Rules, list[Truth]]:
    """Return a third town's log as it is read from its file, its rules, and what it knows."""
    made, rules = thirdtown.build(seed, shape), eventlogs.rules(thirdtown.RULES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.json"
        thirdtown.write(made, path)
        log = eventlogs.traceable(files.read(path), rules)
    return log, rules, [Truth(*one) for one in made.truth]


def measure(log: EventLog, rules: Rules, truth: Iterable[Truth]) -> dict[str, float]:
    """Return how well the complaints of a log are traced."""
    tracer = Tracer(log, rules)
    began = time.perf_counter()
    assert tracer.support.complaints
    learned, sourced = time.perf_counter() - began, 0
    first = third = front = blamed = nowhere = silent = 0
    said: list[tuple[float, bool]] = []
    began = time.perf_counter()
    for one in truth:
        found = tracer.trace(log.objects.find(one.complaint))
        sources = [
            (log.objects[each.nodes[0].thing], log.activities[each.nodes[0].activity])
            for each in found.chains
        ]
        right = bool(one.thing) and sources[:1] == [(one.thing, one.activity)]
        sourced += bool(one.thing)
        first += right
        third += bool(one.thing) and (one.thing, one.activity) in sources[:3]
        front += one.front
        blamed += one.front and bool(sources) and sources[0][0] != one.thing
        nowhere += not one.thing
        silent += not one.thing and not sources
        if sources:
            said.append((found.chains[0].weight, right))
    return {
        "events": len(log.at),
        "complaints": sourced + nowhere,
        "first": first / sourced,
        "within_three": third / sourced,
        "innocent_blamed": blamed / max(front, 1),
        "calibration_error": calibration_error(said),
        "abstained_without_source": silent / max(nowhere, 1),
        "learned_s": round(learned, 2),
        "ms_a_complaint": round((time.perf_counter() - began) / (sourced + nowhere) * 1000, 2),
    }


def calibration_error(said: Iterable[tuple[float, bool]]) -> float:
    """Return how far confidence lies from the part that is right, over bins weighted by size."""
    rows = np.array(list(said), float).reshape(-1, 2)
    if not len(rows):
        return 0.0
    bins = np.minimum((rows[:, 0] * BINS).astype(int), BINS - 1)
    apart = [
        abs(float((rows[bins == one, 0] - rows[bins == one, 1]).sum()))
        for one in range(BINS)
        if (bins == one).any()
    ]
    return sum(apart) / len(rows)


def main() -> None:
    """Measure the logs asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--city", type=int, nargs="*", default=CITIES)
    parser.add_argument("--town", type=int, nargs="*", default=TOWNS)
    parser.add_argument("--third", type=int, nargs="*", default=THIRDS)
    given = parser.parse_args()
    asked = [("city", city, given.city), ("town", town, given.town)]
    asked += [(name, partial(third, shape=shape), given.third) for name, shape in SHAPES.items()]
    for name, make, seeds in asked:
        for seed in seeds:
            found = {"bench": "trace", "log": name, "seed": seed} | measure(*make(seed))
            print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
