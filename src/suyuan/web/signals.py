"""What the sign-in library tells, handed on to the verbs: who came in and left, what they changed."""

from allauth.account import signals as account
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa import signals as mfa
from django.conf import settings
from django.contrib.auth import signals as auth
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from suyuan.actions import signin as verbs
from suyuan.actions import staff as staff_verbs
from suyuan.domain import signin as rule
from suyuan.domain.procedure import Actor
from suyuan.store.queries import staff

from .proofs import proofs


@receiver(account.user_logged_in)
def came_in(request: HttpRequest, user: object, **_: object) -> None:
    """Open the session in our own books, and start its two ages."""
    now = timezone.now()
    place = verbs.Place(
        session_key=request.session.session_key or "",
        address=get_client_ip(request) or "",
        browser=request.headers.get("User-Agent", ""),
        forwarded="X-Forwarded-For" in request.headers and not settings.ALLAUTH_TRUSTED_PROXY_COUNT,
    )
    method = "+".join(proofs(request, user)) or rule.BY_CARD
    row = verbs.opened(person=user, method=method, place=place, now=now)  # type: ignore[arg-type]
    request.session["sign_in"] = row.pk
    request.session["opened_at"] = request.session["seen_at"] = now.timestamp()


@receiver(auth.user_logged_out)
def left(request: HttpRequest, user: object, **_: object) -> None:
    """End the session, and a staff session with it."""
    row = request.session.get("sign_in")
    if user is None or row is None:
        return
    now, actor = timezone.now(), Actor(user.username, frozenset())  # type: ignore[attr-defined]
    running = staff.running(request.session.get("staff"), user.pk, now)  # type: ignore[attr-defined]
    if running is not None:
        staff_verbs.close_session(session=running, actor=actor, now=now)
    verbs.end(sign_in_id=row, why="signed_out", actor=actor, now=now)


@receiver([account.password_changed, account.password_set, account.password_reset])
def password_changed(request: HttpRequest, user: object, **_: object) -> None:
    """Keep this session under its new key and end the others."""
    verbs.password_changed(
        person=user,  # type: ignore[arg-type]
        sign_in_id=request.session.get("sign_in"),
        session_key=request.session.session_key or "",
        now=timezone.now(),
    )


def _factor(verb: str, user: object, authenticator: object) -> None:
    kind = str(getattr(authenticator, "type", ""))
    verbs.factor_changed(person=user, verb=verb, kind=kind, now=timezone.now())  # type: ignore[arg-type]


@receiver(mfa.authenticator_added)
def factor_added(user: object, authenticator: object, **_: object) -> None:
    """Write down a new second factor."""
    _factor("factor_add", user, authenticator)


@receiver(mfa.authenticator_removed)
def factor_removed(user: object, authenticator: object, **_: object) -> None:
    """Write down that a second factor was removed."""
    _factor("factor_remove", user, authenticator)


@receiver(mfa.authenticator_reset)
def factor_renewed(user: object, authenticator: object, **_: object) -> None:
    """Write down that recovery codes were made again."""
    _factor("factor_renew", user, authenticator)


@receiver(mfa.authentication_failed)
def factor_failed(request: HttpRequest, user: object, authenticator: object = None, **_: object) -> None:
    """Write a wrong code down, and count it like a wrong password."""
    _factor("factor_failed", user, authenticator)
    verbs.failed(
        username=user.username,  # type: ignore[attr-defined]
        address=get_client_ip(request) or "",
        now=timezone.now(),
    )
