"""What is done before the next complaint of a kind, and what is done at once when it is already burning.

A playbook 预防措施 belongs to one category: what sets it off, the steps with who does each and within what,
how each is checked, and the sentence a customer is told. An emergency 应急措施 is a template of the same
steps for an event; a playbook names the one it turns to. Both guide and judge nobody.
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
OWNERS = tuple(role.value for role in Role)
_CODE = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Within:
    """A time budget of a step, counted from the moment the playbook is taken up."""

    amount: int
    unit: str
    """minutes, hours and days run in wall time; working_days by the holiday calendar."""


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
    """How complaints of one category are kept from coming."""

    category: str
    title: Title
    trigger: tuple[str, ...]
    """Names of the detectors whose signals set it off."""
    steps: tuple[PlayStep, ...]
    say: Title
    """The sentence a customer is told."""
    emergency: str
    """Code of the emergency template it turns to."""

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
        emergency=row.text("emergency"),
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
    limit.close()
    return Within(amount, unit)


def check_playbook(row: Row, found: Playbook, codes: Mapping[str, set[str]]) -> None:
    """Raise where a playbook names a category or an emergency template that is not there."""
    if found.category not in codes["category"]:
        raise row.error("category", f"is unknown: {found.category!r}")
    if found.emergency not in codes["emergency"]:
        raise row.error("emergency", f"is unknown: {found.emergency!r}")


def nearest(editions: Mapping[str, Sequence[Playbook]], category: str, on: date) -> Playbook | None:
    """Return the playbook in force on a day of a category, or of the nearest one above it; None for none."""
    while category:
        begun = [one for one in editions.get(category, ()) if (one.in_force_from or date.min) <= on]
        if begun and (begun[-1].in_force_until or date.max) >= on:
            return begun[-1]
        category = category.rpartition(".")[0]
    return None
