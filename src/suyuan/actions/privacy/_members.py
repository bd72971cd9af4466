"""Where something of somebody who worked here lies, and how it goes: all but the user name.

Events name people by user name alone, so the chains say who did what as before, and no longer who that was.
"""

from collections.abc import Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db.models import F, Q, QuerySet

from suyuan.domain.procedure import Actor
from suyuan.store.models import (
    ApiKey,
    Attention,
    Case,
    LegalHold,
    Person,
    Preference,
    Reading,
    ReadMark,
    SavedView,
    SignIn,
    SignInTally,
)
from suyuan.store.queries import signin

from ._marks import Mark

BLANK = ("email", "phone", "employee_number", "seat", "competence", "tags")
PHONE = ("phone_sealed", "phone_clear")
KEPT = tuple(name for name in BLANK if name != "phone")
"""The columns of what is blanked that hold it as it is; the work phone has two of its own."""
FIELDS = ("name", "password", *KEPT, *PHONE)
THEIRS = {
    "sign_ins": (SignIn, "person"),
    "api_keys": (ApiKey, "owner"),
    "second_factors": (Authenticator, "user"),
    "mail_addresses": (EmailAddress, "user"),
    "single_sign_on": (SocialAccount, "user"),
    "saved_views": (SavedView, "owner"),
    "preferences": (Preference, "person"),
    "seen_cases": (Attention, "person"),
    "read_messages": (Reading, "person"),
    "read_marks": (ReadMark, "person"),
}
"""Rows of somebody's own that go with them; posts and roles held stay, they name no more than the user."""


def found(person: Person) -> dict[str, int]:
    """Return how much of somebody lies where."""
    named = bool(_named().filter(pk=person.pk))
    return {"register": int(named)} | {
        name: table.objects.filter(**{field: person}).count() for name, (table, field) in THEIRS.items()
    }


def _named() -> "QuerySet[Person]":
    """Return those of whom the register still says who they are."""
    return Person.objects.exclude(
        Q(name=F("username")) & Q(**dict.fromkeys((*KEPT, "phone_clear"), ""), phone_sealed=None)
    )


def held() -> set[str]:
    """Return the user names that held cases stand under: a hold keeps who worked on it."""
    cases = Case.objects.filter(pk__in=LegalHold.objects.filter(released_at=None).values("case"))
    rows = cases.values_list("owner", "handler", "handlers")
    return {name for owner, handler, handlers in rows for name in (owner, handler, *handlers) if name}


def left_before(before: datetime) -> "QuerySet[Person]":
    """Return who left before a moment and is still named, and whom no hold keeps."""
    return _named().filter(is_active=False, ended_at__lt=before).exclude(username__in=held())


def held_before(before: datetime) -> "QuerySet[Person]":
    """Return who left before a moment and is kept by a hold."""
    return _named().filter(is_active=False, ended_at__lt=before, username__in=held())


def remove(these: Sequence[int], _actor: Actor, _now: datetime) -> list[Mark]:
    """Remove what is known of people who left."""
    rows = list(Person.objects.select_for_update(of=("self",)).filter(pk__in=these).order_by("pk"))
    for person in rows:
        Session.objects.filter(
            session_key__in=SignIn.objects.filter(person=person).values("session_key")
        ).delete()
        SignInTally.objects.filter(key__in=signin.every_account_key(person)).delete()
        for table, field in THEIRS.values():
            table.objects.filter(**{field: person}).delete()
        person.name = person.username
        for name in BLANK:
            setattr(person, name, "")
        person.set_unusable_password()
        person.save(update_fields=FIELDS)
    return [("person", person.username) for person in rows]
