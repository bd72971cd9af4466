"""The units a file names: found in the register, made provisional before there is one, a fault after."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from suyuan.analytics.script import simplified
from suyuan.domain.order import UNASSIGNED, OrderRecord
from suyuan.store import chain
from suyuan.store.models import Case, Unit
from suyuan.store.queries import org

ROOT = org.MADE_UP_ROOT


@dataclass(slots=True)
class Units:
    """The units known to this run, growing while no register has been loaded."""

    strict: bool
    by: str
    now: datetime
    by_code: dict[str, Unit] = field(default_factory=dict)
    by_name: dict[str, Unit] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)
    """Names that more than one open unit has: a code must tell which is meant."""

    @classmethod
    def load(cls, by: str, now: datetime) -> "Units":
        """Return the units as they stand; a register that has been loaded makes unknown ones faults."""
        found = cls(strict=org.has_register(), by=by, now=now)
        every = {unit.pk: unit for unit in Unit.objects.all()}
        for unit in every.values():
            found._know(unit)
        for unit in every.values():
            for name in unit.former_names:
                found.by_name.setdefault(plain(name), unit)
        for unit in every.values():
            if unit.merged_into_id is not None:
                found._follow(unit, every)
        open_ones = Counter(plain(unit.name) for unit in every.values() if unit.closed_at is None)
        found.twice = {name for name, count in open_ones.items() if count > 1}
        return found

    def _follow(self, unit: Unit, every: dict[int, Unit]) -> None:
        """Let what names a merged unit mean the one it went into."""
        last = unit
        while last.merged_into_id is not None:
            last = every[last.merged_into_id]
        self.by_code[unit.code] = last
        for name, known in list(self.by_name.items()):
            if known is unit:
                self.by_name[name] = last

    def _know(self, unit: Unit) -> Unit:
        self.by_code[unit.code] = unit
        self.by_name.setdefault(plain(unit.name), unit)
        return unit

    def resolve(self, code: str, name: str) -> Unit | str:
        """Return the unit of an order, making a provisional one if allowed; else the rule that is broken."""
        if not code and not name:
            return self._provisional(UNASSIGNED, "未分单位")
        if self.strict:
            return self.find(code, name)
        if code:
            return self.by_code.get(code) or self._provisional(code, name or code)
        known = self.by_name.get(plain(name)) or self.by_code.get(coded(name))
        return known or self._provisional(coded(name), name)

    def find(self, code: str, name: str) -> Unit | str:
        """Return the unit of the register that code or name mean, or the rule that is broken.

        An unknown code does not stand against a known name: offices have numberings of their own.
        """
        by_code, by_name = self.by_code.get(code), self._named(name)
        if by_code is None:
            if isinstance(by_name, Unit):
                return by_name
            return by_name or "unknown_unit"
        own = {plain(each) for each in (by_code.name, *by_code.former_names)}
        if isinstance(by_name, Unit) and by_name is not by_code and plain(name) not in own:
            return "units_contradict"
        return by_code

    def _named(self, name: str) -> Unit | str:
        """Return the unit of a name; the rule it breaks where several have it, nothing where none has."""
        if plain(name) in self.twice:
            return "unit_named_twice"
        return self.by_name.get(plain(name)) or self.by_code.get(coded(name)) or ""

    def _provisional(self, code: str, name: str) -> Unit:
        known = self.by_code.get(code)
        if known is not None:
            return known
        parent = self._parent(code)
        unit, made = Unit.objects.get_or_create(
            code=code,
            defaults={
                "name": name[:120],
                "parent": parent,
                "path": f"{parent.path}{code}/",
                "provisional": True,
            },
        )
        if made:
            self._take_under(unit)
        return self._know(unit)

    def _take_under(self, unit: Unit) -> None:
        """Move the provisional units whose codes this one begins below it, with their cases' lake rows."""
        below = [
            each
            for each in self.by_code.values()
            if each.provisional and each.parent_id == unit.parent_id and each.code.startswith(unit.code)
        ]
        for each in below:
            old, each.parent, each.path = each.path, unit, f"{unit.path}{each.code}/"
            each.save(update_fields=["parent", "path"])
            for deeper in self.by_code.values():
                if deeper.path.startswith(old) and deeper is not each:
                    deeper.path = each.path + deeper.path[len(old) :]
                    deeper.save(update_fields=["path"])
        if below:
            self._write_down(unit, below)

    def _write_down(self, unit: Unit, below: list[Unit]) -> None:
        event = chain.append(
            stream="register:org",
            at=self.now,
            actor=self.by,
            verb="org_load",
            objects=[("unit", unit.code)],
            detail={"moved": [each.code for each in below]},
        )
        moved = Unit.objects.filter(path__startswith=unit.path)
        Case.objects.filter(unit__in=moved).update(changed_event=event)

    def _parent(self, code: str) -> Unit:
        """Return the known unit with the longest code that begins this one, else the root."""
        for length in range(len(code) - 1, 0, -1):
            if (unit := self.by_code.get(code[:length])) is not None:
                return unit
        return self.root()

    def root(self) -> Unit:
        """Return the root of the organisation, making one on an empty home."""
        for unit in self.by_code.values():
            if unit.parent_id is None:
                return unit
        made, _ = Unit.objects.get_or_create(
            code=ROOT, defaults={"name": "本公司", "path": f"/{ROOT}/", "provisional": True}
        )
        return self._know(made)


def foreseen(records: Iterable[OrderRecord], now: datetime) -> dict[str, str]:
    """Return by its number each order whose unit would keep it out, with the rule; nothing is written."""
    units = Units.load("", now)
    found = {
        record.number: units.find(record.unit_code, record.unit_name)
        for record in records
        if units.strict and (record.unit_code or record.unit_name)
    }
    return {number: rule for number, rule in found.items() if isinstance(rule, str)}


def unknown_units(named: Mapping[tuple[str, str], int], now: datetime) -> Counter[str]:
    """Return of the units a file names, by code and name, those the register lacks, each with its rows."""
    units = Units.load("", now)
    lacking: Counter[str] = Counter()
    for (code, name), count in named.items():
        if units.strict and (code or name) and units.find(code, name) == "unknown_unit":
            lacking[f"{code} {name}".strip()] += count
    return lacking


def plain(name: str) -> str:
    """Return a name as units are told apart by: width, script and spaces make no other unit."""
    return "".join(simplified(unicodedata.normalize("NFKC", name)).split())


def coded(name: str) -> str:
    """Return the code of a unit known by name alone."""
    kept = plain(name).replace("/", "／")
    return kept if len(kept) <= 40 else kept[:30] + hashlib.sha256(name.encode()).hexdigest()[:10]
