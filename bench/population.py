"""Whether steps with planted causes stand above all others: simulated cities and another town know which do.

One line of JSON a log. Planted with a relative risk of 2 and more are the steps that, by the truth, made at
least as many complaints as were to be expected there anyway; the least of their estimates is held against the
greatest of those of steps where nothing was planted. In the cities a step is a step of a unit; the town does
not say who owes a step that was not done, so there it is a step alone.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np

from bench import trace
from suyuan.actions import eventlogs
from suyuan.analytics.trace import population, sources
from suyuan.analytics.trace.eventlog import EventLog
from suyuan.analytics.trace.population import Row
from suyuan.analytics.trace.tracer import Tracer
from suyuan.gateways import eventlog as files
from suyuan.simulate import build

END = date(2025, 10, 31)
Planted = Counter[tuple[str, str]]
"""Activity and unit (empty where a step is a step alone) → complaints made."""


def city(seed: int) -> tuple[Tracer, Planted]:
    """Return what traces a simulated city, and the steps of units that made complaints."""
    rules = eventlogs.rules()
    with tempfile.TemporaryDirectory() as folder:
        build(seed, 6_000, 200, END, Path(folder), 6.0)
        log = eventlogs.traceable(files.read(Path(folder) / "log.sqlite"), rules)
        causes = json.loads((Path(folder) / "truth.json").read_text("utf-8"))["causes"]
    roots = [one["root"] for one in causes if one["root"]["unit"]]
    return Tracer(log, rules), Counter((root["activity"], root["unit"]) for root in roots)


def town(seed: int) -> tuple[Tracer, Planted]:
    """Return what traces another town, and the steps that made complaints."""
    log, rules, truth = trace.town(seed)
    return Tracer(log, rules), Counter((one.activity, "") for one in truth if one.thing)


def rows(tracer: Tracer, *, alone: bool) -> list[Row]:
    """Return the population by step and unit, or by step alone."""
    found, done = sources.sources(tracer), population.exposed(tracer)
    if alone:
        done, found = population.merged(done, found, np.full(len(tracer.log.type) + 1, -1, np.int64))
    return population.population(tracer, found, done)


def measure(tracer: Tracer, planted: Planted, *, alone: bool) -> dict[str, object]:
    """Return the least estimate of what was planted at a relative risk of 2, and the greatest of the rest."""
    began = time.perf_counter()
    every = rows(tracer, alone=alone)
    took = time.perf_counter() - began
    log = tracer.log
    true = {id(row): 1 + planted[name(log, row)] / row.expected for row in every}
    high = [row for row in every if true[id(row)] >= 2]
    rest = [row for row in every if not planted[name(log, row)]]
    least = min(high, key=lambda row: row.relative_risk)
    most = max(rest, key=lambda row: row.relative_risk)
    return {
        "rows": len(every),
        "planted_at_2": len(high),
        "least_planted": round(least.relative_risk, 2),
        "least_is": name(log, least),
        "unplanted": len(rest),
        "most_unplanted": round(most.relative_risk, 2),
        "most_is": name(log, most),
        "above_all": sum(row.relative_risk > most.relative_risk for row in high),
        "s": round(took, 2),
    }


def name(log: EventLog, row: Row) -> tuple[str, str]:
    """Return activity and unit of a row."""
    return log.activities[row.activity], log.objects[row.unit] if row.unit >= 0 else ""


def main() -> None:
    """Measure the logs asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--city", type=int, nargs="*", default=trace.CITIES)
    parser.add_argument("--town", type=int, nargs="*", default=trace.TOWNS)
    given = parser.parse_args()
    for kind, make, seeds in (("city", city, given.city), ("town", town, given.town)):
        for seed in seeds:
            said = {"bench": "population", "log": kind, "seed": seed}
            found = measure(*make(seed), alone=kind == "town")
            print(json.dumps(said | found, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
