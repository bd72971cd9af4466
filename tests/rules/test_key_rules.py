"""A program's key never reaches further than its owner, nor longer than the rulebook lets it."""

from datetime import UTC, datetime, timedelta

import pytest

from suyuan.domain import keys
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role

NOW = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
GOOD = keys.KeyFacts(frozenset({"read"}), NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("key", "scope", "reason"),
    [
        (GOOD, "read", None),
        (GOOD, "", None),
        (GOOD, "work", "out_of_scope"),
        (keys.KeyFacts(frozenset({"read"}), NOW), "read", "key_expired"),
        (keys.KeyFacts(frozenset({"read"}), NOW + timedelta(1), revoked=True), "read", "key_revoked"),
        (keys.KeyFacts(frozenset(), NOW + timedelta(1), owner_active=False), "read", "key_owner_inactive"),
    ],
)
def test_a_key_opens_its_scope_until_it_ends(key, scope, reason):
    assert keys.refusal(key, scope, NOW) == reason


@pytest.mark.parametrize(
    ("held", "kept_to", "left"),
    [
        ("/01/", "", "/01/"),
        ("/01/", "/01/0101/", "/01/0101/"),
        ("/01/0101/", "/01/", "/01/0101/"),
        ("/01/0102/", "/01/0101/", None),
    ],
)
def test_a_key_reaches_what_lies_in_both(held, kept_to, left):
    owner = Actor("office", frozenset({(Role.OFFICE, held)}))

    grants = keys.narrowed(owner, kept_to).grants

    assert grants == (frozenset({(Role.OFFICE, left)}) if left else frozenset())


def test_scopes_are_known_and_in_their_order():
    assert keys.known_scopes(["work", "read"]) == ["read", "work"]


@pytest.mark.parametrize(("scopes", "code"), [([], "bad_form"), (["read", "all"], "unknown_value")])
def test_other_scopes_are_refused(scopes, code):
    with pytest.raises(BadInput) as wrong:
        keys.known_scopes(scopes)
    assert wrong.value.code == code


def test_a_key_ends_ahead_and_within_its_longest_life():
    assert keys.within_life(NOW, NOW + timedelta(days=365), 365) == NOW + timedelta(days=365)
    with pytest.raises(BadInput):
        keys.within_life(NOW, NOW, 365)
    with pytest.raises(Refused) as wrong:
        keys.within_life(NOW, NOW + timedelta(days=366), 365)
    assert wrong.value.facts == {"days": 365}
