"""What must hold before the console starts."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


def is_loopback(host: str) -> bool:
    """Return whether a host name or address can only mean this machine."""
    name = host.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


@register(Tags.security)
def demo_stays_home(**_: object) -> list[CheckMessage]:
    """Refuse demo mode, which asks for no password, on any host but loopback."""
    outside = [host for host in settings.ALLOWED_HOSTS if not is_loopback(host)]
    if not settings.DEMO or not outside:
        return []
    return [
        Error(
            f"demo mode asks for no password, and SUYUAN_HOSTS names {' '.join(outside)}",
            hint="Unset SUYUAN_DEMO, or leave only 127.0.0.1, localhost and [::1] in SUYUAN_HOSTS.",
            id="suyuan.E001",
        )
    ]


@register(Tags.security)
def provider_is_complete(**_: object) -> list[CheckMessage]:
    """Refuse a sign-on provider without a client id, or in the clear beyond this machine."""
    url = urlsplit(settings.OIDC["url"])
    if not settings.OIDC["url"]:
        return []
    if not settings.OIDC["client"]:
        return [
            Error("SUYUAN_OIDC_URL is set and SUYUAN_OIDC_CLIENT is not", hint="Name it.", id="suyuan.E020")
        ]
    if url.scheme != "https" and not is_loopback(url.hostname or ""):
        hint = "Give the provider's https:// address: who somebody is must not come in the clear."
        return [Error(f"SUYUAN_OIDC_URL is {settings.OIDC['url']}", hint=hint, id="suyuan.E021")]
    return []
