"""Promises in the browser and by command."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from tests.board_pages import signed_in
from tests.doors.test_web_linked import box, rows
from tests.repeat_cases import promised

pytestmark = pytest.mark.django_db


def test_a_promise_is_listed_stands_on_its_case_and_is_chosen_to_be_closed():
    case, station = promised(), signed_in("office")

    (line,) = rows(station.get("/commitments/?show="))
    page = station.get(f"/case/{case.number}/")

    assert line[:4] == [case.number, "换表后补退电费", "agent", "2026-03-10"]
    assert "对客户的承诺" in page.content.decode()
    assert box(page, "keep_promise", "commitment").choices == [("1", "1　03-10　换表后补退电费")]
    assert rows(station.get("/commitments/?show=kept")) == []
    assert station.get("/commitments/?show=some").status_code == 422


def test_the_register_leads_to_its_bulletin():
    page = signed_in("office").get("/commitments/").content.decode()

    assert page.count('href="/publications/prepare/?document=commitments"') == 1


def test_the_command_lists_promises_and_what_each_unit_kept(suyuan):
    case = promised()
    signed_in("office")

    code, out, _ = suyuan("commitment", "list", "--as", "office", "--state", "all", "--json")
    answer = json.loads(out)

    jsonschema.validate(answer, of("commitment list"))
    assert code == 0
    assert [(one["case"], one["commitment"], one["state"]) for one in answer["commitments"]] == [
        (case.number, 1, "open")
    ]
    assert [one["unit"] for one in answer["units"]] == ["01"]
    assert suyuan("commitment", "list", "--as", "office", "--state", "some")[0] == 2
