"""What must hold before the console starts."""

import ipaddress

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
