"""Keys are made for oneself and revoked by their owner or an administrator; both are written down."""

from datetime import timedelta

import pytest

from suyuan.actions import keys
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.store import chain
from suyuan.store.models import ApiKey, Event
from suyuan.store.queries import keys as queries
from suyuan.store.queries import viewer
from tests.factories import NOW, actor, person, unit

pytestmark = pytest.mark.django_db


def wanted(**given) -> keys.Wanted:
    """Return what a key is asked for, unless told otherwise one that reads for thirty days."""
    return keys.Wanted(
        **({"name": "报表", "scopes": ["read"], "expires_at": NOW + timedelta(days=30)} | given)
    )


def made(role: str = "office", **given) -> keys.Made:
    """Return a key that somebody made for themselves."""
    return keys.make(owner=role, wanted=wanted(**given), actor=actor(role), now=NOW)


def test_a_new_key_is_found_by_its_secret_and_written_down():
    fresh = made(unit="0101")

    assert queries.presented(fresh.secret) == fresh.key
    event = Event.objects.get(stream="register:person:office")
    assert (event.actor, event.verb, event.detail) == (
        "office",
        "key_make",
        {
            "key": fresh.key.prefix,
            "scopes": ["read"],
            "unit": "0101",
            "expires": "2026-04-03T02:30:00+00:00",
        },
    )
    assert chain.verify(["register:person:office"]) == (1, 1)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": " "}, "bad_form"),
        ({"name": "x" * 61}, "bad_form"),
        ({"name": "a\x00b"}, "bad_form"),
        ({"scopes": ["everything"]}, "unknown_value"),
        ({"unit": "9999"}, "unknown_unit"),
        ({"expires_at": NOW}, "bad_form"),
        ({"expires_at": NOW + timedelta(days=366)}, "key_lives_too_long"),
    ],
)
def test_what_is_asked_wrongly_makes_no_key(given, code):
    with pytest.raises((BadInput, Refused)) as wrong:
        made(**given)

    assert (wrong.value.code, ApiKey.objects.count(), Event.objects.count()) == (code, 0, 0)


def test_nobody_makes_a_key_for_somebody_else_but_this_machine():
    person("agent")

    with pytest.raises(Refused) as wrong:
        keys.make(owner="agent", wanted=wanted(), actor=actor("admin"), now=NOW)

    assert wrong.value.code == "not_your_key"
    assert keys.make(owner="agent", wanted=wanted(), actor=SYSTEM, now=NOW).key.made_by == "system"


def test_nobody_makes_a_key_for_who_is_not_there():
    with pytest.raises(BadInput) as wrong:
        keys.make(owner="ghost", wanted=wanted(), actor=SYSTEM, now=NOW)

    assert wrong.value.code == "unknown_person"


@pytest.mark.parametrize("by", ["office", "admin"])
def test_its_owner_or_an_administrator_revokes_a_key(by):
    key = made().key

    keys.revoke(prefix=key.prefix, actor=actor(by), now=NOW)
    keys.revoke(prefix=key.prefix, actor=actor(by), now=NOW + timedelta(1))

    key.refresh_from_db()
    assert (key.revoked_at, queries.state(key, NOW)) == (NOW, "key_revoked")
    assert list(Event.objects.filter(verb="key_revoke").values_list("actor", flat=True)) == [by]


@pytest.mark.parametrize(("by", "at"), [("agent", ""), ("admin", "0102")])
def test_for_anybody_else_there_is_no_such_key(by, at):
    key = made().key

    with pytest.raises(Refused) as wrong:
        keys.revoke(prefix=key.prefix, actor=actor(by, at), now=NOW)

    key.refresh_from_db()
    assert (wrong.value.code, key.revoked_at) == ("unknown_key", None)


def test_a_request_is_counted_in_its_minute_and_the_day_is_kept(django_assert_num_queries):
    unit()
    key = made().key
    for seconds in (0, 59, 60):
        with django_assert_num_queries(1):
            keys.spend(key=key, now=NOW + timedelta(seconds=seconds))

    key.refresh_from_db()
    assert (key.spent, key.minute, key.last_used_on.isoformat()) == (
        1,
        NOW + timedelta(minutes=1),
        "2026-03-04",
    )


def test_a_minute_that_is_used_up_is_refused_with_the_seconds_to_wait():
    unit()
    key = made().key
    ApiKey.objects.update(minute=NOW, spent=599)
    keys.spend(key=key, now=NOW)

    with pytest.raises(Refused) as wrong:
        keys.spend(key=key, now=NOW + timedelta(seconds=12))

    assert (wrong.value.code, wrong.value.facts) == (
        "too_many_requests",
        {"key": key.prefix, "per_minute": 600, "seconds": 48},
    )
    keys.spend(key=key, now=NOW + timedelta(minutes=1))


def test_lists_hold_ones_own_keys_and_for_an_administrator_those_in_reach():
    mine, other = made("station").key, made("office").key

    assert list(queries.own(viewer.of(person("station")))) == [mine]
    assert list(queries.administered(viewer.of(person("admin")))) == [other, mine]
    assert list(queries.administered(viewer.of(person("office")))) == []
    assert list(queries.every("office")) == [other]
