"""Warning 预警: how a signal is graded, which warning it belongs to, when it comes back, what a mute says."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from . import fields
from .fields import Field, Type
from .vocabulary import Role

PROCEDURE = "warning"
NAMED = "named_warning"
"""The business type of the warning of a unit that was named 点名预警单: it is replied to."""
LEVELS = ("general", "important", "urgent")
"""How urgent a warning is, the least first: the field's 紧急程度."""
OWNERS = (Role.STATION, Role.MARKETING, Role.OPERATIONS, Role.LEAD, Role.OFFICE)
"""Who works on a warning of their unit."""
MUTERS = frozenset({Role.OFFICE, Role.MARKETING, Role.OPERATIONS})
"""Who keeps signals of a unit from opening warnings."""
COMPANY_MUTERS = frozenset({Role.OFFICE})
"""Who keeps signals of a detector from opening warnings in a whole company."""
OPENERS = frozenset({Role.OFFICE, Role.MARKETING, Role.OPERATIONS, Role.LEAD, Role.STATION})
"""Who opens a warning of a signal that is too small to open one by itself."""

DETECTOR = Field("detector", Type.TEXT)
SIGNAL_OBJECT = Field("signal_object", Type.TEXT)
"""What a signal is about: ``kind:id``."""
MUTE_UNTIL = Field("mute_until", Type.DATE)
"""The last day of a mute."""
MUTE = (fields.reason("mute"), MUTE_UNTIL, fields.NOTE)
"""Why signals open no warnings for a time, until when, and a word on it."""
PLAYBOOK_STEP = Field("playbook_step", Type.ITEM)
"""Which of the steps of the playbook, by number."""
PROOF = Field("proof", Type.LONGTEXT, personal=True)
"""What shows that what stood out is over, or in hand."""
FALSE_ALARM = "false_alarm"
"""Where the proof of a warning keeps why it is said to be none."""
HAPPENED = frozenset(
    {
        *("clock_over", "promise_over", "order_broken", "order_broken_promised"),
        *("order_kept_late", "order_kept_late_promised"),
    }
)
"""The sentences that say that what was warned of happened: a limit or a promise was broken."""
_PAST = {"clock_near": "clock_past", "promise_near": "promise_past"}
"""What is said of what was near once its due is over and nobody has looked since."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
REPLY = (fields.CAUSE, fields.MEASURES, fields.DUE_ON)
"""What a unit that was named replies: what it found, what it will do, and by when."""
ACT = (
    PLAYBOOK_STEP.optional,
    fields.MEASURES.optional,
    fields.EVIDENCE.optional,
    fields.AT,
)
"""A step of the playbook that was done, or a measure of one's own."""


def pieces(evidence: str) -> list[str]:
    """Return the digests of the files that are named as evidence."""
    return _DIGEST.findall(evidence)


def says_now(why: str, facts: Mapping[str, Any], local: str) -> str:
    """Return the sentence that holds now: what was near when it was last seen may be over by now.

    ``local`` is the local moment as ``facts`` have it, ``YYYY-MM-DD HH:MM``; a promise of a day ends with it.
    """
    due = facts.get("due") or facts.get("day")
    over = why in _PAST and isinstance(due, str) and due < local[: len(due)]
    return _PAST[why] if over else why


def rank(level: str) -> int:
    """Return 0 for the least urgent; levels are compared by it."""
    return LEVELS.index(level)


@dataclass(frozen=True, slots=True)
class Grade:
    """How urgent a signal is, and from what: its own level, and what spread and recidivism multiply."""

    level: str
    spread: float
    recidivism: float


def grade(level: str, behind: int, before: int, terms: Mapping[str, Any]) -> Grade:
    """Return how urgent a signal is: weight of its level × spread × recidivism, held to the floors.

    ``behind`` counts the cases behind it, ``before`` how often the same stood out within the days looked
    back. ``terms`` are those of the figure ``warning.grade``: weights and floors by level, and for spread
    and recidivism pairs of a count and what it multiplies by. It is never less than the detector says.
    """
    spread, recidivism = _factor(behind, terms["spread"]), _factor(before, terms["recidivism"])
    score = terms["weights"][level] * spread * recidivism
    reached = [one for one in LEVELS if score >= terms["floors"][one]]
    return Grade(max((*reached, level), key=rank), spread, recidivism)


def _factor(count: int, pairs: Collection[tuple[int, float]]) -> float:
    return max((float(by) for least, by in pairs if count >= least), default=1.0)


def joins(cases: Collection[str], standing: Collection[str]) -> bool:
    """Return whether a signal of one unit and category is about what an open warning is about."""
    return not set(cases).isdisjoint(standing)


@dataclass(frozen=True, slots=True)
class Stood:
    """How a signal stood when its warning was closed."""

    closed_at: datetime
    level: str
    observed: float


@dataclass(frozen=True, slots=True)
class Found:
    """How it is found now; ``gone_at`` since when it had been over, None where it never was."""

    level: str
    observed: float
    expected: float
    gone_at: datetime | None


def comes_back(stood: Stood, found: Found, now: datetime, terms: Mapping[str, int]) -> bool:
    """Return whether a signal that is found opens its closed warning again.

    It does where it was gone and is back within ``days`` of the closing, where it is more urgent than it was,
    and where it never went: after ``still`` days, if it is further from what was expected than it was.
    """
    since = now - stood.closed_at
    if found.gone_at is not None:
        return since <= timedelta(days=terms["days"])
    if rank(found.level) > rank(stood.level):
        return True
    further = abs(found.observed - found.expected) > abs(stood.observed - found.expected)
    return since > timedelta(days=terms["still"]) and further
