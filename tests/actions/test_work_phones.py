"""A member's work phone: sealed, masked on the page, and where messages go if they want them there."""

import pytest
from django.db import connection
from django.test import Client

from suyuan.actions import org, preferences
from suyuan.actions.notice import deliver, desk
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.store import chain, seal
from suyuan.store.models import Channel, Event, Message, Person
from tests.factories import NOW, actor, case_at, person

pytestmark = pytest.mark.django_db
NUMBER = "13912345678"


def sms() -> None:
    """Set up a gateway that carries what a dispatch tells."""
    row = {"rate": 9, "batch": 9, "ladder": [60], "changed_by": "admin", "changed_at": NOW}
    kept = seal.seal({"url": "http://127.0.0.1:9/", "secret": "s"})
    Channel.objects.create(
        code="sms", carrier="sms_http", templates=["dispatch"], enabled=True, sealed=kept, **row
    )


def reached(username: str, at: str = "0101") -> Person:
    """Return somebody of a station who wants messages on the work phone."""
    who = person("station", at, username)
    who.phone = NUMBER
    who.save()
    preferences.sms(person=who, wanted=True, now=NOW)
    return who


def stored() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone_clear, phone_sealed FROM store_person ORDER BY id")
        return cursor.fetchall()


def test_a_phone_is_sealed_at_rest_and_read_as_it_was():
    person("admin")
    org.save_person(
        username="li", unit="0101", form={"name": "李四", "phone": NUMBER}, actor=actor("admin"), now=NOW
    )

    clear, sealed = stored()[-1]
    assert (clear, NUMBER.encode() in bytes(sealed)) == ("", False)
    assert Person.objects.get(username="li").phone == NUMBER


def test_what_was_typed_before_phones_were_sealed_is_sealed_once():
    person("station")
    Person.objects.update(phone_clear=NUMBER)

    assert [org.seal_phones(now=NOW), org.seal_phones(now=NOW)] == [1, 0]

    assert Person.objects.get().phone == NUMBER
    assert stored()[0][0] == ""
    assert Event.objects.filter(verb="phones_seal").count() == 1


def test_the_page_shows_it_masked_to_whoever_keeps_the_register():
    reached("li")
    pages = []
    for role in ("admin", "agent"):
        client = Client()
        client.force_login(person(role))
        pages.append(client.get("/people/li/").content.decode())

    assert ["139******78" in page for page in pages] == [True, False]
    assert [NUMBER in page for page in pages] == [False, False]


def test_each_of_a_role_who_wants_it_has_a_message_of_their_own():
    sms()
    for name in ("li", "wang"):
        reached(name)
    reached("far", "0102")

    case_at("dispatched")

    told = Message.objects.filter(channel="sms").order_by("recipient").values_list("recipient", "state")
    assert list(told) == [("person:li", "queued"), ("person:wang", "queued")]
    batch = deliver.claim(channel="sms", holder="w1", now=NOW.replace(hour=3))
    assert sorted(letter.to for letter in batch.letters) == [(NUMBER,), (NUMBER,)]


def test_where_nobody_wants_it_the_message_is_set_aside_with_the_reason():
    sms()
    person("station")

    case_at("dispatched")

    batch = deliver.claim(channel="sms", holder="w1", now=NOW.replace(hour=3))
    assert [(one.problem, one.permanent) for one in batch.unsendable] == [("no_work_phone", True)]
    deliver.settle(batch=batch, outcomes=[], now=NOW.replace(hour=3))
    [held] = batch.held.values()
    tried = desk.retry(ids=[held.id], actor=SYSTEM, now=NOW.replace(hour=4))
    assert (tried.done, tried.refused) == ([], [(held.id, "role_has_no_phone")])


def test_without_a_work_phone_it_cannot_be_wanted_and_it_can_be_ended():
    who = person("station")

    with pytest.raises(Refused) as no:
        preferences.sms(person=who, wanted=True, now=NOW)
    assert no.value.code == "no_work_phone"

    who = reached("li")
    preferences.sms(person=who, wanted=False, now=NOW)
    assert Person.objects.get(pk=who.pk).preference.sms is False
    assert chain.verify(["register:person:li"]) == (1, 2)


def test_the_inbox_offers_it_where_a_channel_sends_text_messages():
    who = person("station")
    who.phone = NUMBER
    who.save()
    client = Client()
    client.force_login(who)
    without = client.get("/inbox/").content.decode()
    sms()

    offered = client.get("/inbox/").content.decode()
    after = client.post("/inbox/sms/", {"verb": "on"}, follow=True).content.decode()

    assert ["/inbox/sms/" in page for page in (without, offered)] == [False, True]
    assert "消息也会发到您的工作电话。" in after
    assert "不再发到工作电话" in after


def test_the_inbox_says_why_it_cannot_be():
    client = Client()
    client.force_login(person("station"))

    said = client.post("/inbox/sms/", {"verb": "on"}, follow=True).content.decode()

    assert "人员表里没有工作电话" in said
