"""Single sign-on: the provider says who somebody is, our register says whether they work here."""

import hmac
import secrets

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import get_client_ip
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.openid_connect import views
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from requests import RequestException

from suyuan.actions import signin as verbs
from suyuan.domain.errors import Refused

from . import errors

PROVIDER = "office"
"""The name of the one provider in our addresses."""


class Asking(OpenIDConnectProvider):
    """Asks the provider with a nonce that the identity token has to carry, which the library leaves out.

    What is asked for is ours to say: the library would let the address of the button add to it.
    """

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, object]:
        """Return what is asked for; the nonce is kept in the session beside the state."""
        nonce = secrets.token_urlsafe(24)
        return super().get_redirect_from_request_kwargs(request) | {
            "process": AuthProcess.LOGIN,
            "scope": self.get_scope(),
            "auth_params": self.get_auth_params() | {"nonce": nonce},
            "nonce": nonce,
        }


class Register(DefaultSocialAccountAdapter):
    """Signs in the person of the register whose user name the provider's claim gives, and nobody else.

    Nothing is linked or stored: the claim decides each time, so that a person who leaves is out at once.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:  # noqa: ARG002 its signature
        """Return False: there is no self sign-up."""
        return False

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Asking:
        """Return the one provider there is."""
        return Asking(request, app=self.get_app(request, provider=provider, client_id=client_id))

    def pre_social_login(self, request: HttpRequest, sociallogin) -> None:  # type: ignore[no-untyped-def]
        """Put the person of the register in; refuse who is not in it, or no longer active."""
        said = sociallogin.account.extra_data
        token, told = said.get("id_token", {}), said.get("userinfo", {})
        if not _answers(token, sociallogin.state) or told.get("sub", token["sub"]) != token["sub"]:
            raise ImmediateHttpResponse(errors.page(request, Refused("sign_on_failed")))
        claims = token | told
        username = str(claims.get(settings.OIDC["claim"]) or "")
        person = get_user_model().objects.filter(username=username).first() if username else None
        if person is None or not person.is_active:
            verbs.failed(username=username, address=get_client_ip(request) or "", now=timezone.now())
            code = "not_in_register" if person is None else "person_inactive"
            raise ImmediateHttpResponse(errors.page(request, Refused(code)))
        sociallogin.user = person

    def on_authentication_error(self, request: HttpRequest, *_: object, **facts: object) -> None:
        """Say that the provider did not answer, or that what came back was not what was asked for."""
        down = isinstance(facts.get("exception"), RequestException)
        code = "sign_on_unreachable" if down else "sign_on_failed"
        raise ImmediateHttpResponse(errors.page(request, Refused(code)))


def _answers(token: dict[str, object], asked: dict[str, object]) -> bool:
    """Tell whether an identity token answers what this session asked; another's carries another nonce."""
    given, kept = str(token.get("nonce") or ""), str(asked.get("nonce") or "")
    return bool(kept) and hmac.compare_digest(given.encode(), kept.encode())


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the provider; say so where it cannot be asked how."""
    try:
        return views.login(request, provider_id)
    except RequestException:
        return errors.page(request, Refused("sign_on_unreachable"))


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take what the provider sends back; say so where it cannot be asked about it."""
    try:
        return views.callback(request, provider_id)
    except RequestException:
        return errors.page(request, Refused("sign_on_unreachable"))


urls = [
    path("accounts/oidc/<str:provider_id>/login/", login, name="openid_connect_login"),
    path("accounts/oidc/<str:provider_id>/login/callback/", callback, name="openid_connect_callback"),
]
