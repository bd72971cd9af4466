"""A call is not lost with the session: what was typed stays in the page until it is taken in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from suyuan.store.models import Case
from tests.factories import person

pytestmark = pytest.mark.django_db
SAID = {"channel": "95598", "business_type": "complaint", "text": "三个月未抄表", "phone": "13912345678"}


def token(page) -> str:
    """Return the token of the form of a page."""
    return str(page.context["csrf_token"])


def left_alone(client: Client) -> None:
    """Let the session be over."""
    session = client.session
    session["opened_at"] = session["seen_at"] = (timezone.now() - timedelta(days=3)).timestamp()
    session.save()


@pytest.mark.parametrize("how", ["expired", "signed out"])
def test_what_was_typed_is_taken_in_after_signing_in_again(how: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("agent"))
    page = client.get("/contact/new/")
    said = SAID | {"mark": page.context["mark"], "csrfmiddlewaretoken": token(page)}
    left_alone(client) if how == "expired" else client.session.flush()

    refused = client.post("/contact/new/", said)

    text = refused.content.decode()
    assert (refused.status_code, Case.objects.count()) == (401, 0)
    assert ("三个月未抄表" in text, 'value="13912345678"' in text) == (True, True)
    assert 'target="_blank"' in text
    assert all("13912345678" not in str(value) for value in client.session.values())

    client.force_login(person("agent"))
    said |= {"mark": refused.context["mark"], "csrfmiddlewaretoken": token(refused)}
    answer = client.post("/contact/new/", said)
    assert (answer.status_code, answer.url) == (302, f"/case/{Case.objects.get().number}/")


def test_a_token_of_before_signing_in_again_keeps_what_was_typed() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("agent"))
    client.get("/contact/new/")

    stale = client.post("/contact/new/", SAID | {"mark": "m", "csrfmiddlewaretoken": "x" * 64})
    again = SAID | {"mark": stale.context["mark"], "csrfmiddlewaretoken": token(stale)}
    answer = client.post("/contact/new/", again)

    assert (stale.status_code, stale.context["mark"], "三个月未抄表" in stale.content.decode()) == (
        403,
        "m",
        True,
    )
    assert (answer.status_code, Case.objects.count()) == (302, 1)


def test_a_stale_token_elsewhere_is_refused_as_before() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("agent"))

    assert client.post("/queue/seen/").status_code == 403


def test_a_look_up_without_a_session_shows_no_page() -> None:
    answer = Client().post("/contact/lookup/", {"phone": "13912345678"})

    assert answer.status_code == 302
