"""Who may share a view in a unit and change one that is shared; a private one is its owner's alone."""

from urllib.parse import parse_qs

from .masking import may_say_who
from .procedure import Actor
from .vocabulary import Role

SHARERS = frozenset({Role.ADMIN, Role.OFFICE, Role.LEAD})


def may_share(actor: Actor, unit_path: str) -> bool:
    """Return whether somebody may share views in the unit at ``unit_path`` and change those shared there."""
    return bool(actor.roles_over(unit_path) & SHARERS)


def says_who(query: str) -> bool:
    """Return whether the search words of a list's filters may say who somebody is."""
    return any(map(may_say_who, parse_qs(query).get("q", ())))
