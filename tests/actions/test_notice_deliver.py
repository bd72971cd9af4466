"""Messages leave once: claimed under a lease, handed over outside any transaction, then settled."""

from datetime import timedelta

import pytest

from suyuan.actions.notice import channels, deliver, desk
from suyuan.actions.notice.queue import Draft, queue
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways.carriers.fakes.sms import Gateway, Served
from suyuan.jobs import deliver as job
from suyuan.store import chain
from suyuan.store.models import Attempt, Channel, Event, Message
from tests.factories import NOW, actor, case_at, unit

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FORM = {"title": "短信", "enabled": "1", "language": "zh", "batch": "100", "ladder": "60 300"}


def sms(url: str = "http://127.0.0.1:1/sms", **form: str) -> Channel:
    """Return an SMS channel at ``url``, saved through the real verb."""
    unit()
    given = FORM | {"url": url, "secret": "fake"} | form
    return channels.save(code="sms", carrier="sms_http", form=given, actor=actor("admin"), now=NOW)


def text_to(phone: str, key: str = "k1", **given) -> int:
    """Queue a test text to a number."""
    draft = Draft(key, "sms", "test", address={"phone": phone}, facts={"title": "短信"}, **given)
    return queue(draft=draft, actor=SYSTEM, now=NOW)


def state(pk: int) -> tuple[str, int, str]:
    """Return a message's state, attempts and last problem."""
    message = Message.objects.get(pk=pk)
    return message.state, message.attempts, (message.fault or {}).get("code", "")


def test_a_message_reaches_the_gateway_in_words_and_is_settled():
    with Served(gateway := Gateway()) as served:
        sms(served.url)
        pk = text_to("13912345678")

        done = job.batches(NOW, "w1")

    assert (done, gateway.texts) == (1, [("13912345678", "这是一条测试消息，通道“短信”可以使用。")])
    message = Message.objects.get(pk=pk)
    assert (message.state, message.reference, message.next_at, message.holder) == ("sent", "S1", None, "")
    assert Attempt.objects.values_list("message", "holder", "taken", "reference").get() == (
        pk,
        "w1",
        True,
        "S1",
    )
    event = Event.objects.filter(stream="outbox:sms").order_by("-seq").first()
    assert (event.verb, event.detail) == ("outbox_settle", {"tried": 1, "taken": 1, "aside": 0, "lost": 0})
    assert chain.verify(["outbox:sms"]) == (1, 2)


def test_what_cannot_be_reached_waits_as_the_ladder_says_and_then_becomes_a_dead_letter():
    sms()
    pk = text_to("13912345678")

    seen = [(job.batches(NOW + n * HOUR, "w1"), *state(pk)) for n in range(4)]

    assert seen == [
        (1, "queued", 1, "no_connection"),
        (1, "queued", 2, "no_connection"),
        (1, "aside", 3, "no_connection"),
        (0, "aside", 3, "no_connection"),
    ]
    assert Attempt.objects.filter(message=pk, taken=False, problem="no_connection").count() == 3


def test_a_message_waits_its_turn_after_a_failure():
    sms()
    pk = text_to("13912345678")
    batch = deliver.claim(channel="sms", holder="w1", now=NOW)
    deliver.settle(batch=batch, outcomes=batch.carrier.send(batch.letters), now=NOW)

    assert Message.objects.get(pk=pk).next_at == NOW + MINUTE
    assert deliver.claim(channel="sms", holder="w1", now=NOW + 59 * timedelta(seconds=1)) is None
    assert deliver.claim(channel="sms", holder="w1", now=NOW + MINUTE).held.keys() == {"k1"}


@pytest.mark.parametrize(
    ("gateway", "end"),
    [
        (Gateway(status=500), ("queued", 1, "http_500")),
        (Gateway(status=401), ("queued", 1, "http_401")),
        (Gateway(status=400), ("aside", 1, "http_400")),
        (Gateway(status=302), ("queued", 1, "http_302")),
        (Gateway(garbage=True), ("queued", 1, "garbage")),
        (Gateway(reject=frozenset({"13912345678"})), ("aside", 1, "rejected bad_number")),
        (Gateway(busy=frozenset({"13912345678"})), ("queued", 1, "busy")),
        (Gateway(secret=b"another"), ("queued", 1, "http_401")),
    ],
    ids=["down", "not let in", "bad request", "moved", "garbage", "rejected", "busy", "other secret"],
)
def test_what_the_gateway_says_decides_whether_trying_again_can_help(gateway, end):
    with Served(gateway) as served:
        sms(served.url)
        pk = text_to("13912345678")

        job.batches(NOW, "w1")

    assert state(pk) == end


def test_a_batch_the_gateway_took_and_answered_with_garbage_is_sent_once_all_the_same():
    with Served(gateway := Gateway(garbage=True)) as served:
        sms(served.url)
        pk = text_to("13912345678")
        job.batches(NOW, "w1")
        gateway.garbage = False

        job.batches(NOW + HOUR, "w2")

    assert (state(pk), gateway.handed, len(gateway.texts)) == (("sent", 2, ""), 2, 1)


def test_a_worker_that_died_with_a_batch_in_hand_leaves_it_to_another_with_the_same_keys():
    with Served(gateway := Gateway()) as served:
        sms(served.url)
        pk = text_to("13912345678")
        dead = deliver.claim(channel="sms", holder="dead", now=NOW)
        dead.carrier.send(dead.letters)

        early = job.batches(NOW + MINUTE, "w2")
        late = job.batches(NOW + HOUR, "w2")

    assert (early, late, state(pk)[0], len(gateway.texts)) == (0, 1, "sent", 1)


def test_a_worker_that_was_only_slow_does_not_undo_what_another_did():
    with Served(gateway := Gateway()) as served:
        sms(served.url)
        pk = text_to("13912345678")
        slow = deliver.claim(channel="sms", holder="slow", now=NOW)
        job.batches(NOW + HOUR, "quick")
        gateway.status = 500

        settled = deliver.settle(batch=slow, outcomes=slow.carrier.send(slow.letters), now=NOW + HOUR)

    assert (settled, state(pk)) == (0, ("sent", 2, ""))
    assert list(Attempt.objects.order_by("pk").values_list("holder", "taken")) == [
        ("quick", True),
        ("slow", False),
    ]


def test_a_carrier_that_says_nothing_of_a_message_has_not_taken_it():
    sms()
    pk = text_to("13912345678")
    batch = deliver.claim(channel="sms", holder="w1", now=NOW)

    deliver.settle(batch=batch, outcomes=[], now=NOW)

    assert state(pk) == ("queued", 1, "not_answered")


def test_a_role_of_which_nobody_wants_text_messages_is_never_handed_over():
    with Served(gateway := Gateway()) as served:
        sms(served.url)
        draft = Draft("k1", "sms", "test", recipient="station@0101", facts={"title": "x"})
        pk = queue(draft=draft, actor=SYSTEM, now=NOW)

        job.batches(NOW, "w1")

    assert (state(pk), gateway.handed) == (("aside", 1, "no_work_phone"), 0)


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ({"template": "retired"}, "unknown_template"),
        ({"facts": {}}, "missing_fact"),
        ({"address": b"\x01nonsense that nobody sealed"}, "unreadable"),
        ({"address": None, "recipient": "13912345678"}, "bad_recipient"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_message_that_cannot_be_read_becomes_a_dead_letter_and_stops_no_other(broken, problem):
    with Served(gateway := Gateway()) as served:
        sms(served.url)
        bad, good = text_to("13912345678", "k1"), text_to("13912345678", "k2")
        Message.objects.filter(pk=bad).update(**broken)

        job.batches(NOW, "w1")

    assert (state(bad), state(good), list(gateway.sent)) == (("aside", 1, problem), ("sent", 1, ""), ["k2"])


def test_all_workers_together_keep_to_a_channels_rate():
    sms(rate="3")
    for n in range(7):
        text_to("13912345678", f"k{n}")

    def taken(seconds: float, holder: str) -> list[str]:
        batch = deliver.claim(channel="sms", holder=holder, now=NOW + timedelta(seconds=seconds))
        return [] if batch is None else list(batch.held)

    rounds = [taken(0, "a"), taken(0, "b"), taken(0.4, "b"), taken(1, "a"), taken(1.1, "b"), taken(9, "a")]

    assert rounds == [["k0", "k1", "k2"], [], ["k3"], ["k4", "k5"], [], ["k6"]]


def test_a_batch_is_bounded():
    sms(batch="2")
    for n in range(3):
        text_to("13912345678", f"k{n}")

    assert list(deliver.claim(channel="sms", holder="a", now=NOW).held) == ["k0", "k1"]


def test_quiet_hours_hold_back_all_but_what_is_urgent():
    case = case_at("handling")
    sms(quiet_from="10:00", quiet_until="12:00")  # NOW is 10:30 in Shanghai
    for template in ("accept", "urge"):
        facts = {"verb": template, "state": "handling"}
        draft = Draft(template, "sms", template, address={"phone": "1"}, facts=facts, case_number=case.number)
        queue(draft=draft, actor=SYSTEM, now=NOW)

    during = deliver.claim(channel="sms", holder="a", now=NOW)
    after = deliver.claim(channel="sms", holder="b", now=NOW + 90 * MINUTE)

    assert (list(during.held), list(after.held)) == (["urge"], ["urge", "accept"])


def test_what_is_not_to_leave_before_a_moment_does_not():
    sms()
    text_to("13912345678", not_before=NOW + HOUR)

    assert deliver.claim(channel="sms", holder="a", now=NOW + 59 * MINUTE) is None
    assert list(deliver.claim(channel="sms", holder="a", now=NOW + HOUR).held) == ["k1"]


def test_a_channel_switched_off_keeps_its_messages():
    sms()
    pk = text_to("13912345678")
    channels.save(code="sms", carrier="sms_http", form=FORM | {"enabled": "0"}, actor=actor("admin"), now=NOW)

    assert (job.batches(NOW, "w1"), state(pk)) == (0, ("queued", 0, ""))


def test_the_same_key_queues_once():
    sms()

    assert text_to("13912345678") == text_to("13912345678")
    assert Message.objects.count() == Event.objects.filter(verb="outbox_queue").count() == 1


def test_a_number_is_stored_sealed_and_in_no_event():
    sms()
    text_to("13912345678")

    message = Message.objects.get()
    written = str(list(Event.objects.values_list("detail", "objects_json"))) + str(message.__dict__)
    assert "13912345678" not in written
    assert (message.recipient, len(message.address_index)) == ("sealed:address", 32)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"recipient": "13912345678"}, "bad_recipient"),
        ({"recipient": "station@0101", "address": {"phone": "1"}}, "bad_recipient"),
        ({}, "bad_recipient"),
        ({"address": {"fax": "1"}}, "bad_recipient"),
        ({"recipient": "station@0101", "template": "nonsense"}, "unknown_template"),
        ({"recipient": "station@0101", "facts": {}}, "missing_fact"),
        ({"recipient": "station@0199"}, "unknown_unit"),
        ({"recipient": "station@0101", "channel": "pigeon"}, "no_channel"),
        ({"recipient": "station@0101", "key": "a#1"}, "unknown_value"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_draft_that_makes_no_sense_queues_nothing(given, code):
    sms()
    before = Event.objects.count()

    draft = Draft(**({"key": "k1", "channel": "sms", "template": "test", "facts": {"title": "x"}} | given))
    with pytest.raises((BadInput, Refused)) as error:
        queue(draft=draft, actor=SYSTEM, now=NOW)

    assert (error.value.code, Message.objects.count(), Event.objects.count()) == (code, 0, before)


def test_a_verb_leaves_by_every_channel_that_carries_it_and_a_restricted_case_by_none():
    sms(carry_dispatch="1")
    case = case_at("dispatched")
    case_at("dispatched", "report")

    rows = Message.objects.filter(template="dispatch").order_by("pk")

    assert list(rows.values_list("channel", "state", "recipient", "restricted")) == [
        ("in_app", "delivered", "station@0101", False),
        ("sms", "queued", "station@0101", False),
        ("in_app", "delivered", "audit@0101", True),
    ]
    assert {row.case_number for row in rows.filter(channel="sms")} == {case.number}


def test_a_dead_letter_is_sent_again_under_its_old_key_and_the_reported_one_under_its_own():
    office = actor("office")
    with Served(gateway := Gateway(status=400)) as served:
        sms(served.url)
        dead, failed = text_to("13912345678", "k1", unit="0101"), text_to("13912345679", "k2", unit="0101")
        job.batches(NOW, "w1")
        Message.objects.filter(pk=failed).update(state="failed")
        gateway.status = 200

        result = desk.retry(ids=[dead, failed, 0], actor=office, now=NOW)
        job.batches(NOW, "w1")

    assert (result.done, result.refused) == ([dead, failed], [(0, "not_found")])
    assert (list(gateway.sent), state(dead), state(failed)) == (
        ["k1", "k2#1"],
        ("sent", 1, ""),
        ("sent", 1, ""),
    )
    event = Event.objects.get(verb="outbox_retry")
    assert (event.actor, event.detail) == ("office", {"messages": [dead, failed]})


def test_what_has_left_is_neither_sent_again_nor_taken_back():
    office = actor("office")
    sms()
    pk = text_to("13912345678", unit="0101")
    deliver.claim(channel="sms", holder="w1", now=NOW)
    in_hand = desk.withdraw(ids=[pk], actor=office, now=NOW)
    Message.objects.filter(pk=pk).update(state="sent", next_at=None)

    assert in_hand.refused == [(pk, "message_in_hand")]
    assert desk.withdraw(ids=[pk], actor=office, now=NOW).refused == [(pk, "message_gone")]
    assert desk.retry(ids=[pk], actor=office, now=NOW).refused == [(pk, "message_gone")]


def test_what_was_taken_back_never_leaves():
    with Served(gateway := Gateway()) as served:
        sms(served.url)
        pk = text_to("13912345678", unit="0101")

        desk.withdraw(ids=[pk], actor=actor("office"), now=NOW)
        job.batches(NOW, "w1")

    assert (state(pk)[0], gateway.handed) == ("withdrawn", 0)


def test_the_outbox_is_seen_to_by_office_and_administrator_over_the_unit_alone():
    sms()
    east, west = text_to("1", "k1", unit="0101"), text_to("1", "k2", unit="0102")
    nowhere = text_to("1", "k3")
    of_the_west = actor("office", "0102", "office-west")

    with pytest.raises(Refused) as error:
        desk.withdraw(ids=[east], actor=actor("station"), now=NOW)
    result = desk.withdraw(ids=[east, west, nowhere], actor=of_the_west, now=NOW)

    assert error.value.code == "not_your_role"
    assert (result.done, result.refused) == ([west], [(east, "not_found"), (nowhere, "not_found")])
