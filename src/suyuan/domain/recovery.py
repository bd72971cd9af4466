"""The golden time of recovery 黄金补救时机: from the first sign of discontent to the first act about it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import fields
from .fields import Field, Type
from .vocabulary import Role

KIND = Field("recovery_kind", Type.CHOICE, reasons="recovery_kind")
FORM = (KIND, fields.NOTE)
"""What is recorded of a recovery action."""
MAY = frozenset({Role.AGENT, Role.LEAD, Role.OFFICE, Role.MARKETING, Role.OPERATIONS, Role.STATION})
"""The roles that record one, over the unit of the case."""
RECOVER = "recover"
"""The verb of its event."""
COMPLAINED, URGED, DISSATISFIED, BEGUN_AGAIN = (
    "complained",
    "urged",
    "dissatisfied",
    "begun_again",
)
SIGNS = (COMPLAINED, URGED, DISSATISFIED, BEGUN_AGAIN)
CALLED_BACK = "call_back"
OF_VERB: Mapping[str, str] = {
    "urge": URGED,
    "second_handle": BEGUN_AGAIN,
    "reopen": BEGUN_AGAIN,
}
"""Verbs that are a sign by themselves; a call back is one where the customer is not content."""
WATCHED = (*OF_VERB, CALLED_BACK)
"""Verbs whose events can be signs."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a case: when, which verb, what its form said."""

    at: datetime
    verb: str
    form: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of discontent."""

    at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Watch:
    """The clock of one case: its first sign, until when somebody should act, and the first who did."""

    sign: Sign
    due: datetime
    acted: Happened | None

    def state(self, now: datetime) -> str:
        """Return running or over where nobody acted yet, else in_time or late."""
        if self.acted is None:
            return "running" if now <= self.due else "over"
        return "in_time" if self.acted.at <= self.due else "late"


def is_unhappy(one: Happened) -> bool:
    """Tell whether an event is a call back to a customer who is not content."""
    return one.verb == CALLED_BACK and one.form.get("satisfaction") == "dissatisfied"


def signs(procedure: str, accepted_at: datetime, happened: Iterable[Happened]) -> list[Sign]:
    """Return the signs of discontent of a case, the earliest first; a complaint is one from the start."""
    found = [Sign(accepted_at, COMPLAINED)] if procedure == "complaint" else []
    kinds = ((one.at, DISSATISFIED if is_unhappy(one) else OF_VERB.get(one.verb, "")) for one in happened)
    found += [Sign(at, kind) for at, kind in kinds if kind]
    return sorted(found, key=lambda one: (one.at, SIGNS.index(one.kind)))


def acts(happened: Iterable[Happened], since: datetime, verbs: Collection[str]) -> list[Happened]:
    """Return what was done about it since a sign, the earliest first.

    A contact or call back counts where somebody was reached, and not the call that was itself the sign.
    """
    found = (one for one in happened if one.at >= since and one.verb in verbs and not is_unhappy(one))
    return sorted(
        (one for one in found if one.form.get("reached") is not False),
        key=lambda one: one.at,
    )


def watch(
    procedure: str,
    accepted_at: datetime,
    happened: list[Happened],
    verbs: Collection[str],
    hours: int,
) -> Watch | None:
    """Return the clock of a case, None where no sign was seen."""
    found = signs(procedure, accepted_at, happened)
    if not found:
        return None
    done = acts(happened, found[0].at, verbs)
    return Watch(found[0], found[0].at + timedelta(hours=hours), done[0] if done else None)
