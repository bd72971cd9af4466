"""``suyuan trace take|sources|orders|forget-source``: what is said, by its schemas; what is wrong, named."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store import event_log
from tests.event_logs import ACCOUNT

pytestmark = pytest.mark.django_db(transaction=True)
CHANGES = f"换表工单编号,户号,供电单位,换表时间,归档时间,承诺时限\nHB1,{ACCOUNT},0101,2026/1/5,,2026/1/9\n"


@pytest.fixture
def told(suyuan, tmp_path):
    """Return what runs a command and gives its answer, checked against its schema; and a table."""

    def run(*words):
        code, out, _ = suyuan("trace", *words, "--json")
        found = json.loads(out)
        if code == 0:
            jsonschema.validate(found, of(f"trace {words[0]}"))
        return found

    event_log.path().unlink(missing_ok=True)  # tests share a home
    table = tmp_path / "换表_20260105.csv"
    table.write_text(CHANGES, "utf-8")
    yield run, table
    event_log.path().unlink(missing_ok=True)


def test_a_table_is_taken_listed_and_forgotten(told):
    run, table = told
    assert (run("take", table)["new"], run("take", table)["unchanged"]) == (1, 1)

    [source] = run("sources")["sources"]
    assert (source["name"], source["form"], source["events"]) == ("meter_change", "meter_change", 1)
    assert source["first"] == "2026-01-05T00:00:00+08:00"
    [order] = run("orders", "--type", "换表单", "--open")["orders"]
    assert {key: order[key] for key in ("number", "unit", "step", "open", "promised")} == {
        "number": "HB1", "unit": "0101", "step": "现场换表", "open": True,
        "promised": "2026-01-09T23:59:59+08:00",
    }  # fmt: skip
    table.write_text(CHANGES.replace(",,2026/1/9", ",2026/1/8,2026/1/9"), "utf-8")
    assert (run("take", table)["new"], run("orders", "--open")["orders"]) == (1, [])
    assert run("forget-source", "meter_change") == {"source": "meter_change", "events": 2}
    assert run("orders")["orders"] == []


def test_what_is_not_taken_is_said_with_its_place(suyuan, told):
    table = told[1]
    table.write_text(CHANGES + "HB2,1,0101,morgen,,\n", "utf-8")

    code, out, err = suyuan("trace", "take", table, "--source", "营销")

    assert (code, out.startswith("营销: 1 new")) == (0, True)
    assert "1 时间读不懂 / a time that is none [bad_time]: row 3" in err


@pytest.mark.parametrize(("words", "code"), [
    (("orders", "--type", "nothing"), "unknown_value"), (("forget-source", "nothing"), "unknown_value"),
])  # fmt: skip
def test_what_is_wrong_is_named(suyuan, told, words, code):
    run, table = told
    run("take", table)

    failed, _, err = suyuan("trace", *words)

    assert (failed, code in err) == (2, True)


def test_a_table_nobody_knows_is_refused(suyuan, told):
    told[1].write_text("a,b\n1,2\n", "utf-8")

    code, _, err = suyuan("trace", "take", told[1])

    assert (code, "log_layout_needed" in err, event_log.path().exists()) == (2, True, False)
