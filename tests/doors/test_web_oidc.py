"""Single sign-on against a provider on this machine: who comes in, and everybody who does not."""

import re
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests
from django.test import Client

from suyuan.store.models import Event, Person, SignIn
from suyuan.web import checks
from tests.factories import person

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("default::DeprecationWarning"),  # of the provider, in its own thread
]


@pytest.fixture(scope="module")
def provider():
    known = [
        oidc_provider_mock.User(sub=f"id-{name}", claims={"preferred_username": name})
        for name in ("office", "ghost")
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=known) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def configured(settings, provider):
    """Configure the provider as the environment does."""
    use(settings, provider)
    return provider


def use(settings, url: str) -> None:
    """Point the console to a provider."""
    settings.OIDC = {"url": url, "name": "公司门户", "client": "suyuan", "claim": "preferred_username"}
    app = {
        "provider_id": "office",
        "name": "公司门户",
        "client_id": "suyuan",
        "secret": "s",
        "settings": {"server_url": url},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


def go(client: Client, who: str, next_page: str = "/queue/", on_the_way=str):
    """Press the button and sign in at the provider; return where it sends the browser back to."""
    asked = client.post(f"/accounts/oidc/office/login/?next={next_page}")
    assert asked.status_code == 302
    there = requests.post(on_the_way(asked.url), data={"sub": who}, allow_redirects=False, timeout=5)
    back = urlsplit(there.headers["Location"])
    return f"{back.path}?{back.query}", parse_qs(urlsplit(asked.url).query)


def test_the_button_names_the_provider_and_forms_may_lead_there(client, configured):
    answer = client.get("/accounts/login/")

    assert "用 公司门户 登录" in answer.content.decode()
    assert f"form-action 'self' {configured}" in answer.headers["Content-Security-Policy"]


def test_without_a_provider_there_is_no_button(client):
    assert "/accounts/oidc/" not in client.get("/accounts/login/").content.decode()


def test_a_person_of_the_register_comes_in_and_nothing_is_linked(client, configured):
    person("office")

    back, asked = go(client, "id-office")
    answer = client.get(back)

    assert (answer.status_code, answer.url) == (302, "/queue/")
    assert client.get("/queue/").status_code == 200
    assert asked["code_challenge_method"] == ["S256"]
    assert SignIn.objects.get().method == "oidc"
    assert list(Event.objects.values_list("verb", flat=True)) == ["sign_in"]


def test_a_role_that_needs_a_second_factor_has_it_at_the_provider(client, configured):
    who = person("admin", username="office")

    client.get(go(client, "id-office")[0])

    assert (who.username, client.get("/units/").status_code) == ("office", 200)


@pytest.mark.parametrize(("who", "code"), [("id-ghost", "not_in_register"), ("id-office", "person_inactive")])
def test_who_is_unknown_or_inactive_is_refused_with_the_reason(client, configured, who, code):
    person("office")
    Person.objects.update(is_active=False)

    answer = client.get(go(client, who)[0])

    assert (answer.status_code, answer.context["code"]) == (403, code)
    assert (client.get("/queue/").status_code, SignIn.objects.count(), Person.objects.count()) == (302, 0, 1)


def test_an_answer_nobody_asked_for_is_refused(client, configured):
    person("office")
    back, _ = go(client, "id-office")

    stranger = Client().get(back)
    forged = client.get(back.replace("state=", "state=x"))

    assert {(a.status_code, a.context["code"]) for a in (stranger, forged)} == {(403, "sign_on_failed")}


def other_nonce(url: str) -> str:
    """Return what is asked of the provider with the nonce of somebody else's session."""
    return re.sub(r"nonce=[\w-]+", "nonce=anothers", url)


def no_nonce(url: str) -> str:
    """Return what is asked of the provider without a nonce."""
    return re.sub(r"&nonce=[\w-]+", "", url)


@pytest.mark.parametrize("on_the_way", [other_nonce, no_nonce])
def test_an_identity_that_was_not_stated_for_this_sign_in_is_refused(client, configured, on_the_way):
    person("office")
    back, asked = go(client, "id-office", on_the_way=on_the_way)

    answer = client.get(back)

    assert len(asked["nonce"][0]) == 32
    assert (answer.status_code, answer.context["code"]) == (403, "sign_on_failed")
    assert (client.get("/queue/").status_code, SignIn.objects.count()) == (302, 0)


def test_every_sign_in_asks_with_a_nonce_of_its_own(client, configured):
    person("office")

    nonces = [go(client, "id-office")[1]["nonce"] for _ in range(2)]

    assert nonces[0] != nonces[1]


def test_the_address_of_the_button_adds_nothing_to_what_is_asked(client, configured):
    added = "auth_params=nonce%3Dmine%26acr_values%3Dnone&scope=admin&process=connect"

    asked = parse_qs(urlsplit(client.post(f"/accounts/oidc/office/login/?{added}").url).query)

    assert (sorted(asked["scope"][0].split()), "acr_values" in asked, asked["nonce"] == ["mine"]) == (
        ["email", "openid", "profile"],
        False,
        False,
    )


def test_a_code_is_good_once(client, configured):
    person("office")
    back, _ = go(client, "id-office")
    client.get(back)

    again = client.get(back)

    assert (again.status_code, again.context["code"]) == (403, "sign_on_failed")


def test_a_provider_that_is_down_says_so(client, settings):
    use(settings, "http://localhost:1")

    answer = client.post("/accounts/oidc/office/login/")

    assert (answer.status_code, answer.context["code"]) == (502, "sign_on_unreachable")


def test_the_button_is_no_link_and_asks_for_its_token(configured):
    assert Client().get("/accounts/oidc/office/login/").status_code == 200
    assert Client(enforce_csrf_checks=True).post("/accounts/oidc/office/login/").status_code == 403


@pytest.mark.parametrize(
    ("url", "client_id", "ids"),
    [
        ("", "", []),
        ("https://sso.example", "suyuan", []),
        ("http://127.0.0.1:9000", "suyuan", []),
        ("https://sso.example", "", ["suyuan.E020"]),
        ("http://sso.example", "suyuan", ["suyuan.E021"]),
    ],
)
def test_a_provider_half_named_or_in_the_clear_stops_the_start(settings, url, client_id, ids):
    settings.OIDC = {"url": url, "name": "", "client": client_id, "claim": ""}

    assert [found.id for found in checks.provider_is_complete()] == ids
