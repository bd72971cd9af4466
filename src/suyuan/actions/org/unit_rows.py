"""Rows of a list of units: what each changes, and which cannot be placed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from suyuan.domain import staffing
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import SPECIALTIES
from suyuan.gateways.orgfile import Line
from suyuan.store.models import Case, Unit
from suyuan.store.queries import org, viewer

from . import spoken
from .tree import load_units

Values = Mapping[str, str]


class Units:
    """The units of one file: rows are checked one by one and placed together, parents in any order."""

    def __init__(self, actor: Actor, now: datetime, lines: Sequence[Line]) -> None:
        self.actor, self.now = actor, now
        self._take_first_root(lines)
        self.known = {unit.code: unit for unit in Unit.objects.select_related("parent")}
        self.good: dict[str, Values] = {}
        self.placed = self._placed(lines)

    def _take_first_root(self, lines: Sequence[Line]) -> None:
        """Let the root of an office just begun have the code its register gives the company."""
        roots = [line.values["code"] for line in lines if not line.values.get("parent")]
        known = list(Unit.objects.filter(parent=None).exclude(code=org.MADE_UP_ROOT)[:2])
        if len(roots) != 1 or len(known) != 1 or known[0].code == roots[0] or not roots[0]:
            return
        root = known[0]
        if "/" in roots[0] or root.children.exists() or Case.objects.filter(unit=root).exists():
            return
        if not staffing.keeps_register(self.actor, root.path):
            return
        root.code, root.path = roots[0], f"/{roots[0]}/"
        root.save(update_fields=["code", "path"])
        found = viewer.named(self.actor.username)
        self.actor = found.actor if found else self.actor

    def _placed(self, lines: Sequence[Line]) -> set[str]:
        """Return the codes whose line of parents ends at a root: neither missing nor a circle."""
        above = {code: unit.parent.code if unit.parent else "" for code, unit in self.known.items()}
        above |= {line.values["code"]: self._above(line.values) for line in lines}
        placed: set[str] = set()
        while ready := [
            code for code, up in above.items() if code not in placed and (not up or up in placed)
        ]:
            placed |= set(ready)
        return placed

    def _above(self, values: Values) -> str:
        """Return the code of the unit above, which a file may name."""
        given = values.get("parent", "")
        if not given or given in self.known:
            return given
        named = [unit.code for unit in self.known.values() if unit.name == given]
        return named[0] if len(named) == 1 else given

    def take_unit(self, values: Values) -> tuple[str, tuple[str, ...]]:
        """Check one row and keep it for the end; return what it will change."""
        code = values["code"]
        row = {
            "code": code,
            "name": values["name"],
            "parent": self._above(values),
            "kind": spoken.code("unit_kind", values.get("kind", "")),
            "specialty": spoken.code("specialty", values.get("specialty", "")),
            "customers": values.get("customers", ""),
        }
        self._check_row(row)
        known = self.known.get(code)
        self.good[code] = row
        if known is None:
            return "new", ()
        before = {
            "name": known.name,
            "parent": known.parent.code if known.parent else "",
            "kind": known.kind,
            "specialty": known.specialty,
            "customers": "" if known.customers is None else str(known.customers),
        }
        given = {name for name in before if name in values}
        for name in set(before) - given:
            row[name] = before[name]
        changed = tuple(name for name in before if row[name] != before[name])
        if not changed and not known.provisional:
            del self.good[code]
            return "same", ()
        return "changed", changed or ("provisional",)

    def _check_row(self, row: Values) -> None:
        code, wrong = row["code"], {}
        if not code or not row["name"]:
            wrong = {name: "missing_value" for name in ("code", "name") if not row[name]}
        elif code in self.good:
            wrong["code"] = "duplicate_in_file"
        elif "/" in code or len(code) > 40:
            wrong["code"] = "bad_identifier"
        if row["specialty"] and row["specialty"] not in SPECIALTIES:
            wrong["specialty"] = "unknown_value"
        if row["customers"] and not row["customers"].isdecimal():
            wrong["customers"] = "not_a_number"
        if len(row["name"]) > 120:
            wrong["name"] = "too_long"
        if len(row["kind"]) > 20:
            wrong["kind"] = "too_long"
        if code and code not in self.placed:
            wrong["parent"] = "unknown_unit"
        if wrong:
            raise BadInput("bad_form", fields=wrong)
        self._check_reach(row)

    def _check_reach(self, row: Values) -> None:
        known = [self.known[code] for code in (row["code"], row["parent"]) if code in self.known]
        if any(unit.closed_at is not None for unit in known):
            raise Refused("unit_closed", unit=row["code"])
        if not staffing.keeps_register(self.actor, *(unit.path for unit in known)) or (
            not known and not staffing.keeps_register(self.actor, "/")
        ):
            raise Refused("not_your_role", verb="org_load")

    def place_all(self) -> None:
        """Place what was taken, all at once."""
        if self.good:
            load_units(rows=list(self.good.values()), actor=self.actor, now=self.now)
