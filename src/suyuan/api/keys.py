"""Who is calling, for what, and how often: one key a request, in the header ``Authorization: Bearer``."""

from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from suyuan.actions import keys as verbs
from suyuan.domain.errors import Refused
from suyuan.store import rules
from suyuan.store.queries import keys
from suyuan.store.queries.viewer import Viewer


class KeyFor(HttpBearer):
    """Asks for a key made for a scope; an empty scope is content with any good key."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Viewer:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret:
            raise Refused("key_missing")
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Viewer:
        """Return whom the key stands for; raise Refused with the reason if it opens nothing here."""
        now = timezone.now()
        key = keys.presented(token)
        keys.opens(key, self.scope, now)
        spend(key.prefix, now)
        verbs.touch(key=key, now=now)
        request.key = key  # type: ignore[attr-defined]
        return keys.acting(key)


def spend(prefix: str, now: datetime) -> None:
    """Count one request of a key; raise Refused once it has used up its minute."""
    most = rules.figure("key.rate", "per_minute")
    cell = f"key:{prefix}:{now:%Y%m%d%H%M}"
    cache.add(cell, 0, timeout=120)
    if cache.incr(cell) > most:
        raise Refused("too_many_requests", key=prefix, per_minute=most, seconds=60 - now.second)
