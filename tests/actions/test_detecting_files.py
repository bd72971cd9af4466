"""Tables of supply handed to the detectors, and the log that was taken over as they read it."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from suyuan.actions import detecting
from suyuan.actions.detecting import frames
from suyuan.domain.errors import BadInput
from suyuan.gateways import supplyfile
from suyuan.store import event_log
from suyuan.store.models import Event
from tests import customer_files, traced_city
from tests.factories import NOW, case_at, unit
from tests.lakes import fresh_lake

ZONE = "Asia/Shanghai"
AT = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
OUTAGES = """停电编号,线路,台区,停电类型,停电原因,开始,计划结束,结束
T1,10kV清云001线,,故障停电,外力破坏,2026-02-01 10:00,,2026-02-01 12:00
T2,10kV清云001线,,计划停电,检修,2026/2/10 8:00,2026-02-10 17:00,2026-02-10 16:00
T3,10kV清云001线,,故障停电,雷击,2026-03-01T10:00:00+08:00,,2026-03-01 12:00
T4,10kV清云001线,,故障停电,雷击,昨天,,
T5,10kV清云001线,,试拉选线,,2026-03-02 10:00,,2026-03-02 10:05
T6,10kV清云001线,东城0001号台区,计划停电,检修,2026-03-04 06:00,2026-03-04 09:00,
T7,10kV清云001线,,故障停电,雷击,2026-03-05 10:00,,
"""


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding)
    return path


def found(name, as_of=AT, **paths):
    given, read = detecting.handed_in(paths, as_of)
    return detecting.find([name], as_of=as_of, given=given), read


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_outages_of_a_table_are_judged_and_a_row_that_cannot_be_read_is_named(tmp_path, encoding):
    unit("0101")
    customer_files.load(tmp_path)
    path = written(tmp_path, "outages.csv", OUTAGES, encoding)
    (line,), read = found("frequent_outage", outages=path)
    (area,), _ = found("late_restoration", outages=path)

    assert (line.object, line.why, line.observed) == ("line:10kV清云001线", "sg_months", 3)
    assert (area.object, area.why, area.category) == ("outage:T6", "restoration_late_planned", "outage.plan")
    assert line.unit == area.unit != ""
    assert (read["outages"].set_aside, read["outages"].first_wrong) == (
        1,
        [{"row": 5, "column": "开始", "value": "昨天", "rule": "unreadable"}],
    )
    assert "10kV清云001线" in detecting.sentence(line, "zh")


@pytest.mark.django_db
def test_nothing_of_a_table_is_known_before_it_happened(tmp_path):
    path = written(tmp_path, "outages.csv", OUTAGES)
    then = datetime(2026, 2, 10, 4, 0, tzinfo=UTC)
    given, _ = detecting.handed_in({"outages": path}, then)

    assert given["outages"]["outage"].to_pylist() == ["T1", "T2"]
    assert [one is None for one in given["outages"]["ended"].to_pylist()] == [False, True]


@pytest.mark.django_db
def test_accounts_stand_in_signals_by_their_key_with_the_unit_of_the_register(tmp_path):
    unit("0101")
    customer_files.load(tmp_path)
    months = [f"3300012345678,2025-{month:02},{0 if month > 8 else 90}" for month in range(5, 12)]
    path = written(tmp_path, "use.csv", "\n".join(["户号,月份,电量", *months, "3300012345678,2025-13,5"]))
    (one,), read = found("zero_readings", datetime(2025, 12, 1, 4, tzinfo=UTC), readings=path)

    assert one.object == "account:" + event_log.reference("account", "3300012345678")[1:]
    assert (one.observed, one.unit != "", one.facts["since"]) == (3, True, "2025-09-30")
    assert read["readings"].first_wrong == [
        {"row": 9, "column": "月份", "value": "2025-13", "rule": "unreadable"}
    ]
    assert found("zero_readings", datetime(2025, 11, 29, 4, tzinfo=UTC), readings=path)[0] == []


@pytest.mark.django_db
def test_voltages_come_in_parquet_too(tmp_path):
    days = np.arange("2026-02-20", "2026-03-04", dtype="datetime64[D]")
    table = pa.table({"account": ["33001"] * 12, "read_on": pa.array(days), "v_a": [190.0] * 12})
    pq.write_table(table, tmp_path / "voltage.parquet")
    (one,), _ = found("low_voltage", voltage=tmp_path / "voltage.parquet")

    assert (one.why, one.facts["days"], one.since.date()) == ("low_voltage_account", 12, date(2026, 2, 20))


HEADERS = {
    "outages": "停电编号,开始",
    "readings": "户号,抄表日期,电量",
    "voltage": "户号,时间,电压",
    "calls": "来电时间",
}


@pytest.mark.parametrize("kind", HEADERS)
def test_a_table_of_headings_alone_is_refused_as_empty_and_one_of_bad_rows_as_bad(tmp_path, kind):
    bounds = {"kwh": (0.0, 1e9), "volts": (0.0, 1000.0)}
    bare = written(tmp_path, "bare.csv", HEADERS[kind] + "\n")
    with pytest.raises(BadInput) as empty:
        supplyfile.read(bare, kind, ZONE, bounds)
    bad = written(
        tmp_path, "bad.csv", HEADERS[kind] + "\n" + ",".join(["坏"] * len(HEADERS[kind].split(",")))
    )
    with pytest.raises(BadInput) as wrong:
        supplyfile.read(bad, kind, ZONE, bounds)

    assert (empty.value.code, wrong.value.code, wrong.value.facts["set_aside"]) == (
        "empty_file",
        "no_row_taken",
        1,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("parquet", [False, True])
def test_a_number_that_cannot_be_is_named_and_the_good_rows_are_taken(tmp_path, parquet):
    kwh = [90.0, -4.0, 1e308, 1e9, 0.0]
    table = {"户号": ["1"] * 5, "抄表日期": [f"2026-01-0{n}" for n in range(1, 6)], "电量": kwh}
    volts = {"户号": ["1"] * 4, "时间": ["2026-03-01 08:00"] * 4}
    volts |= {"A相电压": [220.0, -220.0, 231.0, 1000.0], "B相电压": [None, 220.0, 99999.0, 0.0]}
    paths = {}
    for kind, columns in (("readings", table), ("voltage", volts)):
        path = paths[kind] = tmp_path / kind
        if parquet:
            pq.write_table(pa.table(columns), path)
        else:
            rows = zip(*columns.values(), strict=True)
            lines = [",".join("" if one is None else str(one) for one in row) for row in rows]
            path.write_text("\n".join([",".join(columns), *lines]), "utf-8")
    given, read = detecting.handed_in(paths, AT)

    assert given["readings"]["kwh"].to_pylist() == [90.0, 1e9, 0.0]
    assert read["readings"].first_wrong == [
        {"row": 3, "column": "电量", "value": "-4.0", "rule": "out_of_bounds"},
        {"row": 4, "column": "电量", "value": "1e+308", "rule": "out_of_bounds"},
    ]
    assert given["voltage"]["v_b"].to_pylist() == [None, 0.0]
    assert [(one["row"], one["column"]) for one in read["voltage"].first_wrong] == [
        (3, "A相电压"),
        (4, "B相电压"),
    ]
    assert given["voltage_alarms"].num_rows == 0


def test_a_table_without_a_column_it_needs_is_refused_with_those_it_has(tmp_path):
    path = written(tmp_path, "x.csv", "编号,线路\nT1,L1\n")
    with pytest.raises(BadInput) as wrong:
        supplyfile.read(path, "outages", ZONE, {})
    assert (wrong.value.code, wrong.value.facts["known"]) == ("unknown_value", ["编号", "线路"])
    with pytest.raises(BadInput) as none:
        supplyfile.read(tmp_path / "none.csv", "outages", ZONE, {})
    assert none.value.code == "no_such_file"


@pytest.mark.django_db
def test_the_log_that_was_taken_over_is_read_once_and_tells_no_account(tmp_path):
    """A city of 300 with the paper's case: the stuck batch that blocks, and the account that reads zero."""
    unit("0101")
    customer_files.load(tmp_path)  # knows the code of a line
    city = traced_city.made(tmp_path / "city")
    traced_city.take(city, tmp_path)
    try:
        as_of = datetime(2025, 10, 31, 15, 0, tzinfo=UTC)
        told = detecting.find(
            ["foreign_stuck", "zero_readings", "promise_watch", "frequent_outage"], as_of=as_of
        )
        lines = set(frames.load({"outages"}, as_of)["outages"]["line"].to_pylist())
        before = detecting.find(["zero_readings"], as_of=datetime(2025, 8, 1, tzinfo=UTC))
        at = Event.objects.get(verb="event_log_take").at
        heard = [
            frames.load({"outages_until"}, one)["outages_until"] for one in (as_of, at + timedelta(days=9))
        ]
    finally:
        traced_city.forget()

    causes = json.loads((city / "truth.json").read_text("utf-8"))["causes"]
    golden = next(one for one in causes if one["kind"] == "zero_reading")
    key = event_log.reference("account", golden["account"])[1:]
    zero = [one for one in told if one.detector == "zero_readings"]
    assert f"account:{key}" in {one.object for one in zero}
    assert before == []
    assert heard == [as_of, at]
    assert [one.object for one in told if one.why == "foreign_blocks"] == [
        "order:" + golden["root"]["object"]
    ]
    assert "10kV清云001线" in lines
    assert "XL00001" not in lines
    assert golden["account"] not in "".join(f"{one.object} {dict(one.facts)}" for one in told)


@pytest.mark.django_db
def test_measures_come_by_week_of_every_unit_and_those_not_due_yet_are_left_out():
    fresh_lake()
    for number in range(3):
        case_at("archived", now=NOW + timedelta(days=number))
    weeks = frames.load({"weekly"}, NOW + timedelta(weeks=5))["weekly"]
    early = frames.load({"weekly"}, NOW + timedelta(weeks=1))["weekly"]

    mine = {(one.measure, one.unit): one for one in weeks if one.of.sum()}
    assert {unit for _, unit in mine} >= {"", "0101"}
    assert mine["reply_satisfaction", ""].of.sum() == 3
    assert len(mine["reply_satisfaction", ""].weeks) == 52
    assert not any(one.of.sum() for one in early)
