"""The lake: one row a case, in the civil month of its place; brought up to date it equals one built anew."""

import shutil
from datetime import UTC, date, datetime, timedelta

import pytest

from suyuan.actions import imports, org, sweep
from suyuan.config.home import home
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.gateways.engine import open_duckdb
from suyuan.store import keyring, lake, seal
from suyuan.store.lake.folder import Manifest
from suyuan.store.models import Case, Clock
from tests.factories import NOW, case_at, do, unit
from tests.methods.order_files import HEADERS, write_csv

pytestmark = pytest.mark.django_db
CLERK = Actor("clerk", frozenset())
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_lake():
    """Begin without a lake, and leave none of another database's ids behind."""
    shutil.rmtree(lake.folder())
    yield
    shutil.rmtree(lake.folder())


def bring(path, layout="auto"):
    """Import a file."""
    return imports.run(path=path, layout=layout, actor=CLERK, now=NOW)


def orders(path, *rows, columns=()):
    """Write an office's file whose rows are given by number and accepted time."""
    return write_csv(path, [[*HEADERS, *columns], *([n, "投诉", at, "停电", *more] for n, at, *more in rows)])


def table(name="cases", order="number"):
    """Return the rows of a table of the lake."""
    with open_duckdb(lake.folder()) as engine:
        tables = engine.tables()
        return tables.fetch(getattr(tables, name).order_by(order)).to_pylist()


def everything():
    """Return the three tables, rows in one order."""
    return (
        table(),
        sorted(table("clocks", "case_id"), key=lambda row: (row["case_id"], row["limit"], row["episode"])),
        table("units", "code"),
    )


def anew():
    """Return the three tables of a lake built from nothing, and put the grown one back."""
    place = lake.folder()
    kept = place.rename(place.with_name("lake-that-grew"))
    lake.refresh()
    built = everything()
    shutil.rmtree(place)
    kept.rename(place)
    return built


def test_an_empty_home_has_an_empty_lake():
    lake.refresh()

    assert everything() == ([], [], [])


def test_one_row_a_case_however_many_clocks_and_events_it_has(tmp_path):
    bring(orders(tmp_path / "a.csv", *[(f"N{n}", "2025-10-01 08:00") for n in range(7)]))
    case_at("archived"), case_at("registered")

    lake.refresh()

    cases, clocks, units = everything()
    assert [row["number"] for row in cases] == sorted(Case.objects.values_list("number", flat=True))
    assert len(clocks) == Clock.objects.exclude(state="void").count()
    assert len({row["case_id"] for row in clocks}) == 9
    assert [row["code"] for row in units] == ["01", "0101", "0102", "0109", "company", "unassigned"]


def test_half_past_midnight_on_the_first_falls_in_the_new_month(tmp_path):
    rows = [
        ("N1", "2025-09-30 23:59:59"),
        ("N2", "2025-10-01 00:00:00"),
        ("N3", "2025-10-01 00:30:00"),
        ("N4", "2026-01-01 00:30:00"),
        ("N5", "2024-12-30 07:00:00"),
    ]
    bring(orders(tmp_path / "a.csv", *rows))

    lake.refresh()

    assert [
        (r["number"], r["accepted_date"], r["accepted_month"], r["accepted_week"], r["accepted_hour"])
        for r in table()
    ] == [
        ("N1", date(2025, 9, 30), "2025-09", "2025-W40", 23),
        ("N2", date(2025, 10, 1), "2025-10", "2025-W40", 0),
        ("N3", date(2025, 10, 1), "2025-10", "2025-W40", 0),
        ("N4", date(2026, 1, 1), "2026-01", "2026-W01", 0),
        ("N5", date(2024, 12, 30), "2024-12", "2025-W01", 7),
    ]
    assert {r["number"]: r["accepted_year"] for r in table()}["N5"] == 2024


def test_working_days_are_those_of_the_calendar(tmp_path):
    rows = [
        ("N1", "2025-10-01 09:00"),
        ("N2", "2025-10-11 09:00"),
        ("N3", "2025-10-12 09:00"),
        ("N4", "2025-10-13 09:00"),
    ]
    bring(orders(tmp_path / "a.csv", *rows))

    lake.refresh()

    assert [r["accepted_is_workday"] for r in table()] == [False, True, False, True]


def test_the_civil_dates_are_those_of_the_layouts_zone(tmp_path):
    boston = [
        [
            "case_enquiry_id",
            "open_dt",
            "target_dt",
            "closed_dt",
            "ontime",
            "case_status",
            "case_title",
            "type",
        ],
        ["1", "2025-06-30 23:30:00", "", "2025-07-31 23:45:00", "ONTIME", "Closed", "Pothole", "Pothole"],
    ]
    bring(write_csv(tmp_path / "b.csv", boston), "boston_311")
    bring(orders(tmp_path / "a.csv", ("N1", "2025-07-01 11:30:00")))

    lake.refresh()

    there, here = table()
    assert there["accepted_at"] == here["accepted_at"] == datetime(2025, 7, 1, 3, 30, tzinfo=UTC)
    assert (there["accepted_month"], there["accepted_hour"], there["answered_date"]) == (
        "2025-06",
        23,
        date(2025, 7, 31),
    )
    assert (here["accepted_month"], here["accepted_hour"]) == ("2025-07", 11)


def test_a_complaint_is_there_with_its_binding_clock(tmp_path):
    case = case_at("archived")

    lake.refresh()

    (row,) = table()
    clock = case.clocks.get(binding=True)
    assert (row["state"], row["is_open"], row["origin"], row["finding_assessed"], row["satisfaction"]) == (
        "archived",
        False,
        "live",
        "unverified",
        "satisfied",
    )
    assert (row["binding_limit"], row["binding_due"], row["binding_stopped"], row["binding_assessable"]) == (
        "complaint.answer",
        clock.due_at,
        clock.stopped_at,
        True,
    )
    assert (row["unit"], row["unit_path"], row["u1"], row["u2"], row["u3"]) == (
        "0101",
        "/01/0101/",
        "01",
        "0101",
        "",
    )


def test_a_restricted_case_is_marked_and_no_text_or_person_is_there(tmp_path):
    case_at("dispatched", "report", text="举报张三收受礼品，电话13912345678")
    case_at("dispatched")

    lake.refresh()

    rows = table()
    assert [(row["business_type"], row["restricted"]) for row in rows] == [
        ("report", True),
        ("complaint", False),
    ]
    for path in lake.folder().rglob("*.parquet"):
        for secret in ("张三", "13912345678", "3300012345678", "礼品"):
            assert secret.encode() not in path.read_bytes()
    assert "13912345678" not in str(rows)


def test_the_same_customer_in_the_same_week_is_one_event(tmp_path):
    rows = [
        ("N1", "2025-10-13 09:00", "3300000000001", ""),
        ("N2", "2025-10-14 09:00", "3300000000001", "13900000001"),
        ("N3", "2025-10-21 09:00", "3300000000001", ""),
        ("N4", "2025-10-13 09:00", "", "13900000002"),
        ("N5", "2025-10-13 09:00", "", ""),
    ]
    bring(orders(tmp_path / "a.csv", *rows, columns=("户号", "联系电话")))

    lake.refresh()

    keys = [row["event_key"] for row in table()]
    assert keys[0] == keys[1] != keys[2]
    assert (keys[4], len(set(keys))) == ("", 4)


def walk(folder):
    """Change the home in many ways, yielding after each."""
    week = ("派单时间", "回单时间", "供电单位编码")
    unit()
    first = [(f"N{n}", f"2025-{9 + n % 3:02}-0{1 + n % 9} 00:30", "", "", "0101") for n in range(12)]
    bring(orders(folder / "1.csv", *first, columns=week))
    yield "import"
    case = case_at("handling")
    yield "a live case"
    second = [(*row[:2], "2025-12-01", "2025-12-02", "0102") for row in first[:4]]
    bring(orders(folder / "2.csv", *second, *first[4:], columns=week))
    yield "an update that moves units"
    third = [("N0", "2025-11-30 00:30", "", "", "0101")]
    bring(orders(folder / "3.csv", *third, columns=week))
    yield "an update that moves to another month"
    do(case, "pause", "office", reason="customer", evidence="录音12")
    yield "a pause"
    do(case, "resume", "office", NOW + DAY)
    sweep.sweep(now=NOW + DAY)
    yield "a sweep"
    do(Case.objects.get(number="N5"), "note", "office", note="备注")
    do(case, "reclassify", "office", NOW + DAY, business_type="opinion", note="不是投诉")
    yield "another procedure"
    again = case_at("archived")
    do(again, "reopen", "office", NOW + 2 * DAY, note="未解决")
    yield "a second episode"


def test_refreshed_step_by_step_it_equals_one_built_anew(tmp_path):
    for step in walk(tmp_path):
        lake.refresh()
        grown = everything()

        assert grown == anew(), step
        assert len(grown[0]) == Case.objects.count(), step


def test_refreshed_twice_without_news_nothing_is_rewritten(tmp_path):
    bring(orders(tmp_path / "a.csv", ("N1", "2025-10-01 08:00")))
    lake.refresh()
    before = {path: path.stat().st_mtime_ns for path in lake.folder().rglob("month=*/*.parquet")}

    upto = lake.refresh()

    assert {path: path.stat().st_mtime_ns for path in lake.folder().rglob("month=*/*.parquet")} == before
    assert upto == Case.objects.get().changed_event


def test_a_month_without_changes_keeps_its_file(tmp_path):
    bring(orders(tmp_path / "a.csv", ("N1", "2025-10-01 08:00"), ("N2", "2025-11-01 08:00")))
    lake.refresh()
    kept = Manifest.load().files["cases"]

    bring(orders(tmp_path / "b.csv", ("N3", "2025-11-02 08:00")))
    lake.refresh()

    now = Manifest.load().files["cases"]
    assert [name for name in now if "2025-10" in name] == [name for name in kept if "2025-10" in name]
    assert len([name for name in now if "2025-11" in name]) == 2


def test_many_small_refreshes_of_a_month_are_written_as_one(tmp_path):
    for n in range(14):
        bring(orders(tmp_path / f"{n}.csv", (f"N{n:02}", "2025-10-01 08:00")))
        lake.refresh()

    files = Manifest.load().files["cases"]
    assert len(files) < 5
    assert [row["number"] for row in table()] == [f"N{n:02}" for n in range(14)]


def test_a_reader_of_the_old_files_may_finish_and_old_files_go_in_the_end(tmp_path):
    case = case_at("registered")
    lake.refresh()
    with open_duckdb(lake.folder()) as engine:
        tables = engine.tables()
        do(case, "urge", "office", note="催")
        lake.refresh()
        assert tables.fetch(tables.cases.select("urge_count")).to_pylist() == [{"urge_count": 0}]

    for _ in range(4):
        do(case, "urge", "office", note="催")
        lake.refresh()

    named = {name for files in Manifest.load().files.values() for name in files}
    there = {path.relative_to(lake.folder()).as_posix() for path in lake.folder().rglob("*.parquet")}
    assert named <= there
    assert len(there) <= 3 * len(named)
    assert table()[0]["urge_count"] == 5


def test_a_register_loaded_after_the_orders_moves_them_below_its_units(tmp_path):
    bring(orders(tmp_path / "a.csv", ("N1", "2025-10-01 08:00", "0101"), columns=("供电单位编码",)))
    lake.refresh()
    register = [
        {"code": "01", "name": "溯源市供电公司", "parent": ""},
        {"code": "0101", "name": "东城供电所", "parent": "01"},
    ]
    org.load_units(rows=register, actor=SYSTEM, now=NOW)

    lake.refresh()

    assert [(row["unit_path"], row["u1"]) for row in table()] == [("/01/0101/", "01")]
    assert {row["unit_path"] for row in table("clocks", "case_id")} == {"/01/0101/"}
    assert everything() == anew()


def test_a_changed_rulebook_builds_the_lake_anew(tmp_path):
    bring(orders(tmp_path / "a.csv", ("N1", "2025-10-01 08:00")))
    lake.refresh()
    manifest = Manifest.load()
    manifest.put_in_force(manifest.exported_to, "another edition", manifest.files)

    lake.refresh()

    assert [row["number"] for row in table()] == ["N1"]
    assert Manifest.load().edition != "another edition"


def test_repeat_calls_of_one_week_meet_in_the_lake_and_no_two_weeks_of_one_customer_do(tmp_path):
    account = "3300012345678"
    rows = [
        ("N1", "2025-10-08 08:00", account),
        ("N2", "2025-10-09 08:00", account),
        ("N3", "2025-10-20 08:00", account),
        ("N4", "2025-10-08 08:00", "9900012345678"),
        ("N5", "2025-10-08 08:00", ""),
    ]
    bring(orders(tmp_path / "a.csv", *rows, columns=("户号",)))
    lake.refresh()

    keys = {row["number"]: row["event_key"] for row in table()}
    assert keys["N1"] == keys["N2"]
    assert (len({keys[n] for n in ("N1", "N3", "N4")}), keys["N5"]) == (3, "")
    index = seal.index("account", account)
    stored = b"".join(path.read_bytes() for path in lake.folder().rglob("*.parquet"))
    assert [key for key in keys.values() if index[:8] in key] == []
    assert index[:16].encode() not in stored


def test_another_key_writes_the_whole_lake_anew_and_nothing_of_before_meets_it(tmp_path):
    bring(orders(tmp_path / "a.csv", ("N1", "2025-10-08 08:00", "3300012345678"), columns=("户号",)))
    lake.refresh()
    before = table()[0]["event_key"]
    number = keyring.add()
    try:
        lake.refresh()
        after = table()[0]["event_key"]
        secrets = home() / "secrets"
        assert [path.name for path in secrets.glob("lake-*")] == [f"lake-{number}"]
    finally:
        keyring.destroy(number)

    assert (before != "", after != "", before != after) == (True, True, True)


def test_a_lake_whose_files_have_other_columns_is_written_anew():
    case_at("received"), lake.refresh()
    known = Manifest.load()
    known.shape = "of before"
    known.put_in_force(known.exported_to, known.edition, known.files | {"cases": []})

    lake.refresh()

    assert len(table()) == 1


def test_an_order_of_unknown_type_with_a_target_that_is_taken_over_here_is_one_row_and_keeps_its_target(
    tmp_path,
):
    unit()
    columns = ("要求完成时间", "供电单位编码")
    rows = [[*HEADERS, *columns], ["N1", "类型不明", "2026-03-04 10:00", "停电", "2026-03-20 10:00", "0101"]]
    bring(write_csv(tmp_path / "a.csv", rows))
    case = Case.objects.get()

    do(case, "reclassify", "office", business_type="complaint", note="是投诉")
    lake.refresh()

    assert [(row["number"], row["procedure"], row["binding_limit"]) for row in table()] == [
        ("N1", "complaint", "imported.target")
    ]
    assert Clock.objects.filter(case=case, binding=True).exclude(state="void").count() == 1
