"""A database that is away and a disk that is full are said in words; what was only looked at is shown."""

import errno
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from suyuan.store.models import Event
from suyuan.web import outage
from tests.factories import case_at, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(person("office"))
    browser.get("/queue/")
    return browser


@contextmanager
def away():
    """Take the database away: every statement finds the connection closed."""

    def lost(*_: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(lost):
        yield


@contextmanager
def read_only():
    """Leave nothing to write to, as a full disk does."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = 1")
        try:
            yield
        finally:
            cursor.execute("PRAGMA query_only = 0")


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "数据库暂时连不上"), ("en", "The database is away for a moment")]
)
def test_without_a_database_a_page_says_so_and_how_to_go_on(client, language, words):
    client.cookies["django_language"] = language
    with away():
        answer = client.get("/queue/?state=open")

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    text = answer.content.decode()
    assert (words in text, 'href="/queue/?state=open"' in text) == (True, True)
    assert client.get("/queue/").status_code == 200


def test_a_program_is_told_in_its_own_way(client):
    with away():
        answer = client.get("/api/v1/me", headers={"Authorization": "Bearer sy_00000000_x"})

    assert (answer.status_code, answer.json()) == (503, {"refused": "database_away", "facts": {}})


def test_with_the_disk_full_nothing_is_half_done(client):
    case = case_at("registered")
    before = Event.objects.count()
    with read_only():
        answer = client.post(f"/case/{case.number}/do/dispatch/", {"unit": "0101", "specialty": "marketing"})

    assert (answer.status_code, "磁盘已满" in answer.content.decode()) == (507, True)
    case.refresh_from_db()
    assert (case.state, Event.objects.count()) == ("registered", before)


def test_with_the_disk_full_a_case_is_still_read(client):
    case = case_at("registered")
    session = client.session
    session["seen_at"] = (timezone.now() - timedelta(minutes=5)).timestamp()
    session.save()

    with read_only():
        pages = [
            client.get(address).status_code for address in (f"/case/{case.number}/", "/queue/", "/inbox/")
        ]

    assert pages == [200, 200, 200]


def test_a_connection_that_died_is_found_out_before_it_is_used():
    assert connection.settings_dict["CONN_HEALTH_CHECKS"] is True


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 507),
        (OSError(errno.ENOENT, "No such file"), None),
        (OperationalError("the connection is closed"), 503),
        (ValueError("a bug"), None),
        (None, None),
    ],
)
def test_a_bug_is_no_outage(error, status):
    assert outage.what(error) == status


def test_a_wrong_statement_is_a_bug_though_sqlite_calls_it_operational():
    with pytest.raises(OperationalError) as wrong, connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")

    assert outage.what(wrong.value) is None
