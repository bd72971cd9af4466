"""An organisation file taken in: good rows change the register, others come back with every reason.

The same file twice changes nothing. A dry run does all of it and undoes it, so that it cannot say anything
else than the run itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from django.db import transaction

from suyuan.domain.errors import BadInput, Refused, RuleError
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.gateways.lists import Line
from suyuan.gateways.orgfile import PEOPLE, Part, Rejected, write_quarantine
from suyuan.store.queries import second, viewer

from ._posts import propose_posts
from ._record import record
from .person_rows import People
from .unit_rows import Units, named_alike


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was not taken: the column by its header, what stands there, the rule it breaks."""

    column: str
    value: str
    rule: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: new, changed, same or quarantined; what changed, or its faults."""

    line: Line
    key: str
    change: str
    changed: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class Taken:
    """What became of one list of a file."""

    part: Part
    outcomes: list[Outcome] = field(default_factory=list)
    waiting: int = 0
    """Roles that wait for a second person."""
    posts: dict[str, int] = field(default_factory=dict)
    """Posts nobody knows, with how many people of the list hold each."""
    recalled: dict[str, str] = field(default_factory=dict)
    """Words for posts that were answered for an earlier list, with what was answered."""
    same_names: dict[str, list[str]] = field(default_factory=dict)
    """Names that several units have once the list is taken, each with their codes."""
    kept: int = 0
    """Answers that are kept for the next list."""

    def count(self, change: str) -> int:
        """Return how many rows had this change."""
        return sum(1 for outcome in self.outcomes if outcome.change == change)

    def plain(self) -> dict[str, object]:
        """Return the list as JSON values; faults name row, column, value and rule."""
        return {
            "list": self.part.kind.name,
            "sheet": self.part.sheet,
            "read": len(self.outcomes),
            **{each: self.count(each) for each in ("new", "changed", "same", "quarantined")},
            "waiting": self.waiting,
            "footers": list(self.part.footers),
            "unknown_posts": dict(self.posts),
            "recalled_posts": dict(self.recalled),
            "same_names": dict(self.same_names),
            "faults": [
                {"row": outcome.line.row, "column": f.column, "value": f.value, "rule": f.rule}
                for outcome in self.outcomes
                for f in outcome.faults
            ],
        }


@transaction.atomic
def import_register(
    *,
    parts: Sequence[Part],
    actor: Actor,
    now: datetime,
    posts: Mapping[str, str] = MappingProxyType({}),
    dry_run: bool = False,
) -> list[Taken]:
    """Take the lists of an organisation file in, units before people; return what became of every row.

    ``posts`` says for names of posts nobody knows which is meant: a code, or one of the choices of
    :mod:`.post_names`.
    """
    propose_posts()
    taken = []
    for part in parts:
        by = _as_now(actor)
        people = part.kind.name == PEOPLE.name
        taken.append(_people(part, by, now, posts) if people else _units(part, by, now))
    changes = {each.part.kind.name: each.count("new") + each.count("changed") for each in taken}
    if any(changes.values()) or any(each.kept for each in taken):
        record(actor, now, "people_import", {"changed": dict(changes)})
    if dry_run:
        transaction.set_rollback(True)
    return taken


def _as_now(actor: Actor) -> Actor:
    """Return the actor with the reach he has by now: the list of units may have moved what he holds."""
    found = None if actor is SYSTEM else viewer.named(actor.username)
    return found.actor if found else actor


Take = Callable[[Line], tuple[str, tuple[str, ...]]]
"""Takes a row; returns new, changed or same, and the names of what changed."""


def _people(part: Part, actor: Actor, now: datetime, posts: Mapping[str, str]) -> Taken:
    people = People(actor, now, posts)
    before = second.asked_by(actor)
    outcomes = [_row(part, line, people.username_of(line.values), people.take_person) for line in part.lines]
    posts_of = people.posts
    return Taken(
        part,
        outcomes,
        second.asked_by(actor) - before,
        posts=dict(posts_of.unknown),
        recalled=posts_of.recalled,
        kept=posts_of.kept,
    )


def _units(part: Part, actor: Actor, now: datetime) -> Taken:
    units = Units(actor, now, part.lines)
    taken = Taken(
        part, [_row(part, line, line.values.get("code", ""), units.take_unit) for line in part.lines]
    )
    units.place_all()
    taken.same_names = named_alike({row.key for row in taken.outcomes if row.change != "quarantined"})
    return taken


def _row(part: Part, line: Line, key: str, take: Take) -> Outcome:
    """Take one row, or undo what it did and say why not."""
    try:
        with transaction.atomic():
            change, changed = take(line)
    except (Refused, BadInput) as no:
        return Outcome(line, key, "quarantined", (), tuple(_faults(part, line, no)))
    return Outcome(line, key, change, changed)


def _faults(part: Part, line: Line, no: RuleError) -> Iterable[Fault]:
    fields = no.facts.get("fields")
    named = fields if isinstance(fields, Mapping) else {COLUMN_OF.get(no.code, ""): no.code}
    for name, rule in named.items():
        yield Fault(part.fields.get(str(name), str(name)), line.values.get(str(name), ""), str(rule))


COLUMN_OF = {
    "not_yours_to_give": "roles",
    "own_grant": "roles",
    "last_administrator": "post",
    "unit_closed": "unit",
    "not_your_role": "unit",
    "person_ended": "name",
}
"""The column a refusal of a whole row is about."""


def quarantine(taken: Taken, path: Path, say: Callable[[str], str]) -> int:
    """Write the rows that were not taken with their reasons in words; return how many there were."""
    rows = [
        Rejected(
            outcome.line, tuple((fault.column, fault.value, say(fault.rule)) for fault in outcome.faults)
        )
        for outcome in taken.outcomes
        if outcome.change == "quarantined"
    ]
    if rows:
        write_quarantine(path, taken.part, rows)
    return len(rows)
