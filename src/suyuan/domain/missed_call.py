"""A call that hung up before an agent answered: who calls it back, when it is done, when it is given up."""

from .errors import BadInput
from .fields import REACHED, UNREACHED, Field, Type
from .telephone import FEWEST_DIGITS
from .vocabulary import Role

OPEN, RETURNED, ANSWERED_SINCE, GIVEN_UP = "open", "returned", "answered_since", "given_up"
STATES = (OPEN, RETURNED, ANSWERED_SINCE, GIVEN_UP)
"""It waits, somebody was reached, the caller was spoken to since, or nobody was reached often enough."""
ABANDONED, ANSWERED = "abandoned", "answered"
"""The outcomes of a call file that count here."""

MAY = frozenset({Role.AGENT, Role.LEAD, Role.OFFICE})
"""Roles that see the list and call back."""
MAY_IMPORT = frozenset({Role.LEAD, Role.OFFICE})
FORM = (REACHED, UNREACHED)
PURPOSE = (Field("purpose", Type.CHOICE, reasons="reveal"),)


def after(*, reached: bool, why: str, attempts: int, most: int) -> str:
    """Return the state after an attempt, the ``attempts``-th; raise BadInput for a form in two minds.

    Who was not reached has a reason, who was reached has none.
    """
    if reached and why:
        raise BadInput("bad_form", fields={"unreached_reason": "only_if_unreached"})
    if reached:
        return RETURNED
    if not why:
        raise BadInput("bad_form", fields={"unreached_reason": "required"})
    return GIVEN_UP if attempts >= most else OPEN


def is_unlisted(number: str) -> bool:
    """Tell whether a caller withheld his number or called from inside: nobody can, or need, call back."""
    if not any(map(str.isdigit, number)):
        return number.lower() in WITHHELD
    return number.isdecimal() and len(number) < FEWEST_DIGITS


WITHHELD = frozenset({"", "-", "匿名", "未知", "保密", "隐藏", "anonymous", "private", "unknown", "withheld"})


def seconds(text: str) -> int:
    """Return a waiting time written as seconds or as h:mm:ss; raise ValueError for another."""
    parts = text.split(":")
    if len(parts) > 3 or not all(part.isdecimal() for part in parts):
        raise ValueError("not_a_number")
    found = 0
    for part in parts:
        found = found * 60 + int(part)
    if found > 86_400:
        raise ValueError("out_of_range")
    return found
