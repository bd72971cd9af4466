"""Rows and whole lakes for the tests of the measures; civil columns are worked out as the exporter does."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from suyuan.analytics import source
from suyuan.analytics.lake import CASES, CLOCKS, COMMITMENTS, HANDOVERS, TABLES, UNITS, Columns
from suyuan.gateways.engine import MANIFEST, open_duckdb

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2025, 12, 1, tzinfo=UTC)
NOON = datetime(2025, 10, 15, 12, tzinfo=SHANGHAI)
FIRST_0030 = datetime(2025, 11, 1, 0, 30, tzinfo=SHANGHAI)
"""00:30 on the 1st: still the month before in UTC."""
LAST_2330 = datetime(2025, 10, 31, 23, 30, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)

Row = dict[str, object]


def _blank(columns: Columns) -> Row:
    return {name: "" if kind == "string" else None for name, kind in columns}


def _civil(at: datetime) -> Row:
    day = at.astimezone(SHANGHAI).date()
    year, week, _ = day.isocalendar()
    return {
        "accepted_date": day,
        "accepted_month": f"{day:%Y-%m}",
        "accepted_week": f"{year}-W{week:02}",
        "accepted_year": day.year,
    }


def case(case_id: int, at: datetime = NOON, **known: object) -> Row:
    """Return a closed, imported complaint of unit 0101 without a clock, but for what is ``known``."""
    usual: Row = {
        "case_id": case_id,
        "number": str(case_id),
        "origin": "import",
        "business_type": "complaint",
        "procedure": "complaint",
        "unit": "0101",
        "unit_path": "/01/0101/",
        "is_open": False,
        "is_child": False,
        "restricted": False,
        "malicious": False,
        "contact_count": 1,
        "urge_count": 0,
        "accepted_at": at,
        "clock_reason": "no_target",
    }
    return {**_blank(CASES), **usual, **_civil(at), **known}


def bound(case_id: int, at: datetime = NOON, **known: object) -> Row:
    """Return a case with a firm binding clock of 24 hours that has not stopped, but for what is ``known``."""
    clock: Row = {
        "clock_reason": "",
        "binding_limit": "complaint.answer",
        "binding_due": at + 24 * HOUR,
        "binding_provisional": False,
        "binding_assessable": True,
    }
    return case(case_id, at, **{**clock, **known})


def clock(case_id: int, at: datetime = NOON, **known: object) -> Row:
    """Return a running clock of an open case, arrival within 45 minutes, but for what is ``known``."""
    usual: Row = {
        "case_id": case_id,
        "unit": "0101",
        "unit_path": "/01/0101/",
        "procedure": "repair",
        "is_open": True,
        "limit": "repair.arrive.urban",
        "kind": "internal",
        "started": at,
        "due": at + timedelta(minutes=45),
        "provisional": False,
        "assessable": True,
        "binding": True,
        "episode": 1,
    }
    return {**_blank(CLOCKS), **usual, **_civil(at), **known}


def promise(case_id: int, at: datetime = NOON, **known: object) -> Row:
    """Return a promise that was kept, on a case of unit 0101, but for what is ``known``."""
    usual: Row = {
        "case_id": case_id,
        "unit": "0101",
        "unit_path": "/01/0101/",
        "procedure": "complaint",
        "restricted": False,
        "state": "kept",
        "promised_on": at.date(),
        "over_at": at + 24 * HOUR,
    }
    return {**_blank(COMMITMENTS), **usual, **_civil(at), **known}


def handed(case_id: int, giver: str, taker: str, at: datetime = NOON, **known: object) -> Row:
    """Return an order that a unit gave another, accepted two working hours on, but for what is ``known``."""
    usual: Row = {
        "case_id": case_id,
        "number": f"N{case_id}",
        "unit": "0101",
        "unit_path": "/01/0101/",
        "restricted": False,
        "giver": giver,
        "taker": taker,
        "given": at,
        "ended": "accept",
        "given_work": 0,
        "idle": 7_200_000_000,
    }
    return {**_blank(HANDOVERS), **usual, **_civil(at), **known}


def unit(path: str, customers: int | None = None) -> Row:
    """Return a unit of the register."""
    codes = path.strip("/").split("/")
    known = {"code": codes[-1], "name": f"unit {codes[-1]}", "path": path, "depth": len(codes)}
    return {**_blank(UNITS), **known, "customers": customers, "provisional": False}


UNIT_ROWS = (unit("/01/"), unit("/01/0101/", 20_000), unit("/01/0102/", 30_000))


def write(lake: Path, rows: Mapping[str, Sequence[Row]]) -> None:
    """Write a lake of one file a table."""
    manifest: dict[str, object] = {"exported_to": 1}
    for name, columns in TABLES.items():
        table = pa.Table.from_pylist(list(rows.get(name, ())), schema=source.arrow_schema(columns))
        pq.write_table(table, lake / f"{name}.parquet")
        manifest[name] = [f"{name}.parquet"]
    (lake / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


@contextmanager
def opened(
    cases: Sequence[Row] = (),
    clocks: Sequence[Row] = (),
    units: Sequence[Row] = UNIT_ROWS,
    commitments: Sequence[Row] = (),
    handovers: Sequence[Row] = (),
) -> Iterator[source.Tables]:
    """Yield the tables of a lake that holds these rows."""
    with TemporaryDirectory() as folder:
        rows = {"cases": cases, "clocks": clocks, "units": units, "commitments": commitments}
        rows |= {"handovers": handovers}
        write(Path(folder), rows)
        with open_duckdb(folder, threads=1) as engine:
            yield engine.tables()
