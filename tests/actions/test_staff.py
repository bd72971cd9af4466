"""A staff session is opened with a reason, written down request by request, and closed."""

from datetime import timedelta

import pytest

from suyuan.actions import staff
from suyuan.domain.errors import Refused
from suyuan.store import chain
from suyuan.store.models import Event, StaffSession
from suyuan.store.queries import cases, viewer
from suyuan.store.queries import staff as queries
from tests.factories import NOW, actor, case_at, person

pytestmark = pytest.mark.django_db


def opened(minutes: int = 30, by: str = "admin") -> StaffSession:
    """Return a staff session an administrator opened."""
    return staff.open_session(
        reason="核对13912345678的导入错误", minutes=minutes, sign_in=None, actor=actor(by), now=NOW
    )


def test_opening_is_an_event_and_the_reason_is_masked():
    row = opened()

    event = Event.objects.get(stream="register:person:admin")
    assert (event.actor, event.verb, sorted(event.detail)) == (
        "admin",
        "staff_open",
        ["reason", "session", "until"],
    )
    assert "13912345678" not in row.reason + str(event.detail)
    assert (row.until, queries.running(row.pk, row.person_id, NOW)) == (NOW + timedelta(minutes=30), row)


def test_a_second_one_waits_until_the_first_is_closed():
    first = opened()
    with pytest.raises(Refused) as wrong:
        opened()

    staff.close_session(session=first, actor=actor("admin"), now=NOW)
    staff.close_session(session=first, actor=actor("admin"), now=NOW + timedelta(1))

    assert wrong.value.code == "staff_session_open"
    first.refresh_from_db()
    assert first.closed_at == NOW
    assert opened().pk != first.pk


def test_nobody_else_closes_it_or_runs_in_it():
    row = opened()

    with pytest.raises(Refused):
        staff.close_session(session=row, actor=actor("office"), now=NOW)

    assert queries.running(row.pk, person("office").pk, NOW) is None
    assert queries.running("1", row.person_id, NOW) is None
    assert queries.running(row.pk, row.person_id, row.until) is None


def test_requests_stand_on_a_chain_of_the_session():
    row = opened()

    staff.record(session=row, method="GET", page="case", number="SY1", now=NOW)
    staff.record(session=row, method="GET", page="queue", number="", now=NOW)

    assert [(r.method, r.page, r.number) for r in queries.requests(row)] == [
        ("GET", "case", "SY1"),
        ("GET", "queue", ""),
    ]
    assert queries.counts([row]) == {row.pk: 2}
    assert chain.verify([queries.stream(row)]) == (1, 2)


def test_it_opens_cases_to_an_administrator_and_nothing_does_otherwise():
    case = case_at("registered")
    boss = person("admin")

    with pytest.raises(Refused):
        cases.get(viewer.of(boss), case.number)

    assert cases.get(viewer.of(boss, staff=True), case.number) == case


def test_the_audit_desk_reviews_the_sessions_of_its_company():
    row = opened()

    assert list(queries.reviewed(viewer.of(person("audit")))) == [row]
    assert list(queries.reviewed(viewer.of(person("audit", "0102", "other")))) == []
    with pytest.raises(Refused):
        queries.reviewed(viewer.of(person("admin")))
