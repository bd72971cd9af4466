"""Workers killed -9 with messages in hand: nothing is lost and nothing reaches anybody twice."""

import os

import pytest

from bench import soak_outbox
from suyuan.gateways.carriers.fakes.sms import Gateway, Served

pytestmark = pytest.mark.django_db(transaction=True)


def test_workers_killed_with_messages_in_hand_lose_none_and_send_none_twice(base_for_processes):
    assert os.environ["SUYUAN_DATABASE_URL"]
    with Served(gateway := Gateway(slow=0.005)) as served:
        killed, keys = soak_outbox.rounds(4, served, each=30)

    toll = soak_outbox.count(killed, keys, gateway)

    assert (toll.queued, toll.sent, toll.delivered, toll.distinct) == (120, 120, 120, 120)
    assert toll.killed > 0
    assert toll.lapsed > 0
