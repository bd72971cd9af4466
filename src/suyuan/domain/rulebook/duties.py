"""Who does, who answers for, who is asked and who is told at each step of a procedure: RACI by post.

A duty and the table of its procedure must say the same: whoever does the step may do it, and every role
that may do it stands among those who do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from suyuan.domain.procedure import Procedure
from suyuan.domain.procedures import CURRENT

from .posts import roles_of
from .reading import Row, sourced
from .records import PROCEDURES, Sourced, Title


class Letter(StrEnum):
    """What a post owes at a step."""

    R = "responsible"
    """Does it."""
    A = "accountable"
    """Answers for it: one post, and no more."""
    C = "consulted"
    """Is asked before it is done."""
    I = "informed"  # noqa: E741 the letter of the method
    """Is told once it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Sourced):
    """What each post owes at one stage: a verb, or several that end it, of some procedures."""

    id: str
    title: Title
    procedures: tuple[str, ...]
    verbs: tuple[str, ...]
    responsible: tuple[str, ...]
    accountable: str
    consulted: tuple[str, ...]
    informed: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.id

    @property
    def posts(self) -> Mapping[Letter, tuple[str, ...]]:
        """Return the posts by what they owe."""
        return {
            Letter.R: self.responsible,
            Letter.A: (self.accountable,),
            Letter.C: self.consulted,
            Letter.I: self.informed,
        }

    def letters(self, held: Iterable[str]) -> tuple[Letter, ...]:
        """Return what somebody who holds those posts owes here."""
        mine = set(held)
        return tuple(letter for letter, posts in self.posts.items() if mine & set(posts))


def duty(row: Row) -> Duty:
    """Return the duty one table of a file says."""
    found = Duty(
        id=row.text("id"),
        title=row.title(),
        procedures=row.texts("procedures"),
        verbs=row.texts("verbs"),
        responsible=row.texts("responsible"),
        accountable=row.text("accountable"),
        consulted=row.texts("consulted", []),
        informed=row.texts("informed", []),
        **sourced(row),
    )
    for key in ("procedures", "verbs", "responsible"):
        if not getattr(found, key):
            raise row.error(key, "is empty")
    if unknown := set(found.procedures) - set(PROCEDURES):
        raise row.error("procedures", f"names the unknown procedure {min(unknown)!r}")
    _check_posts(row, found)
    for name in found.procedures:
        for verb in found.verbs:
            _check_step(row, found, name, verb)
    return found


def _check_posts(row: Row, found: Duty) -> None:
    """Raise for a post nobody knows, or one that stands twice: only who does it may answer for it too."""
    seen: set[str] = set()
    for letter, posts in found.posts.items():
        if unknown := set(posts) - roles_of().keys():
            raise row.error(letter.value, f"names the unknown post {min(unknown)!r}")
        if letter in (Letter.C, Letter.I) and (twice := seen & set(posts)):
            raise row.error(letter.value, f"names {min(twice)!r}, which stands there already")
        seen |= set(posts)


def _check_step(row: Row, found: Duty, name: str, verb: str) -> None:
    """Raise where a duty and the table of a procedure contradict each other."""
    steps = [step for step in CURRENT[name].steps if step.verb == verb]
    if not steps:
        raise row.error("verbs", f"names the unknown step {f'{name}.{verb}'!r}")
    may = {role.value for step in steps for role in (*step.roles, *step.when_restricted)}
    for post in found.responsible:
        if not roles_of()[post] & may:
            raise row.error("responsible", f"names {post!r}, whose roles may not do '{name}.{verb}'")
    doing = frozenset().union(*(roles_of()[post] for post in found.responsible))
    if left := {role.value for step in steps for role in step.roles} - doing:
        raise row.error("responsible", f"leaves out {min(left)!r}, a role that may do '{name}.{verb}'")


def check_duties(placed: Iterable[tuple[Row, Duty]]) -> None:
    """Raise where two duties speak of one step on one day."""
    for (_, one), (row, other) in combinations(placed, 2):
        apart = _ends(one) < _begins(other) or _ends(other) < _begins(one)
        if one.id == other.id or apart or not set(one.verbs) & set(other.verbs):
            continue
        if both := set(one.procedures) & set(other.procedures):
            raise row.error("procedures", f"names {min(both)!r}, of which {one.id!r} says the step already")


def _begins(one: Duty) -> date:
    return one.in_force_from or date.min


def _ends(one: Duty) -> date:
    return one.in_force_until or date.max


def of_step(duties: Iterable[Duty], procedure: str, verb: str) -> Duty | None:
    """Return the duty that speaks of a step, or None where none does."""
    return next((one for one in duties if procedure in one.procedures and verb in one.verbs), None)


def unsaid(duties: Iterable[Duty], procedure: Procedure, stages: Iterable[str]) -> list[str]:
    """Return the stages of a procedure of which no duty speaks."""
    known = list(duties)
    return [verb for verb in stages if of_step(known, procedure.name, verb) is None]
