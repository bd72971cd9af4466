"""The units a file names: found in the register, made provisional before there is one, a fault after."""

import hashlib
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from suyuan.gateways.layout.spelling import simplified
from suyuan.store import chain
from suyuan.store.models import Case, Unit
from suyuan.store.queries import org

ROOT = org.MADE_UP_ROOT
UNASSIGNED = "unassigned"
"""Where orders of files without a unit column go."""


@dataclass(slots=True)
class Units:
    """The units known to this run, growing while no register has been loaded."""

    strict: bool
    by: str
    now: datetime
    by_code: dict[str, Unit] = field(default_factory=dict)
    by_name: dict[str, Unit] = field(default_factory=dict)

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

    def resolve(self, code: str, name: str) -> Unit | None:
        """Return the unit of an order, making a provisional one if allowed; None where it is a fault."""
        if not code and not name:
            return self._provisional(UNASSIGNED, "未分单位")
        found = (
            self.by_code.get(code) if code else self.by_name.get(plain(name)) or self.by_code.get(coded(name))
        )
        if found is not None:
            return found
        if self.strict:
            return None
        return self._provisional(code or coded(name), name or code)

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


def plain(name: str) -> str:
    """Return a name as units are told apart by: width, script and spaces make no other unit."""
    return "".join(simplified(unicodedata.normalize("NFKC", name)).split())


def coded(name: str) -> str:
    """Return the code of a unit known by name alone."""
    kept = plain(name).replace("/", "／")
    return kept if len(kept) <= 40 else kept[:30] + hashlib.sha256(name.encode()).hexdigest()[:10]
