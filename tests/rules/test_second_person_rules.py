"""Roles that see most: what waits for a second person, and who that may be."""

from datetime import UTC, datetime, timedelta

import pytest

from suyuan.domain import second
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.second import Asked, Held, Second
from suyuan.domain.signin import WEIGHTY
from suyuan.domain.vocabulary import Role

NOW = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
DAY = timedelta(days=1)
ASKED = Asked("boss", "li", "/01/0101/", NOW, NOW + 14 * DAY)
AUDIT = Held(Role.AUDIT, "/01/", since=NOW - DAY)
BOSS = Actor("boss", frozenset({(Role.ADMIN, "/01/")}))


def who(*held: Held, name: str = "other") -> Actor:
    return Actor(name, frozenset((each.role, each.path) for each in held))


@pytest.mark.parametrize("role", Role)
def test_the_roles_that_see_most_wait_and_no_others(role):
    assert second.needs_second(BOSS, (), role, "/01/", None) is (role in WEIGHTY)
    assert second.needs_second(SYSTEM, (), role, "/01/", None) is False


@pytest.mark.parametrize(
    ("held", "waits"),
    [
        pytest.param(AUDIT, False, id="over more units"),
        pytest.param(Held(Role.AUDIT, "/01/0101/"), False, id="over the same"),
        pytest.param(Held(Role.AUDIT, "/01/0101/", until=NOW + 2 * DAY), False, id="for longer"),
        pytest.param(Held(Role.AUDIT, "/01/0101/", until=NOW + DAY / 2), True, id="not as long"),
        pytest.param(Held(Role.AUDIT, "/01/0102/"), True, id="elsewhere"),
        pytest.param(Held(Role.AUDIT, "/01/0101/010101/"), True, id="over a part"),
        pytest.param(Held(Role.ADMIN, "/01/"), True, id="another role"),
    ],
)
def test_what_is_held_already_does_not_wait_again(held, waits):
    assert second.needs_second(BOSS, (held,), Role.AUDIT, "/01/0101/", NOW + DAY) is waits


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        pytest.param(Second(who(AUDIT), (AUDIT,)), None, id="audit since yesterday"),
        pytest.param(
            Second(who(Held(Role.ADMIN, "/01/")), (Held(Role.ADMIN, "/01/"),)), None, id="ever since"
        ),
        pytest.param(Second(SYSTEM), None, id="the server"),
        pytest.param(Second(BOSS, (Held(Role.ADMIN, "/01/"),)), "own_request", id="who asked"),
        pytest.param(Second(who(AUDIT, name="li"), (AUDIT,)), "not_your_own", id="who gets it"),
        pytest.param(Second(who(Held(Role.LEADER, "/01/"))), "not_your_role", id="a leader"),
        pytest.param(Second(who(Held(Role.ADMIN, "/01/0102/"))), "not_your_role", id="of another unit"),
        pytest.param(
            Second(who(AUDIT), (Held(Role.AUDIT, "/01/", since=NOW),)), "second_too_new", id="made meanwhile"
        ),
        pytest.param(
            Second(who(AUDIT), (Held(Role.AUDIT, "/01/", NOW), Held(Role.ADMIN, "/01/0102/", NOW - DAY))),
            "second_too_new",
            id="before, but elsewhere",
        ),
        pytest.param(Second(who(AUDIT), (AUDIT,), waits=True), "password_waits", id="password waits"),
        pytest.param(Second(who(AUDIT), (AUDIT,), in_hand=True), "second_in_hand", id="in the asker's hand"),
    ],
)
def test_who_may_be_the_second_person(standing, reason):
    assert second.refusal_to_confirm(ASKED, standing, NOW + DAY) == reason


def test_nobody_confirms_what_lapsed():
    assert second.refusal_to_confirm(ASKED, Second(SYSTEM), NOW + 14 * DAY) == "request_lapsed"
    assert second.lapses_at(NOW, 14) == ASKED.lapses_at


@pytest.mark.parametrize(
    ("actor", "reason"),
    [
        (BOSS, None),
        (who(AUDIT), None),
        (SYSTEM, None),
        (who(Held(Role.OFFICE, "/01/")), "not_your_role"),
        (who(Held(Role.ADMIN, "/01/0102/")), "not_your_role"),
    ],
)
def test_who_asked_and_who_could_confirm_turn_a_request_down(actor, reason):
    assert second.refusal_to_decline(ASKED, actor) == reason
