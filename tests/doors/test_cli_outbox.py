"""``suyuan outbox``: what is in the dead letters, and sending it again."""

import json

import jsonschema
import pytest

from suyuan.actions.notice import channels, deliver
from suyuan.actions.notice.queue import Draft, queue
from suyuan.cli.schema import of
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways.carriers import Outcome
from suyuan.store.models import Message
from tests.factories import NOW, actor, case_at, unit

pytestmark = pytest.mark.django_db
FORM = {"title": "短信", "enabled": "1", "language": "zh", "batch": "50"}


@pytest.fixture
def dead() -> int:
    """Return a dead letter."""
    unit()
    secrets = {"url": "http://127.0.0.1:1/", "secret": "s3cret"}
    channels.save(code="sms", carrier="sms_http", form=FORM | secrets, actor=actor("admin"), now=NOW)
    draft = Draft("k1", "sms", "test", address={"phone": "13912345678"}, facts={"title": "x"}, unit="0101")
    pk = queue(draft=draft, actor=SYSTEM, now=NOW)
    batch = deliver.claim(channel="sms", holder="w1", now=NOW)
    deliver.settle(batch=batch, outcomes=[Outcome("k1", problem="timeout", permanent=True)], now=NOW)
    return pk


def test_dead_letters_are_listed_by_the_schema_and_without_numbers(suyuan, dead):
    code, out, _ = suyuan("outbox", "list", "--state", "aside", "--json")

    shown = json.loads(out)
    jsonschema.validate(shown, of("outbox list"))
    assert code == 0
    assert shown == {
        "messages": [
            {
                "id": dead,
                "key": "k1",
                "channel": "sms",
                "template": "test",
                "recipient": "sealed:address",
                "case": "",
                "state": "aside",
                "attempts": 1,
                "queued": "2026-03-04T10:30:00+08:00",
                "next": None,
                "problem": "timeout",
            }
        ]
    }


def test_messages_in_the_app_are_listed_when_asked_for(suyuan):
    case_at("dispatched")

    _, out, _ = suyuan("outbox", "list", "--channel", "in_app", "--json")

    assert [row["recipient"] for row in json.loads(out)["messages"]] == ["station@0101"]
    assert json.loads(suyuan("outbox", "list", "--json")[1]) == {"messages": []}


@pytest.mark.parametrize("which", ["id", "--all"])
def test_a_dead_letter_is_sent_again(suyuan, dead, which):
    actor("office")

    code, out, _ = suyuan("outbox", "retry", dead if which == "id" else "--all", "--as", "office", "--json")

    jsonschema.validate(json.loads(out), of("outbox retry"))
    assert (code, json.loads(out)) == (0, {"retried": [dead], "refused": []})
    assert Message.objects.get(pk=dead).state == "queued"


def test_what_is_not_dead_is_refused_one_by_one(suyuan, dead):
    actor("office")
    Message.objects.filter(pk=dead).update(state="sent")

    code, out, _ = suyuan("outbox", "retry", dead, 999, "--as", "office", "--json")

    assert (code, json.loads(out)["refused"]) == (
        1,
        [{"id": dead, "reason": "message_gone"}, {"id": 999, "reason": "not_found"}],
    )
    assert suyuan("outbox", "retry", "--all", "--as", "office")[0] == 0


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (("list", "--state", "lost"), 2),
        (("list", "--limit", "0"), 2),
        (("list", "--channel", "pigeon"), 1),
        (("retry", "--as", "office"), 2),
        (("retry", "1", "--all", "--as", "office"), 2),
        (("retry", "1", "--as", "nobody"), 2),
        (("retry", "1", "--as", "station"), 1),
    ],
)
def test_what_makes_no_sense_is_said(suyuan, dead, line, code):
    actor("office"), actor("station")

    assert suyuan("outbox", *line)[0] == code
