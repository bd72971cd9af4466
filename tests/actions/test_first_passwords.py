"""A first password opens nothing by itself: what it shuts, whom it tells, who has to confirm it."""

from datetime import timedelta

import pytest

from suyuan.actions import keys, org, signin
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.store import wording
from suyuan.store.models import Event, Message, Person
from tests.factories import NOW, actor, person

pytestmark = pytest.mark.django_db


def refused(expected: str, verb, /, **given) -> None:
    with pytest.raises(Refused) as no:
        verb(**given, now=NOW)
    assert no.value.code == expected


def waiting(username: str = "leader") -> tuple[str, str]:
    """Return who made somebody's first password, and who confirmed it."""
    found = Person.objects.get(username=username)
    return found.password_by, found.password_confirmed_by


def test_a_first_password_shuts_what_the_old_one_opened_and_tells_its_person():
    who, boss = person("leader"), actor("admin")
    key = keys.make(
        owner="leader",
        wanted=keys.Wanted(name="报表", scopes=["read"], expires_at=NOW + timedelta(days=1)),
        actor=actor("leader"),
        now=NOW,
    ).key
    there = signin.opened(person=who, method="password", place=signin.Place("a" * 32), now=NOW)

    org.first_password(username="leader", actor=boss, now=NOW)

    key.refresh_from_db()
    there.refresh_from_db()
    assert (key.revoked_at, there.ended_at, there.ended_why) == (NOW, NOW, "password_reset")
    assert waiting() == ("admin", "")
    told = Message.objects.order_by("pk").values_list("recipient", "template")
    assert sorted(told) == [
        ("admin@01", "password_waits"),
        ("audit@01", "password_waits"),
        ("person:leader", "password_reset"),
    ]
    facts = Message.objects.get(recipient="person:leader").facts
    text = wording.words("password_reset", facts, "", "zh").text
    assert text.startswith("您的口令由 admin 于 2026-03-04 10:30 重置")


def test_a_second_person_confirms_a_first_password_or_refuses_it():
    person("leader")
    password = org.first_password(username="leader", actor=actor("admin"), now=NOW)
    refused("not_your_own", org.confirm_password, username="leader", actor=actor("admin"))
    refused("not_your_role", org.confirm_password, username="leader", actor=actor("office"))

    org.confirm_password(username="leader", actor=actor("audit"), now=NOW)
    assert waiting() == ("admin", "audit")
    org.refuse_password(username="leader", actor=actor("audit"), now=NOW)

    assert waiting() == ("", "")
    assert not Person.objects.get(username="leader").check_password(password)
    verbs = list(Event.objects.filter(stream="register:org").order_by("seq").values_list("actor", "verb"))
    assert verbs == [
        ("admin", "first_password"),
        ("audit", "first_password_confirm"),
        ("audit", "first_password_refuse"),
    ]


def test_a_first_password_made_on_the_server_needs_no_second_person():
    person("admin")

    org.first_password(username="admin", actor=SYSTEM, now=NOW)

    assert waiting("admin") == ("system", "system")


@pytest.mark.parametrize(("method", "by"), [("password+totp", "leader"), ("password", "")])
def test_a_second_factor_one_has_already_confirms_ones_own_first_password(method, by):
    who = person("leader")
    org.first_password(username="leader", actor=actor("admin"), now=NOW)

    signin.opened(person=who, method=method, place=signin.Place("b" * 32), now=NOW)
    assert waiting() == ("admin", by)
    signin.password_changed(person=who, sign_in_id=None, session_key="", now=NOW)
    assert waiting() == ("", "")
