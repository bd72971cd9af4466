"""Rows of a list of units: what each changes, and which cannot be placed."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from suyuan.domain import staffing
from suyuan.domain.errors import BadInput, Refused, RuleError
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import SPECIALTIES
from suyuan.gateways.lists import Line
from suyuan.store.models import Case, Unit
from suyuan.store.queries import org, viewer

from . import spoken
from .beginning import FIRST_CODE
from .tree import load_units

Row = dict[str, str]
OWN = ("name", "parent", "kind", "specialty", "customers")


class Units:
    """The units of one file: rows are checked one by one and placed together, parents in any order."""

    def __init__(self, actor: Actor, now: datetime, lines: Sequence[Line]) -> None:
        self.actor, self.now = actor, now
        self.rows: dict[str, Row] = {}
        self.no: dict[int, RuleError] = {}
        """Why a row of the file cannot be taken."""
        for line in lines:
            self._read(line)
        self.was = self._take_first_root()
        self.known = {unit.code: unit for unit in Unit.objects.select_related("parent")}
        self._name_parents(lines)
        self._refuse_roots(lines)
        self._refuse(lines, self._check_reach)
        placed = self._placed(lines)
        self._refuse(lines, lambda row: _check_placed(row, placed))
        self.good: dict[str, Row] = {}

    def _read(self, line: Line) -> None:
        """Keep what a row says, or every fault it has of its own."""
        values = line.values
        row = {name: values.get(name, "") for name in ("code", *OWN)}
        row["kind"] = spoken.code("unit_kind", row["kind"])
        row["specialty"] = spoken.code("specialty", row["specialty"])
        wrong = _faults(row) | dict.fromkeys(line.formulas, "formula_cell")
        if not wrong and row["code"] in self.rows:
            wrong = {"code": "duplicate_in_file"}
        if wrong:
            self.no[line.row] = BadInput("bad_form", fields=wrong)
        else:
            self.rows[row["code"]] = row

    def _taken(self, lines: Iterable[Line]) -> list[tuple[Line, Row]]:
        """Return the rows of which nothing bad is known yet."""
        return [(line, self.rows[line.values["code"]]) for line in lines if line.row not in self.no]

    def _refuse(self, lines: Sequence[Line], check: Callable[[Row], None]) -> None:
        """Take out the rows that a check raises for."""
        for line, row in self._taken(lines):
            try:
                check(row)
            except (BadInput, Refused) as no:
                self.no[line.row] = no

    def _take_first_root(self) -> str:
        """Let the root of an office just begun have the code its register gives the company; return the old.

        Where the register has several without one above, the company is the one that is called like it.
        """
        known = list(Unit.objects.filter(parent=None).exclude(code=org.MADE_UP_ROOT)[:2])
        if len(known) != 1 or known[0].code in self.rows:
            return ""
        root = known[0]
        tops = [row for row in self.rows.values() if not row["parent"]]
        called = [row for row in tops if spoken.plain(row["name"]) == spoken.plain(root.name)]
        company = called or tops
        if len(company) != 1 or Case.objects.filter(unit=root).exists():
            return ""
        if root.children.exists() and not (called and root.code == FIRST_CODE):
            return ""
        code = company[0]["code"]
        if Unit.objects.filter(code=code).exists() or not staffing.keeps_register(self.actor, root.path):
            return ""
        was, root.code = root.code, code
        if not root.children.exists():
            root.path = f"/{code}/"
        root.save(update_fields=["code", "path"])
        found = viewer.named(self.actor.username)
        self.actor = found.actor if found else self.actor
        return was

    def _name_parents(self, lines: Sequence[Line]) -> None:
        """Put codes for the units above, which a file may name: those of the file and those known."""
        called = {unit.code: unit.name for unit in self.known.values()}
        called |= {code: row["name"] for code, row in self.rows.items()}
        names = spoken.by_name((code, name, code) for code, name in called.items())
        for line, row in self._taken(lines):
            known = self.known.get(row["code"])
            if "parent" not in line.values and known is not None and known.parent is not None:
                row["parent"] = known.parent.code
            elif row["parent"] and row["parent"] not in self.known and row["parent"] not in self.rows:
                found = names.get(spoken.plain(row["parent"]), [])
                if len(found) > 1:
                    self.no[line.row] = BadInput("bad_form", fields={"parent": "ambiguous_name"})
                row["parent"] = found[0] if len(found) == 1 else row["parent"]

    def _refuse_roots(self, lines: Sequence[Line]) -> None:
        """Refuse a second unit without one above: nobody's reach would hold both."""
        roots = {unit.code for unit in self.known.values() if unit.parent is None} - {org.MADE_UP_ROOT}
        for line, row in self._taken(lines):
            if row["parent"] or row["code"] in roots:
                continue
            if roots:
                self.no[line.row] = BadInput("bad_form", fields={"parent": "second_root"})
            roots = roots or {row["code"]}

    def _placed(self, lines: Sequence[Line]) -> set[str]:
        """Return the codes whose line of parents ends at a root: neither missing nor a circle."""
        above = {code: unit.parent.code if unit.parent else "" for code, unit in self.known.items()}
        above |= {row["code"]: row["parent"] for _, row in self._taken(lines)}
        placed: set[str] = set()
        while ready := [
            code for code, up in above.items() if code not in placed and (not up or up in placed)
        ]:
            placed |= set(ready)
        return placed

    def _check_reach(self, row: Row) -> None:
        known = [self.known[code] for code in (row["code"], row["parent"]) if code in self.known]
        if any(unit.closed_at is not None for unit in known):
            raise Refused("unit_closed", unit=row["code"])
        if not staffing.keeps_register(self.actor, *(unit.path for unit in known)) or (
            not known and not staffing.keeps_register(self.actor, "/")
        ):
            raise Refused("not_your_role", verb="org_load")

    def take_unit(self, line: Line) -> tuple[str, tuple[str, ...]]:
        """Keep a row for the end and return what it will change; raise what is wrong with it."""
        if line.row in self.no:
            raise self.no[line.row]
        row = self.rows[line.values["code"]]
        known = self.known.get(row["code"])
        if known is None:
            self.good[row["code"]] = row
            return "new", ()
        before = _as_row(known)
        for name in set(OWN) - set(line.values) - {"parent"}:
            row[name] = before[name]
        changed = tuple(name for name in OWN if row[name] != before[name])
        if self.was and known.parent is None:
            changed = ("code", *changed)
        if not changed and not known.provisional:
            return "same", ()
        self.good[row["code"]] = row
        return "changed", changed or ("provisional",)

    def place_all(self) -> None:
        """Place what was taken, all at once."""
        if self.good:
            load_units(rows=list(self.good.values()), actor=self.actor, now=self.now)


def named_alike(codes: Collection[str]) -> dict[str, list[str]]:
    """Return the names that several open units have, each with their codes, where one of ``codes`` has it.

    An order that gives such a name and no code is set aside: nobody can say whose it is.
    """
    known = Unit.objects.filter(closed_at=None).order_by("path").values_list("code", "name")
    called: dict[str, list[tuple[str, str]]] = {}
    for code, name in known:
        called.setdefault(spoken.plain(name), []).append((code, name))
    return {
        same[0][1]: [code for code, _ in same]
        for same in called.values()
        if len(same) > 1 and any(code in codes for code, _ in same)
    }


def _faults(row: Row) -> dict[str, str]:
    """Return the faults a row has by itself: field → rule."""
    wrong = {name: "missing_value" for name in ("code", "name") if not row[name]}
    if "/" in row["code"] or len(row["code"]) > 40:
        wrong["code"] = "bad_identifier"
    if row["specialty"] and row["specialty"] not in SPECIALTIES:
        wrong["specialty"] = "unknown_value"
    if row["customers"] and not row["customers"].isdecimal():
        wrong["customers"] = "not_a_number"
    if len(row["name"]) > 120:
        wrong["name"] = "too_long"
    if len(row["kind"]) > 20:
        wrong["kind"] = "too_long"
    return wrong


def _check_placed(row: Row, placed: set[str]) -> None:
    if row["code"] not in placed:
        raise BadInput("bad_form", fields={"parent": "unknown_unit"})


def _as_row(unit: Unit) -> Row:
    """Return a known unit as a row of a file would have it."""
    return {
        "name": unit.name,
        "parent": unit.parent.code if unit.parent else "",
        "kind": unit.kind,
        "specialty": unit.specialty,
        "customers": "" if unit.customers is None else str(unit.customers),
    }
