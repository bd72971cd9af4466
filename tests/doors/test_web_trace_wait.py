"""Pages about the log as long as the server learns from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Event, Thread

import pytest
from django.test import Client

from suyuan.actions import _log_held, population
from suyuan.simulate import build
from suyuan.store import lake
from suyuan.web import home, trace_wait
from tests import traced_city
from tests.factories import case_at, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(tmp_path: Path) -> Iterator[None]:
    """Take the event log of a small city over."""
    folder = tmp_path / "city"
    folder.mkdir()
    build(7, 300, 120, date(2025, 10, 31), folder, 6.0)
    traced_city.take(folder, tmp_path)
    yield
    traced_city.forget()


@contextmanager
def held_by_another(lock) -> Iterator[None]:
    """Let another thread hold a lock: it learns, or looks the log over."""
    has, done = Event(), Event()

    def hold() -> None:
        with lock:
            has.set()
            done.wait()

    other = Thread(target=hold)
    other.start()
    has.wait()
    try:
        yield
    finally:
        done.set()
        other.join()


@pytest.mark.parametrize(
    ("lock", "address"),
    [
        (_log_held._ONE, "/trace/"),
        (_log_held._ONE, "/trace/population/"),
        (population._ONE, "/trace/population/"),
    ],
)
def test_a_page_waits_for_no_other_that_learns(log, monkeypatch, lock, address: str) -> None:
    monkeypatch.setattr(trace_wait, "PATIENCE", 0.02)
    case_at("registered")
    client = Client()
    client.force_login(person("leader"))

    with held_by_another(lock):
        said = client.get(address).content.decode()

    assert "正在学习事件日志" in said
    assert 'http-equiv="refresh"' in said
    assert "正在学习" not in client.get(address).content.decode()


def test_the_first_page_waits_for_nobody_who_learns_and_says_so_on_its_card(log, monkeypatch) -> None:
    monkeypatch.setattr(home, "PATIENCE", 0.02)
    case_at("registered")
    lake.refresh()
    client = Client()
    client.force_login(person("leader"))

    with held_by_another(_log_held._ONE):
        said = client.get("/").content.decode()

    assert "正在学习事件日志" in said
    assert "正在学习" not in client.get("/").content.decode()
