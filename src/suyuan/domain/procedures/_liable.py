"""What a complaint or a report opens once something in it was true: whose step it came from."""

from .. import guards
from ..procedure import SAME, Step
from ..vocabulary import Role, State


def apportioning(*roles: Role) -> Step:
    """Return the step that opens the liability of the nodes of a case, also in hindsight."""
    return Step("open_liability", (State.CALLBACK, State.ARCHIVED), SAME, roles, (guards.found_true,))
