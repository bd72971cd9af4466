"""What do units and people tell us that no order says: customers, calls, deductions?

A quantity of a unit is its own figure or, where it has none, the sum of its sub-units' figures if every
sub-unit that counts has one. Nothing is estimated: a gap makes the whole unknown.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from suyuan.analytics.measures.measure import Given
from suyuan.analytics.period import Period
from suyuan.analytics.source import Tables

ROOT = "/"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of the register."""

    code: str
    name: str
    path: str
    depth: int
    customers: int | None


@dataclass(frozen=True, slots=True)
class Input:
    """One quantity given for a unit and a period, e.g. staffed calls of 2025-10."""

    unit: str
    period: str
    name: str
    value: float


class Register:
    """The units by path, and look-up of what was given for them.

    ``met`` holds the paths that have anything to count: only a leaf among them makes a gap, so that an
    office without customers of its own hides nobody's figure.
    """

    def __init__(
        self, units: Iterable[Unit], inputs: Iterable[Input] = (), met: frozenset[str] = frozenset()
    ) -> None:
        self.units = {unit.path: unit for unit in sorted(units, key=lambda unit: unit.path)}
        self._given = {(given.unit, given.period, given.name): given.value for given in inputs}
        self._met = met
        self._below: dict[str, list[str]] = {}
        for path in sorted({*self.units, *met} - {ROOT}):
            self._below.setdefault(parent(path), []).append(path)
        self._resolved: dict[tuple[str, str, str], float | None] = {}

    def given(self, path: str, period: Period) -> Given:
        """Return the look-up for one unit and period."""
        return lambda name: self._value(path, period, name)

    def _value(self, path: str, period: Period, name: str) -> float | None:
        key = (path, period.label, name)
        if key not in self._resolved:
            own = self._own(path, period, name)
            self._resolved[key] = self._total(path, period, name) if own is None else own
        return self._resolved[key]

    def _own(self, path: str, period: Period, name: str) -> float | None:
        unit = self.units.get(path)
        value = self._given.get((code_of(path), period.label, name))
        if value is None and name == "customers" and unit is not None:
            return unit.customers
        return value

    def _total(self, path: str, period: Period, name: str) -> float | None:
        values = {child: self._value(child, period, name) for child in self._below.get(path, [])}
        if any(value is None and child in self._met for child, value in values.items()):
            return None
        known = [value for value in values.values() if value is not None]
        return sum(known) if known else None


def parent(path: str) -> str:
    """Return the path one level up."""
    return path[: path.rstrip("/").rfind("/") + 1] or ROOT if path != ROOT else ""


def code_of(path: str) -> str:
    """Return the code of the unit at the end of a path, "" for the whole."""
    return path.rstrip("/").rpartition("/")[2]


def read(tables: Tables, inputs: Iterable[Input] = (), met: frozenset[str] = frozenset()) -> Register:
    """Return the lake's units with what was given for them."""
    wanted = tables.units.select("code", "name", "path", "depth", "customers")
    return Register((Unit(**row) for row in tables.fetch(wanted).to_pylist()), inputs, met)
