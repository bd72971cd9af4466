"""``suyuan supply``: a table is taken in, listed and forgotten; detectors read it; bad input is one line."""

import json
import shutil

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store import supply as store
from tests.board_pages import signed_in

pytestmark = pytest.mark.django_db
TABLE = """停电编号,线路,开始,结束
T4,L1,2026-04-20 10:00,2026-04-20 12:00
T5,L1,2026-05-20 10:00,2026-05-20 12:00
T6,L1,then,
"""


@pytest.fixture(autouse=True)
def folder():
    shutil.rmtree(store.folder(), ignore_errors=True)  # tests share a home
    yield
    shutil.rmtree(store.folder(), ignore_errors=True)


def told(suyuan, name, *arguments):
    code, out, _ = suyuan("supply", *name.split(), *arguments, "--json")
    answer = json.loads(out)
    jsonschema.validate(answer, of(f"supply {name.split()[0]}"))
    assert code == 0
    return answer


def test_a_table_is_taken_in_listed_on_command_and_page_and_forgotten(suyuan, tmp_path):
    path = tmp_path / "停电.csv"
    path.write_text(TABLE, "utf-8")
    taken = told(suyuan, "take outages", str(path))
    (kept,) = told(suyuan, "list")["kept"]

    assert [taken[name] for name in ("read", "new", "set_aside")] == [3, 2, 1]
    assert taken["first_wrong"] == [{"row": 4, "column": "开始", "value": "then", "rule": "unreadable"}]
    assert (tmp_path / "停电.quarantine.csv").exists()
    assert (kept["rows"], kept["first"], kept["set_aside"]) == (2, "2026-04-20T10:00:00+08:00", 1)
    page = signed_in("office").get("/trace/").content.decode()
    assert "2026-04-20 – 2026-05-20" in page
    assert "停电.csv" in page
    assert told(suyuan, "forget outages", "--before", "2026-05-01")["rows"] == 1
    assert told(suyuan, "forget outages")["rows"] == 1
    assert told(suyuan, "list") == {"kept": []}


def test_headings_alone_say_that_there_is_nothing(suyuan, tmp_path):
    path = tmp_path / "off.csv"
    path.write_text("停电编号,开始,线路\n", "utf-8")

    assert told(suyuan, "take outages", str(path))["read"] == 0
    assert told(suyuan, "list") == {"kept": []}


def test_words_say_what_became_of_a_table_and_where_the_rest_lies(suyuan, tmp_path):
    path = tmp_path / "off.csv"
    path.write_text(TABLE, "utf-8")
    _, out, err = suyuan("supply", "take", "outages", path)

    assert (out, "4 开始 then" in err, "off.quarantine.csv" in err) == (
        "outages: 3 read, 2 new, 0 changed, 0 unchanged, 1 set_aside\n",
        True,
        True,
    )
    assert suyuan("supply", "list")[1].startswith("outages  2 rows  ")


@pytest.mark.parametrize(
    ("kind", "text", "more", "said"),
    [
        ("weather", TABLE, (), "unknown_value"),
        ("outages", "停电编号,开始\nT1,2026-04-20\n", (), "no_row_taken"),
        ("readings", TABLE, (), "unknown_value"),
        ("voltage", "PAR1", (), "truncated_file"),
        ("outages", TABLE, ("--as", "nobody"), "unknown_person"),
    ],
)
def test_bad_input_is_named_in_one_line_and_nothing_is_kept(suyuan, tmp_path, kind, text, more, said):
    path = tmp_path / "table.csv"
    path.write_text(text, "utf-8")
    code, out, err = suyuan("supply", "take", kind, path, *more, "--json")

    assert (code, out, err.count("\n"), said in err) == (2, "", 1, True)
    assert not store.folder().exists()
