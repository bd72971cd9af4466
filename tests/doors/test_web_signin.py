"""Who comes in, and who does not."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from suyuan.domain.vocabulary import Role
from suyuan.store.models import Case
from suyuan.web import access, checks
from tests.factories import person

pytestmark = pytest.mark.django_db


def addresses(patterns, prefix: str = "", space: str = "") -> list[tuple[str, str]]:
    """Return the name and a filled-in address of every page."""
    found = []
    for entry in patterns:
        if hasattr(entry, "url_patterns"):
            inner = f"{entry.namespace}:" if entry.namespace else ""
            found += addresses(entry.url_patterns, prefix + str(entry.pattern), space + inner)
            continue
        text = prefix + str(entry.pattern)
        text = re.sub(r"<(?:\w+:)?\w+>", "x", re.sub(r"<int:\w+>", "7", text))
        if not any(sign in text for sign in "^(?"):
            found.append((space + (entry.name or ""), "/" + text))
    return found


def test_an_anonymous_person_reaches_nothing_but_the_sign_in_pages(client: Client) -> None:
    pages = [
        (name, url) for name, url in addresses(get_resolver().url_patterns) if access.needs_signing_in(name)
    ]

    answers = {url: client.get(url) for _, url in pages}

    assert len(pages) > 15
    assert {url: answer.status_code for url, answer in answers.items() if answer.status_code != 302} == {}
    assert all(answer.url.startswith("/accounts/login/") for answer in answers.values())


def test_an_anonymous_post_is_sent_to_the_sign_in_page_and_changes_nothing(client: Client) -> None:
    answer = client.post("/case/SY1/do/register/", {"business_type": "complaint"})

    assert (answer.status_code, answer.url) == (302, "/accounts/login/")


def test_no_address_takes_a_form_without_its_token() -> None:
    """Programs carry a key and gateways a signature in its place; everything else asks for it."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("office"))
    pages = [
        (name, url) for name, url in addresses(get_resolver().url_patterns) if not name.startswith("api:")
    ]

    answers = {name: client.post(url) for name, url in pages}
    answers["a wrong one"] = client.post("/contact/lookup/", {"csrfmiddlewaretoken": "x" * 64})

    own = {"contact": "web/contact.html"}  # what was typed during a call is shown again
    taken = {
        name: answer.status_code
        for name, answer in answers.items()
        if answer.status_code != 403 or answer.templates[0].name != own.get(name, "403_csrf.html")
    }
    assert len(pages) > 100
    assert taken == {}
    assert Case.objects.count() == 0


def with_password():
    """Return somebody who can sign in with a password."""
    found = person("office")
    found.set_password("let me in 1")
    found.save()
    return found


def test_a_password_opens_the_door(client: Client) -> None:
    with_password()

    answer = client.post("/accounts/login/?next=/queue/", {"login": "office", "password": "let me in 1"})

    assert (answer.status_code, answer.url) == (302, "/queue/")
    assert client.get("/queue/").status_code == 200


def test_a_wrong_password_does_not(client: Client) -> None:
    with_password()

    answer = client.post("/accounts/login/", {"login": "office", "password": "let me in 2"})

    assert answer.status_code == 200
    assert client.get("/queue/").status_code == 302


def test_the_sign_in_page_is_ours_and_offers_no_sign_up(client: Client) -> None:
    text = client.get("/accounts/login/").content.decode()

    assert 'class="brand"' in text
    assert "signup" not in text
    assert "/demo/enter/" not in text


def test_two_step_pages_are_reachable(client: Client) -> None:
    client.force_login(person("office"))

    assert client.get(reverse("mfa_index")).status_code == 200


def test_demo_mode_shows_ten_cards_instead_of_passwords(client: Client, settings) -> None:
    settings.DEMO = True

    text = client.get("/accounts/login/").content.decode()

    assert [text.count(f"/demo/enter/{role}/") for role in Role] == [1] * 10
    assert 'type="password"' not in text


@pytest.mark.parametrize("role", list(Role))
def test_a_card_signs_its_person_in(client: Client, settings, role: Role) -> None:
    settings.DEMO = True
    person(role.value)

    answer = client.post(f"/demo/enter/{role}/")

    assert (answer.status_code, answer.url) == (302, "/")
    assert f'class="who-name">{role}<' in client.get("/queue/").content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"settings": False}, id="outside demo mode"),
        pytest.param({"REMOTE_ADDR": "10.1.2.3"}, id="from another machine"),
        pytest.param({"HTTP_X_FORWARDED_FOR": "10.1.2.3"}, id="through a proxy"),
        pytest.param({"role": "root"}, id="a role there is not"),
    ],
)
def test_a_card_opens_for_nobody_else(client: Client, settings, asked: dict[str, object]) -> None:
    settings.DEMO = asked.pop("settings", True)
    person("office")

    answer = client.post(f"/demo/enter/{asked.pop('role', 'office')}/", **asked)

    assert answer.status_code == 404
    assert client.get("/queue/").status_code == 302


def test_a_card_is_not_a_link(client: Client, settings) -> None:
    settings.DEMO = True

    assert client.get("/demo/enter/office/").status_code == 405


@pytest.mark.parametrize(
    ("demo", "hosts", "ids"),
    [
        pytest.param(True, ["127.0.0.1", "localhost", "[::1]", "a.localhost"], [], id="loopback"),
        pytest.param(True, ["127.0.0.1", "suyuan.example"], ["suyuan.E001"], id="a name"),
        pytest.param(True, ["0.0.0.0"], ["suyuan.E001"], id="every address"),  # noqa: S104  a name refused
        pytest.param(True, ["*"], ["suyuan.E001"], id="any name"),
        pytest.param(False, ["suyuan.example"], [], id="no demo"),
    ],
)
def test_demo_mode_does_not_start_beyond_loopback(
    settings, demo: bool, hosts: list[str], ids: list[str]
) -> None:
    settings.DEMO, settings.ALLOWED_HOSTS = demo, hosts

    assert [found.id for found in checks.demo_stays_home()] == ids
