"""One rule for passwords at every door, and one hash for every try, whoever there is."""

import runpy

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client

from suyuan.config import settings
from suyuan.store.models import Person
from suyuan.web import begin
from tests.factories import person

pytestmark = pytest.mark.django_db
PASSWORD = "let me in 1"
WEAK = [
    ("111111", "too_short"),
    ("password123", "password_too_common"),
    ("zhangsanfeng1", "password_too_similar"),
]
FINE = "correct horse 7"


class Counting(MD5PasswordHasher):
    """A quick hash that counts itself."""

    count = 0

    def encode(self, *given: object, **named: object) -> str:
        """Return the hash."""
        Counting.count += 1
        return super().encode(*given, **named)


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    cache.clear()  # the library counts changes of a password there


@pytest.mark.parametrize(("password", "why"), WEAK)
def test_a_weak_password_begins_no_office(password, why, suyuan):
    given = {"company": "供电公司", "username": "zhangsanfeng", "name": "张", "setup_code": begin.make_code()}

    page = Client().post("/begin/", given | {"password": password})
    code, _, said = suyuan(
        "people",
        "first-admin",
        "zhangsanfeng",
        "--name",
        "张",
        "--company",
        "供电公司",
        "--password",
        password,
    )

    assert (page.status_code, page.content.decode().count("invalid-feedback")) == (422, 1)
    assert (code, why in said) == (2, True)
    assert Person.objects.count() == 0


@pytest.mark.parametrize("password", [*(weak for weak, _ in WEAK), PASSWORD])
def test_a_weak_password_replaces_none_and_a_first_one_is_not_kept(password):
    who = person("office", username="zhangsanfeng")
    who.set_password(PASSWORD)
    who.password_by = "admin"
    who.save()
    client = Client()
    client.force_login(who)

    def change(to: str) -> int:
        typed = {"oldpassword": PASSWORD, "password1": to, "password2": to}
        return client.post("/accounts/password/change/", typed).status_code

    assert (change(password), Person.objects.get().check_password(PASSWORD)) == (200, True)
    assert (change(FINE), Person.objects.get().check_password(FINE)) == (302, True)


@pytest.mark.parametrize("name", ["office", "nobody"])
def test_a_wrong_password_is_hashed_once_whether_or_not_there_is_such_an_account(name):
    who = person("office")
    who.set_password(PASSWORD)
    who.save()
    Counting.count = 0

    Client().post("/accounts/login/", {"login": name, "password": "wrong"})

    assert Counting.count == 1


@pytest.mark.parametrize(("tls", "seconds"), [("1", 365 * 24 * 3600), ("", 0)])
def test_over_https_browsers_are_told_to_stay_there(monkeypatch, tls, seconds):
    monkeypatch.setenv("SUYUAN_TLS", tls)

    assert runpy.run_path(settings.__file__, run_name=settings.__name__)["SECURE_HSTS_SECONDS"] == seconds
