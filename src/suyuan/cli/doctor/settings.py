"""The environment: what Django's own checks and ours say, and settings that do not go together."""

from collections.abc import Iterator

from suyuan.web.checks import is_loopback

from .finding import Finding, error, warning


def look() -> Iterator[Finding]:
    """Yield what is wrong with the settings."""
    from django.core import checks

    for message in checks.run_checks():
        if message.level >= checks.WARNING:
            say = error if message.level >= checks.ERROR else warning
            yield say(message.id or "check", str(message.msg), str(message.hint or "see docs/operate.md"))
    yield from _hosts()


def _hosts() -> Iterator[Finding]:
    from django.conf import settings

    outside = [host for host in settings.ALLOWED_HOSTS if not is_loopback(host)]
    if "*" in outside:
        yield error(
            "any_host",
            "SUYUAN_HOSTS answers to any host name",
            "name the host people type into their browser",
        )
    elif outside and not settings.CSRF_TRUSTED_ORIGINS:
        yield warning(
            "no_origin",
            f"SUYUAN_HOSTS names {' '.join(outside)}, and SUYUAN_ORIGINS no https:// address",
            f"put TLS before the console and set SUYUAN_ORIGINS=https://{outside[0]}",
        )
    if plain := [origin for origin in settings.CSRF_TRUSTED_ORIGINS if not origin.startswith("https://")]:
        yield error(
            "origin_without_tls",
            f"SUYUAN_ORIGINS trusts {' '.join(plain)}, which anybody on the way can read",
            "put TLS before the console and name the https:// address",
        )
