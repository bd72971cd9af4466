"""Who the key acts as, and how far it reaches."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from .keys import KeyFor
from .shapes import Refusal

router = Router(tags=["me"])
NOES = dict.fromkeys((401, 403, 404, 409, 422, 429), Refusal)
"""Every status a no can come with."""


class Held(Schema):
    """One role over one unit and those below it."""

    role: str
    unit_path: str


class Key(Schema):
    """The key that was presented."""

    prefix: str
    name: str
    scopes: list[str]
    unit: str
    expires: datetime


class Me(Schema):
    """Who the key acts as, and how far."""

    username: str
    roles: list[Held]
    key: Key


@router.get("/whoami", auth=KeyFor(""), response={200: Me, **NOES}, summary="Who the key acts as")
def whoami(request: HttpRequest) -> dict[str, object]:
    """Return the person, the roles within the key's reach, and the key itself."""
    viewer, key = request.auth, request.key  # type: ignore[attr-defined]
    return {
        "username": viewer.actor.username,
        "roles": [{"role": role, "unit_path": path} for role, path in sorted(viewer.actor.grants)],
        "key": {
            "prefix": key.prefix,
            "name": key.name,
            "scopes": key.scopes,
            "unit": key.unit.code if key.unit else "",
            "expires": key.expires_at,
        },
    }
