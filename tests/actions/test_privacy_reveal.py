"""A look at a personal field is a verb: allowed by the table, for a purpose, chained without the value."""

import json

import pytest

from suyuan.actions.privacy.reveal import reveal
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Event, Note
from suyuan.store.queries import personal, viewer
from tests.factories import NOW, actor, case_at, person

pytestmark = pytest.mark.django_db


def look(case, by="office", name="phone", at="", **form) -> str:
    asked = {"personal_field": name, "purpose": "call_back"} | form
    return reveal(number=case.number, actor=actor(by, at), now=NOW, form=asked)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("phone", "13912345678"),
        ("account", "3300012345678"),
        ("customer", "张三丰"),
        ("address", "人民路12号3栋"),
    ],
)
def test_a_field_is_shown_as_it_was_given(name, value):
    assert look(case_at("handling"), name=name) == value


def test_a_look_is_chained_with_its_purpose_and_a_reference_alone():
    case = case_at("handling")
    look(case, remark="客户张三丰要求回电13912345678")
    event = Event.objects.get(verb="reveal")

    assert (event.stream, event.actor, event.at) == (f"case:{case.number}", "office", NOW)
    assert event.detail == {
        "personal_field": "phone",
        "purpose": "call_back",
        "remark": Note.objects.get(field="remark").ref,
    }
    assert "139" not in json.dumps([event.detail["purpose"], event.objects_json])
    assert Note.objects.get(field="remark").masked == "客户***要求回电139******78"
    assert chain.verify([event.stream])[0] == 1


@pytest.mark.parametrize(
    ("by", "said", "code"),
    [
        ("leader", {}, "not_your_role"),
        ("admin", {}, "not_found"),
        ("office", {"secrecy": "anonymous"}, "anonymous_reporter"),
        ("audit", {"secrecy": "anonymous"}, "anonymous_reporter"),
        ("office", {"secrecy": "confidential"}, "secret_reporter"),
    ],
)
def test_whom_the_table_does_not_allow_it_sees_nothing_and_nothing_is_written(by, said, code):
    case = case_at("handling", **said)

    with pytest.raises(Refused) as refused:
        look(case, by)

    assert refused.value.code == code
    assert Event.objects.filter(verb="reveal").count() == 0


def test_a_station_sees_in_clear_what_it_handles_and_not_what_lies_beside_it():
    mine, other = case_at("handling"), case_at("dispatched")

    assert look(mine, "station") == "13912345678"
    with pytest.raises(Refused) as refused:
        look(other, "station")
    assert refused.value.code == "not_your_role"


def test_a_case_out_of_reach_is_not_there():
    case = case_at("handling")

    with pytest.raises(Refused) as refused:
        reveal(number=case.number, actor=actor("office", "0102", "far"), now=NOW, form={})

    assert refused.value.code == "not_found"


def test_a_restricted_case_is_opened_by_audit_alone():
    case = case_at("handling", "report")

    assert look(case, "audit") == "13912345678"
    with pytest.raises(Refused) as refused:
        look(case, "leader")
    assert refused.value.code == "secret_reporter"


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"purpose": ""}, {"purpose": "required"}),
        ({"purpose": "curiosity"}, {"purpose": "unknown_choice"}),
        ({"personal_field": "extra"}, {"personal_field": "unknown_choice"}),
    ],
)
def test_a_look_without_a_known_purpose_is_bad_input(form, wrong):
    with pytest.raises(BadInput) as bad:
        look(case_at("handling"), **form)

    assert bad.value.facts["fields"] == wrong


def test_what_was_never_given_is_said_so():
    with pytest.raises(Refused) as refused:
        look(case_at("handling", address=""), name="address")

    assert (refused.value.code, refused.value.facts) == ("nothing_kept", {"field": "address"})


def seen(who) -> list[tuple[str, str]]:
    """Return who looked at what, as somebody sees it."""
    return [(each.actor, each.field) for each in personal.looks(viewer.of(who))[0]]


def test_audit_sees_the_looks_of_its_units_and_others_their_own():
    case = case_at("handling")
    look(case), look(case, "station", "account")

    assert seen(person("audit")) == [("station", "account"), ("office", "phone")]
    assert seen(person("audit", "0101", "near")) == [("station", "account"), ("office", "phone")]
    assert seen(person("audit", "0102", "far")) == []
    assert seen(person("office")) == [("office", "phone")]
    assert seen(person("lead")) == []


def test_looks_are_shown_page_by_page():
    case = case_at("handling")
    for name in ("phone", "account", "customer"):
        look(case, name=name)
    audit = viewer.of(person("audit"))

    assert [(each.field, more) for rows, more in [personal.looks(audit, size=2)] for each in rows] == [
        ("customer", True),
        ("account", True),
    ]
    assert [each.field for each in personal.looks(audit, page=2, size=2)[0]] == ["phone"]
