"""Receipts over HTTP: a signature opens the door, and every way it does not is refused with its reason."""

import json
import time

import pytest
from django.test import Client

from suyuan.actions.notice import channels, deliver
from suyuan.actions.notice.queue import Draft, queue
from suyuan.domain.notice import signature
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways.carriers import Outcome
from suyuan.store.models import Message, Receipt
from tests.factories import NOW, actor, unit

pytestmark = pytest.mark.django_db
FORM = {"title": "短信", "enabled": "1", "language": "zh", "batch": "50"}


@pytest.fixture
def message() -> int:
    """Return a message that the gateway took."""
    unit()
    secrets = {"url": "http://127.0.0.1:1/", "secret": "s3cret"}
    channels.save(code="sms", carrier="sms_http", form=FORM | secrets, actor=actor("admin"), now=NOW)
    draft = Draft("k1", "sms", "test", address={"phone": "1"}, facts={"title": "x"})
    pk = queue(draft=draft, actor=SYSTEM, now=NOW)
    batch = deliver.claim(channel="sms", holder="w1", now=NOW)
    deliver.settle(batch=batch, outcomes=[Outcome("k1", reference="S1")], now=NOW)
    return pk


def body(*keys: str) -> bytes:
    """Return the body of a call that reports deliveries."""
    rows = [{"key": key, "outcome": "delivered", "at": "2026-03-04T10:31:00+08:00"} for key in keys]
    return json.dumps({"receipts": rows}).encode()


def report(content: bytes, *, shared: str = "s3cret", ago: int = 0, channel: str = "sms"):
    """Report as a gateway does; return the status and what was answered."""
    stamp = str(int(time.time()) - ago)
    answer = Client(enforce_csrf_checks=True).post(
        f"/api/v1/receipts/{channel}",
        content,
        content_type="application/json",
        headers={
            "X-Suyuan-Timestamp": stamp,
            "X-Suyuan-Signature": signature(shared.encode(), stamp, content),
        },
    )
    return answer.status_code, answer.json()


def test_a_gateway_reports_a_delivery(message):
    assert report(body("k1", "k9")) == (
        200,
        {"accepted": 1, "refused": [{"key": "k9", "reason": "receipt_unknown"}]},
    )
    assert Message.objects.get(pk=message).state == "delivered"


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"shared": "guess"}, (403, "receipt_forged")),
        ({"channel": "pigeon"}, (403, "receipt_forged")),
        ({"ago": 3600}, (403, "receipt_stale")),
    ],
)
def test_what_is_forged_or_stale_is_refused_and_changes_nothing(message, given, answer):
    status, said = report(body("k1"), **given)

    assert (status, said["refused"]) == answer
    assert (Message.objects.get(pk=message).state, Receipt.objects.count()) == ("sent", 0)


def test_a_replayed_call_is_refused(message):
    content, stamp = body("k1"), str(int(time.time()))
    headers = {
        "X-Suyuan-Timestamp": stamp,
        "X-Suyuan-Signature": signature(b"s3cret", stamp, content),
    }

    answers = [
        Client().post("/api/v1/receipts/sms", content, content_type="application/json", headers=headers)
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["refused"] == "receipt_replayed"


def test_without_a_signature_nothing_is_believed(message):
    answer = Client().post("/api/v1/receipts/sms", body("k1"), content_type="application/json")

    assert (answer.status_code, answer.json()["refused"]) == (403, "receipt_forged")


def test_a_body_that_cannot_be_understood_names_its_place(message):
    status, said = report(b'{"receipts": [{"key": "k1", "outcome": "seen"}]}')

    assert (status, said) == (422, {"refused": "bad_receipts", "facts": {"row": 1, "field": "outcome"}})
