"""The portrait of a customer 客户画像: what it says, and to whom it may be shown, for what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .customer import sees
from .disclosure import Standing
from .fields import Field, Type
from .vocabulary import Role

ANSWERING = frozenset({Role.LEAD, Role.OFFICE, Role.AUDIT})
"""Who answers for those who work on a case."""
FORM = (Field("portrait_purpose", Type.CHOICE, reasons="portrait"),)
LEVELS = ("calm", "raised", "high")
SIGNS = ("complaints", "regulated", "dissatisfied", "urged", "repeated", "reopened")
"""What of a customer's cases makes calling before they call worth while, in the order it is told."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How easily something goes wrong with a customer, and by which signs; it says nothing of the person."""

    level: str
    signs: Mapping[str, int]
    """Sign → how often in the days looked back; those that never happened are not there."""


def sensitivity(counted: Mapping[str, int], terms: Mapping[str, Any]) -> Sensitivity:
    """Return how a customer stands by ``terms`` of the figure ``portrait.sensitivity``.

    A sign counts from its threshold on; one that does is ``raised``, ``high`` takes ``high`` of them.
    """
    signs = {name: counted[name] for name in SIGNS if counted.get(name)}
    reached = sum(count >= terms[name] for name, count in signs.items())
    level = LEVELS[0] if not reached else LEVELS[2] if reached >= terms["high"] else LEVELS[1]
    return Sensitivity(level, signs)


def refusal(standing: Standing, *, opted_out: bool) -> str | None:
    """Return why somebody is not shown the portrait of the customer of a case, or None if they are.

    It is for who works on the case and for who answers for those who do: reach alone is no purpose.
    """
    if not sees(standing):
        return "not_your_role"
    if opted_out:
        return "customer_opted_out"
    return None if standing.working or standing.roles & ANSWERING else "not_working_on_it"
