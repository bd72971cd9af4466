"""The keys of programs: finding the one presented, and listing those in reach."""

import hashlib
import hmac
import re
from datetime import datetime

from django.db.models import QuerySet

from suyuan.domain import keys as rule
from suyuan.domain.errors import Refused
from suyuan.domain.vocabulary import Role
from suyuan.store.models import ApiKey

from . import viewer as viewers
from .viewer import Viewer, under

SECRET = re.compile(r"sy_[0-9a-f]{8}_[A-Za-z0-9_-]{43}")
"""How a key is written: what it is, what names it, and 256 random bits."""


def digest(secret: str) -> str:
    """Return what is kept of a secret. 256 random bits need no slow hash: nobody can guess them."""
    return hashlib.sha256(secret.encode()).hexdigest()


def presented(secret: str) -> ApiKey:
    """Return the key with this secret; raise Refused for what is no key, or one that was never given out."""
    if not SECRET.fullmatch(secret):
        raise Refused("key_malformed")
    wanted = digest(secret)
    found = ApiKey.objects.select_related("owner__unit", "unit").filter(digest=wanted).first()
    if found is None or not hmac.compare_digest(found.digest, wanted):
        raise Refused("key_unknown")
    return found


def opens(key: ApiKey, scope: str, now: datetime) -> None:
    """Raise Refused with the reason unless the key opens ``scope`` now."""
    if reason := rule.refusal(facts(key), scope, now):
        raise Refused(reason, key=key.prefix, **({"scope": scope} if reason == "out_of_scope" else {}))


def facts(key: ApiKey) -> rule.KeyFacts:
    """Return what the rules need to know about a key."""
    return rule.KeyFacts(
        scopes=frozenset(key.scopes),
        expires_at=key.expires_at,
        revoked=key.revoked_at is not None,
        owner_active=key.owner.is_active,
        unit_path=key.unit.path if key.unit else "",
    )


def acting(key: ApiKey) -> Viewer:
    """Return the viewer a key stands for: its owner, kept to the key's unit."""
    whole = viewers.of(key.owner)
    return Viewer(rule.narrowed(whole.actor, key.unit.path if key.unit else ""), key.owner)


def own(viewer: Viewer) -> QuerySet[ApiKey]:
    """Return the viewer's own keys, the newest first."""
    return _rows().filter(owner=viewer.person)


def administered(viewer: Viewer) -> QuerySet[ApiKey]:
    """Return the keys of the people whose unit an administrator looks after."""
    paths = [path for role, path in viewer.actor.grants if role is Role.ADMIN]
    return _rows().filter(under(paths, "owner__unit__"))


def every(username: str = "") -> QuerySet[ApiKey]:
    """Return all keys, or one person's, for the command line of this machine."""
    rows = _rows()
    return rows.filter(owner__username=username) if username else rows


def _rows() -> QuerySet[ApiKey]:
    return ApiKey.objects.select_related("owner", "unit").order_by("-made_at", "-pk")


def state(key: ApiKey, now: datetime) -> str:
    """Return how a key stands: good, or the reason it opens nothing."""
    return rule.refusal(facts(key), "", now) or "key_good"
