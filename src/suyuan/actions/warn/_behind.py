"""The cases behind the signals of a run: whose they are, and what may be shown of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from suyuan.analytics.detect.signal import Signal
from suyuan.domain import protection
from suyuan.domain import warning as rule
from suyuan.domain.order import UNASSIGNED
from suyuan.store.models import Case, Unit

CASE = "case:"
APART = frozenset({protection.PROCEDURE, rule.PROCEDURE})
"""Procedures nobody is warned of: what a colleague met with, and warnings themselves, whose clocks warn."""
CHUNK = 900


@dataclass(frozen=True, slots=True)
class Behind:
    """What a run needs to know of cases and units, read at once."""

    cases: Mapping[str, Case]
    units: Mapping[str, Unit]
    root: Unit | None

    def about(self, one: Signal) -> Case | None:
        """Return the case a signal is about, None where it is about something else."""
        return self.cases.get(one.object.removeprefix(CASE)) if one.object.startswith(CASE) else None

    def is_kept_apart(self, one: Signal) -> bool:
        """Return whether nobody is warned of what a signal is about."""
        case = self.about(one)
        return case is not None and case.procedure in APART

    def shown(self, one: Signal) -> list[str]:
        """Return the numbers behind a signal; of restricted cases the one it is about alone."""
        return [
            number
            for number in one.cases
            if (case := self.cases.get(number)) is None or not case.restricted or case == self.about(one)
        ]

    def unit_of(self, one: Signal) -> Unit | None:
        """Return whose a signal is: its unit, that of its case, the one above all behind it, the company."""
        case = self.about(one)
        named = self.units.get(one.unit) or (case.unit if case else None)
        if named is not None:
            return named
        paths = [self.cases[number].unit.path for number in one.cases if number in self.cases]
        return self._above(paths) or self.root

    def _above(self, paths: list[str]) -> Unit | None:
        if not paths:
            return None
        parts = [path.strip("/").split("/") for path in paths]
        shared = []
        for level in zip(*parts, strict=False):
            if len(set(level)) > 1:
                break
            shared.append(level[0])
        return self.units.get(shared[-1]) if shared else None


def of(signals: Collection[Signal]) -> Behind:
    """Return what is known of the cases and units of some signals."""
    numbers = sorted({number for one in signals for number in one.cases} | _objects(signals))
    cases: dict[str, Case] = {}
    for start in range(0, len(numbers), CHUNK):
        rows = Case.objects.select_related("unit").filter(number__in=numbers[start : start + CHUNK])
        cases |= {row.number: row for row in rows}
    units = {unit.code: unit for unit in Unit.objects.all()}
    roots = [one for one in units.values() if one.parent_id is None and one.code != UNASSIGNED]
    return Behind(cases, units, min(roots, key=lambda one: one.pk, default=None))


def _objects(signals: Collection[Signal]) -> set[str]:
    return {one.object.removeprefix(CASE) for one in signals if one.object.startswith(CASE)}
