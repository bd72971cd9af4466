"""Workers killed -9 with messages in hand: nothing is lost and nothing reaches anybody twice."""

import multiprocessing.forkserver
import os
import sqlite3
from urllib.parse import quote

import pytest
from django.db import connection, connections

from bench import soak_outbox
from suyuan.gateways.carriers.fakes.sms import Gateway, Served

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shared(tmp_path, monkeypatch):
    """Let processes of their own work on the test's database; in memory SQLite has no such thing."""
    if connection.vendor != "sqlite":
        given = connection.settings_dict
        url = f"postgres://{given['USER']}@{quote(given['HOST'], safe='')}/{given['NAME']}"
        monkeypatch.setenv("SUYUAN_DATABASE_URL", url)
        yield
        return
    memory, known = connections["default"], connections.settings["default"]
    memory.ensure_connection()
    path = tmp_path / "shared.sqlite3"
    file = sqlite3.connect(path)
    memory.connection.backup(file)
    file.close()
    monkeypatch.setenv("SUYUAN_DATABASE_URL", f"sqlite:///{path}")
    connections.settings["default"] = known | {"NAME": path}
    connections["default"] = connections.create_connection("default")
    yield
    connections["default"].close()
    connections.settings["default"] = known
    connections["default"] = memory


@pytest.fixture
def nursery():
    """Leave no process behind that has another test's settings."""
    yield
    multiprocessing.forkserver._forkserver._stop()


def test_workers_killed_with_messages_in_hand_lose_none_and_send_none_twice(shared, nursery):
    assert os.environ["SUYUAN_DATABASE_URL"]
    with Served(gateway := Gateway(slow=0.005)) as served:
        killed, keys = soak_outbox.rounds(4, served, each=30)

    toll = soak_outbox.count(killed, keys, gateway)

    assert (toll.queued, toll.sent, toll.delivered, toll.distinct) == (120, 120, 120, 120)
    assert toll.killed > 0
    assert toll.lapsed > 0
