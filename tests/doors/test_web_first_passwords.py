"""First passwords: changed before anything else, confirmed by a second person."""

import json

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from suyuan.actions import org, signin
from suyuan.domain.procedure import SYSTEM
from suyuan.store.models import Event, Person
from suyuan.web.signin import StaffOnly
from tests.factories import NOW, actor, case_at, person

pytestmark = pytest.mark.django_db
PASSWORD = "let me in 1"
NEW = "只有我知道的口令 9"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def enter(name: str, password: str = PASSWORD):
    """Sign in as a person does; return the browser and the answer."""
    client = Client()
    return client, client.post("/accounts/login/", {"login": name, "password": password})


def issued(role: str) -> str:
    """Return the first password that the administrator made for somebody."""
    person(role)
    return org.first_password(username=role, actor=actor("admin"), now=NOW)


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def test_a_first_password_opens_the_page_that_changes_it_and_nothing_else():
    first = issued("station")
    client, answer = enter("station", first)

    assert answer.status_code == 302
    for address in ("/", "/queue/", "/inbox/", "/me/keys/", "/accounts/2fa/"):
        sent = client.get(address)
        assert (sent.status_code, sent.headers["Location"]) == (302, "/accounts/password/change/")
    page = client.get("/queue/", follow=True).content.decode()
    assert "这个口令是 admin 于 2026-03-04 10:30 发的" in page
    typed = {"oldpassword": first, "password1": NEW, "password2": NEW}
    assert client.post("/accounts/password/change/", typed).url == "/"
    assert client.get("/queue/").status_code == 200
    assert Person.objects.get(username="station").password_by == ""


def test_an_administrator_reads_no_restricted_case_by_the_password_he_made():
    case = case_at("registered")
    first = issued("leader")

    client, answer = enter("leader", first)

    assert answer.status_code == 403
    assert "还没有经第二人确认" in answer.content.decode()
    assert client.get(f"/case/{case.number}/").status_code == 302
    assert client.get("/accounts/password/change/").status_code == 302
    assert "须由第二人确认后才能用" in signed_in("admin").post("/people/leader/password/").content.decode()


def test_the_audit_desk_confirms_and_the_maker_does_not():
    first = issued("leader")
    maker, auditor = signed_in("admin"), signed_in("audit")

    assert "leader" not in maker.get("/signins/passwords/").content.decode().partition("<main")[2]
    assert maker.post("/signins/passwords/confirm/", {"key": ["leader"]}).status_code == 409
    assert auditor.get("/signins/passwords/").content.decode().count("<tr data-row>") == 1
    assert auditor.post("/signins/passwords/confirm/", {"key": ["leader"]}).url == "/signins/passwords/"

    client, answer = enter("leader", first)
    assert (answer.status_code, client.get("/queue/").headers["Location"]) == (
        302,
        "/accounts/password/change/",
    )
    assert auditor.post("/signins/passwords/refuse/", {"key": ["leader"]}).status_code == 302
    assert client.get("/queue/").headers["Location"].startswith("/accounts/login/")
    assert enter("leader", first)[1].status_code == 200


def test_ones_own_second_factor_confirms_and_its_wrong_codes_lock(monkeypatch):
    TOTP.activate(person("leader"), "A" * 32)
    first = issued("leader")
    client, answer = enter("leader", first)
    assert answer.url == "/accounts/2fa/authenticate/"

    monkeypatch.setattr(TOTP, "validate_code", lambda _, code: code == "123456")
    client.post("/accounts/2fa/authenticate/", {"code": "123456"})

    assert client.get("/queue/").headers["Location"] == "/accounts/password/change/"
    assert Person.objects.get(username="leader").password_confirmed_by == "leader"


def test_a_security_key_is_offered_to_whoever_has_one():
    who = person("office")
    who.set_password(PASSWORD)
    who.save()
    TOTP.activate(who, "A" * 32)
    client, _ = enter("office")

    page = client.get("/accounts/2fa/authenticate/").content.decode()

    assert 'name="code"' in page
    assert "webauthn" not in page


def test_a_wrong_code_while_the_app_is_set_up_names_the_clock_and_no_recovery_code():
    who = person("agent")
    who.set_password(PASSWORD)
    who.save()
    client, _ = enter("agent")
    client.get("/accounts/2fa/totp/activate/")

    page = client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).content.decode()

    assert "手机时间要设成自动" in page
    assert "恢复码" not in page.partition('class="invalid-feedback d-block">')[2].partition("</div>")[0]


@pytest.mark.parametrize("address", ["/accounts/2fa/authenticate/", "/accounts/2fa/reauthenticate/"])
def test_wrong_codes_lock_whichever_process_they_meet(monkeypatch, address):
    who = person("office")
    who.set_password(PASSWORD)
    who.save()
    TOTP.activate(who, "A" * 32)
    monkeypatch.setattr(TOTP, "validate_code", lambda _, code: code == "123456")
    client, _ = enter("office")
    if "reauthenticate" in address:
        client.post("/accounts/2fa/authenticate/", {"code": "123456"})

    for _ in range(5):
        cache.clear()  # another process knows nothing of this one's memory
        client.post(address, {"code": "000000"})
    answer = client.post(address, {"code": "123456"})

    assert answer.status_code == 200
    assert "失败" in answer.content.decode()
    assert Event.objects.filter(verb="locked_out").count() == 1
    signin.unlock(username="office", actor=SYSTEM, now=timezone.now())
    assert client.post(address, {"code": "123456"}).status_code == 302


def test_the_right_password_of_a_try_that_a_lock_overtook_is_told_what_wrong_ones_are(monkeypatch):
    who = person("office")
    who.set_password(PASSWORD)
    who.save()
    for _ in range(5):
        enter("office", "wrong")
    monkeypatch.setattr(StaffOnly, "pre_authenticate", lambda *_, **__: None)  # all were let through before

    said = [list(enter("office", word)[1].context["form"].non_field_errors()) for word in ("wrong", PASSWORD)]

    assert said[0] == said[1]
    assert Event.objects.filter(verb="sign_in").count() == 0


def test_an_office_with_one_administrator_is_helped_on_the_server(suyuan):
    issued("leader")

    _, done, _ = suyuan("people", "confirm-password", "leader", "--json")
    _, made, _ = suyuan("people", "first-password", "admin", "--json")
    _, unlocked, _ = suyuan("people", "unlock", "admin", "--as", "admin", "--json")

    assert json.loads(done) == {"person": "leader", "confirmed_by": "system"}
    assert Person.objects.get(username="admin").check_password(json.loads(made)["password"])
    assert json.loads(unlocked) == {"person": "admin", "unlocked_by": "admin"}
    verbs = Event.objects.filter(stream="register:org").order_by("seq").values_list("actor", "verb")
    assert list(verbs) == [
        ("admin", "first_password"),
        ("system", "first_password_confirm"),
        ("system", "first_password"),
    ]


@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/accounts/reauthenticate/", "/accounts/password/change/"]
)
def test_no_page_leads_to_a_reset_that_nobody_may_open(address):
    who = person("office")
    who.set_password(PASSWORD)
    who.save()
    client = Client() if "login" in address else signed_in("office")

    page = client.get(address).content.decode()

    assert ("password/reset" in page, page.count("请找管理员发新的初始口令")) == (False, 1)


def test_once_a_second_factor_is_set_up_the_way_leads_on():
    client = signed_in("office")
    before = client.get("/accounts/2fa/").content.decode()
    TOTP.activate(person("office"), "A" * 32)

    after = client.get("/accounts/2fa/").content.decode()

    assert ("已设好，继续" in before, "已设好，继续" in after) == (False, True)
