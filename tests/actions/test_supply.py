"""Tables of supply that a home keeps: any overlap is the same, and nothing is known before its time."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from suyuan.actions import detecting, supply
from suyuan.actions.detecting import frames
from suyuan.actions.privacy import rights, subject
from suyuan.actions.privacy._outlived import PLACES
from suyuan.actions.privacy.shredders import EVERY
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways import kept_supply
from suyuan.store import event_log
from suyuan.store import supply as store
from suyuan.store.models import Event
from suyuan.store.queries import supply as queries
from tests import customer_files
from tests.factories import actor, unit

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
NIGHT = timedelta(hours=12)
HEAD = "停电编号,线路,台区,停电类型,停电原因,开始,计划结束,结束"
FIRST = "T1,10kV清云001线,,故障停电,雷击,2026-02-01 10:00,,2026-02-01 12:00"
OPEN = "T2,10kV清云001线,,计划停电,检修,2026-03-04 06:00,2026-03-04 09:00,"
OVER = "T2,10kV清云001线,,计划停电,,2026-03-04 06:00,2026-03-04 09:00,2026-03-04 13:00"


@pytest.fixture(autouse=True)
def folder():
    shutil.rmtree(store.folder(), ignore_errors=True)  # tests share a home
    yield store.folder()
    shutil.rmtree(store.folder(), ignore_errors=True)


@pytest.fixture
def take(tmp_path):
    def taken(kind: str, *rows: str, now: datetime = AT, head: str = HEAD, **more) -> supply.Taken:
        path = tmp_path / "table.csv"
        path.write_text("\n".join([head, *rows]), "utf-8")
        return supply.take(kind=kind, path=path, actor=SYSTEM, now=now, **more)

    return taken


def outages(as_of: datetime) -> list[dict]:
    return frames.load({"outages"}, as_of)["outages"].to_pylist()


def counts(one: supply.Taken) -> tuple[int, ...]:
    return one.read, one.new, one.changed, one.unchanged, one.set_aside


def test_a_table_taken_in_twice_or_that_overlaps_another_changes_nothing(take):
    assert counts(take("outages", FIRST, OPEN)) == (2, 2, 0, 0, 0)
    assert counts(take("outages", FIRST, OPEN)) == (2, 0, 0, 2, 0)
    assert counts(take("outages", OPEN, OVER, now=AT + NIGHT)) == (2, 0, 1, 1, 0)
    assert counts(take("outages", OPEN, FIRST, now=AT + 2 * NIGHT)) == (2, 0, 0, 2, 0)

    assert [one.detail["new"] for one in Event.objects.filter(verb=supply.TAKE).order_by("pk")] == [
        2,
        0,
        0,
        0,
    ]
    (over,) = [one for one in outages(AT + 2 * NIGHT) if one["outage"] == "T2"]
    assert over["ended"] == datetime(2026, 3, 4, 5, 0, tzinfo=UTC)


def test_in_whatever_order_its_files_come_a_home_knows_the_same(take, folder):
    days = [(FIRST,), (FIRST, OPEN), (OVER,)]
    known = []
    for order in (days, days[::-1]):
        shutil.rmtree(folder, ignore_errors=True)
        for rows in order:
            take("outages", *rows)
        known.append([one | {"external": None} for one in outages(AT + NIGHT)])

    assert known[0] == known[1]
    assert [one["outage"] for one in known[0]] == ["T1", "T2"]


def test_an_empty_cell_says_nothing_and_what_is_told_otherwise_holds_from_then_on(take):
    take("outages", OPEN)
    take("outages", OVER.replace("09:00", "11:00", 1), now=AT + NIGHT)

    (before,), (after,) = outages(AT), outages(AT + NIGHT)
    assert (before["due"].hour, before["ended"], after["due"].hour) == (1, None, 3)
    read = kept_supply.known(store.folder(), "outages", AT + NIGHT)
    assert read["cause"].to_pylist() == ["检修"]


def test_nothing_is_known_before_it_happened_nor_before_it_was_taken_in(take):
    take("outages", FIRST, OPEN, now=AT)

    assert outages(AT - timedelta(seconds=1)) == []
    assert [one["outage"] for one in outages(AT)] == ["T1", "T2"]
    take("outages", OVER, now=AT + NIGHT)
    assert [one["ended"] is None for one in outages(AT + NIGHT - timedelta(seconds=1))] == [False, True]


def test_what_is_kept_is_read_in_place_of_the_log_and_by_all_detectors(take, tmp_path):
    unit("0101")
    customer_files.load(tmp_path)
    trips = [FIRST.replace("T1", f"T{n}").replace("02-01", f"02-{n:02}") for n in (3, 12, 20)]
    take("outages", *trips, OPEN)
    told = {one.object: one for one in detecting.find(["frequent_outage", "late_restoration"], as_of=AT)}

    assert set(told) == {"line:10kV清云001线", "outage:T2"}
    assert told["line:10kV清云001线"].unit != ""
    assert detecting.find(["frequent_outage"], as_of=AT - timedelta(days=1)) == []


def test_accounts_are_kept_by_their_keys_and_go_with_whom_they_are_of(take, folder):
    rows = [f"{account},2026-0{n},0" for account in ("3300012345678", "3300012345679") for n in (1, 2)]
    take("readings", *rows, head="户号,月份,电量")
    told = frames.load({"readings"}, AT)["readings"]
    key = event_log.reference("account", "3300012345678")[1:]

    assert key in told["account"].to_pylist()
    assert all(b"3300012345678" not in path.read_bytes() for path in folder.rglob("*.parquet"))
    assert rights.found("3300012345678")["supply_tables"] == 2
    theirs = subject.subject("3300012345678")
    (place,) = [one for one in EVERY if one.name == "supply_tables"]
    assert place.told(theirs)[0] == {"kind": "readings", "read_on": "2026-01-31", "kwh": 0.0} | {
        "taken": AT.isoformat()
    }
    assert (place.remove(theirs, SYSTEM, AT), place.found(theirs)) == (2, 0)
    assert key not in frames.load({"readings"}, AT)["readings"]["account"].to_pylist()


def test_calls_that_cannot_be_told_apart_are_counted_and_not_counted_twice(take):
    head, same = "来电时间,线路", "2026-03-04 08:00,L1"
    assert counts(take("calls", same, same, head=head)) == (2, 2, 0, 0, 0)
    assert counts(take("calls", same, same, same, "2026-03-04 08:00,L2", head=head)) == (4, 2, 0, 2, 0)
    assert frames.load({"calls"}, AT)["calls"].num_rows == 4


def test_what_is_wrong_is_named_and_set_aside_in_a_file_to_be_put_right(take, tmp_path):
    aside = tmp_path / "aside.csv"
    bad = ["T9,,,故障停电,=1+1,2026-03-01 10:00,,", "T8,L1,,故障停电,雷击,昨天,,"]
    done = take("outages", FIRST, *bad, quarantine=aside)

    assert counts(done) == (3, 1, 0, 0, 2)
    assert [(one["row"], one["column"], one["value"]) for one in done.first_wrong] == [
        (3, "线路/台区/户号", ""),
        (4, "开始", "昨天"),
    ]
    assert done.quarantine_file == str(aside)
    told = aside.read_text("utf-8-sig").splitlines()
    assert told[0].endswith("结束,行号,列,值,规则")
    assert told[1].startswith("T9,,,故障停电,'=1+1")
    assert [one.rsplit(",", 1)[1] for one in told[1:]] == ["线路、台区、户号都没有", "无法识别"]
    assert queries.last_taken(["outages"])["outages"].set_aside == 2


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (" ,L1,,故障停电,雷击,2026-03-01 10:00,,", "停电编号"),
        ("T9,L1,,故障停电,雷击,2026-03-01 10:00,,2026-03-01 09:00", "结束"),
        ("T9,L1,,故障停电,雷击,9999-03-01 10:00,,", "开始"),
        ("T9,L1,,故障停电,雷击,1800-03-01 10:00,,", "开始"),
    ],
)
def test_an_outage_without_a_number_or_before_itself_is_set_aside(take, row, column):
    done = take("outages", FIRST, row)

    assert counts(done) == (2, 1, 0, 0, 1)
    assert done.first_wrong[0]["column"] == column


def test_what_lies_ahead_and_cannot_is_set_aside_and_planned_work_is_not(take):
    fault = "T8,L1,,故障停电,雷击,2026-03-05 10:00,,"
    done = take("outages", fault, fault.replace("T8", "T9").replace("故障", "计划"))
    assert (counts(done), done.first_wrong[0]["rule"]) == ((2, 1, 0, 0, 1), "later_than_now")
    head = "户号,月份,电量"
    done = take("readings", "A,2026-03,5", "A,2026-04,5", head=head)
    assert (counts(done), done.first_wrong[0]["value"]) == ((2, 1, 0, 0, 1), "2026-04")


def test_rows_of_one_file_that_contradict_each_other_are_set_aside_whichever_holds(take):
    head, same = "户号,时间,A相电压,B相电压,C相电压", "A,2026-03-04 08:00,220"
    done = take(
        "voltage", f"{same},,", f"{same},210,", f"{same},211,", "B,2026-03-04 08:00,220,,5000", head=head
    )
    assert counts(done) == (4, 1, 0, 0, 3)
    assert [(one["row"], one["column"], one["rule"]) for one in done.first_wrong] == [
        (3, "B相电压", "contradicts"),
        (4, "B相电压", "contradicts"),
        (5, "C相电压", "out_of_bounds"),
    ]
    with pytest.raises(BadInput) as no:
        take("outages", f"T2,{FIRST}", head=f"停电编号,{HEAD}")
    assert (no.value.code, no.value.facts["column"]) == ("header_twice", "停电编号")
    with pytest.raises(BadInput) as no:
        take("outages", FIRST.replace("雷击", "雷" * 200_000))
    assert no.value.code == "cell_too_long"


def test_nobody_is_named_in_what_is_kept_and_codes_stay_apart(take, folder):
    lines = ["张三13800138000", "PMS10012345678", "PMS10012345679"]
    rows = [
        f"T{n},{line},,故障停电,身份证110101199001011234,2026-02-0{n} 10:00,,"
        for n, line in enumerate(lines, 1)
    ]
    take("outages", *rows)
    kept = kept_supply.known(folder, "outages", AT)
    assert not {"张三13800138000", "身份证110101199001011234"} & {
        *kept["line"].to_pylist(),
        *kept["cause"].to_pylist(),
    }
    assert set(lines[1:]) < set(kept["line"].to_pylist())


def test_a_look_from_before_the_first_table_sees_nothing(take):
    head = "户号,时间,电压"
    take("voltage", "A,2026-03-03 08:00,230", head=head, now=AT)
    take("voltage", "A,2026-03-03 08:00,190", head=head, now=AT + NIGHT)

    assert kept_supply.known(store.folder(), "voltage", AT - timedelta(seconds=1)) is None


def test_what_was_measured_later_than_now_is_set_aside(take):
    rows = ["A,2026-03-04 08:00,230", "A,2099-03-04 08:00,190"]
    done = take("voltage", *rows, head="户号,时间,电压")

    assert counts(done) == (2, 1, 0, 0, 1)
    assert done.first_wrong[0]["value"] == "2099-03-04 08:00"
    assert counts(take("readings", "A,2026-03,5", head="户号,月份,电量")) == (1, 1, 0, 0, 0)


def test_voltages_taken_in_stand_in_place_of_the_alarms_of_the_log(take):
    rows = [f"A,2026-03-0{n} 08:00,190" for n in (1, 2, 3, 4)]
    assert frames.load({"voltage"}, AT)["voltage"].num_rows == 0
    take("voltage", *rows, head="户号,时间,电压")
    told = frames.load({"voltage", "voltage_alarms"}, AT)

    assert (told["voltage"].num_rows, told["voltage_alarms"].num_rows) == (4, 0)
    assert frames.load({"voltage"}, AT + timedelta(days=90))["voltage"].num_rows == 0


def test_parts_are_forgotten_by_day_and_by_their_period(take, folder):
    take("outages", FIRST, OPEN)
    assert supply.forget(kind="outages", before=date(2026, 3, 1), actor=SYSTEM, now=AT) == 1
    assert [one["outage"] for one in outages(AT)] == ["T2"]
    assert [one.kind for one in kept_supply.held(folder)] == ["outages"]
    (place,) = [one for one in PLACES if one.name == "supply_tables"]
    assert [place.count(datetime(2026, 4, day, 4, tzinfo=UTC)) for day in (1, 2)] == [1, 1]
    assert place.count(datetime(2026, 3, 31, 4, tzinfo=UTC)) == 0
    assert supply.forget(kind="outages", actor=SYSTEM, now=AT) == 1
    assert (outages(AT), kept_supply.held(folder)) == ([], [])


def test_only_those_who_may_take_logs_over_take_tables_in(take, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(f"{HEAD}\n{FIRST}", "utf-8")
    with pytest.raises(Refused) as no:
        supply.take(kind="outages", path=path, actor=actor("agent"), now=AT)
    assert no.value.code == "not_your_role"
    with pytest.raises(BadInput) as none:
        take("weather", FIRST)
    assert none.value.facts["known"] == list(kept_supply.KINDS)
    assert supply.take(kind="outages", path=path, actor=actor("office"), now=AT).new == 1


@pytest.mark.parametrize("damage", ["cut", "other", "name"])
def test_a_part_that_is_damaged_is_named(take, folder: Path, damage):
    take("outages", FIRST)
    (part,) = kept_supply.parts(folder, "outages")
    if damage == "cut":
        part.write_bytes(part.read_bytes()[:-9])
    elif damage == "other":
        pq.write_table(pa.table({"x": [1]}), part)
    else:
        part.rename(part.with_name("soon.parquet"))
    with pytest.raises(BadInput) as no:
        outages(AT) if damage != "name" else supply.forget(
            kind="outages", before=date(2026, 1, 1), actor=SYSTEM, now=AT
        )
    assert no.value.facts["file"] in (part.name, "soon.parquet")


def test_whether_an_outage_goes_on_is_known_as_of_the_last_table_and_not_of_the_look(take):
    night = datetime(2026, 3, 4, 16, tzinfo=UTC)  # 00:00 in Shanghai
    late = "T3,10kV清云001线,,故障停电,雷击,2026-03-04 21:00,2026-03-04 23:50,"
    young = "T4,10kV清云001线,,故障停电,雷击,2026-03-04 23:00,2026-03-05 01:00,"
    take("outages", late, young, now=night)
    told = {one.object: one.observed for one in detecting.find(["late_restoration"], as_of=night + NIGHT / 2)}

    assert told == {"outage:T3": 3.0}
    take("outages", late, now=night + NIGHT / 2)
    told = {one.object for one in detecting.find(["late_restoration"], as_of=night + NIGHT / 2)}
    assert told == {"outage:T3", "outage:T4"}
