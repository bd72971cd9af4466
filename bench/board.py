"""How long does the control board take over ten million orders? Prints one JSON line.

Writes a synthetic lake (uniform codes, two years, a tree of 1 + 10 + 100 + 1,000 units, three clocks for one
case in two) into a temporary directory and draws every measure for every unit, previous period and last year
included. ``--orders N`` for another size, ``--keep DIR`` to leave the lake there.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from suyuan.analytics import board, source
from suyuan.analytics.lake import CASES, CLOCKS, UNITS
from suyuan.analytics.measures import BOARD
from suyuan.analytics.period import parse
from suyuan.gateways.engine import MANIFEST, open_duckdb

FIRST_DAY = date(2024, 1, 1)
DAYS = 731
CHUNK = 500_000
AS_OF = datetime(2026, 1, 15, tzinfo=UTC)
TYPES = (
    "complaint",
    "report",
    "opinion",
    "consult",
    "query",
    "repair",
    "repair",
    "praise",
    "application.meter",
)
PROCEDURES = (
    "complaint",
    "report",
    "opinion",
    "enquiry",
    "enquiry",
    "repair",
    "repair",
    "opinion",
    "application",
)
LIMITS = (
    "complaint.contact",
    "complaint.answer",
    "repair.arrive.urban",
    "repair.arrive.rural",
    "consult.answer",
)


def unit_rows() -> list[dict[str, object]]:
    """Return a tree of 1,111 units whose leaves have customers."""
    rows: list[dict[str, object]] = []

    def grow(code: str, path: str, parent: str, depth: int) -> None:
        customers = 5_000 if depth == 4 else None
        rows.append(
            dict.fromkeys((name for name, _ in UNITS), "")
            | {"code": code, "name": code, "path": path, "depth": depth, "parent": parent}
            | {"customers": customers, "provisional": False}
        )
        if depth < 4:
            for child in range(10):
                grow(f"{code}{child}", f"{path}{code}{child}/", code, depth + 1)

    grow("9", "/9/", "", 1)
    return rows


def coded(rng: np.random.Generator, words: tuple[str, ...], size: int, empty: float = 0.0) -> pa.Array:
    """Return random words as a dictionary array, a share of them empty."""
    codes = rng.integers(0, len(words), size).astype(np.int16)
    if empty:
        words, codes = (*words, ""), np.where(rng.random(size) < empty, len(words), codes).astype(np.int16)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words)).cast(pa.string())


def moments(rng: np.random.Generator, start: np.ndarray, most_hours: float, empty: float) -> pa.Array:
    """Return moments up to some hours after ``start``, a share of them null."""
    after = start + (rng.random(len(start)) * most_hours * 3.6e9).astype(np.int64)
    return pa.array(after, pa.int64(), mask=rng.random(len(start)) < empty).cast(pa.timestamp("us", tz="UTC"))


def accepted(rng: np.random.Generator, size: int, day: int) -> tuple[np.ndarray, dict[str, pa.Array]]:
    """Return when cases were accepted, as moments and as the civil columns, within a month from ``day``."""
    days = np.minimum(day + rng.integers(0, max(DAYS * size // 10_000_000, 1) + 1, size), DAYS - 1)
    calendar = [FIRST_DAY + timedelta(days=at) for at in range(DAYS)]
    midnight = int(datetime(2023, 12, 31, 16, tzinfo=UTC).timestamp() * 1e6)
    start = midnight + days.astype(np.int64) * 86_400_000_000 + rng.integers(0, 24, size) * 3_600_000_000
    return start, {
        "accepted_at": pa.array(start).cast(pa.timestamp("us", tz="UTC")),
        "accepted_date": pa.array(calendar, pa.date32()).take(pa.array(days)),
        "accepted_year": pa.array([each.year for each in calendar], pa.int16()).take(pa.array(days)),
    }


def judged(rng: np.random.Generator, size: int) -> dict[str, pa.Array]:
    """Return what was found, said and flagged."""
    flags = {"is_open": 0.05, "is_child": 0.03, "restricted": 0.01, "malicious": 0.001}
    flags |= {"binding_provisional": 0.01, "binding_assessable": 0.9}
    return {name: pa.array(rng.random(size) < chance) for name, chance in flags.items()} | {
        "origin": coded(rng, ("import", "live"), size),
        "category": coded(rng, ("service.hall", "business.meter", "outage.notice"), size, 0.1),
        "assess_group": coded(rng, ("class1", "class2", "production", "excluded"), size, 0.3),
        "level": coded(rng, ("general", "important", "major"), size, 0.3),
        "finding": coded(rng, ("verified", "unverified", "partial"), size, 0.3),
        "finding_assessed": coded(rng, ("verified", "unverified", "partial"), size, 0.35),
        "satisfaction": coded(rng, ("satisfied", "dissatisfied", "not_rated"), size, 0.3),
        "clock_reason": coded(rng, ("no_target", "no_rule_in_force", "type_unknown", ""), size, 0.8),
        "urge_count": pa.array(rng.poisson(0.1, size), pa.int32()),
        "contact_count": pa.array(1 + rng.poisson(0.1, size), pa.int32()),
    }


def cases(rng: np.random.Generator, first: int, size: int, day: int, paths: list[str]) -> pa.Table:
    """Return ``size`` synthetic cases; one in ten shares its event with others."""
    start, civil = accepted(rng, size, day)
    kind = pa.array(rng.integers(0, len(TYPES), size))
    unit = pa.array(rng.integers(0, len(paths), size).astype(np.int32))
    events = first + np.where(rng.random(size) < 0.9, np.arange(size), rng.integers(0, size, size) // 50)
    milestones = {"received_at": (1, 0.2), "registered_at": (1, 0.1), "dispatched_at": (3, 0.4)}
    milestones |= {"answered_at": (180, 0.1), "binding_due": (200, 0.1), "binding_stopped": (180, 0.1)}
    known = {
        "case_id": pa.array(np.arange(first, first + size)),
        "business_type": pa.array(TYPES).take(kind),
        "procedure": pa.array(PROCEDURES).take(kind),
        "unit_path": pa.array(paths).take(unit),
        "unit": pa.array([path.split("/")[-2] for path in paths]).take(unit),
        "event_key": pa.array(events).cast(pa.string()),
    }
    known |= {name: moments(rng, start, *spread) for name, spread in milestones.items()}
    return shaped(known | civil | judged(rng, size), CASES, size)


def shaped(known: dict[str, pa.Array], columns: tuple[tuple[str, str], ...], size: int) -> pa.Table:
    """Return the lake's columns, those not simulated empty."""
    schema = source.arrow_schema(columns)
    arrays = []
    for field in schema:
        if field.name in known:
            arrays.append(known[field.name])
        elif field.type == pa.string():
            arrays.append(pa.repeat(pa.scalar(""), size))
        else:
            arrays.append(pa.nulls(size, field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def clocks(rng: np.random.Generator, of: pa.Table) -> pa.Table:
    """Return three clocks for every second case."""
    base = of.slice(0, of.num_rows // 2)
    rows = pa.concat_tables([base.select(("case_id", "unit", "unit_path", "procedure", "is_open"))] * 3)
    dates = pa.concat_tables([base.select(("accepted_date", "accepted_year", "accepted_at"))] * 3)
    size = rows.num_rows
    start = dates.column("accepted_at").cast(pa.int64()).to_numpy()
    known = {name: rows.column(name).combine_chunks() for name in rows.column_names}
    known |= {name: dates.column(name).combine_chunks() for name in ("accepted_date", "accepted_year")}
    known |= {
        "limit": coded(rng, LIMITS, size),
        "kind": coded(rng, ("internal", "public"), size),
        "started": dates.column("accepted_at").combine_chunks(),
        "due": moments(rng, start, 200, 0.0),
        "stopped": moments(rng, start, 180, 0.1),
        "provisional": pa.array(rng.random(size) < 0.01),
        "assessable": pa.array(rng.random(size) < 0.8),
        "binding": pa.array(rng.random(size) < 0.5),
    }
    return shaped(known, CLOCKS, size)


def write_lake(lake: Path, orders: int) -> None:
    """Write the synthetic lake, in parts as an exporter does."""
    rng = np.random.default_rng(1)
    units = unit_rows()
    leaves = [str(row["path"]) for row in units if row["depth"] == 4]
    manifest: dict[str, object] = {"cases": [], "clocks": [], "units": ["units.parquet"], "exported_to": 0}
    pq.write_table(pa.Table.from_pylist(units, schema=source.arrow_schema(UNITS)), lake / "units.parquet")
    for first in range(0, orders, CHUNK):
        size = min(CHUNK, orders - first)
        part = cases(rng, first, size, DAYS * first // orders, leaves)
        for name, table in (("cases", part), ("clocks", clocks(rng, part))):
            file = f"{name}-{first}.parquet"
            pq.write_table(table, lake / file, row_group_size=125_000)
            manifest[name].append(file)  # type: ignore[attr-defined]
    (lake / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def run(lake: Path, orders: int) -> dict[str, object]:
    """Draw the board for all units, a year with the year before, and return what it took."""
    with open_duckdb(lake, threads=2) as engine:
        tables = engine.tables()
        start = time.perf_counter()
        units = board.by_unit(tables, parse("2025"), [m.id for m in BOARD], as_of=AS_OF)
        seconds = time.perf_counter() - start
        start = time.perf_counter()
        month = board.board(tables, parse("2025-10"), as_of=AS_OF)
        month_seconds = time.perf_counter() - start
    return {
        "bench": "board",
        "orders": orders,
        "clocks": orders // 2 * 3,
        "units": len(units),
        "measures": len(units[0].rows),
        "threads": 2,
        "seconds": round(seconds, 2),
        "one_month_one_unit_seconds": round(month_seconds, 2),
        "month_measures": len(month),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    """Write or reuse a lake, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000_000)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        lake = asked.keep or Path(temporary)
        if not (lake / MANIFEST).exists():
            lake.mkdir(parents=True, exist_ok=True)
            write_lake(lake, asked.orders)
        sys.stdout.write(json.dumps(run(lake, asked.orders)) + "\n")


if __name__ == "__main__":
    main()
