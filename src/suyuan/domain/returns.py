"""What a regulator, the city line or the press is told of a case, by when, and when that can be filed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .errors import BadInput
from .fields import Field, Type
from .rulebook import Rulebook
from .vocabulary import Role

PREFIX = "regulator.return."
"""Figures of the rulebook under it say, for a channel, the limit each kind of return is due by."""
ACCEPT, CLOSE, EXTENSION = "accept", "close", "extension"
KINDS = (ACCEPT, CLOSE, EXTENSION)
OWED = (ACCEPT, CLOSE)
"""Kinds that are owed; an extension is filed where more time is needed."""
DAYS = "extension_days"
"""The term that says by how many days a close may be put off at most; 0 where it may not."""

MAY = frozenset({Role.OFFICE, Role.AUDIT})
"""Who files a return."""
FILED_ON = Field("filed_on", Type.DATE)
RECEIPT_NUMBER = Field("receipt_number", Type.TEXT)
EXTENDED_BY = Field("extension_days", Type.INTEGER)
FORMS: Mapping[str, tuple[Field, ...]] = {
    ACCEPT: (FILED_ON, RECEIPT_NUMBER),
    CLOSE: (FILED_ON, RECEIPT_NUMBER),
    EXTENSION: (EXTENDED_BY, FILED_ON, RECEIPT_NUMBER),
}


@dataclass(frozen=True, slots=True)
class Owed:
    """What a channel wants to be told: which limit each kind is due by, by how many days a close may wait."""

    channel: str
    limits: Mapping[str, str]
    extension_days: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rule needs to know of a case: is it registered, is it closed, what was filed already."""

    registered: bool
    closed: bool
    filed: frozenset[str] = frozenset()


def owed(book: Rulebook) -> dict[str, Owed]:
    """Return what each channel wants to be told, by channel."""
    found = {}
    for name, editions in book.figures.items():
        if name.startswith(PREFIX):
            terms, channel = editions[-1].terms, name.removeprefix(PREFIX)
            limits = {kind: str(terms[kind]) for kind in OWED if kind in terms}
            found[channel] = Owed(channel, limits, int(terms.get(DAYS, 0)))
    return found


def refusal(kind: str, rule: Owed | None, case: Standing) -> str | None:
    """Return why a return of a kind cannot be filed now, or None if it can."""
    if rule is None:
        return "no_return_owed"
    if kind in case.filed:
        return "return_filed"
    if kind == EXTENSION:
        if not rule.extension_days:
            return "no_extension_here"
        return "return_filed" if CLOSE in case.filed else None
    if kind not in rule.limits:
        return "no_return_owed"
    if kind == ACCEPT:
        return None if case.registered else "not_registered_yet"
    return None if case.closed else "still_open"


def known(kind: str) -> str:
    """Return a kind of return; raise BadInput for any other word."""
    if kind not in KINDS:
        raise BadInput("unknown_value", field="return_kind", value=kind[:40])
    return kind


def check_day(filed_on: date, first: date, last: date) -> None:
    """Raise BadInput for a day before the case came in, or to come."""
    if not first <= filed_on <= last:
        raise BadInput(
            "bad_form",
            fields={"filed_on": "out_of_order"},
            allowed={"filed_on": [first.isoformat(), last.isoformat()]},
        )


def check_days(days: int, rule: Owed) -> None:
    """Raise BadInput for an extension of no day, or of more than the rulebook allows."""
    if not 1 <= days <= rule.extension_days:
        raise BadInput(
            "bad_form",
            fields={"extension_days": "out_of_range"},
            allowed={"extension_days": ["1", str(rule.extension_days)]},
        )
