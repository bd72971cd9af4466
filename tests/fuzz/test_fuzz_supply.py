"""Tables of supply: any bytes are taken or refused, and any overlap in any order is known as the same."""

import io
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from damage import NOISE, damaged, taken
from hypothesis import given
from hypothesis import strategies as st

from suyuan.gateways import kept_supply, supplyfile
from suyuan.gateways.supplyfile import SHEETS
from suyuan.gateways.supplyrules import Handed

NOW = datetime(2026, 3, 4, tzinfo=UTC)
HANDED = Handed(NOW, NOW.date(), lambda said: said == "故障停电")
BOUNDS = {"kwh": (0.0, 1e9), "volts": (0.0, 1000.0)}
TABLES = {
    "outages": "停电编号,线路,开始,结束\nT1,L1,2026-03-01 08:00,\nT2,L1,2026/3/1 9:00,2026-03-01 10:00\n",
    "readings": "户号,月份,电量\n33001,2026-02,12.5\n33002,202601,0\n",
    "voltage": "户号,时间,电压\n33001,2026-03-01 08:00,231.5\n33002,2026-03-01T08:00+08:00,0\n",
    "calls": "来电时间,线路\n2026-03-01 08:00,L1\n20260301 08:00,\n",
}


def columns(kind: str, rows: list[dict]) -> pa.Table:
    """Return rows as a table of a kind, empty where they say nothing."""
    kinds = {name: supplyfile.TYPES[column.kind] for name, column in SHEETS[kind].items()}
    return pa.table({name: pa.array([row.get(name) for row in rows], of) for name, of in kinds.items()})


def as_parquet(kind: str) -> bytes:
    made = io.BytesIO()
    pq.write_table(columns(kind, [{}]), made)
    return made.getvalue()


@pytest.mark.parametrize("kind", TABLES)
@given(st.data())
def test_any_bytes_are_a_table_or_are_refused(tmp_path, kind, data):
    path = tmp_path / "table.csv"
    whole = (TABLES[kind].encode(), TABLES[kind].encode("gb18030"), as_parquet(kind))
    path.write_bytes(data.draw(damaged(*whole) | NOISE))

    taken(lambda: supplyfile.read(path, kind, "Asia/Shanghai", BOUNDS, HANDED).first_wrong)


@given(st.data())
def test_any_bytes_are_a_part_or_are_refused(tmp_path, data):
    path = tmp_path / "outages" / "2026-03.parquet"
    path.parent.mkdir(exist_ok=True)
    part, _ = kept_supply.merged(None, columns("outages", [{"outage": "T1", "began": NOW}]), "outages", NOW)
    path.unlink(missing_ok=True)
    kept_supply.write(path, part, "outages")
    path.write_bytes(data.draw(damaged(path.read_bytes()) | NOISE))

    taken(lambda: kept_supply.known(tmp_path, "outages", NOW))
    taken(lambda: kept_supply.held(tmp_path))


def outage(number: int, ended: bool) -> dict:
    began = NOW + timedelta(hours=number)
    return {"outage": f"T{number}", "began": began, "ended": began + timedelta(hours=1) if ended else None}


FILES = st.lists(
    st.lists(st.builds(outage, st.integers(0, 4), st.booleans()), min_size=1, max_size=5),
    min_size=1,
    max_size=4,
)


def put(folder, kind: str, files: list[pa.Table]) -> None:
    for fresh in files:
        for (_, stamp), rows in kept_supply.split(fresh, kind).items():
            place = folder / kind / f"{stamp}.parquet"
            place.parent.mkdir(parents=True, exist_ok=True)
            before = kept_supply.read(place, kind) if place.exists() else None
            table, counts = kept_supply.merged(before, rows, kind, NOW)
            assert counts.new + counts.changed + counts.unchanged == rows.num_rows
            if table is not None:
                kept_supply.write(place, table, kind)


@given(FILES, st.data())
def test_outages_are_known_as_the_same_in_whatever_order_files_come(tmp_path_factory, files, data):
    mixed = data.draw(st.permutations(files))
    known = []
    for n, order in enumerate((files, mixed, [*mixed, *files])):
        folder = tmp_path_factory.mktemp(f"o{n}")
        put(folder, "outages", [columns("outages", rows) for rows in order])
        known.append(sorted(map(str, kept_supply.known(folder, "outages", NOW).to_pylist())))

    assert known[0] == known[1] == known[2]
    assert len(known[0]) == len({row["outage"] for rows in files for row in rows})


CALLS = st.lists(st.lists(st.sampled_from("aab"), min_size=1, max_size=5), min_size=1, max_size=4)


@given(CALLS, st.data())
def test_of_calls_alike_as_many_are_known_as_one_file_had_at_most(tmp_path_factory, files, data):
    mixed = data.draw(st.permutations(files))
    for order in (files, [*mixed, *files]):
        folder = tmp_path_factory.mktemp("calls")
        put(folder, "calls", [columns("calls", [{"at": NOW, "line": one} for one in rows]) for rows in order])
        lines = kept_supply.known(folder, "calls", NOW)["line"].to_pylist()
        assert {one: lines.count(one) for one in "ab"} == {
            one: max(rows.count(one) for rows in files) for one in "ab"
        }


def test_a_part_ends_with_its_month_or_day(tmp_path):
    for name, day in (
        ("2026-02", date(2026, 3, 1)),
        ("2026-12", date(2027, 1, 1)),
        ("2026-02-28", date(2026, 3, 1)),
    ):
        assert kept_supply.over(tmp_path / f"{name}.parquet") == day
