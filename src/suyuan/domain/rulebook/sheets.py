"""Which sheets an investigation must hold before its finding is handed in: by procedure and kind of matter.

A rule that is only remembered or inferred advises; it never stops anybody until somebody confirms it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from suyuan.domain.procedures import CURRENT

from .reading import Row, conditions, sourced
from .records import FACTS, PROCEDURES, Sourced, Title, holds


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRule(Sourced):
    """One sheet asked for in the cases of some procedures; ``when`` empty: in all of them."""

    id: str
    title: Title
    verb: str
    procedures: tuple[str, ...]
    when: Mapping[str, tuple[str, ...]] = field(hash=False)

    @property
    def key(self) -> str:
        return self.id


def sheet_rule(row: Row) -> SheetRule:
    """Return the rule one table of a file says."""
    found = SheetRule(
        id=row.text("id"),
        title=row.title(),
        verb=row.text("verb"),
        procedures=row.texts("procedures"),
        when=conditions(row, FACTS),
        **sourced(row),
    )
    if unknown := set(found.procedures) - set(PROCEDURES):
        raise row.error("procedures", f"names the unknown procedure {min(unknown)!r}")
    for name in found.procedures:
        if found.verb not in {step.verb for step in CURRENT[name].steps}:
            raise row.error("verb", f"names the unknown step {f'{name}.{found.verb}'!r}")
    return found


def check_sheet(row: Row, rule: SheetRule, codes: Mapping[str, set[str]]) -> None:
    """Raise where a rule names a code that is not there."""
    for key, values in rule.when.items():
        if unknown := set(values) - codes.get(key, set()):
            raise row.error(f"when.{key}", f"names the unknown code {min(unknown)!r}")


@dataclass(frozen=True, slots=True)
class Asked:
    """The sheets a case must hold, and those it had better hold; each once, in the order of the rulebook."""

    required: tuple[str, ...] = ()
    advised: tuple[str, ...] = ()

    def without(self, verb: str) -> "Asked":
        """Return the same without one sheet."""
        required, advised = (
            tuple(one for one in found if one != verb) for found in (self.required, self.advised)
        )
        return Asked(required, advised)


def asked(rules: Iterable[SheetRule], procedure: str, facts: Mapping[str, str]) -> Asked:
    """Return the sheets asked for in a case of a procedure with those facts."""
    mine = [rule for rule in rules if procedure in rule.procedures and holds(rule.when, facts)]
    required = dict.fromkeys(rule.verb for rule in mine if rule.certainty.assessable)
    advised = dict.fromkeys(rule.verb for rule in mine if rule.verb not in required)
    return Asked(tuple(required), tuple(advised))
