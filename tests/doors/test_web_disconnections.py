"""Disconnections for arrears in the browser and by command: registered, listed, refused with the rule."""

import io
import json
import sys

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import Disconnection
from tests.board_pages import signed_in
from tests.disconnections import ACCOUNT, DUE, MINUTE, OWED, PROOF, account, approved, cut, noticed, register
from tests.doors.test_web_linked import rows
from tests.factories import do, person

pytestmark = pytest.mark.django_db


def test_an_account_is_registered_by_the_form_once_and_its_number_stands_nowhere(tmp_path):
    account(tmp_path)
    station = signed_in("station")

    first = station.post("/disconnections/open/", OWED)
    station.post("/disconnections/open/", OWED)

    one = Disconnection.objects.select_related("case").get()
    assert (first.status_code, first["Location"]) == (302, "/disconnections/")
    (row,) = rows(station.get("/disconnections/"))
    assert (row[0].split()[0], row[2], row[3]) == (one.case.number, "居民", "356.20")
    assert ACCOUNT not in station.get(f"/case/{one.case.number}/").content.decode()


def test_an_unknown_account_is_said_at_its_field_and_keeps_what_was_typed(tmp_path):
    account(tmp_path)

    page = signed_in("station").post("/disconnections/open/", {**OWED, "account": "3300099999999"})

    assert page.status_code == 422
    assert "客户档案里没有这个户号" in page.content.decode()
    assert "356.20" in page.content.decode()


def test_who_may_not_register_one_is_shown_no_form():
    leader = signed_in("leader")

    assert leader.get("/disconnections/open/").status_code == 403
    assert "/disconnections/open/" not in leader.get("/disconnections/").content.decode()


def test_the_page_says_what_has_to_come_first_by_which_figure(tmp_path):
    case = noticed(tmp_path)
    office = signed_in("office")

    page = office.get(f"/case/{case.number}/").content.decode()

    assert "通知满 7 天（arrears.notice.resident，可信程度：二手出处）" in page
    assert "停电前至少 30 分钟再次提醒（arrears.notice.rules，可信程度：二手出处）" in page
    assert "只在工作日 8 时至 16 时停电（disconnection.hours，可信程度：推断）" in page


def test_a_refusal_to_cut_names_the_figure_and_how_sure_it_is(tmp_path):
    case = approved(tmp_path)

    no = signed_in("station").post(f"/case/{case.number}/do/disconnect/", PROOF)

    assert no.status_code == 409
    assert "停电前还没有再次提醒。依据 arrears.notice.rules，可信程度：二手出处" in no.content.decode()


def test_the_list_is_narrowed_and_an_unknown_filter_is_an_error(tmp_path):
    case, at = cut(tmp_path)
    register(tmp_path, account="3300012345699", now=at)
    do(case, "record_payment", "agent", at + MINUTE, **PROOF)
    office = signed_in("office")

    found = [
        len(rows(office.get(f"/disconnections/?{query}")))
        for query in ("", "state=off", "state=reconnect", "payer=business", "state=closed", "unit=0102")
    ]

    assert found == [2, 0, 1, 0, 0, 0]
    assert office.get("/disconnections/?state=none").status_code == 422


def test_the_commands_register_from_what_comes_in_and_list(tmp_path, suyuan, monkeypatch):
    account(tmp_path)
    person("station")
    said = ("--as", "station", "--since", "2026-01-15", "--amount", "356.20", "--json")

    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{ACCOUNT}\n{ACCOUNT}\n"))
    code, made, _ = suyuan("disconnection", "open", *said)
    again, _, _ = suyuan("disconnection", "open", *said)
    _, told, _ = suyuan("disconnection", "list", "--as", "station", "--json")

    jsonschema.validate(json.loads(made), of("disconnection open"))
    jsonschema.validate(json.loads(told), of("disconnection list"))
    (one,) = json.loads(told)["cases"]
    assert (code, again, one["number"], one["due"]) == (0, 1, json.loads(made)["number"], None)


def test_a_case_that_is_over_says_no_rules_any_more(tmp_path):
    case = noticed(tmp_path)
    done = do(case, "withdraw_disconnection", "station", DUE["居民"], paid_on="2026-03-11", **PROOF)

    page = signed_in("office").get(f"/case/{done.number}/").content.decode()

    assert "缴清日" in page
    assert "停电前须满足" not in page
