"""What a complaint or a report opens once something in it was true: whose step it came from."""

from .. import guards, secrecy, veto
from ..procedure import SAME, Step
from ..vocabulary import Role, State


def apportioning(*roles: Role) -> Step:
    """Return the step that opens the liability of the nodes of a case, also in hindsight."""
    return Step("open_liability", (State.CALLBACK, State.ARCHIVED), SAME, roles, (guards.found_true,))


def vetoing(*roles: Role) -> Step:
    """Return the step that proposes a veto of rewards from what was verified."""
    return Step(
        "propose_veto",
        (State.CALLBACK, State.ARCHIVED),
        SAME,
        roles,
        (guards.found_true, secrecy.not_to_accused),
        veto.FORM,
    )


LATER = ("open_liability", "propose_veto")
"""Verbs that a case closed under an older table has as well: what they open is a case of its own."""
