"""What the office keeps beside the figures reaches the case: fields, routing rows, documents, phrases."""

from datetime import timedelta

import pytest
from django.test import Client

from suyuan.actions.perform import perform
from suyuan.domain.errors import BadInput
from suyuan.store import rules
from suyuan.store.models import Event, Note
from tests.factories import NOW, actor, case_at, do, person
from tests.rulebook_entries import PHRASE, landed

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
EAST = {
    "id": "east",
    "title": {"zh": "计量类归东城", "en": "Metering goes east"},
    "unit": "0101",
    "specialty": "operations",
    "basis": "分工表",
    "certainty": "Q",
}


@pytest.fixture(autouse=True)
def nothing_left():
    rules.forget()
    yield
    rules.forget()


def page(case, role: str):
    client = Client()
    client.force_login(person(role))
    return client.get(f"/case/{case.number}/")


def button(case, role: str, verb: str):
    return next(row for row in page(case, role).context["buttons"] if row.verb == verb)


def last_event(case) -> Event:
    return Event.objects.filter(stream=f"case:{case.number}").latest("seq")


def test_an_extra_field_is_asked_checked_kept_and_shown():
    case = case_at("dispatched", now=NOW)
    landed("form_field", ELDERLY)

    boxes = {box.name: box for box in button(case, "station", "accept").boxes}
    with pytest.raises(BadInput) as missing:
        perform(number=case.number, verb="accept", actor=actor("station"), now=NOW, form={})
    with pytest.raises(BadInput) as unknown:
        perform(
            number=case.number, verb="accept", actor=actor("station"), now=NOW, form={"x_elderly": "也许"}
        )
    case = do(case, "accept", "station", NOW + timedelta(hours=1), x_elderly="是")

    assert (boxes["x_elderly"].label, boxes["x_elderly"].required) == ("涉及老人", True)
    assert missing.value.facts == {"fields": {"x_elderly": "required"}}
    assert unknown.value.facts["fields"] == {"x_elderly": "unknown_choice"}
    assert last_event(case).detail["form"] == {"x_elderly": "是"}
    assert ("涉及老人", "是") in page(case, "station").context["timeline"][0].lines


def test_a_personal_one_is_sealed_and_a_removed_one_keeps_its_history():
    case = case_at("dispatched", now=NOW)
    text = {"name": "x_keeper", "title": {"zh": "保管人", "en": "Keeper"}, "type": "text", "personal": True}
    entry = {key: value for key, value in ELDERLY.items() if key != "choices"} | text
    landed("form_field", entry)
    case = do(case, "accept", "station", NOW + timedelta(hours=1), x_keeper="张三丰先生")

    landed("form_field", entry | {"in_force_until": "2026-02-01"}, NOW + timedelta(hours=2))

    kept = last_event(case).detail["form"]["x_keeper"]
    assert kept == {"note": Note.objects.get(case=case, field="x_keeper").ref}
    assert rules.own_fields("complaint", "accept", NOW) == ()
    assert "保管人" in [name for name, _ in page(case, "station").context["timeline"][0].lines]


@pytest.mark.parametrize(("unit", "followed"), [("0101", True), ("0102", False)])
def test_a_routing_row_fills_the_form_and_stands_in_the_event(unit, followed):
    case = case_at("registered", now=NOW)
    landed("route", EAST | {"id": "all", "unit": "0102"})
    landed("route", EAST | {"when": {"business_type": ["complaint"]}})

    boxes = {box.name: box.value for box in button(case, "office", "dispatch").boxes}
    case = do(case, "dispatch", "office", NOW + timedelta(hours=1), unit=unit, specialty="operations")

    assert (boxes["unit"], boxes["specialty"]) == ("0101", "operations")
    assert last_event(case).detail["route"] == {"row": "east", "followed": followed}


def test_without_a_row_nothing_is_said_of_one():
    case = do(case_at("registered", now=NOW), "dispatch", "office", NOW, unit="0101", specialty="marketing")

    assert "route" not in last_event(case).detail


def test_a_step_shows_the_documents_that_govern_it_and_the_phrases_for_its_texts():
    case = case_at("handling", now=NOW)
    document = {"number": "Q/SY-01", "title": {"zh": "投诉处理规范", "en": "Handling complaints"}}
    document |= {"kind": "standard", "version": "A/0", "text": "先联系客户", "steps": ["complaint.contact"]}
    landed("document", document | {"basis": "公司文件", "certainty": "Q"})
    landed("phrase", PHRASE | {"fields": ["contact_note"]})

    shown = button(case, "station", "contact")

    assert shown.documents == [("Q/SY-01", "投诉处理规范")]
    assert {box.name: box.phrases for box in shown.boxes if box.phrases} == {
        "contact_note": [("您好，95598为您服务", "开场")]
    }
