"""Receipts are believed when signed, in time, new, and about a message that left by that channel."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from suyuan.actions.notice import channels, deliver, receipts
from suyuan.actions.notice.queue import Draft, queue
from suyuan.config.home import home
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.notice import Call, signature
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways.carriers import Outcome
from suyuan.gateways.carriers.fakes import far
from suyuan.jobs import deliver as job
from suyuan.store import chain, seal
from suyuan.store.models import ContactWay, Customer, Event, Message, Receipt, ReceiptCall
from tests.factories import NOW, actor, unit

pytestmark = pytest.mark.django_db
FORM = {"title": "短信", "enabled": "1", "language": "zh", "batch": "100", "ladder": "60"}
LATER = NOW + timedelta(minutes=1)
AT = LATER.astimezone(UTC).isoformat()


def sent(key: str = "k1", channel: str = "sms", carrier: str = "sms_http") -> int:
    """Return a message that a carrier took."""
    unit()
    secrets = {"url": "http://127.0.0.1:1/", "secret": "s3cret"} if carrier == "sms_http" else {}
    channels.save(code=channel, carrier=carrier, form=FORM | secrets, actor=actor("admin"), now=NOW)
    draft = Draft(key, channel, "test", address={"phone": "13912345678"}, facts={"title": "短信"})
    pk = queue(draft=draft, actor=SYSTEM, now=NOW)
    batch = deliver.claim(channel=channel, holder="w1", now=NOW)
    deliver.settle(batch=batch, outcomes=[Outcome(key, reference="S1")], now=NOW)
    return pk


def call(*rows: tuple[str, str], at: datetime = LATER, shared: str = "s3cret") -> Call:
    """Return a signed call that reports (key, outcome) each."""
    told = [{"key": key, "outcome": outcome, "at": AT, "code": "X1"} for key, outcome in rows]
    body, stamp = json.dumps({"receipts": told}).encode(), str(int(at.timestamp()))
    return Call(stamp, signature(shared.encode(), stamp, body), body)


def take(given: Call, channel: str = "sms", now: datetime = LATER) -> tuple[int, list[tuple[str, str]]]:
    """Return how many receipts of a call were accepted, and which were refused for what."""
    taken = receipts.receive(channel=channel, call=given, now=now)
    return taken.accepted, [(each["key"], each["reason"]) for each in taken.refused]


def test_a_receipt_says_that_a_message_reached_somebody():
    pk = sent()

    assert take(call(("k1", "delivered"))) == (1, [])

    message = Message.objects.get(pk=pk)
    assert (message.state, message.delivered_at, message.fault) == ("delivered", LATER, None)
    row = Receipt.objects.get()
    assert (row.message_id, row.outcome, row.at, row.received_at, row.code, row.refused) == (
        pk,
        "delivered",
        LATER,
        LATER,
        "X1",
        "",
    )
    event = Event.objects.get(verb="outbox_receipts")
    assert (event.detail["accepted"], event.detail["refused"]) == (1, 0)
    assert chain.verify(["outbox:sms"])[0] == 1


def test_a_receipt_that_it_never_will_leaves_the_message_to_a_person():
    pk = sent()

    take(call(("k1", "failed")))

    message = Message.objects.get(pk=pk)
    assert (message.state, message.fault) == ("failed", {"code": "reported", "facts": {"code": "X1"}})


def test_what_never_arrived_counts_on_the_contact_it_went_to_until_something_arrives():
    holder = Customer.objects.create(key_index="c1", sealed=b"")
    index = seal.index("phone", "13912345678")
    for valid_until in (None, LATER.date()):
        ContactWay.objects.create(
            customer=holder, kind="phone", value_index=index, sealed=b"", valid_until=valid_until
        )

    def bounced():
        return list(ContactWay.objects.order_by("pk").values_list("bounced", flat=True))

    sent("k1"), sent("k2"), sent("k3")
    take(call(("k1", "failed"), ("k2", "failed")))
    twice = bounced()
    take(call(("k1", "failed"), at=LATER + timedelta(seconds=1)))
    told_again = bounced()
    take(call(("k3", "delivered"), at=LATER + timedelta(seconds=2)))

    assert (twice, told_again, bounced()) == ([2, 0], [2, 0], [0, 0])


def test_a_receipt_that_overtakes_the_carriers_own_answer_counts():
    unit()
    pk = sent("k0")
    draft = Draft("k1", "sms", "test", address={"phone": "1"}, facts={"title": "短信"})
    pk = queue(draft=draft, actor=SYSTEM, now=NOW)
    batch = deliver.claim(channel="sms", holder="w1", now=NOW)

    early = take(call(("k1", "delivered")))
    settled = deliver.settle(batch=batch, outcomes=[Outcome("k1", reference="S2")], now=LATER)

    assert (early, settled, Message.objects.get(pk=pk).state) == ((1, []), 0, "delivered")


def refused(given: Call, channel: str = "sms", now: datetime = LATER) -> str:
    """Return why a whole call is refused, having seen that it changed nothing."""
    before = (Receipt.objects.count(), ReceiptCall.objects.count(), Event.objects.count())
    with pytest.raises(Refused) as error:
        receipts.receive(channel=channel, call=given, now=now)
    assert (Receipt.objects.count(), ReceiptCall.objects.count(), Event.objects.count()) == before
    return error.value.code


def test_a_forged_call_is_refused_and_changes_nothing():
    pk = sent()

    assert refused(call(("k1", "delivered"), shared="guessed")) == "receipt_forged"
    assert Message.objects.get(pk=pk).state == "sent"


def test_a_call_to_a_channel_that_is_none_or_has_no_secret_is_as_forged_as_any():
    sent()
    sent("k2", "drop", "file")

    assert refused(call(("k1", "delivered")), "pigeon") == "receipt_forged"
    assert refused(call(("k2", "delivered"), shared=""), "drop") == "receipt_forged"


def test_an_old_call_is_refused():
    sent()

    assert refused(call(("k1", "delivered")), now=LATER + timedelta(minutes=6)) == "receipt_stale"


def test_a_replayed_call_is_refused():
    sent()
    given = call(("k1", "delivered"))
    take(given)

    assert refused(given, now=LATER + timedelta(minutes=1)) == "receipt_replayed"


def test_a_receipt_told_again_in_another_call_is_kept_and_refused():
    sent()
    take(call(("k1", "delivered")))

    again = take(call(("k1", "failed"), at=LATER + timedelta(seconds=1)))

    assert again == (0, [("k1", "receipt_replayed")])
    assert list(Receipt.objects.order_by("pk").values_list("refused", flat=True)) == ["", "receipt_replayed"]
    assert Message.objects.get().state == "delivered"


def test_a_receipt_for_a_message_nobody_knows_is_kept_and_refused_and_the_others_count():
    sent()

    assert take(call(("k9", "delivered"), ("k1", "delivered"))) == (1, [("k9", "receipt_unknown")])
    assert Receipt.objects.get(key="k9").message is None


def test_one_gateway_does_not_report_on_what_another_carried():
    pk = sent("k1", "sms2")
    sent("k2")

    assert take(call(("k1", "delivered"))) == (0, [("k1", "receipt_other_channel")])
    assert Message.objects.get(pk=pk).state == "sent"


def test_a_report_on_an_earlier_sending_is_not_one_on_the_later():
    pk = sent()
    Message.objects.filter(pk=pk).update(again=1)

    assert take(call(("k1", "delivered"), ("k1#1", "delivered"))) == (1, [("k1", "receipt_unknown")])


def test_a_call_that_cannot_be_understood_names_its_place_and_may_come_again_put_right():
    sent()
    body, stamp = b'{"receipts": [{"key": "k1"}]}', str(int(LATER.timestamp()))

    with pytest.raises(BadInput) as error:
        take(Call(stamp, signature(b"s3cret", stamp, body), body))

    assert (error.value.code, error.value.facts) == ("bad_receipts", {"row": 1, "field": "outcome"})
    assert take(call(("k1", "delivered"))) == (1, [])


@pytest.fixture
def inward():
    """Return the folder that receipts of the channel ``drop`` are read from, empty."""
    folder = home() / "outbox" / "in" / "drop"
    for path in sorted(folder.rglob("*"), reverse=True) if folder.exists() else []:
        path.rmdir() if path.is_dir() else path.unlink()
    return folder


def names(folder) -> list[str]:
    """Return what lies in a folder and below."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_messages_cross_an_isolation_gateway_and_receipts_come_back(inward):
    sent("k0", "drop", "file")
    draft = Draft("k1", "drop", "test", address={"phone": "+8613912345678"}, facts={"title": "=1+1"})
    pk = queue(draft=draft, actor=SYSTEM, now=NOW)
    job.batches(NOW, "w1")

    rows = far.collect(home() / "outbox" / "out" / "drop")
    far.answer(inward, "r1.csv", [("k1", "delivered", AT, "ok")])
    count = job.read_receipts(LATER)

    text = "这是一条测试消息，通道“=1+1”可以使用。"
    assert rows == [{"key": "k1", "to": "+8613912345678", "subject": "测试消息", "text": text}]
    assert (count, Message.objects.get(pk=pk).state, names(inward)) == (1, "delivered", ["done/r1.csv"])


def test_bad_rows_of_a_file_are_refused_with_their_reasons_and_the_good_ones_count(inward):
    pk = sent("k1", "drop", "file")
    far.answer(
        inward, "r1.csv", [("k1", "delivered", AT, ""), ("k2", "seen", AT, ""), ("k3", "failed", AT, "")]
    )

    job.read_receipts(LATER)

    assert Message.objects.get(pk=pk).state == "delivered"
    assert names(inward) == ["done/r1.csv", "refused/r1.reasons.csv"]
    report = (inward / "refused/r1.reasons.csv").read_text("utf-8-sig").splitlines()
    assert report == ["key,reason", "k3,receipt_unknown", "k2,bad_receipts"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a,b\n1,2\n", "bad_receipts"),
        (b"", "bad_receipts"),
        (b"\xff\xfe\x00", "bad_receipts"),
        (b'key,outcome,at,code\n"k1,delivered', "bad_receipts"),
    ],
    ids=["columns", "empty", "not utf-8", "open quote"],
)
def test_a_file_that_is_no_receipts_is_set_apart_with_the_reason(inward, content, reason):
    sent("k1", "drop", "file")
    inward.mkdir(parents=True, exist_ok=True)
    (inward / "r1.csv").write_bytes(content)

    job.read_receipts(LATER)

    assert names(inward) == ["refused/r1.csv", "refused/r1.reasons.csv"]
    assert (inward / "refused/r1.reasons.csv").read_text("utf-8-sig").splitlines()[1] == f",{reason}"


def test_the_same_file_again_is_refused_also_under_another_name(inward):
    sent("k1", "drop", "file")
    for name in ("r1.csv", "r2.csv"):
        far.answer(inward, name, [("k1", "delivered", AT, "")])
        job.read_receipts(LATER)

    assert names(inward) == ["done/r1.csv", "refused/r2.csv", "refused/r2.reasons.csv"]
    assert Receipt.objects.count() == 1


def test_a_reader_that_died_before_it_moved_the_file_takes_nothing_twice(inward):
    sent("k1", "drop", "file")
    path = far.answer(inward, "r1.csv", [("k1", "delivered", AT, "")])
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    rows = [{"key": "k1", "outcome": "delivered", "at": AT, "code": ""}]
    receipts.receive_file(channel="drop", name=path.name, digest=digest, rows=rows, now=LATER)

    job.read_receipts(LATER)

    assert (Receipt.objects.count(), names(inward)[0]) == (1, "refused/r1.csv")


def test_half_written_files_and_links_are_left_alone(inward, tmp_path):
    sent("k1", "drop", "file")
    inward.mkdir(parents=True, exist_ok=True)
    (inward / ".r1.csv.part").write_bytes(b"key,out")
    (tmp_path / "secret").write_bytes(b"key,outcome,at,code\n")
    (inward / "r2.csv").symlink_to(tmp_path / "secret")

    assert job.read_receipts(LATER) == 0
