"""The pages of messages: one's own inbox, the outbox, one message, and the ways out."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from suyuan.actions.notice import channels, deliver, receipts
from suyuan.actions.notice.queue import Draft, queue
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways.carriers import Outcome
from suyuan.store.models import Channel, Message, Person
from tests.factories import NOW, actor, case_at, person, unit

pytestmark = pytest.mark.django_db
FORM = {"title": "短信通道", "enabled": "1", "language": "zh", "batch": "50", "ladder": "60"}
SECRET = {"url": "https://sms.example.com/", "secret": "s3cret"}


def signed_in(role: str, at: str = "", username: str = "") -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client()
    client.force_login(person(role, at, username))
    return client


def dead(key: str = "k1", at: str = "0101", problem: str = "rejected bad_number") -> int:
    """Return a dead letter."""
    unit()
    if not Channel.objects.exists():
        channels.save(code="sms", carrier="sms_http", form=FORM | SECRET, actor=actor("admin"), now=NOW)
    draft = Draft(key, "sms", "test", address={"phone": "13912345678"}, facts={"title": "x"}, unit=at)
    pk = queue(draft=draft, actor=SYSTEM, now=NOW)
    batch = deliver.claim(channel="sms", holder="w1", now=NOW)
    deliver.settle(batch=batch, outcomes=[Outcome(key, problem=problem, permanent=True)], now=NOW)
    return pk


def keys(page) -> list[str]:
    """Return the messages of a list that can be ticked."""
    return [row.key for row in page.context["listed"].rows]


def test_an_empty_outbox_tells_the_administrator_what_to_do_first() -> None:
    unit()

    of_admin = signed_in("admin").get("/outbox/").content.decode()
    of_office = signed_in("office").get("/outbox/").content.decode()

    assert 'href="/outbox/channels/"' in of_admin
    assert "还没有消息离开过本系统。" in of_office
    assert 'href="/outbox/channels/"' not in of_office


def test_the_outbox_shows_why_a_message_has_not_arrived_and_no_number() -> None:
    pk = dead()

    page = signed_in("office").get("/outbox/?state=aside&channel=sms")

    text = page.content.decode()
    assert keys(page) == [str(pk)]
    assert "通道拒收 bad_number" in text
    assert "加密地址" in text
    assert "13912345678" not in text


def test_filters_that_are_none_are_errors_and_others_find_nothing() -> None:
    dead()
    client = signed_in("office")

    assert keys(client.get("/outbox/?state=sent")) == []
    assert keys(client.get("/outbox/?case=W1")) == []
    assert client.get("/outbox/?state=lost").status_code == 422
    assert client.get("/outbox/?colour=red").status_code == 422


def test_dead_letters_are_sent_again_together_and_what_is_refused_is_said() -> None:
    first, second = dead("k1"), dead("k2")
    Message.objects.filter(pk=second).update(state="sent", next_at=None)

    page = signed_in("office").post(
        "/outbox/change/", {"verb": "retry", "key": [first, second, 0]}, follow=True
    )

    text = page.content.decode()
    assert "1 条消息将重发。" in text
    assert "1 条未处理：消息已交出，不能撤回或重发" in text
    assert Message.objects.get(pk=first).state == "queued"


def test_one_message_is_withdrawn_from_its_own_page() -> None:
    pk = dead()
    client = signed_in("office")

    page = client.post("/outbox/change/", {"verb": "withdraw", "key": pk, "one": "1"}, follow=True)

    assert page.redirect_chain == [(f"/outbox/{pk}/", 302)]
    assert "已撤回" in page.content.decode()
    assert Message.objects.get(pk=pk).state == "withdrawn"


@pytest.mark.parametrize("posted", [{"verb": "burn", "key": "1"}, {"verb": "retry", "key": "x"}, {}])
def test_a_verb_or_a_message_that_is_none_is_refused(posted: dict[str, str]) -> None:
    dead()

    assert signed_in("office").post("/outbox/change/", posted).status_code == 422
    assert Message.objects.get().state == "aside"


def test_nothing_ticked_is_said() -> None:
    dead()

    page = signed_in("office").post("/outbox/change/", {"verb": "retry"}, follow=True)

    assert "请先勾选消息。" in page.content.decode()


def test_a_message_shows_its_words_every_attempt_and_every_receipt() -> None:
    pk = dead()
    rows = [
        {"key": "k1", "outcome": "delivered", "at": "2026-03-04T11:00:00+08:00", "code": "DELIVRD"},
        {"key": "k1", "outcome": "failed", "at": "2026-03-04T11:01:00+08:00", "code": ""},
    ]
    Message.objects.filter(pk=pk).update(channel="drop")
    receipts.receive_file(channel="drop", name="r.csv", digest="d", rows=rows[:1], now=NOW)
    receipts.receive_file(channel="drop", name="s.csv", digest="e", rows=rows[1:], now=NOW)

    text = signed_in("office").get(f"/outbox/{pk}/").content.decode()

    for said in (
        "这是一条测试消息",
        "通道拒收 bad_number",
        "DELIVRD",
        "file r.csv",
        "这份回执已经收过",
        "2026-03-04 11:00",
    ):
        assert said in text


def test_receipts_that_match_no_message_are_there_to_be_seen() -> None:
    dead()
    row = {"key": "k9", "outcome": "delivered", "at": "2026-03-04T11:00:00+08:00", "code": "OK9"}
    client = signed_in("office")
    empty = client.get("/outbox/receipts/").content.decode()
    receipts.receive_file(channel="sms", name="r.csv", digest="d", rows=[row], now=NOW)

    text = client.get("/outbox/receipts/").content.decode()

    assert "没有无主回执。" in empty
    assert [said in text for said in ("k9", "OK9", "没有这条消息，回执已留存", "file r.csv")] == [True] * 4


def test_what_is_out_of_reach_is_not_there() -> None:
    pk = dead(at="0102")
    east = signed_in("office", "0101", "office-east")

    assert east.get(f"/outbox/{pk}/").status_code == 404
    assert keys(east.get("/outbox/")) == []


def test_the_administrator_adds_a_channel_and_its_secret_never_comes_back() -> None:
    unit()
    client = signed_in("admin")
    asked = client.get("/outbox/channels/add/?carrier=sms_http").content.decode()

    saved = client.post(
        "/outbox/channels/add/?carrier=sms_http",
        FORM | SECRET | {"code": "sms", "carry_rung": "1"},
        follow=True,
    )

    assert 'value="60 300 1800 7200 21600"' in asked
    assert re.findall('<details class="form-section"( open)?>', asked) == [" open", " open", ""]
    assert saved.redirect_chain == [("/outbox/channels/sms/", 302)]
    assert "s3cret" not in saved.content.decode()
    assert "sms.example.com" not in saved.content.decode()
    assert Channel.objects.values_list("code", "title", "templates").get() == ("sms", "短信通道", ["rung"])
    assert "短信通道" in client.get("/outbox/channels/").content.decode()


def test_a_form_that_is_wrong_keeps_what_was_typed_and_says_what_is_wrong() -> None:
    unit()

    page = signed_in("admin").post(
        "/outbox/channels/add/?carrier=sms_http", FORM | {"code": "sms", "quiet_from": "晚上九点"}
    )

    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="晚上九点"' in text
    assert "时间应写成 21:00" in text
    assert Channel.objects.count() == 0


def test_a_code_that_is_taken_is_not_written_over() -> None:
    dead()

    page = signed_in("admin").post(
        "/outbox/channels/add/?carrier=sms_http", FORM | SECRET | {"code": "sms", "title": "other"}
    )

    assert (page.status_code, Channel.objects.get().title) == (422, "短信通道")


def test_a_channel_is_changed_and_tried() -> None:
    dead()
    client = signed_in("admin")

    client.post("/outbox/channels/sms/", FORM | {"title": "新名字", "enabled": "1"})
    page = client.post("/outbox/channels/sms/test/", {"phone": "13900000000"}, follow=True)
    wrong = client.post("/outbox/channels/sms/test/", {"recipient": "nobody"})

    assert Channel.objects.get().title == "新名字"
    assert "通道“新名字”可以使用" in page.content.decode()
    assert (wrong.status_code, "收件人应写成" in wrong.content.decode()) == (422, True)
    assert client.get("/outbox/channels/pigeon/").status_code == 404
    assert client.get("/outbox/channels/add/?carrier=pigeon").status_code == 422


def test_the_inbox_shows_what_is_new_and_lets_it_be_read() -> None:
    case = case_at("dispatched")
    person("station")
    Person.objects.update(joined_at="2020-01-01T00:00:00Z")
    Message.objects.update(queued_at=timezone.now())
    client = signed_in("station")

    page = client.get("/inbox/")
    pk = Message.objects.get(recipient="station@0101").pk
    read = client.post("/inbox/read/", {"key": pk}, follow=True)

    assert keys(page) == [str(pk)]
    assert f'href="{reverse("case", args=[case.number])}"' in page.content.decode()
    assert (keys(read), keys(client.get("/inbox/?only=unread"))) == ([""], [])
    assert client.get("/inbox/?only=new").status_code == 422


def test_everything_is_marked_as_read_with_one_button() -> None:
    case_at("dispatched")
    person("station")
    Person.objects.update(joined_at="2020-01-01T00:00:00Z")
    Message.objects.update(queued_at=timezone.now())
    client = signed_in("station")

    page = client.post("/inbox/read/", {"verb": "all"}, follow=True)

    assert (keys(page), client.get("/inbox/?only=unread").context["listed"].rows) == ([""], [])


def test_an_inbox_with_nothing_in_it_says_what_would_be_there() -> None:
    unit()

    assert "工单派到您这里" in signed_in("leader").get("/inbox/").content.decode()


READS_ALL = {
    "sqlite": re.compile(r"^SCAN store_message(?! USING)"),
    "postgresql": re.compile(r"Seq Scan on store_message\b"),
}


@pytest.mark.parametrize("address", ["/outbox/", "/outbox/?state=aside", "/outbox/?channel=sms", "/inbox/"])
def test_no_list_of_messages_reads_them_all(address: str) -> None:
    dead()
    client = signed_in("office")
    with CaptureQueriesContext(connection) as asked:
        client.get(address)

    lines = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # with one row a scan is always cheapest
        for query in asked.captured_queries:
            if 'FROM "store_message"' in query["sql"]:
                explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
                cursor.execute(f"{explain} {query['sql']}")
                lines += [str(row[-1]) for row in cursor.fetchall()]

    assert lines != []
    assert [line for line in lines if READS_ALL[connection.vendor].search(line)] == []
