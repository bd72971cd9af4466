"""Who is calling, for what, and how often: one key a request, in the header ``Authorization: Bearer``."""

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from suyuan.actions import keys as verbs
from suyuan.domain.errors import Refused
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
        verbs.spend(key=key, now=now)
        request.key = key  # type: ignore[attr-defined]
        return keys.acting(key)
