"""Repeat contacts in the browser and by command."""

import json
from datetime import timedelta

import jsonschema
import pytest

from suyuan.actions import repeat
from suyuan.cli.schema import of
from tests.actions.test_repeat import called
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.factories import NOW, incoming, person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_the_page_of_a_case_names_the_other_contacts_and_why():
    first, second = called(), called(HOUR)

    page = signed_in("office").get(f"/case/{first.number}/").content.decode()

    assert "同一件事的来电" in page
    assert "共 2 次" in page
    assert [
        page.count(f'<span class="mark">{way}</span>') for way in ("同一户号", "同一号码", "内容相似")
    ] == [1] * 3
    assert f'<a href="/case/{second.number}/"><strong>' in page
    assert "内容相似度 1.00" in page


def test_the_list_shows_events_until_nothing_of_them_is_open():
    first, *_ = (called(n * HOUR) for n in range(3))
    repeat.alarm(now=NOW + 3 * HOUR)
    office = signed_in("office")

    assert rows(office.get("/repeats/")) == [
        [first.number, "溯源市供电公司", "3", "2026-03-04 12:30", "已受理", "2026-03-04 13:30"]
    ]
    assert rows(office.get("/repeats/?unit=0101")) == []
    assert office.get("/repeats/?show=some").status_code == 422


def test_the_desk_is_told_that_a_number_calls_again_and_about_what():
    called()
    second = called(HOUR)
    desk = signed_in("agent")

    page = desk.post("/contact/lookup/", {"phone": incoming().phone}).content.decode()

    assert f"就在办工单 {second.number} 这件事已来电 2 次" in page


def test_the_command_finds_the_event_of_a_case_and_lists_those_many_spoke_of(suyuan):
    person("office")
    first, second, _ = (called(n * HOUR) for n in range(3))
    repeat.alarm(now=NOW + 3 * HOUR)

    code, out, _ = suyuan("repeat", "find", "--case", first.number, "--json")
    answer = json.loads(out)

    jsonschema.validate(answer, of("repeat find"))
    assert (code, answer["contacts"], answer["cases"], answer["alarm"]) == (0, 3, 3, 3)
    assert answer["same"][0] == {
        "number": second.number,
        "business_type": "complaint",
        "unit": "01",
        "state": "received",
        "accepted_at": "2026-03-04T11:30:00+08:00",
        "contacts": 1,
        "ways": ["account", "number", "text"],
        "similarity": 1.0,
        "through": "",
    }
    code, out, _ = suyuan("repeat", "list", "--as", "office", "--json")
    jsonschema.validate(json.loads(out), of("repeat list"))
    assert [(one["first"], one["contacts"]) for one in json.loads(out)["events"]] == [(first.number, 3)]
    assert suyuan("repeat", "find", "--case", first.number, "--as", "office")[0] == 0
    assert suyuan("repeat", "find", "--case", "SY1", "--as", "office")[0] == 1
