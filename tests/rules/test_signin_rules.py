"""Failures lock, sessions end, second factors are asked for; an administrator reaches no case in passing."""

from datetime import UTC, datetime, timedelta

import pytest

from suyuan.domain import signin, staff
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.signin import Lasting, Patience, Tally
from suyuan.domain.vocabulary import Role

NOW = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
THRICE = Patience(3, window=15 * MINUTE, lock=10 * MINUTE)


def failures(*minutes: int) -> Tally:
    """Return the tally after failures at these minutes."""
    tally = None
    for minute in minutes:
        tally = signin.failed(tally, THRICE, NOW + minute * MINUTE)
    assert tally is not None
    return tally


@pytest.mark.parametrize(
    ("minutes", "count", "locked"),
    [
        ((0,), 1, False),
        ((0, 1), 2, False),
        ((0, 1, 2), 3, True),
        ((0, 1, 15), 3, True),
        ((0, 1, 16), 1, False),
        ((0, 1, 2, 13), 1, False),
        ((0, 1, 2, 3), 3, True),
        ((0, 1, 2, 3, 11), 3, True),
        ((0, 1, 2, 3, 12), 1, False),
    ],
)
def test_so_many_failures_within_the_window_lock(minutes, count, locked):
    tally = failures(*minutes)

    assert (tally.failures, tally.is_locked(NOW + minutes[-1] * MINUTE)) == (count, locked)


def test_a_lock_ends_by_itself():
    tally = failures(0, 1, 2)

    assert [tally.is_locked(NOW + (2 + minute) * MINUTE) for minute in (0, 9, 10)] == [True, True, False]


@pytest.mark.parametrize(
    ("opened", "seen", "why"),
    [
        (0, 0, None),
        (59, 59, None),
        (60, 60, "session_idle"),
        (11 * 60 + 59, 0, None),
        (12 * 60, 0, "session_too_old"),
        (13 * 60, 61, "session_too_old"),
    ],
)
def test_a_session_ends_unused_or_old(opened, seen, why):
    lasting = Lasting(idle=60 * MINUTE, age=timedelta(hours=12))

    assert signin.session_over(NOW - opened * MINUTE, NOW - seen * MINUTE, lasting, NOW) == why


@pytest.mark.parametrize(
    ("role", "methods", "has", "needs"),
    [
        (Role.ADMIN, ["password"], False, True),
        (Role.ADMIN, ["password"], True, False),
        (Role.AGENT, ["password"], False, False),
        (Role.ADMIN, ["webauthn"], False, False),
        (Role.ADMIN, ["oidc"], False, False),
        (Role.ADMIN, [], False, False),
    ],
)
def test_a_second_factor_is_asked_of_who_comes_by_password_alone(role, methods, has, needs):
    assert signin.needs_factor([role], {"admin", "audit"}, methods, has_factor=has) == needs


def test_an_administrator_reaches_cases_in_a_staff_session_alone():
    grants = frozenset({(Role.ADMIN, "/01/"), (Role.AGENT, "/01/0101/")})

    assert Actor("a", grants).reaching == {(Role.AGENT, "/01/0101/")}
    assert Actor("a", grants, staff=True).reaching == grants
    assert Actor("a", grants).over_case("/01/0102/") == frozenset()
    assert Actor("a", grants, staff=True).over_case("/01/0102/") == {Role.ADMIN}


@pytest.mark.parametrize(
    ("role", "reason", "minutes", "code"),
    [
        (Role.OFFICE, "核对导入错误", 30, "not_your_role"),
        (Role.ADMIN, "核对", 30, "bad_form"),
        (Role.ADMIN, "核" * 201, 30, "bad_form"),
        (Role.ADMIN, "核对导入错误", 0, "bad_form"),
        (Role.ADMIN, "核对导入错误", 61, "bad_form"),
    ],
)
def test_a_staff_session_needs_the_role_a_reason_and_an_end(role, reason, minutes, code):
    with pytest.raises((BadInput, Refused)) as wrong:
        staff.until({(role, "/01/")}, reason, minutes, NOW, 60)

    assert wrong.value.code == code


def test_a_staff_session_ends_by_itself_or_when_it_is_closed():
    end = staff.until({(Role.ADMIN, "/01/")}, "核对导入错误", 60, NOW, 60)

    span = staff.Span(NOW, end)
    assert [span.is_open(NOW + minute * MINUTE) for minute in (0, 59, 60)] == [True, True, False]
    assert not staff.Span(NOW, end, closed_at=NOW).is_open(NOW)


@pytest.mark.parametrize(
    ("made_by", "confirmed_by", "role", "waits"),
    [
        ("root", "", Role.LEADER, True),
        ("root", "", Role.AUDIT, True),
        ("root", "", Role.ADMIN, True),
        ("root", "", Role.STATION, False),
        ("root", "wang", Role.LEADER, False),
        ("", "", Role.LEADER, False),
    ],
)
def test_a_first_password_of_who_sees_most_waits_for_a_second_person(made_by, confirmed_by, role, waits):
    assert signin.waits(made_by, confirmed_by, [role]) == waits


@pytest.mark.parametrize(
    ("who", "role", "at", "why"),
    [
        ("wang", Role.ADMIN, "/01/", None),
        ("wang", Role.AUDIT, "/01/", None),
        ("wang", Role.OFFICE, "/01/", "not_your_role"),
        ("wang", Role.ADMIN, "/01/0102/", "not_your_role"),
        ("root", Role.ADMIN, "/01/", "not_your_own"),
        ("li", Role.AUDIT, "/01/", "not_your_own"),
    ],
)
def test_neither_its_maker_nor_its_person_is_the_second_person(who, role, at, why):
    actor = Actor(who, frozenset({(role, at)}))

    assert signin.refusal_to_confirm(actor, "li", "root", "/01/0101/") == why
    assert signin.refusal_to_confirm(actor, "li", "", "/01/0101/") == "nothing_to_confirm"
