"""Who may share a view in a unit and change one that is shared; a private one is its owner's alone."""

from .procedure import Actor
from .vocabulary import Role

SHARERS = frozenset({Role.ADMIN, Role.OFFICE, Role.LEAD})


def may_share(actor: Actor, unit_path: str) -> bool:
    """Return whether somebody may share views in the unit at ``unit_path`` and change those shared there."""
    return bool(actor.roles_over(unit_path) & SHARERS)
