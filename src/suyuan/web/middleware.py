"""What every request passes: a content security policy, deny by default, refusals in words."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from suyuan.config.statuses import status
from suyuan.domain.errors import BadInput, Refused, RuleError
from suyuan.store import rules
from suyuan.store.queries import viewer

from . import access, bodies, contacts, errors, reading, sessions

Answer = Callable[[HttpRequest], HttpResponseBase]

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Tabler's style sheet paints its arrows and ticks with data: images; nothing else needs an exception."""


def policy() -> str:
    """Return the policy; the button of single sign-on leads to the provider, so forms may lead there."""
    if not settings.OIDC["url"]:
        return POLICY
    parts = urlsplit(settings.OIDC["url"])
    return POLICY.replace("form-action 'self'", f"form-action 'self' {parts.scheme}://{parts.netloc}")


class ContentSecurityPolicy:
    """Send the policy with every answer that does not carry a stricter one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy())
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response


class SessionLimits:
    """End a session that was left alone or lasted long enough."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return sessions.ended(request) or self.get_response(request)


class Readable:
    """Refuse what no page can read or may repeat, before anything is asked, written down or led on."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, named: dict[str, object]
    ) -> HttpResponse | None:
        """Answer 400 in words for a NUL, what is too long or somebody in an address; JSON for programs."""
        api = access.name_of(request).startswith("api:")
        refused = reading.refusal(request, named, form=not api)
        if refused is None:
            return None
        if api:
            return JsonResponse({"refused": refused.code, "facts": refused.facts}, status=status(refused))
        return errors.page(request, refused)


class Access:
    """Answer whom the table of :mod:`.access` lets in, nobody else, and hand every page its viewer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.staff = sessions.staff_session(request)  # type: ignore[attr-defined]
        request.viewer = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: viewer.of(
                request.user,
                staff=request.staff is not None,  # type: ignore[attr-defined]
                once=request.method in ("GET", "HEAD"),
            )
        )
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Send anonymous people to the sign-in page; refuse others what is not theirs to open."""
        rules.look(timezone.now())
        name = access.name_of(request)
        if not request.user.is_authenticated:
            return _to_sign_in(request) if access.needs_signing_in(name) else None
        sessions.write_down(request, name)
        refused = access.refusal(name, request.viewer.roles)  # type: ignore[attr-defined]
        if refused is not None:
            return errors.page(request, refused)
        return sessions.on_the_way(request, name)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    if request.path == reverse("contact"):
        return contacts.kept(request, HTTPStatus.UNAUTHORIZED)
    return redirect(settings.LOGIN_URL)


class Bodies:
    """Refuse a body that is too long for its address before a page reads it, whatever server there is."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = bodies.most(request.path_info, signed_in=request.user.is_authenticated)
        if not length.isdecimal() or int(length) > most:
            return errors.page(request, BadInput("body_too_long", limit=most))
        response = self.get_response(request)
        bodies.hand_out(request, response)
        return response


class RuleErrors:
    """Turn a refusal or bad input into a page in words; anything else is a bug and goes up untouched.

    An address that only takes a form and was opened by itself says so: Django answers with a blank page.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or access.name_of(request).startswith(
            "api:"
        ):
            return response
        shown = errors.page(request, Refused("only_by_form"))
        shown.headers["Allow"] = response.headers["Allow"]
        return shown

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page for a rule error, None for anything else."""
        return errors.page(request, error) if isinstance(error, RuleError) else None
