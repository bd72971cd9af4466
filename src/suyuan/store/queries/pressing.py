"""Which open cases press: a customer urged them, or somebody above supervises them."""

from django.db.models import F, Q

from suyuan.domain.ladder import Counts
from suyuan.domain.vocabulary import State
from suyuan.store import rules

PRESSING = Q(is_open=True) & (Q(urges__gt=0) | Q(supervised=True))
"""As the index of these cases has it, word for word: so few are read, never walked for."""
PRIORITIES = ("pressing", "high")
FIRST = (
    F("supervised").desc(),
    F("urges").desc(),
    F("next_due_at").asc(nulls_last=True),
    "-accepted_at",
    "-id",
)
"""What is supervised first, then by urges, then by due."""


def counts() -> Counts:
    """Return how many urges it takes for each rung."""
    terms = rules.rulebook().figures["urge.escalate"][-1].terms
    return Counts(int(terms["notify_superior"]), int(terms["open_supervision"]))


def of(priority: str) -> Q:
    """Return the condition of a priority: all that press, or what is supervised or its superior told of.

    What another case carries is pressed for there.
    """
    if not priority:
        return Q()
    alone = PRESSING & ~Q(state=State.MERGED)
    if priority == "high":
        return alone & (Q(supervised=True) | Q(urges__gte=counts().notify_superior))
    return alone
