"""What somebody proved himself with in a session."""

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

PROOFS = {"socialaccount": "oidc", "mfa": ""}
"""What a person proved himself with, in our words; a second factor names its own type."""


def proofs(request: HttpRequest, user: object) -> list[str]:
    """Return what somebody signed in with in this session: password, totp, webauthn, recovery_codes, oidc."""
    records = get_authentication_records(request, user)  # type: ignore[arg-type]
    named = [PROOFS.get(each["method"], each["method"]) or str(each.get("type")) for each in records]
    return list(dict.fromkeys(named))


def signed_in_at(request: HttpRequest) -> float:
    """Return when somebody last proved himself by password or second factor in this session, 0 for never."""
    records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
    return max((float(each["at"]) for each in records if each["method"] in ("password", "mfa")), default=0.0)
