"""A row of a call file: when, from which number, and what became of the call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from suyuan.domain import missed_call as rule
from suyuan.domain.characters import storable
from suyuan.domain.procedure import Actor
from suyuan.domain.telephone import is_phone
from suyuan.gateways.layout.moments import Clock, Unreadable
from suyuan.gateways.lists import Line
from suyuan.store import rules, seal
from suyuan.store.models import Unit
from suyuan.store.queries.cases import LOCAL

from .._taking_in import Faults
from ..org.spoken import by_name, plain

LONGEST = {"caller": 40, "queue": 60, "call": 80}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row that can be taken."""

    at: datetime
    outcome: str
    number: str
    index: str
    """Blind index of the number, empty for a caller who is not listed."""
    key: str
    waited: int | None
    queue: str
    unit: Unit


class Rows:
    """Checks the rows of one file, one after the other."""

    shown = frozenset({"unit", "day", "called_at", "outcome", "waited"})

    def __init__(self, actor: Actor, desk: Unit, now: datetime) -> None:
        self.desk, self.now = desk, now
        self.paths = tuple(path for role, path in actor.reaching if role in rule.MAY_IMPORT)
        self.book, self.clock = rules.rulebook(), Clock(str(LOCAL))
        self.units = by_name((unit.code, unit.name, unit) for unit in Unit.objects.filter(closed_at=None))

    def prepare(self, line: Line) -> tuple[Prepared | None, Faults]:
        """Return what a row says, or every fault it has."""
        said = {name: value for name, value in line.values.items() if value}
        wrong: Faults = {
            name: "too_long" if storable(text) else "bad_characters"
            for name, text in said.items()
            if len(text) > LONGEST.get(name, 120) or not storable(text)
        }
        at = self._moment(said, wrong)
        outcome = self.book.code_of("call_outcome", said.get("outcome", ""))
        if outcome is None:
            wrong["outcome"] = "unknown_value" if "outcome" in said else "missing_value"
        waited, unit = _waited(said.get("waited"), wrong), self._unit(said.get("unit", ""), wrong)
        number = said.get("caller", "")
        listed = not rule.is_unlisted(number)
        if listed and not is_phone(number):
            wrong["caller"] = "not_a_phone"
        wrong |= dict.fromkeys(line.formulas, "formula_cell")
        if wrong:
            return None, wrong
        assert at is not None
        assert outcome is not None
        assert unit is not None
        index = seal.index("phone", number) if listed else ""
        key = seal.index("call", f"{said.get('call') or index}@{at.isoformat()}")
        return Prepared(at, outcome, number, index, key, waited, said.get("queue", ""), unit), {}

    def _moment(self, said: Mapping[str, str], wrong: Faults) -> datetime | None:
        """Return when a call came in: one cell says it, or one the day and one the time of day."""
        text, day = said.get("called_at", ""), said.get("day", "")
        try:
            at = self.clock.read_two(day, text) if day and not self._is_whole(text) else self.clock.read(text)
        except Unreadable:
            wrong["called_at"] = "not_a_moment" if text else "missing_value"
            return None
        if at > self.now:
            wrong["called_at"] = "future"
        return at

    def _is_whole(self, text: str) -> bool:
        """Tell whether a cell says day and time; a workbook puts a day of 1900 before a time of day."""
        try:
            return self.clock.read(text) >= self.clock.earliest
        except Unreadable:
            return False

    def _unit(self, text: str, wrong: Faults) -> Unit | None:
        if not text:
            return self.desk
        found = self.units.get(plain(text), [])
        if len(found) != 1:
            wrong["unit"] = "ambiguous_name" if found else "unknown_unit"
        elif not found[0].path.startswith(self.paths):
            wrong["unit"] = "not_your_role"
        return found[0] if len(found) == 1 else None


def _waited(text: str | None, wrong: Faults) -> int | None:
    try:
        return None if text is None else rule.seconds(text)
    except ValueError as problem:
        wrong["waited"] = str(problem)
        return None
