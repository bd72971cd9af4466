"""What is done before the next complaint of a kind, and what is done at once when it is already burning.

A playbook 预防措施 belongs to one category, or to one detector whatever the category: what sets it off, the
steps with who does each and within what, how each is checked, and the sentence a customer is told. An
emergency 应急措施 is a template of the same steps for an event; a playbook names the one it turns to. Both
guide and judge nobody.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from suyuan.domain.vocabulary import Role
from suyuan.domain.worktime import UNITS

from .reading import MOST, Row, sourced
from .records import Sourced, Title

TRIGGERS = (
    *(
        "zero_readings",
        "foreign_stuck",
        "order_stuck",
        "account_conflict",
        "promise_watch",
        "arrears_disconnection",
        "case_overdue_soon",
    ),
    *("commitment_breaking", "repeat_contact", "shirking", "late_restoration", "frequent_outage"),
    *("low_voltage", "silent_dissatisfaction", "under_registration", "misclassified", "reply_quality"),
    *("call_surge", "emerging_theme", "classifier_drift", "measure_drift", "hot_spot", "named_unit"),
)
"""The names of the detectors a playbook can wait for."""
OF_DETECTOR = "detector."
"""Stands before the name of a detector where a playbook is of its signals and not of a category."""
COUNTING = frozenset({"hot_spot", "emerging_theme"})
"""Detectors that count complaints of a category: its playbook fits them whether it names them or not."""
WITHIN, BEFORE, LASTING = "within", "before", "lasting"
LIMIT_KINDS = (WITHIN, BEFORE, LASTING)
"""From the taking up on; so long before what the step names; for so long. Only the first has a moment."""
OWNERS = tuple(role.value for role in Role)
_CODE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Within:
    """A time budget of a step; of kind ``within`` counted from the moment the playbook is taken up."""

    amount: int
    unit: str
    """minutes, hours and days run in wall time; working_days by the holiday calendar."""
    kind: str = WITHIN
    """One of LIMIT_KINDS."""


@dataclass(frozen=True, slots=True)
class PlayStep:
    """One step: what is done, by whom, within what, and how it is seen that it was done."""

    action: Title
    owner: str
    """The role that does it, over the unit concerned."""
    limit: Within
    check: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook(Sourced):
    """How complaints of one category are kept from coming, or what is done about signals of a detector."""

    category: str
    """A category of complaints, or ``detector.`` and the name of a detector."""
    title: Title
    trigger: tuple[str, ...]
    """Names of the detectors whose signals set it off."""
    steps: tuple[PlayStep, ...]
    say: Title
    """The sentence a customer is told."""
    emergency: str
    """Code of the emergency template it turns to; empty for none, which only one of a detector has."""

    @property
    def key(self) -> str:
        return self.category


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency(Sourced):
    """What is done at once in an event of one kind; the steps stand in the order of their limits."""

    code: str
    title: Title
    begins: Title
    """When it is taken up, in words."""
    trigger: tuple[str, ...]
    steps: tuple[PlayStep, ...]
    say: Title

    @property
    def key(self) -> str:
        return self.code


def playbook(row: Row) -> Playbook:
    """Return the playbook one table of a file says."""
    return Playbook(
        category=row.text("category"),
        title=row.title(),
        trigger=_triggers(row),
        steps=_steps(row),
        say=row.both("say"),
        emergency=row.text("emergency", ""),
        **sourced(row),
    )


def emergency(row: Row) -> Emergency:
    """Return the emergency template one table of a file says."""
    found = Emergency(
        code=row.text("code"),
        title=row.title(),
        begins=row.both("begins"),
        trigger=_triggers(row, []),
        steps=_steps(row),
        say=row.both("say"),
        **sourced(row),
    )
    if not _CODE.fullmatch(found.code):
        raise row.error("code", "must be small letters, digits, _ and dots")
    return found


def _triggers(row: Row, *default: object) -> tuple[str, ...]:
    found = row.texts("trigger", *default)
    if not found and not default:
        raise row.error("trigger", "is empty")
    if unknown := set(found) - set(TRIGGERS):
        raise row.error("trigger", f"names the unknown detector {min(unknown)!r}")
    return found


def _steps(row: Row) -> tuple[PlayStep, ...]:
    tables = row.take("steps", list)
    if not tables:
        raise row.error("steps", "is empty")
    return tuple(_step(Row(row.file, f"{row.table}.steps[{at}]", one)) for at, one in enumerate(tables, 1))


def _step(row: Row) -> PlayStep:
    found = PlayStep(row.both("action"), row.one_of("owner", OWNERS), _within(row), row.both("check"))
    row.close()
    return found


def _within(row: Row) -> Within:
    limit = Row(row.file, f"{row.table}.limit", row.take("limit", dict))
    amount, unit = limit.take("amount", int), limit.one_of("unit", UNITS)
    if not 1 <= amount <= MOST:
        raise limit.error("amount", f"must be from 1 to {MOST}")
    kind = limit.one_of("kind", LIMIT_KINDS, WITHIN)
    limit.close()
    return Within(amount, unit, kind)


def check_playbook(row: Row, found: Playbook, codes: Mapping[str, set[str]]) -> None:
    """Raise where a playbook names a category, detector or emergency template that is not there."""
    of_detector = found.category.startswith(OF_DETECTOR)
    known = found.trigger == (found.category.removeprefix(OF_DETECTOR),) if of_detector else None
    if known is False or (known is None and found.category not in codes["category"]):
        raise row.error("category", f"is unknown: {found.category!r}")
    if not found.emergency and not of_detector:
        raise row.error("emergency", "is empty")
    if found.emergency and found.emergency not in codes["emergency"]:
        raise row.error("emergency", f"is unknown: {found.emergency!r}")


def nearest(editions: Mapping[str, Sequence[Playbook]], category: str, on: date) -> Playbook | None:
    """Return the playbook in force on a day of a category, or of the nearest one above it; None for none."""
    while category:
        begun = [one for one in editions.get(category, ()) if (one.in_force_from or date.min) <= on]
        if begun and (begun[-1].in_force_until or date.max) >= on:
            return begun[-1]
        category = category.rpartition(".")[0]
    return None


def fitting(
    editions: Mapping[str, Sequence[Playbook]], detector: str, category: str, on: date
) -> tuple[Playbook, ...]:
    """Return what is taken up for signals of a detector on a day, in this order; nothing where nothing fits.

    First that of the detector, then that of the category the complaint would be of, where that one waits for
    the detector or the detector counts complaints of the category.
    """
    own = nearest(editions, OF_DETECTOR + detector, on)
    of_category = nearest(editions, category, on)
    if of_category and detector not in COUNTING and detector not in of_category.trigger:
        of_category = None
    return tuple(one for one in (own, of_category) if one is not None)


def filled(say: str, facts: Mapping[str, object]) -> str:
    """Return a sentence with the facts it names filled in; what the caller fills in stands in brackets."""
    return _BLANK.sub(lambda blank: str(facts.get(_FACT.get(blank[1], blank[1]), f"〔{blank[1]}〕")), say)


_FACT = {"次数": "n", "数值": "volts"}
"""The facts that blanks of Chinese sentences name."""
_BLANK = re.compile(r"\{([^{}]+)\}")
