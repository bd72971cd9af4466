"""Sessions open and end, failures lock, factors are reset: each is a chained event of the person."""

import base64
import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from cryptography.exceptions import InvalidTag
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from suyuan.actions import org, signin
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.store import chain, factors
from suyuan.store.models import Event, SignIn, SignInTally
from suyuan.store.queries import signin as queries
from tests.factories import NOW, actor, person

pytestmark = pytest.mark.django_db


def session() -> str:
    """Return the key of a fresh browser session."""
    store = SessionStore()
    store.create()
    return store.session_key


def opened(who, minutes: int = 0) -> SignIn:
    """Return a session somebody opened so many minutes after NOW."""
    place = signin.Place(session(), "10.0.0.1", "Firefox")
    return signin.opened(person=who, method="password", place=place, now=NOW + timedelta(minutes=minutes))


def told(username: str = "agent") -> list[tuple[str, str]]:
    """Return who did what on a person's chain, which holds."""
    chain.verify([f"register:person:{username}"])
    rows = Event.objects.filter(stream=f"register:person:{username}").order_by("seq")
    return list(rows.values_list("actor", "verb"))


def test_signing_in_and_out_is_written_down():
    row = opened(person("agent"))

    signin.end(sign_in_id=row.pk, why="signed_out", actor=actor("agent"), now=NOW)
    signin.end(sign_in_id=row.pk, why="signed_out", actor=actor("agent"), now=NOW)

    row.refresh_from_db()
    assert (row.ended_at, row.ended_why, Session.objects.count()) == (NOW, "signed_out", 0)
    assert told() == [("agent", "sign_in"), ("agent", "sign_out")]


def test_one_session_too_many_ends_the_oldest():
    who = person("agent")
    rows = [opened(who, minute) for minute in range(6)]

    ended = SignIn.objects.exclude(ended_at=None).get()
    assert (ended.pk, ended.ended_why) == (rows[0].pk, "crowded_out")
    assert set(Session.objects.values_list("session_key", flat=True)) == {r.session_key for r in rows[1:]}


def test_nobody_ends_the_session_of_somebody_else_but_their_administrator():
    row = opened(person("station"))

    for stranger in (actor("agent"), actor("admin", "0102")):
        with pytest.raises(Refused) as wrong:
            signin.end(sign_in_id=row.pk, why="ended", actor=stranger, now=NOW)
        assert wrong.value.code == "not_found"
    signin.end(sign_in_id=row.pk, why="ended", actor=actor("admin", "01", "root"), now=NOW)

    assert told("station") == [("station", "sign_in"), ("root", "session_end")]


def test_all_sessions_end_at_once_but_perhaps_one():
    who = person("agent")
    kept, _ = opened(who), opened(who)

    assert signin.end_all(person=who, why="deactivated", actor=SYSTEM, now=NOW, but=kept.pk) == 1

    assert queries.open_sessions(who) == [kept]
    with pytest.raises(Refused):
        signin.end_all(person=who, why="ended", actor=actor("station"), now=NOW)


def test_five_failures_lock_an_account_and_a_sign_in_or_an_administrator_opens_it():
    who = person("agent")
    for _ in range(5):
        signin.failed(username="agent", address="10.0.0.1", now=NOW)

    assert queries.is_locked("agent", "10.9.9.9", NOW)
    assert queries.is_locked("AGENT ", "", NOW)
    assert not queries.is_locked("agent", "", NOW + timedelta(minutes=15))
    assert queries.locked_until([who], NOW) == {"agent": NOW + timedelta(minutes=15)}
    assert told() == [("agent", "sign_in_failed")] * 5 + [("system", "locked_out")]

    signin.unlock(username="agent", actor=actor("admin"), now=NOW)

    assert not queries.is_locked("agent", "", NOW)
    assert told()[-1] == ("admin", "unlock")


def test_fifty_failures_from_one_address_lock_the_address():
    for n in range(50):
        signin.failed(username=f"guess{n}", address="10.0.0.1", now=NOW)

    assert queries.is_locked("agent", "10.0.0.1", NOW)
    assert not queries.is_locked("agent", "10.0.0.2", NOW)


def test_an_unknown_name_is_counted_and_stored_nowhere():
    signin.failed(username="13912345678", address="10.0.0.1", now=NOW)

    assert SignInTally.objects.count() == 2
    assert all("139" not in row.key and len(row.key) == 32 for row in SignInTally.objects.all())
    assert Event.objects.count() == 0


def test_signing_in_forgets_the_failures_of_the_account():
    who = person("agent")
    signin.failed(username="agent", address="10.0.0.1", now=NOW)

    opened(who)

    assert SignInTally.objects.get().key == queries.key_of("address", "10.0.0.1")


@pytest.mark.parametrize(("by", "at"), [("office", ""), ("admin", "0102")])
def test_only_their_administrator_unlocks_or_resets(by, at):
    person("station")
    for verb in (signin.unlock, signin.reset_factors):
        with pytest.raises(Refused) as wrong:
            verb(username="station", actor=actor(by, at), now=NOW)
        assert wrong.value.code == "not_found"
    assert Event.objects.count() == 0


def test_a_lost_second_factor_is_taken_away_but_never_ones_own():
    who, boss = person("station"), person("admin")
    for each in (who, boss):
        Authenticator.objects.create(user=each, type="totp", data={"secret": "x"})

    signin.reset_factors(username="station", actor=actor("admin"), now=NOW)
    with pytest.raises(Refused) as wrong:
        signin.reset_factors(username="admin", actor=actor("admin"), now=NOW)

    assert wrong.value.code == "not_your_own"
    assert (queries.with_factor([who, boss]), told("station")) == ({boss.pk}, [("admin", "factor_reset")])


def test_a_second_factor_lies_sealed_and_an_earlier_one_is_sealed_once():
    who = person("station")
    totp.TOTP.activate(who, "JBSWY3DPEHPK3PXP")
    earlier = Authenticator.objects.create(
        user=who, type="recovery_codes", data={"seed": "5eed", "used_mask": 3}
    )
    Authenticator.objects.create(user=who, type="webauthn", data={"name": "key"})

    sealed = [signin.seal_factors(now=NOW), signin.seal_factors(now=NOW)]
    earlier.refresh_from_db()
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))

    assert (sealed, told("station")) == ([1, 0], [("system", "factor_seal")])
    assert ["JBSWY3DPEHPK3PXP" in stored, "5eed" in stored] == [False, False]
    assert (factors.unseal(earlier.data["seed"]), earlier.data["used_mask"]) == ("5eed", 3)
    code = totp.format_hotp_value(
        totp.hotp_value("JBSWY3DPEHPK3PXP", next(totp.yield_hotp_counters_from_time()))
    )
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code)


@pytest.mark.parametrize("at", [0, 12, -1])
def test_a_changed_byte_of_a_sealed_factor_opens_nothing(at):
    raw = bytearray(base64.b64decode(factors.seal("5eed").removeprefix(factors.MARK)))
    raw[at] ^= 1

    with pytest.raises(InvalidTag):
        factors.unseal(factors.MARK + base64.b64encode(raw).decode())


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one():
    who = person("agent")
    here, _ = opened(who), opened(who)

    signin.password_changed(person=who, sign_in_id=here.pk, session_key="fresh", now=NOW)

    here.refresh_from_db()
    assert (here.session_key, queries.open_sessions(who)) == ("fresh", [here])
    assert told()[-2:] == [("agent", "password_change"), ("agent", "session_end")]


def test_a_second_factor_that_changes_is_written_down():
    signin.factor_changed(person=person("agent"), verb="factor_add", kind="totp", now=NOW)

    event = Event.objects.get()
    assert (event.actor, event.verb, event.detail) == ("agent", "factor_add", {"kind": "totp"})


def test_what_cannot_be_written_down_did_not_happen(monkeypatch):
    who = person("agent")
    monkeypatch.setattr(chain, "_INSERT", "INSERT INTO nowhere VALUES (%s)")

    with pytest.raises(Exception, match=r"."):
        opened(who)

    assert SignIn.objects.count() == 0


def test_whoever_stops_working_here_is_out_of_every_session_at_once():
    gone = opened(person("agent"))
    other = opened(person("lead"))

    org.end_person(username="agent", actor=actor("admin"), now=NOW)

    gone.refresh_from_db()
    other.refresh_from_db()
    assert (gone.ended_at, gone.ended_why, other.ended_at) == (NOW, "deactivated", None)
    assert list(Session.objects.values_list("session_key", flat=True)) == [other.session_key]
    assert ("system", "session_end") in told()


def test_a_try_that_a_lock_overtook_neither_opens_nor_unlocks():
    person("agent")
    overtaken = [signin.failed(username="agent", address="10.0.0.1", now=NOW) for _ in range(9)]

    admitted = [
        signin.admitted(username="agent", address=address, now=NOW + timedelta(minutes=minutes))
        for address, minutes in (("10.0.0.1", 0), ("10.0.0.2", 14), ("10.0.0.2", 15))
    ]

    assert overtaken == [False] * 5 + [True] * 4
    assert admitted == [False, False, True]
    assert told() == [("agent", "sign_in_failed")] * 5 + [("system", "locked_out")]


def test_an_address_stays_locked_under_more_failures():
    for n in range(55):
        signin.failed(username=f"guess{n}", address="10.0.0.1", now=NOW)

    assert not signin.admitted(username="agent", address="10.0.0.1", now=NOW + timedelta(minutes=14))


def test_a_stranger_locks_nobody_out_of_where_they_came_in_before():
    who = person("agent")
    opened(who)
    for _ in range(5):
        signin.failed(username="AGENT", address="10.9.9.9", now=NOW)

    assert queries.is_locked("agent", "10.9.9.8", NOW)
    assert not queries.is_locked("agent", "10.0.0.1", NOW)
    for _ in range(5):
        signin.failed(username="Agent", address="10.0.0.1", now=NOW)
    assert queries.is_locked("agent", "10.0.0.1", NOW)
    assert queries.locked_until([who], NOW) == {"agent": NOW + timedelta(minutes=15)}

    signin.unlock(username="agent", actor=SYSTEM, now=NOW)

    assert not queries.is_locked("agent", "10.9.9.9", NOW)
    assert not queries.is_locked("agent", "10.0.0.1", NOW)
