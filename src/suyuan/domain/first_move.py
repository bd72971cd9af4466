"""First moves: whom a desk calls before they call, who is left out, and what is written down of a call."""

from dataclasses import dataclass
from datetime import time

from .errors import BadInput, Refused
from .fields import Field, Type
from .vocabulary import Role

OPEN, TAKEN, DONE, EXPIRED = "open", "taken", "done", "expired"
STATES = (OPEN, TAKEN, DONE, EXPIRED)
"""It waits, somebody took it on, what came of it is written down, or its day is over."""
HELD = "held"
"""The state of who is held out: nobody calls, and no desk sees it."""

NOT_REACHED, REACHED, SOLVED = "not_reached", "reached", "solved"
AGAIN, COMPLAINED = "will_call_back", "complained"
OUTCOMES = (SOLVED, REACHED, AGAIN, NOT_REACHED, COMPLAINED)
SPOKEN = frozenset({SOLVED, REACHED, AGAIN, COMPLAINED})
"""The outcomes after which somebody has been spoken to."""

MAY = frozenset({Role.AGENT, Role.LEAD, Role.OFFICE, Role.MARKETING, Role.OPERATIONS, Role.STATION})
"""Roles that see the list of their units and call."""
SEES_EFFECT = frozenset({Role.OFFICE, Role.LEADER, Role.AUDIT})
"""Roles that see what the calls do, and how many are held out."""
AUDITS = frozenset({Role.AUDIT})
"""Roles that see who is held out."""

OUTCOME = Field("move_outcome", Type.CHOICE, choices=OUTCOMES)
AGAIN_ON = Field("again_on", Type.DATE, required=False)
OWN_RECORD, VISIT, CALLED_US = "own_record", "visit", "called_us"
CONTACTED = Field("contacted", Type.CHOICE, required=False, choices=(OWN_RECORD, VISIT, CALLED_US))
"""How somebody was spoken to whose number was not seen here."""
FORM = (OUTCOME, AGAIN_ON, CONTACTED)
PURPOSE = (Field("purpose", Type.CHOICE, reasons="reveal"),)

LEFT_OUT = (
    "opted_out",
    "restricted",
    "unlisted",
    "prefers_other",
    "quiet",
    "called_lately",
    "held_out",
)
"""Why somebody with a reason is not on the list, in the order it is asked."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rule asks of somebody before they may be called."""

    opted_out: bool = False
    """They do not want to be looked at for this."""
    restricted: bool = False
    """A case of theirs is restricted, or they asked to be kept secret in one."""
    phone: bool = True
    """Whether a telephone number of theirs is known."""
    prefers: str = "phone"
    """How they prefer to be reached."""
    quiet: tuple[time, time] | None = None
    called_lately: bool = False
    held_out: bool = False
    """They were held out not long ago, and stay so until that can be told from."""


def left_out(of: Standing, hours: tuple[time, time]) -> str | None:
    """Return why somebody is not called in the hours in which calls are made, or None if they may be."""
    found = {
        "opted_out": of.opted_out,
        "restricted": of.restricted,
        "unlisted": not of.phone,
        "prefers_other": of.prefers != "phone",
        "quiet": of.quiet is not None and not free_hours(of.quiet, hours),
        "called_lately": of.called_lately,
        "held_out": of.held_out,
    }
    return next((why for why in LEFT_OUT if found[why]), None)


def free_hours(quiet: tuple[time, time] | None, hours: tuple[time, time]) -> list[tuple[time, time]]:
    """Return when within ``hours`` somebody may be called; the quiet hours may pass midnight."""
    first, last = hours
    if quiet is None:
        return [hours]
    start, end = quiet
    if start <= end:
        spans = [(first, min(start, last)), (max(end, first), last)]
    else:
        spans = [(max(end, first), min(start, last))]
    return [(one, two) for one, two in spans if one < two]


def check_outcome(outcome: str, again_on: object) -> None:
    """Raise BadInput for a form in two minds: a day is agreed upon where a call is, and only there."""
    if (outcome == AGAIN) == bool(again_on):
        return
    raise BadInput("bad_form", fields={"again_on": "required" if outcome == AGAIN else "only_if_agreed"})


def check_contact(outcome: str, contacted: object, *, seen: bool) -> None:
    """Raise BadInput for who is said to have been spoken to, number unseen and nothing said of how."""
    if outcome in SPOKEN and not (seen or contacted):
        raise BadInput("bad_form", fields={"contacted": "required"})


def closed_refusal(state: str, taken_by: str, by: str) -> Refused | None:
    """Return why somebody may not write down what came of an entry, or None if they may."""
    if state not in (OPEN, TAKEN):
        return Refused("move_closed", state=state)
    if taken_by and taken_by != by:
        return Refused("move_taken")
    return None
