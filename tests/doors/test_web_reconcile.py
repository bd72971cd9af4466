"""Every gap from the totals down to its cases, by page and by command."""

import json
import re

import jsonschema
import pytest
from django.test import Client

from suyuan.cli.schema import of
from tests.board_pages import signed_in
from tests.factories import case_at
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db


@pytest.fixture
def gaps() -> dict[str, str]:
    """Return one case in each of three gaps, one that is done and one restricted."""
    found = {state: case_at(state).number for state in ("received", "registered", "handling", "archived")}
    found["restricted"] = case_at("handling", "report").number
    fresh_lake()
    return found


def listed(client: Client, address: str) -> list[str]:
    return re.findall(r'href="/case/([^/]+)/"', client.get(address).content.decode())


def test_the_page_shows_each_stage_as_an_equation_and_leads_to_the_cases(gaps) -> None:
    office = signed_in("office")
    page = office.get("/reconcile/?period=2026-03")

    assert page.context["received"] == "5"
    assert page.context["sums"] == ["受理: 5 = 4 + 1", "处理: 4 = 3 + 1", "答复: 3 = 1 + 2", "回访: 1 = 1"]
    assert [(step.n, step.share) for step in page.context["steps"]] == [
        ("4", "80.00 % (4/5)"),
        ("3", "75.00 % (3/4)"),
        ("1", "33.33 % (1/3)"),
        ("1", "100.00 % (1/1)"),
    ]
    assert page.content.decode().count("各渠道") == 1
    assert [row.cells[3].text for row in page.context["listed"].rows] == ["0", "1", "2"]
    links = re.findall(r'href="(/reconcile/cases/\?[^"]+)"', page.content.decode())
    assert [listed(office, url.replace("&amp;", "&")) for url in dict.fromkeys(links)] == [
        [gaps["received"]],
        [gaps["registered"]],
        [gaps["handling"]],
    ]


def test_a_restricted_case_is_counted_and_shown_to_the_audit_desk_alone(gaps) -> None:
    address = "/reconcile/cases/?period=2026-03&code=not_answered"

    assert listed(signed_in("office"), address) == [gaps["handling"]]
    assert sorted(listed(signed_in("audit"), address)) == sorted([gaps["handling"], gaps["restricted"]])
    assert "限制查阅、不列出 1 件" in signed_in("office").get("/reconcile/?period=2026-03").content.decode()


def test_a_channel_narrows_the_list_and_nothing_unknown_is_taken(gaps) -> None:
    office, address = signed_in("office"), "/reconcile/cases/?period=2026-03&code=not_registered"

    assert listed(office, address + "&channel=95598") == [gaps["received"]]
    assert listed(office, address + "&channel=12345") == []
    assert listed(office, "/reconcile/cases/?period=2026-03") == [
        gaps[state] for state in ("received", "registered", "handling")
    ]
    wrong = ("/reconcile/cases/?code=lost", "/reconcile/cases/?channel=pigeon", "/reconcile/?colour=red")
    assert [office.get(address).status_code for address in wrong] == [422, 422, 422]


def test_a_time_without_anything_says_what_would_stand_here(gaps) -> None:
    said = signed_in("office").get("/reconcile/?period=2020-01").content.decode()

    assert "这一时期没有诉求" in said


def test_the_command_lists_every_gap_and_no_restricted_case(gaps, suyuan) -> None:
    code, out, _ = suyuan("reconcile", "--period", "2026-03", "--json")

    answer = json.loads(out)
    jsonschema.validate(answer, of("reconcile"))
    assert (code, answer["complete"]) == (0, False)
    assert [answer[name] for name in ("received", "accepted", "handled", "answered", "called_back")] == [
        5,
        4,
        3,
        1,
        1,
    ]
    assert [(gap["code"], gap["count"], gap["hidden"], gap["cases"]) for gap in answer["gaps"]] == [
        ("not_registered", 1, 0, [gaps["received"]]),
        ("not_dispatched", 1, 0, [gaps["registered"]]),
        ("not_answered", 2, 1, [gaps["handling"]]),
    ]
    assert answer["channels"] == [
        {"channel": "95598", "received": 5, "accepted": 4, "handled": 3, "answered": 1, "called_back": 1}
    ]
    assert suyuan("reconcile", "--period", "soon")[0] == 2
    assert "! accepted" in suyuan("reconcile", "--period", "2026-03")[1]
