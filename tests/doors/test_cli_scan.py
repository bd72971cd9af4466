"""``suyuan scan``: a table in, signals out; bad input named."""

import csv
import json
from datetime import date, timedelta

import jsonschema
import numpy as np
import pytest

from suyuan.cli.schema import of

FIRST = date(2025, 1, 1)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """Return a table of 300 days in which one street of one district rises on the last days."""
    chance, path = np.random.default_rng(1), tmp_path_factory.mktemp("scan") / "calls.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        out = csv.writer(stream)
        out.writerow(["区", "街道", "日期", "件数"])
        for day in range(300):
            for district in range(3):
                for street in range(4):
                    many = chance.poisson(0.5) + (4 if (district, street) == (1, 2) and day >= 296 else 0)
                    if many:
                        at = FIRST + timedelta(day)
                        out.writerow([f"{district}区", f"{district}-{street}街", f"{at} 08:30", many])
    return path


def asked(suyuan, table, *more):
    return suyuan("scan", table, "--tree", "区,街道", "--time", "日期", "--count", "件数", *more)


def test_the_street_that_rises_is_told_with_its_days(suyuan, table):
    code, out, _ = asked(suyuan, table, "--json")
    told = json.loads(out)

    jsonschema.validate(told, of("scan"))
    newest = told["signals"][0]
    assert (code, newest["node"], newest["from"], newest["to"]) == (
        0,
        ["1区/1-2街"],
        "2025-10-24",
        "2025-10-27",
    )
    assert newest["observed"] >= 16 > 5 > newest["expected"]
    assert newest["p"] < 0.01


def test_nothing_after_the_day_asked_is_known(suyuan, table, tmp_path):
    short = tmp_path / "short.csv"
    lines = table.read_text("utf-8").splitlines()
    short.write_text("\n".join(line for line in lines if line.split(",")[2][:10] <= "2025-10-24"
                               or "日期" in line), "utf-8")  # fmt: skip

    now = json.loads(asked(suyuan, table, "--as-of", "2025-10-24", "--json")[1])
    then = json.loads(asked(suyuan, short, "--as-of", "2025-10-24", "--json")[1])

    assert now == then
    assert all(one["until"] == "2025-10-24" for one in now["signals"])


def test_a_column_that_is_not_there_is_named_with_those_that_are(suyuan, table):
    code, _, err = suyuan("scan", table, "--tree", "县", "--time", "日期", "--json")
    assert (code, "县" in err, "街道" in err) == (2, True, True)


def test_too_few_days_say_how_many_are_needed(suyuan, tmp_path):
    path = tmp_path / "few.csv"
    path.write_text("a,day\nx,2025-01-01\nx,2025-02-01\n", "utf-8")
    code, _, err = suyuan("scan", path, "--tree", "a", "--time", "day")
    assert (code, "32" in err, "140" in err) == (2, True, True)


def test_rows_without_a_day_or_a_number_are_counted_and_named(suyuan, table, tmp_path):
    path = tmp_path / "wrong.csv"
    path.write_text(table.read_text("utf-8") + "1区,1-1街,昨天,1\n1区,1-1街,2025-03-01,许多\n", "utf-8")

    told = json.loads(asked(suyuan, path, "--json")[1])

    assert told["set_aside"] == 2
    assert [(one["column"], one["value"]) for one in told["first_wrong"]] == [
        ("日期", "昨天"),
        ("件数", "许多"),
    ]


def test_one_stray_date_is_named_with_its_row_and_nothing_is_looked_at(suyuan, tmp_path):
    path = tmp_path / "stray.csv"
    rows = [f"x,{FIRST + timedelta(day)}" for day in range(300)]
    path.write_text("\n".join(["a,day", *rows, "x,1900-01-01", "x,2999-01-01"]), "utf-8")

    code, _, err = suyuan("scan", path, "--tree", "a", "--time", "day")

    assert (code, err.count("\n")) == (2, 1)
    for fact in ("[too_many_days]", "most=2557", "first_day=1900-01-01", "first_row=302", "last_row=303"):
        assert fact in err
    path.write_text("\n".join(["a,day", *rows]), "utf-8")
    _, _, err = suyuan("scan", path, "--tree", "a", "--time", "day", "--as-of", "2040-01-01")
    assert ("last_day=2040-01-01" in err, "last_row" in err) == (True, False)


@pytest.mark.parametrize("many", ["nan", "inf", "-inf", "0", "-1", "1e9", "x"])
def test_alarms_per_month_are_a_number_within_bounds(suyuan, table, many):
    code, _, err = asked(suyuan, table, "--alarms-per-month", many)
    assert (code, err.count("\n"), "--alarms-per-month" in err) == (2, 1, True)


def test_rows_that_cannot_be_taken_and_a_day_before_all_are_told_in_words(suyuan, table, tmp_path):
    path = tmp_path / "huge.csv"
    path.write_text("区,街道,日期,件数\na,b,2025-01-01,1e18\n", "utf-8")
    code, _, err = asked(suyuan, path)
    assert (code, "No row of it can be taken" in err, "1e18" in err, "empty" in err) == (2, True, True, False)
    code, _, err = asked(suyuan, table, "--as-of", "2020-01-01")
    assert (code, "nothing up to --as-of" in err, "first_day=2025-01-01" in err) == (2, True, True)


def test_one_place_is_named_and_a_column_may_stand_in_the_trees_but_once(suyuan, tmp_path):
    one = tmp_path / "one.csv"
    rows = (f"甲,{FIRST + timedelta(day)},{9 if day >= 297 else 1}" for day in range(300))
    one.write_text("\n".join(["区,日期,件数", *rows]), "utf-8")
    given = ("scan", one, "--tree", "区", "--time", "日期", "--count", "件数")

    told = json.loads(suyuan(*given, "--json")[1])
    code, _, error = suyuan(*given, "--tree", "区")
    said = suyuan(*given)[2]

    assert {tuple(each["node"]) for each in told["signals"]} <= {("all",), ("甲",)} != set()
    assert (code, "column_twice" in error) == (2, True)
    assert f"limit {told['limit']:.1f}" in said
    assert all(f"{one['day']} " in said for one in told["limit_set_by"])
