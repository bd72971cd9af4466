"""A city with precursors: what it holds without them stays, and the truth is borne out by the files."""

import csv
import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from suyuan.simulate import Size, Town, imagine, write
from suyuan.simulate.contact import Contact
from suyuan.simulate.precursors.files import risks

SIZE = Size(7, 300, 60, date(2025, 10, 31), precursors=True)
Row = dict[str, str]


@pytest.fixture(scope="module")
def town() -> Town:
    return imagine(SIZE)


@pytest.fixture(scope="module")
def folder(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("town")
    write(town, path)
    return path


def table(folder: Path, name: str) -> list[Row]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def of(folder: Path, detector: str) -> list[Row]:
    return [row for row in table(folder, "precursors.csv") if row["detector"] == detector]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_contacts_of_a_city_without_precursors_are_all_there_unchanged(town: Town) -> None:
    def told(contacts: list[Contact]) -> list[tuple[object, ...]]:
        return [(c.at, c.kind, c.customer, c.topic, c.moments, c.satisfaction) for c in contacts]

    without = imagine(replace(SIZE, precursors=False))

    assert told(without.contacts) == told(town.ground.anyway)
    assert len(town.contacts) > len(without.contacts)


def test_every_kind_of_precursor_is_there_and_seen_before_its_complaint(folder: Path) -> None:
    rows = table(folder, "precursors.csv")

    assert {row["detector"] for row in rows} == {
        "account_conflict", "arrears_disconnection", "call_surge", "drift", "emerging_theme",
        "frequent_outage", "late_restoration", "low_voltage", "misclassified", "promise_watch",
        "repeat_contact", "silent_dissatisfaction", "foreign_stuck", "under_registration", "zero_readings",
    }  # fmt: skip
    became = [row for row in rows if row["complaint"]]
    assert len(became) > 20
    assert [row for row in became if row["began"] >= row["complaint_at"]] == []


def test_what_a_precursor_becomes_is_a_complaint_of_its_customer_and_category(
    town: Town, folder: Path
) -> None:
    number = {c.number: c for c in town.contacts}
    for row in table(folder, "precursors.csv"):
        if row["complaint"] and row["account"]:
            contact = number[row["complaint"]]
            assert contact.kind == "complaint"
            assert town.given.city.accounts[contact.customer] == row["account"]
            assert contact.category == row["category"]


def test_a_promise_that_is_watched_stands_in_the_log_and_is_not_kept(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "log.sqlite")) as link:
        kinds = ("Connection", "MeterChange", "MeterTest", "Refund", "Reconnection")
        said = dict(
            pair
            for kind in kinds
            for pair in link.execute(
                f"SELECT ocel_id, 承诺时限 FROM object_{kind} WHERE 承诺时限 IS NOT NULL"
            )
        )
    watched = of(folder, "promise_watch")

    assert len(watched) >= 10
    assert {row["object"].removeprefix("order:"): row["due"] for row in watched}.items() <= said.items()
    assert len(said) >= 2 * len(watched)
    assert [row for row in watched if row["ended"] <= row["due"]] == []
    last = "2025-11-01T00:00:00+08:00"
    assert {row["due"] < last for row in watched if row["ended"] >= last} == {True, False}


def test_zeros_of_a_reader_are_in_the_months_and_empty_homes_are_no_precursor(folder: Path) -> None:
    used: dict[str, list[float]] = {}
    for row in table(folder, "use.csv"):
        used.setdefault(row["户号"], []).append(float(row["电量"]))
    rows = of(folder, "zero_readings")

    assert {row["real"] for row in rows} == {"是", "否"}
    for row in rows:
        months = used[row["account"]]
        assert months.count(0.0) >= 3
        assert all(kwh == 0 for kwh in months) == (row["real"] == "否")


def test_a_late_restoration_is_past_its_planned_end_in_the_outage_file(folder: Path) -> None:
    outages = {row["停电编号"]: row for row in table(folder, "outages.csv")}
    rows = of(folder, "late_restoration")

    assert len(rows) >= 3
    for row in rows:
        known = outages[row["object"].removeprefix("outage:")]
        assert known["计划结束"] == row["due"]
        assert known["结束"] == "" or known["结束"] > known["计划结束"]
    assert [row for row in rows if not outages[row["object"].removeprefix("outage:")]["结束"]] != []


def test_a_line_said_to_trip_again_and_again_does(folder: Path) -> None:
    outages = table(folder, "outages.csv")

    for row in of(folder, "frequent_outage"):
        line = row["object"].removeprefix("line:")
        trips = sorted(moment(o["开始"]) for o in outages if o["线路"] == line and not o["台区"])
        near = [at for at in trips if at <= moment(row["began"]) + timedelta(days=60)]
        assert len(near) >= 2


def test_weak_areas_are_low_in_the_evenings_from_when_it_began(folder: Path) -> None:
    volts = table(folder, "voltage.csv")
    low = {row["area"] for row in of(folder, "low_voltage")}

    for row in of(folder, "low_voltage"):
        here = [v for v in volts if v["台区"] == row["area"]]
        during = [v for v in here if row["began"] <= v["时间"] < (row["ended"] or "9")]
        assert sum(float(v["电压"]) < 198 for v in during) > 0.8 * len(during) > 0
    assert [v for v in volts if v["台区"] not in low and float(v["电压"]) < 198] == []


def test_what_was_written_down_as_something_else_speaks_as_a_complaint(town: Town, folder: Path) -> None:
    number = {c.number: c for c in town.contacts}
    rows = of(folder, "misclassified")
    station = of(folder, "under_registration")[0]["unit"]

    contacts = [number[row["object"].removeprefix("case:")] for row in rows]
    assert {c.kind for c in contacts} <= {"opinion", "consult"}
    assert Counter(c.unit for c in contacts).most_common(1)[0][0] == station
    assert {len(c.text) > 15 for c in contacts} == {True}


def test_the_probability_of_a_complaint_is_about_how_often_one_came() -> None:
    told = list(risks(imagine(Size(11, 2_000, 120, date(2025, 10, 31), precursors=True))))

    expected = sum(float(str(row[2])) for row in told)
    came = sum(int(str(row[3])) - int(str(row[4])) for row in told)
    sure = [row for row in told if float(str(row[2])) > 0.12]

    assert abs(came - expected) < 0.15 * expected
    assert sum(int(str(row[3])) for row in sure) / len(sure) > 2.5 * came / len(told)


def test_every_complaint_has_a_cause_and_the_same_size_gives_the_same_files(
    folder: Path, tmp_path: Path
) -> None:
    write(imagine(SIZE), tmp_path)
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    with closing(sqlite3.connect(folder / "log.sqlite")) as link:
        known = {row[0] for row in link.execute("SELECT ocel_id FROM object")}

    assert [c["complaint"] for c in truth["causes"] if c["root"]["object"] not in known] == []
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {
        p.name: p.read_bytes() for p in folder.iterdir()
    }
