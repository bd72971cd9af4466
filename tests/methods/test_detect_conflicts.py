"""Orders of one account that contradict, where one or both are of other systems: by hand, and in a city."""

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from suyuan.actions import eventlogs
from suyuan.analytics.detect.known import until
from suyuan.analytics.detect.orders import Orders
from suyuan.gateways import eventlog as files
from suyuan.simulate import Size, imagine, write
from suyuan.store.frames import account_orders, units
from tests.detect_logs import at, log_of
from tests.detecting import found, frame

UNITS = frame(units.COLUMNS, [])
OWN = {"account": "~a1", "number": "C1", "category": "", "unit": "0101"}


def told(log, moment, *own):
    known = Orders(until(log, moment), eventlogs.watched())
    mine = frame(account_orders.COLUMNS, list(own), **OWN, since=moment - timedelta(hours=1))
    return found("account_conflict", moment, orders=known, account_orders=mine, units=UNITS)


def events(kind, number, *steps, accounts=("~a1",)):
    homes = tuple(f"户号:{one}" for one in accounts)
    return [(activity, when, (f"{kind}:{number}", *homes, "单位:0102")) for activity, when in steps]


BATCH = events(
    "批量地址修改单",
    "DZ1",
    ("批量地址修改发起", "2026-01-05 09:00"),
    ("批量地址修改审核", "2026-01-06 09:00"),
    accounts=("~a1", "~a2", "~a3"),
)
SWAP = events("换表单", "HB1", ("现场换表", "2026-02-02 10:00"))


def test_a_meter_change_that_a_batch_of_addresses_blocks_is_told_from_its_first_step_on():
    refused = ("换表发起被拒", "2026-02-02 17:00", (*SWAP[0][2], "批量地址修改单:DZ1"))
    log = log_of([*BATCH, *SWAP, refused])

    assert told(log, at("2026-02-02 09:00")) == []
    (one,) = told(log, at("2026-02-03 09:00"))
    assert (one.object, one.why, one.cases) == ("account:~a1", "orders_exclude", ("DZ1", "HB1"))
    assert (one.since, one.unit) == (at("2026-02-02 10:00"), "0102")
    assert (one.facts["business_type"], one.facts["other_type"]) == ("批量地址修改单", "换表单")


def test_what_is_archived_or_forgotten_contradicts_nothing():
    archived = events("批量地址修改单", "DZ1", ("批量地址修改归档", "2026-02-01 09:00"))

    assert told(log_of([*BATCH, *archived, *SWAP]), at("2026-02-03 09:00")) == []
    assert told(log_of([*BATCH, *SWAP]), at("2027-01-20 09:00")) == []


def test_an_own_order_and_one_of_another_system_are_held_against_each_other():
    stop = events("欠费停电单", "QF1", ("欠费停电申请", "2026-02-01 09:00"))
    paid = {"kind": "application.reconnect"}

    (one,) = told(log_of(stop), at("2026-02-03 09:00"), paid)
    assert one.cases == ("QF1", "C1")
    assert told(log_of(stop), at("2026-02-03 09:00"), paid | {"account": "~a9"}) == []
    assert told(log_of(stop), at("2026-02-03 09:00"), paid | {"kind": "repair"}) == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("city")
    write(imagine(Size(8, 300, 60, date(2025, 10, 31), precursors=True)), path)
    return path


def planted(folder: Path):
    with (folder / "precursors.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["detector"] == "account_conflict"]


def test_every_conflict_of_a_city_is_told_a_day_after_it_began_with_the_papers_case(folder):
    log = eventlogs.traceable(files.read(folder / "log.sqlite"), eventlogs.rules())
    rows = planted(folder)

    assert rows
    for row in rows:
        begun = datetime.fromisoformat(row["began"])
        before, after = (told(log, begun + n * timedelta(days=1)) for n in (-1, 1))
        assert row["object"].removeprefix("order:") in {one for each in after for one in each.cases}
        assert f"account:{row['account']}" not in {one.object for one in before}
    causes = json.loads((folder / "truth.json").read_text("utf-8"))["causes"]
    papers = {f"account:{one['account']}" for one in causes if one["kind"] == "zero_reading"}
    last = {one.object for one in told(log, at("2025-11-01 00:00"))}
    assert papers <= last
    assert papers
    assert len(last) <= len(papers) + len(rows) + 1
