"""What is known of somebody who left goes; the user name, and with it what was done, stays."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db import connection

from suyuan.actions import org
from suyuan.actions.privacy import members, retention, rights
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.store import chain, rules
from suyuan.store.models import ApiKey, Case, Event, Person, SavedView, SignIn
from tests.factories import NOW, actor, case_at, person
from tests.rulebook_entries import landed

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
PLANTED = ("李离岗", "13711112222", "li@example.com", "E20260001", "10.1.2.3", "Firefox 130")


@pytest.fixture
def gone() -> Person:
    """Return somebody who handled a case, signed in, and left."""
    case_at("archived")
    who = person("station")
    who.name, who.phone, who.email, who.employee_number, who.seat = (*PLANTED[:4], "8012")
    who.set_password("gone"), who.save()
    plain = {"method": "password", "opened_at": NOW, "seen_at": NOW}
    SignIn.objects.create(person=who, session_key="k1", address=PLANTED[4], browser=PLANTED[5], **plain)
    Session.objects.create(session_key="k1", session_data="", expire_date=LATER)
    Authenticator.objects.create(user=who, type="totp", data={})
    EmailAddress.objects.create(user=who, email=PLANTED[2])
    SocialAccount.objects.create(user=who, provider="oidc", uid="1", extra_data={"name": PLANTED[0]})
    SavedView.objects.create(owner=who, name="张三的单", query="q=1")
    person("admin")
    org.end_person(username="station", actor=actor("admin"), now=NOW)
    return Person.objects.get(pk=who.pk)


def shred(by: str = "admin", username: str = "station") -> dict[str, int]:
    return members.shred_member(username=username, actor=actor(by), now=LATER)


def refused(by: str = "admin", username: str = "station") -> str:
    with pytest.raises(Refused) as no:
        shred(by, username)
    return no.value.code


def everything() -> str:
    """Return every value of every table as text."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith("store_search"):
                cursor.execute(f'SELECT * FROM "{table}"')
                said += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(said)


def test_everything_known_of_them_goes_and_the_chains_still_verify(gone):
    clear = [planted for planted in PLANTED if planted != PLANTED[1]]
    assert [planted for planted in PLANTED if planted in everything()] == clear
    assert gone.phone == PLANTED[1]

    reached = shred()

    assert {name: count for name, count in reached.items() if count} == {
        "register": 1,
        "sign_ins": 1,
        "second_factors": 1,
        "mail_addresses": 1,
        "single_sign_on": 1,
        "saved_views": 1,
    }
    assert [planted for planted in PLANTED if planted in everything()] == []
    assert Person.objects.get(pk=gone.pk).phone_sealed is None
    assert (Session.objects.count(), chain.verify()[0] > 1) == (0, True)


def test_the_user_name_stays_and_the_case_still_says_who_handled_it(gone):
    shred()
    left = Person.objects.get(pk=gone.pk)
    event = Event.objects.get(verb="shred_member")

    assert (left.name, left.has_usable_password(), left.is_active) == ("station", False, False)
    assert Case.objects.get().handler == "station"
    assert (event.actor, event.objects_json) == ("admin", [["person", "station"]])
    assert left.holdings.count() == gone.holdings.count()


def test_a_second_time_finds_nothing(gone):
    shred()

    assert set(shred().values()) == {0}


def test_the_key_of_a_program_that_acted_as_them_goes(gone):
    ApiKey.objects.create(
        owner=gone, name="周报", prefix="sy1", digest="d", made_at=NOW, made_by="admin", expires_at=LATER
    )

    assert (shred()["api_keys"], ApiKey.objects.count()) == (1, 0)


def test_it_is_refused_for_those_at_work_for_oneself_and_by_others(gone):
    assert refused(username="agent") == "still_at_work"
    assert refused(username="admin") == "not_your_role"
    assert refused(by="lead") == "not_your_role"
    with pytest.raises(BadInput):
        shred(username="nobody")


def test_a_held_case_keeps_who_worked_on_it(gone):
    number = Case.objects.get().number
    rights.hold(number=number, reason="诉讼", actor=actor("audit"), now=NOW)
    assert refused() == "legal_hold"

    rights.release(number=number, actor=actor("audit"), now=NOW)
    assert shred()["register"] == 1


def test_the_retention_run_does_it_when_the_period_is_over(gone):
    rules.forget()
    entry = {"title": {"zh": "保存", "en": "Keep"}, "terms": {"years": 2}, "basis": "人事办法"}
    landed("figure", {"id": "retention.person", "certainty": "Q"} | entry)
    early, late = NOW + timedelta(days=720), NOW + timedelta(days=740)

    assert "people" not in retention.shred_outlived(actor=SYSTEM, now=early)
    assert retention.shred_outlived(actor=SYSTEM, now=late)["people"] == 1
    assert (Person.objects.get(pk=gone.pk).name, chain.verify()[0] > 1) == ("station", True)
    rules.forget()
