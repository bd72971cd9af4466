"""Tracing on a large log: making an index and its size, one complaint by it, the population, memory.

The log is one simulated city many times over, its copies an hour apart with objects of their own, its units
and people shared. Making the index, tracing, the command and the population each run in a process of their
own, so that the highest memory is their own. ``--events`` says how large, ``--folder`` where the index stays.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from suyuan.actions import eventlogs
from suyuan.analytics.trace import causality, eventlog, kept, profile, told
from suyuan.analytics.trace.causality import Rules
from suyuan.analytics.trace.eventlog import EventLog, Names, Relations
from suyuan.analytics.trace.survey import Survey
from suyuan.analytics.trace.tracer import Tracer
from suyuan.domain.rulebook import load
from suyuan.gateways import eventlog as files
from suyuan.gateways.eventlog import Columns
from suyuan.simulate import build

END = date(2025, 10, 31)
SEED, CUSTOMERS, DAYS = 11, 20_000, 200
HOUR = 3_600_000_000
ASKED = 200
"""So many complaints are traced one after the other."""
OPENED = 15
"""So many processes open the index and trace one complaint each."""


def city() -> Columns:
    """Return the log of one simulated city."""
    with tempfile.TemporaryDirectory() as folder:
        build(SEED, CUSTOMERS, DAYS, END, Path(folder), 6.0)
        return files.read(Path(folder) / "log.sqlite")


def many(one: Columns, times: int, rules: Rules) -> EventLog:
    """Return a log so many times over, actors shared, each copy an hour after the one before."""
    actors = sorted(causality.codes(one.types, (*rules.roles.actors, *rules.roles.units)))
    shared = np.isin(one.type, actors)
    number = numbers(shared, times)
    at = np.concatenate([one.at + copy * HOUR for copy in range(times)])
    order = np.argsort(at, kind="stable")
    place = np.empty(len(at), np.int64)
    place[order] = np.arange(len(at))
    events = len(one.at)
    base = eventlogs.traceable(one, rules)
    objects = [
        one.object_ids,
        *(_named(one.object_ids.filter(pa.array(~shared)), n) for n in range(1, times)),
    ]
    return eventlog.log(
        (
            one.activities,
            one.types,
            Names(_texts([_named(one.event_ids, n) for n in range(times)]).take(pa.array(order))),
            Names(_texts(objects)),
        ),
        np.tile(one.activity, times)[order],
        at[order],
        np.concatenate([one.type, np.tile(one.type[~shared], times - 1)]),
        Relations(
            np.concatenate([place[one.touch_event + n * events] for n in range(times)]).astype(np.int32),
            np.concatenate([row[one.touch_object] for row in number]),
            np.concatenate([row[one.link_source] for row in number]),
            np.concatenate([row[one.link_target] for row in number]),
        ),
        {int(row[thing]): about for row in number for thing, about in base.label.items()},
    )


def numbers(shared: NDArray[np.bool_], times: int) -> list[NDArray[np.int32]]:
    """Return of each copy the numbers of its objects: those of the first for what is shared."""
    first = np.arange(len(shared), dtype=np.int32)
    own = int((~shared).sum())
    rank = np.cumsum(~shared) - 1
    later = [np.where(shared, first, len(shared) + n * own + rank).astype(np.int32) for n in range(times - 1)]
    return [first, *later]


def _named(ids: pa.Array, copy: int) -> pa.Array:
    ids = ids.cast(pa.large_string())
    after, apart = (pa.scalar(text, pa.large_string()) for text in (f"-{copy}", ""))
    return pc.binary_join_element_wise(ids, after, apart) if copy else ids


def _texts(parts: Iterable[pa.Array]) -> pa.Array:
    return pa.concat_arrays([part.cast(pa.large_string()) for part in parts])


def _peak() -> int:
    """Return the highest memory of this process so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _made(folder: Path, events: int) -> dict[str, float]:
    """Make the log and its index."""
    rules, one = eventlogs.rules(), city()
    times = max(round(events / len(one.at)), 1)
    began = time.perf_counter()
    log = many(one, times, rules)
    laid, before = time.perf_counter(), _peak()
    tracer = Tracer(log, rules)
    assert tracer.courses.waits
    assert tracer.finder.doers.by_place.wide
    indexed = time.perf_counter()
    assert tracer.support.complaints
    learned = time.perf_counter()
    files = kept.keep(tracer, folder)["files"]
    return {
        "events": len(log.at),
        "objects": len(log.type),
        "relations": len(log.touched.item),
        "complaints": len(tracer.complaints()),
        "log_s": laid - began,
        "indexed_s": indexed - laid,
        "learned_s": learned - indexed,
        "written_s": time.perf_counter() - learned,
        "mib_on_disk": sum(file["size"] for file in files.values()) / 2**20,
        "mib_before": before,
        "mib_peak": _peak(),
    }


def _traced(folder: Path) -> dict[str, float]:
    """Open the index and trace complaints, one after the other."""
    rules = eventlogs.rules()
    began = time.perf_counter()
    tracer = kept.opened(folder, rules)
    opened = time.perf_counter() - began
    drawn = np.random.default_rng(int(began * 1e6)).choice(tracer.complaints(), ASKED, replace=False)
    ids, spent = [tracer.log.objects[one] for one in drawn.tolist()], []
    for name in ids:
        began = time.perf_counter()
        answer(tracer, name)
        spent.append((time.perf_counter() - began) * 1000)
    return {"opened_ms": opened * 1000, "first_ms": spent[0], "mib_peak": _peak()} | {
        "p50_ms": statistics.median(spent),
        "p95_ms": float(np.quantile(spent, 0.95)),
        "most_ms": max(spent),
    }


def answer(tracer: Tracer, name: str) -> dict[str, object]:
    """Return the trace of a complaint by its id, as the command tells it."""
    return told.told(tracer.log, tracer.trace(tracer.log.objects.find(name)))


def _counted(folder: Path) -> dict[str, float]:
    """Open the index and count over the population; then all else that a whole log is told by."""
    began = time.perf_counter()
    survey = Survey(kept.opened(folder, eventlogs.rules(), whole=True), load().calendar)
    rows = survey.rows()
    counted, peak = time.perf_counter(), _peak()
    found = {"steps": len(survey.steps.at), "deviations": len(survey.deviating.at)}
    found["bottlenecks"] = len(profile.bottlenecks(survey.profiles()))
    found |= {"months": len(survey.trend().months), "new": len(survey.fresh()[0])}
    spent = {"population_s": counted - began, "profile_s": time.perf_counter() - counted}
    return {"rows": len(rows)} | spent | {"mib_peak": peak, "mib_peak_profile": _peak()} | found


def _command(folder: Path) -> dict[str, float]:
    """Run the command on a complaint each, from nothing."""
    tracer = kept.opened(folder, eventlogs.rules())
    drawn = np.random.default_rng(SEED).choice(tracer.complaints(), OPENED, replace=False)
    suyuan, spent = Path(sys.executable).with_name("suyuan"), []
    for one in drawn.tolist():
        began = time.perf_counter()
        command = [str(suyuan), "trace", str(folder), "--object", tracer.log.objects[one], "--json"]
        subprocess.run(command, check=True, capture_output=True)
        spent.append((time.perf_counter() - began) * 1000)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "command_p50_ms": statistics.median(spent),
        "command_most_ms": max(spent),
        "command_processor_ms": (used.ru_utime + used.ru_stime) / OPENED * 1000,
    }


def main() -> None:
    """Make an index and ask it, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--step", choices=list(STEPS))
    given = parser.parse_args()
    if given.step:
        made = STEPS[given.step]
        found = made(given.folder, given.events) if given.step == "make" else made(given.folder)
        found |= {"processor_s": time.process_time(), "load": os.getloadavg()[0]}
        told_of = {key: round(value, 2) for key, value in found.items()}
        print(json.dumps({"bench": "tracelarge", "step": given.step} | told_of), flush=True)
        return
    with tempfile.TemporaryDirectory() as kept_in:
        folder = given.folder or Path(kept_in) / "index"
        for step in STEPS:
            asked = ["--step", step, "--folder", str(folder), "--events", str(given.events)]
            subprocess.run([sys.executable, "-m", "bench.tracelarge", *asked], check=True)


STEPS = {"make": _made, "trace": _traced, "command": _command, "population": _counted}


if __name__ == "__main__":
    main()
