"""The code with which a reporter who is kept secret asks what became of it, and who may hand one out."""

from .procedure import Actor, Facts
from .vocabulary import Role, State

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What a code is drawn from: nothing that is read for a digit."""

AT_THE_DESK = (State.RECEIVED, State.REGISTERED)
"""While the caller is still there to be told."""
WRITTEN_TO = frozenset({""})
"""The modes of secrecy in which a message may leave to the caller: others in the house read it too."""
HAND_OUT = frozenset({Role.AGENT, Role.LEAD, Role.OFFICE, Role.AUDIT})


def refusal(facts: Facts, actor: Actor) -> str | None:
    """Return why somebody may not hand out a code for a case, or None if they may."""
    if not actor.over_case(facts.unit_path) & HAND_OUT:
        return "not_your_role"
    if not facts.secrecy:
        return "code_for_the_secret"
    return None if facts.state in AT_THE_DESK else "code_too_late"
