"""A carrier that takes its time delays nobody: the worker goes on, and its batch is still sent once."""

import threading
import time
from datetime import timedelta

import pytest

from suyuan.actions.notice import channels
from suyuan.actions.notice.queue import Draft, queue
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways.carriers.fakes.sms import Gateway, Served
from suyuan.jobs import deliver, loop
from suyuan.jobs.hands import Hands
from suyuan.jobs.wall import Wall
from suyuan.store.models import Attempt, Event, Message
from tests.factories import NOW, actor, case_at, unit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_base")]
FORM = {"title": "短信", "enabled": "1", "language": "zh", "batch": "100", "ladder": "60", "secret": "fake"}


@pytest.fixture
def gateway():
    """Return a gateway that takes what it is handed, and answers once it is told to."""
    silent = Gateway(answering=threading.Event())
    unit()
    with Served(silent) as served:
        form = FORM | {"url": served.url}
        channels.save(code="sms", carrier="sms_http", form=form, actor=actor("admin"), now=NOW)
        yield silent
        silent.answering.set()


@pytest.fixture(autouse=True)
def no_patience(monkeypatch):
    """Wait for no carrier at all."""
    figure = deliver.rules.figure
    monkeypatch.setattr(
        deliver.rules, "figure", lambda name, term: 0 if term == "patience_ms" else figure(name, term)
    )


def text_to(phone: str, key: str) -> None:
    """Queue a test text to a number."""
    facts = {"title": "短信"}
    queue(draft=Draft(key, "sms", "test", address={"phone": phone}, facts=facts), actor=SYSTEM, now=NOW)


def test_the_clocks_are_rung_while_a_carrier_has_not_answered(gateway):
    case_at("registered", now=NOW - timedelta(days=3))
    text_to("13912345678", "k1")
    hands, stop = Hands(), threading.Event()
    worker = loop.Worker(stop, "w1", loop.tasks("w1", stop.is_set, hands), Wall(lambda: NOW), hands)

    worker.round()
    worker.round()

    assert hands.full
    assert Event.objects.filter(verb="rung").exists()
    assert Message.objects.exclude(state="sent").filter(channel="sms").count() == 1

    gateway.answering.set()
    assert (hands.finish(), hands.full) == (1, False)
    assert Message.objects.get(channel="sms").state == "sent"
    assert (gateway.handed, Attempt.objects.count()) == (1, 1)


def test_what_comes_meanwhile_leaves_by_the_next_batch(gateway):
    hands = Hands()
    text_to("13912345678", "k1")
    first = deliver.beside(NOW, "w1", hands)
    while gateway.handed == 0:
        time.sleep(0.001)
    text_to("13912345679", "k2")
    while_it_is_silent = deliver.beside(NOW, "w1", hands)

    gateway.answering.set()
    settled = hands.finish()
    again = (deliver.beside(NOW, "w1", hands), hands.finish())

    assert (first, while_it_is_silent, settled) == (0, 0, 1)
    assert sum(again) == 1
    assert (gateway.handed, sorted(gateway.sent)) == (2, ["k1", "k2"])
