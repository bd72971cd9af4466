"""The guards of node liability: when shares go on, who may object to them, who may sign."""

from .discipline import belongs
from .procedure import Actor, Facts


def shares_whole(facts: Facts, actor: Actor) -> str | None:
    return None if facts.shares_whole else "shares_not_whole"


def not_reviewed(facts: Facts, actor: Actor) -> str | None:
    return "shares_reviewed_already" if "reviewed_at" in facts.moments else None


def shares_reviewed(facts: Facts, actor: Actor) -> str | None:
    return None if "reviewed_at" in facts.moments else "shares_unreviewed"


def share_objected(facts: Facts, actor: Actor) -> str | None:
    return None if facts.objections else "no_objection_waiting"


def objections_answered(facts: Facts, actor: Actor) -> str | None:
    return "objections_unanswered" if facts.objections else None


def of_named_unit(facts: Facts, actor: Actor) -> str | None:
    """Let those object whose unit has a share."""
    return None if any(belongs(path, actor.places) for path in facts.named) else "no_share_of_yours"


def of_no_named_unit(facts: Facts, actor: Actor) -> str | None:
    """Let nobody sign what their own unit has a share of."""
    return "of_named_unit" if any(belongs(path, actor.places) for path in facts.named) else None


def is_concerned(facts: Facts, actor: Actor) -> str | None:
    """Let the one person appeal whom an accountability is about."""
    return None if facts.entrusted == actor.username else "not_concerned"
