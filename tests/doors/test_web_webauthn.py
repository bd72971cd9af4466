"""Security keys and authenticator apps in a real browser, under the policy that allows no inline script."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from suyuan.store.models import Event, SignIn
from tests.factories import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "let me in 1"


@pytest.fixture
def key(page):
    """Plug a security key in that always answers; return the faults the browser finds."""
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.set_default_timeout(30_000)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return faults


def enter(page, url: str, name: str) -> None:
    """Sign in by password."""
    page.goto(url + "/accounts/login/")
    page.fill('input[name="login"]', name)
    page.fill('input[name="password"]', PASSWORD)
    page.click('form[action="/accounts/login/"] button')


def somebody(role: str) -> str:
    """Make somebody who signs in by password; return the user name."""
    found = person(role)
    found.set_password(PASSWORD)
    found.save()
    return found.username


def test_a_passkey_is_added_and_opens_the_door_alone(live_server, page, key):
    url = live_server.url.replace("127.0.0.1", "localhost")
    enter(page, url, somebody("admin"))
    assert page.url == f"{url}/accounts/2fa/"

    page.goto(url + "/accounts/2fa/webauthn/add/")
    page.get_by_label("安全密钥的名称").fill("工牌")
    page.check('input[name="passwordless"]')
    page.click("#mfa_webauthn_add")
    page.wait_for_url(re.compile("recovery-codes|webauthn/$"))
    page.context.clear_cookies()
    page.goto(url + "/accounts/login/?next=/units/")
    page.click("#passkey_login")
    page.wait_for_url(url + "/units/")

    assert key == []
    assert SignIn.objects.latest("pk").method == "webauthn"
    assert "factor_add" in Event.objects.values_list("verb", flat=True)


def test_an_authenticator_app_is_set_up_and_asked_for(live_server, page, key):
    url = live_server.url.replace("127.0.0.1", "localhost")
    enter(page, url, somebody("audit"))
    page.goto(url + "/accounts/2fa/totp/activate/")
    secret = page.input_value("#authenticator_secret")

    def code(ahead: int = 0) -> str:
        return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))

    page.fill('input[name="code"]', code())
    page.click('form[action="/accounts/2fa/totp/activate/"] button')
    page.wait_for_url(re.compile("recovery-codes|2fa/$"))
    page.goto(url + "/accounts/2fa/recovery-codes/")
    page.click("[data-toggle=copy]")
    assert page.evaluate("getSelection().toString()").split() == page.inner_text("#recovery_codes").split()
    assert len(page.inner_text("#recovery_codes").split()) == 10
    page.context.clear_cookies()
    enter(page, url, "audit")

    assert page.url.startswith(url + "/accounts/2fa/authenticate/")
    assert sorted(Authenticator.objects.values_list("type", flat=True)) == ["recovery_codes", "totp"]
    assert key == []
