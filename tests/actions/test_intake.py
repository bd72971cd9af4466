"""A contact comes in: numbered, sealed, searchable, written down; or refused without a trace."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from suyuan.actions import intake
from suyuan.actions.perform import perform
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain, seal, search
from suyuan.store.models import Case, Contact, Counter, Event, Unit
from suyuan.store.queries import listing, viewer
from tests.factories import NOW, TYPES, actor, incoming, person, unit

pytestmark = pytest.mark.django_db


def receive(by="agent", now=NOW, **said):
    """Take in what a customer says."""
    return intake.receive(incoming=incoming(**said), actor=actor(by), now=now)


def test_a_contact_becomes_a_case_at_the_desk_that_took_it():
    number = receive()

    case = Case.objects.select_related("unit", "desk").get()
    assert (number, case.number, case.state, case.origin, case.owner) == (
        "SY20260304000001",
        number,
        "received",
        "live",
        "agent",
    )
    assert (case.unit.code, case.desk.code, case.received_at, case.accepted_at) == ("01", "01", NOW, NOW)
    assert (case.is_open, case.registered_at, case.clocks.count()) == (True, None, 0)


@pytest.mark.parametrize("procedure", TYPES)
def test_the_business_type_chooses_the_procedure(procedure):
    receive(business_type=TYPES[procedure])

    case = Case.objects.get()
    assert (case.procedure, case.business_type, case.restricted) == (
        procedure,
        TYPES[procedure],
        procedure == "report",
    )


def test_who_called_is_sealed_and_found_again_by_a_blind_index():
    receive()

    case, contact = Case.objects.get(), Contact.objects.get()
    assert seal.unseal(contact.sealed) == {
        "text": incoming().text,
        "account": "3300012345678",
        "phone": "13912345678",
        "customer": "张三丰",
        "address": "人民路12号3栋",
    }
    assert (case.account_index, case.phone_index) == (
        seal.index("account", "3300012345678"),
        seal.index("phone", "13912345678"),
    )
    assert "13912345678" not in case.brief + contact.masked
    assert contact.masked == "客户反映抄表员连续三个月未抄表，电话139******78，要求核实"


def test_it_is_written_down_without_a_word_of_what_was_said():
    number = receive()

    event, kept = Event.objects.get(), json.loads(seal.unseal_bytes(Contact.objects.get().sealed))
    assert (event.stream, event.seq, event.actor, event.verb, event.at) == (
        f"case:{number}",
        1,
        "agent",
        "receive",
        NOW,
    )
    assert event.detail == {
        "channel": "95598",
        "contact": seal.reference(incoming().text, kept[seal.SALT]),
        "to": "received",
    }
    assert Case.objects.get().changed_event == event.pk
    assert chain.verify() == (1, 1)


def test_it_is_found_by_its_words_at_once():
    number = receive()

    page = listing.listing(viewer.of(person("office")), listing.Filters(q="抄表"), now=NOW)

    assert [case.number for case in page.rows] == [number]


def test_numbers_count_up_within_a_local_day_and_begin_again_on_the_next():
    last_minute = NOW.replace(hour=15, minute=59)

    numbers = [receive(), receive(now=last_minute), receive(now=last_minute + timedelta(minutes=1))]

    assert numbers == ["SY20260304000001", "SY20260304000002", "SY20260305000001"]


@pytest.mark.parametrize("role", ["station", "marketing", "operations", "audit", "party", "leader", "admin"])
def test_only_the_desk_takes_contacts_in(role):
    with pytest.raises(Refused) as refused:
        receive(by=role)

    assert refused.value.code == "not_your_role"
    assert (Case.objects.count(), Event.objects.count(), Counter.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("said", "problems"),
    [
        ({"channel": "smoke"}, {"channel": "unknown_choice"}),
        ({"business_type": "nothing"}, {"business_type": "unknown_choice"}),
        ({"business_type": "unknown"}, {"business_type": "unknown_choice"}),
        ({"text": "  \n"}, {"text": "required"}),
        ({"text": "长" * 20_001}, {"text": "too_long"}),
        ({"phone": "1" * 41, "account": "2" * 41}, {"phone": "too_long", "account": "too_long"}),
        ({"customer": "名" * 61, "address": "路" * 201}, {"customer": "too_long", "address": "too_long"}),
        ({"secrecy": "top"}, {"secrecy": "unknown_choice"}),
        ({"text": "有\0空"}, {"text": "bad_characters"}),
        ({"customer": "半\ud800个"}, {"customer": "bad_characters"}),
    ],
)
def test_what_is_wrong_is_named_field_by_field_and_nothing_is_kept(said, problems):
    with pytest.raises(BadInput) as wrong:
        receive(**said)

    assert wrong.value.facts["fields"] == problems
    assert (Case.objects.count(), Contact.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_what_cannot_be_written_down_was_not_taken_in(monkeypatch):
    unit()
    agent = actor("agent")

    def full(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(search, "add", full)
    with pytest.raises(OSError, match="disk full"):
        intake.receive(incoming=incoming(), actor=agent, now=NOW)

    assert (Case.objects.count(), Event.objects.count()) == (0, 0)
    assert Unit.objects.count() == 4


STATEMENTS = {"sqlite": (13, 10), "postgresql": (14, 11)}
"""Statements a contact and its registering take, by database."""


def test_a_contact_and_its_registering_ask_the_database_no_more_than_they_must(django_assert_num_queries):
    person = actor("agent")
    register(receive(), person)
    received, registered = STATEMENTS[connection.vendor]

    with django_assert_num_queries(received):
        number = intake.receive(incoming=incoming(), actor=person, now=NOW)
    with django_assert_num_queries(registered):
        register(number, person)


def register(number, person):
    """Take a contact on as a complaint."""
    perform(number=number, verb="register", actor=person, now=NOW, form={"business_type": "complaint"})
