"""A field the office adds to a step is asked for at every door: command, API, worksheet, page."""

import json
from datetime import timedelta

import pytest

from suyuan.actions import bulk
from suyuan.gateways.worksheet import read
from suyuan.store import fingerprint, rules
from suyuan.store.models import Event
from suyuan.store.queries import viewer
from tests.doors.test_api import ask, secret
from tests.factories import NOW, case_at, person
from tests.rulebook_entries import landed
from tests.worksheet_files import bring, fill, taken

pytestmark = pytest.mark.django_db
ELDERLY = {
    "procedure": "complaint",
    "verb": "accept",
    "name": "x_elderly",
    "title": {"zh": "涉及老人", "en": "Elderly person concerned"},
    "type": "choice",
    "required": True,
    "choices": ["是", "否"],
    "in_force_from": "2026-01-01",
    "basis": "本公司",
    "certainty": "Q",
}
ASKED = {
    "name": "x_elderly",
    "title": "涉及老人",
    "type": "choice",
    "required": True,
    "choices": ["是", "否"],
    "reasons": "",
}


@pytest.fixture(autouse=True)
def nothing_left():
    rules.forget()
    yield
    rules.forget()


def accepting(told: dict) -> list[dict]:
    """Return what the form of taking on asks for, as programs are told it."""
    return next(one["form"] for one in told["open_verbs"] if one["verb"] == "accept")


def test_the_command_lists_it(suyuan):
    case = case_at("dispatched")
    person("station")
    landed("form_field", ELDERLY)

    _, out, _ = suyuan("case", "show", case.number, "--as", "station", "--json")

    assert accepting(json.loads(out)) == [ASKED]


def test_a_worksheet_has_its_column_and_brings_it_back(tmp_path):
    case = case_at("dispatched")
    landed("form_field", ELDERLY)
    path = taken(tmp_path, role="station", verb="accept")

    done = bring(fill(path, {"verb": "接单", "field:x_elderly": "是"}), role="station")

    handed = read(path)
    assert handed.titles[list(handed.keys).index("field:x_elderly")] == "涉及老人 *"
    assert [row.outcome for row in done.rows] == ["applied"]
    event = Event.objects.filter(stream=f"case:{case.number}", verb="accept").get()
    assert event.detail["form"] == {"x_elderly": "是"}


def test_a_worksheet_left_empty_there_names_the_cell(tmp_path):
    case_at("dispatched")
    landed("form_field", ELDERLY)

    done = bring(fill(taken(tmp_path, role="station", verb="accept"), {"verb": "接单"}), role="station")

    assert [(row.outcome, list(row.wrong.values())) for row in done.rows] == [("refused", ["required"])]


def test_a_worksheet_older_than_the_end_of_a_field_is_told_that_it_is_no_longer_asked(tmp_path):
    case_at("dispatched")
    landed("form_field", ELDERLY)
    path = fill(taken(tmp_path, role="station", verb="accept"), {"verb": "接单", "field:x_elderly": "是"})
    landed("form_field", ELDERLY | {"in_force_until": "2026-01-02"}, NOW + timedelta(minutes=5))

    done = bring(path, role="station")

    assert [(row.outcome, list(row.wrong.values())) for row in done.rows] == [("refused", ["not_asked"])]


def test_the_api_lists_it():
    case = case_at("dispatched")
    landed("form_field", ELDERLY)

    status, said = ask(f"cases/{case.number}", secret("station", at="0101"))

    assert (status, accepting(said)) == (200, [ASKED])


def test_bulk_work_asks_for_it_and_keeps_it():
    case = case_at("dispatched")
    landed("form_field", ELDERLY)
    asker = viewer.of(person("station"))
    offer = next(one for one in bulk.offers(asker, [case], NOW) if one.verb == "accept")
    marks = {case.number: fingerprint.of(case)}

    run = bulk.ask(offer=offer, ticked=marks, form={"x_elderly": "是"}, actor=asker.actor, now=NOW)
    bulk.go_on(run_id=run, actor=asker.actor, holder="page", now=NOW)

    assert [field.name for field in offer.form] == ["x_elderly"]
    event = Event.objects.filter(stream=f"case:{case.number}", verb="accept").get()
    assert event.detail["form"] == {"x_elderly": "是"}
