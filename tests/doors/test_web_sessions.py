"""Signing in for real: lockout, sessions that end, second factors that are asked for, staff sessions."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from suyuan.actions import keys as key_verbs
from suyuan.actions import signin as verbs
from suyuan.store.models import ApiKey, Event, SignIn, StaffSession
from suyuan.store.queries import keys
from tests.factories import actor, case_at, person

pytestmark = pytest.mark.django_db

PASSWORD = "let me in 1"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def somebody(role: str = "office", at: str = "", username: str = ""):
    """Return somebody who can sign in with a password."""
    found = person(role, at, username)
    found.set_password(PASSWORD)
    found.save()
    return found


def enter(name: str = "office", password: str = PASSWORD, client: Client | None = None):
    """Sign in as a person does; return the browser and the answer."""
    client = client or Client(headers={"User-Agent": "Firefox"})
    return client, client.post("/accounts/login/", {"login": name, "password": password})


def told(username: str = "office") -> list[str]:
    """Return the verbs on a person's chain."""
    rows = Event.objects.filter(stream=f"register:person:{username}").order_by("seq")
    return list(rows.values_list("verb", flat=True))


def aged(client: Client, **minutes: int) -> None:
    """Set the ages of a browser's session back."""
    session = client.session
    for name, ago in minutes.items():
        session[name] = (timezone.now() - timedelta(minutes=ago)).timestamp()
    session.save()


def test_signing_in_opens_a_session_and_signing_out_ends_it():
    somebody()

    client, _ = enter()
    row = SignIn.objects.get()
    client.post("/accounts/logout/")

    assert (row.method, row.address, row.browser) == ("password", "127.0.0.1", "Firefox")
    assert told() == ["sign_in", "sign_out"]


def test_the_sixth_wrong_password_and_the_right_one_after_it_are_refused_alike():
    somebody()
    said = {}
    for name in ("office", "nobody"):
        tries = [enter(name, "wrong")[1] for _ in range(6)]
        said[name] = [list(answer.context["form"].non_field_errors()) for answer in tries]

    _, right = enter()

    assert said["office"] == said["nobody"]
    assert said["office"][0] != said["office"][5]
    assert list(right.context["form"].non_field_errors()) == said["office"][5]
    assert told() == ["sign_in_failed"] * 5 + ["locked_out"]


def test_a_name_that_is_no_text_is_refused_in_words_and_is_no_try():
    _, answer = enter("a\x00b", "x")

    assert (answer.status_code, "没有办理" in answer.content.decode()) == (400, True)
    assert told() == []


@pytest.mark.parametrize(
    ("ages", "why"),
    [({"seen_at": 60}, "session_idle"), ({"opened_at": 12 * 60, "seen_at": 0}, "session_too_old")],
)
def test_a_session_that_is_over_leads_back_to_the_sign_in_page_and_says_why(ages, why):
    somebody()
    client, _ = enter()
    aged(client, **ages)

    answer = client.get("/queue/?state=open", follow=True)

    assert answer.redirect_chain == [("/accounts/login/?next=/queue/", 302)]
    assert 'class="alert alert-info done-line"' in answer.content.decode()
    assert SignIn.objects.get().ended_why == why
    assert told() == ["sign_in", "session_end"]


def test_a_session_in_use_goes_on_and_is_noted_once_a_minute():
    somebody()
    client, _ = enter()
    aged(client, seen_at=59)
    before = SignIn.objects.get().seen_at

    assert client.get("/queue/").status_code == 200

    seen = SignIn.objects.get().seen_at
    client.get("/queue/")
    assert seen > before
    assert SignIn.objects.get().seen_at == seen


def test_ones_own_sessions_are_listed_and_ended():
    somebody()
    here, _ = enter()
    there, _ = enter()
    stranger, _ = enter(somebody("agent").username)
    mine = SignIn.objects.filter(person__username="office").order_by("pk")

    page = here.get("/me/sessions/").content.decode()
    here.post("/me/sessions/end/", {"key": [str(mine[1].pk)]})

    assert page.count("<tr data-row>") == 2
    assert page.count('name="key"') == 1
    assert there.get("/queue/").status_code == 302
    assert here.get("/queue/").status_code == 200
    answer = here.post("/me/sessions/end/", {"key": [str(SignIn.objects.latest("pk").pk)]})
    assert (answer.status_code, stranger.get("/queue/").status_code) == (404, 200)


def test_a_new_password_ends_the_sessions_elsewhere():
    somebody()
    here, _ = enter()
    there, _ = enter()

    changed = here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "another 2 know", "password2": "another 2 know"},
    )

    assert changed.status_code == 302
    assert (here.get("/queue/").status_code, there.get("/queue/").status_code) == (200, 302)
    assert told()[-2:] == ["password_change", "session_end"]


@pytest.mark.parametrize(
    ("role", "where"), [("admin", "/accounts/2fa/"), ("audit", "/accounts/2fa/"), ("agent", None)]
)
def test_a_role_that_needs_a_second_factor_gets_nowhere_without(role, where):
    somebody(role)
    client, _ = enter(role)

    answer = client.get("/queue/")

    assert (answer.status_code, answer.headers.get("Location")) == ((302, where) if where else (200, None))
    assert client.get("/accounts/2fa/", follow=True).status_code == 200


def test_which_roles_need_one_is_a_setting(settings):
    settings.REQUIRE_MFA = frozenset()
    somebody("admin")
    client, _ = enter("admin")

    assert client.get("/queue/").status_code == 200


def in_staff_session(client: Client, minutes: int = 30) -> None:
    """Open a staff session."""
    answer = client.post("/staff/", {"reason_text": "核对导入错误", "minutes": str(minutes)})
    assert (answer.status_code, answer.url) == (302, "/queue/")


@pytest.fixture
def boss() -> Client:
    client = Client()
    client.force_login(person("admin"))
    return client


def test_an_administrator_sees_no_case_until_a_staff_session_says_why(boss):
    case = case_at("registered")
    before = boss.get("/queue/?scope=all").content.decode()
    shut = boss.get(f"/case/{case.number}/").status_code

    in_staff_session(boss)

    after = boss.get("/queue/?scope=all&q=secret").content.decode()
    assert (case.number in before, reverse("staff") in before, shut) == (False, True, 404)
    assert "staff-line" in after
    assert boss.get(f"/case/{case.number}/").status_code == 200
    row = StaffSession.objects.get()
    said = [event.detail for event in Event.objects.filter(stream=f"register:staff:{row.pk}").order_by("seq")]
    assert said == [
        {"method": "GET", "page": "queue"},
        {"method": "GET", "page": "case", "number": case.number},
    ]


def test_a_staff_session_ends_when_it_is_closed_or_over(boss):
    case = case_at("registered")
    in_staff_session(boss)
    boss.post("/staff/close/")
    closed = boss.get(f"/case/{case.number}/").status_code
    in_staff_session(boss)

    StaffSession.objects.filter(closed_at=None).update(until=timezone.now())

    assert (closed, boss.get(f"/case/{case.number}/").status_code) == (404, 404)


@pytest.mark.parametrize(
    "form", [{"reason_text": "x", "minutes": "30"}, {"reason_text": "核对导入错误", "minutes": "61"}]
)
def test_a_staff_session_without_reason_or_end_is_refused_in_place(boss, form):
    answer = boss.post("/staff/", form)

    assert (answer.status_code, answer.content.decode().count("invalid-feedback")) == (422, 1)
    assert StaffSession.objects.count() == 0


def test_the_audit_desk_reviews_what_was_looked_at(boss):
    case = case_at("registered")
    in_staff_session(boss)
    boss.get(f"/case/{case.number}/")
    auditor = Client()
    auditor.force_login(person("audit"))

    listed = auditor.get("/staff/review/").content.decode()
    page = auditor.get(f"/staff/review/{StaffSession.objects.get().pk}/").content.decode()

    assert "核对导入错误" in listed
    assert page.count(case.number) == 1
    assert boss.get("/staff/review/").status_code == 403
    assert auditor.get("/staff/review/999/").status_code == 404


def test_an_administrator_unlocks_ends_and_resets(boss):
    who = somebody("station")
    there, _ = enter("station")
    for _ in range(5):
        verbs.failed(username="station", address="10.0.0.1", now=timezone.now())

    page = boss.get("/signins/?q=stat").content.decode()
    for verb in ("unlock", "end", "reset"):
        assert boss.post(f"/signins/{verb}/", {"key": ["station"]}).url == "/signins/"

    assert page.count('class="mark mark-warn"') == 1
    assert there.get("/queue/").status_code == 302
    assert enter("station")[1].status_code == 302
    assert [verb for verb in told(who.username) if verb in ("unlock", "session_end", "factor_reset")] == [
        "unlock",
        "session_end",
        "factor_reset",
    ]
    assert boss.post("/signins/end/", {"key": ["nobody"]}).status_code == 404


def test_a_key_is_made_shown_once_and_revoked():
    client = Client()
    client.force_login(person("office"))

    made = client.post("/me/keys/make/", {"key_name": "报表", "days": "30", "scope_read": "1"})
    row = ApiKey.objects.get()
    listed = client.get("/me/keys/").content.decode()
    client.post("/me/keys/revoke/", {"key": [row.prefix]})

    secret = made.context["made"].secret
    assert secret in made.content.decode()
    assert (keys.digest(secret), row.scopes) == (row.digest, ["read"])
    assert (secret in listed, row.prefix in listed) == (False, True)
    row.refresh_from_db()
    assert row.revoked_at is not None


@pytest.mark.parametrize(
    "form",
    [
        {"key_name": "", "days": "30", "scope_read": "1"},
        {"key_name": "x", "days": "366", "scope_read": "1"},
        {"key_name": "x", "days": "30"},
    ],
)
def test_a_key_asked_for_wrongly_is_refused_beside_the_field(form):
    client = Client()
    client.force_login(person("office"))

    answer = client.post("/me/keys/make/", form)

    assert (answer.status_code, answer.content.decode().count("invalid-feedback")) == (422, 1)
    assert ApiKey.objects.count() == 0


def test_an_administrator_revokes_the_keys_of_his_people(boss):
    now, who = timezone.now(), actor("station")
    wanted = key_verbs.Wanted(name="现场", scopes=["read"], expires_at=now + timedelta(days=1))
    key = key_verbs.make(owner="station", wanted=wanted, actor=who, now=now).key

    page = boss.get("/signins/keys/").content.decode()
    answer = boss.post("/me/keys/revoke/", {"key": [key.prefix], "verb": "administered"})

    key.refresh_from_db()
    assert (page.count(key.prefix), answer.url) == (1, "/signins/keys/")
    assert key.revoked_at is not None


@pytest.mark.parametrize("address", ["/accounts/login/", "/staff/", "/me/keys/make/", "/me/sessions/end/"])
def test_a_form_without_its_token_is_refused(address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("admin"))

    assert client.post(address, {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
