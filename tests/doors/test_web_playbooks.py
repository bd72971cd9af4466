"""Playbooks in the browser and at the command line: read, printed, proposed and approved as any entry."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.domain.rulebook.records import plain
from suyuan.store import rules
from suyuan.store.models import RuleDraft
from suyuan.web.rules import kinds, written
from tests.factories import person
from tests.rulebook_entries import landed
from tests.rules.test_playbooks import ONE, STEP

pytestmark = pytest.mark.django_db
READING = "business.billing.reading"
LINE = "核对名单 | Check the list | station | 3 working_days | 名单有签字 | The list is signed"


@pytest.fixture(autouse=True)
def nothing_left():
    rules.forget()
    yield
    rules.forget()


@pytest.fixture
def office(client):
    """Return a browser in which the service office is signed in."""
    client.force_login(person("office"))
    return client


def test_a_playbook_shows_its_steps_with_owner_limit_and_check(office):
    page = office.get(f"/rules/entry/playbook/{READING}/").content.decode()
    first = rules.rulebook().playbooks[READING].steps[0]

    assert first.action.zh in page
    assert first.check.zh in page
    assert all(words in page for words in ("供电所", "3 个工作日", "批量抄表或计费差错", "连续零示数"))
    assert 'data-toggle="print"' in page


def test_a_template_names_the_playbooks_that_turn_to_it(office):
    page = office.get("/rules/entry/emergency/mass_reading_error/").content.decode()

    assert rules.rulebook().playbooks[READING].title.zh in page


def test_the_lists_say_what_sets_each_off(office):
    assert "连续划零" in office.get("/rules/of/playbook/?find=抄表").content.decode()
    assert "大面积停电" in office.get("/rules/of/emergency/").content.decode()


def test_a_playbook_is_proposed_line_by_line(office):
    typed = {**written.typed("playbook", ONE), "trigger": ["hot_spot"], "why": "本公司做法", "note": ""}
    assert typed["play_steps"] == LINE

    answer = office.post("/rules/new/playbook/", typed)

    assert answer.status_code == 302
    assert RuleDraft.objects.get().entry["steps"] == [STEP]


@pytest.mark.parametrize(
    "line", [LINE.rpartition("|")[0], LINE.replace("3 working_days", "soon")], ids=["short", "limit"]
)
def test_a_line_that_cannot_be_read_is_told_at_its_box(office, line):
    typed = {**written.typed("playbook", ONE), "trigger": ["hot_spot"], "why": "本公司做法"}

    answer = office.post("/rules/new/playbook/", typed | {"play_steps": line})

    assert (answer.status_code, RuleDraft.objects.count()) == (422, 0)


def test_an_approved_playbook_stands_in_for_the_shipped_one(suyuan):
    landed("playbook", {**ONE, "category": READING})

    assert rules.rulebook().playbooks[READING].title.zh == "窗口"
    code, out, _ = suyuan("rules", "playbooks", READING, "--json")
    shown = json.loads(out)
    jsonschema.validate(shown, of("rules playbooks"))
    assert (code, shown["playbooks"][0]["steps"]) == (0, [STEP])


def test_every_playbook_and_template_can_be_typed_as_it_is():
    book = rules.rulebook()

    for kind, shelf in (("playbook", book.playbooks), ("emergency", book.emergencies)):
        for one in shelf.values():
            entry = {name: value for name, value in plain(one).items() if value not in ("", None, [])}
            assert written.entry(kind, written.typed(kind, entry)) == {"trigger": []} | entry
    assert {"playbook", "emergency"} <= kinds.FIELDS.keys()


def test_the_command_lists_prints_and_refuses(suyuan):
    code, out, _ = suyuan("rules", "emergencies", "--json")
    jsonschema.validate(json.loads(out), of("rules emergencies"))

    assert (code, len(json.loads(out)["emergencies"])) == (0, 12)
    assert "生命支持" in suyuan("rules", "emergencies", "life_support")[1]
    assert "business.meter.test" in suyuan("rules", "playbooks")[1]
    assert suyuan("rules", "playbooks", "business.bill")[0] == 2
    assert suyuan("rules", "emergencies", "fire")[0] == 2
