"""One row of cells to one OrderRecord, or to every rule it breaks."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from suyuan.domain.order import MILESTONES, OrderRecord

from ..tablefile import Formula
from .cells import UNMAPPED, Broken, Parser, parser, shown
from .chains import NOTHING, Chains, Kind
from .header import Fit
from .moments import Clock
from .record import CATEGORIES, IDS, MOMENTS, Column, Layout

AHEAD = timedelta(days=1)
"""How far a moment may lie after the import: clocks of two systems differ, more than a day is an error."""

NAMES = frozenset({*IDS, "customer", "unit", "unit_code", "unit_name", "text"})
"""Fields that name something: what a formula shows that nobody reckoned is none of them."""

LATER = frozenset(MILESTONES[MILESTONES.index("accepted_at") + 1 :])
"""Milestones that cannot come before acceptance."""

EXTRA = "extra."
"""Beginning of the fields that are kept under their name."""

CELL_SHOWN = 200
"""Characters of a wrong value kept in its fault."""


def _reckoned(read: Parser) -> Parser:
    """Refuse what a formula shows that no program has reckoned."""

    def read_reckoned(cell: Any) -> Any:
        if isinstance(cell, Formula):
            raise Broken("formula_cell")
        return read(cell)

    return read_reckoned


def _standing(cell: Any) -> str:
    """Return what stands in a cell: a formula itself, where no program has reckoned it."""
    return cell.written if isinstance(cell, Formula) else shown(cell)


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule one cell breaks. ``value`` may be personal: for the quarantine file, never for a log."""

    column: str
    value: str
    rule: str
    detail: str = ""


@dataclass(slots=True)
class Outcome:
    """What became of one row: a record, or the faults that keep it out."""

    row: int
    """Number of the row in the file, counted from 1 as a spreadsheet shows it."""
    record: OrderRecord | None
    faults: tuple[Fault, ...]
    raw: tuple[str, ...]


class RowReader:
    """Reads rows by a layout laid on a header; made once a file, because it prepares every column."""

    def __init__(self, layout: Layout, laid: Fit, now: datetime | None = None) -> None:
        self.layout, self.headers = layout, laid.headers
        self.clock = Clock(layout.timezone, layout.formats)
        self.latest = now + AHEAD if now else datetime.max.replace(tzinfo=UTC)
        self.chains = Chains(layout)
        self.places = laid.places
        columns = [(laid.places[c.field], c) for c in layout.columns if c.field in laid.places]
        self.plain = [self._step(i, c) for i, c in columns if c.field not in MOMENTS]
        self.moments = [self._step(i, c) for i, c in columns if c.field in MOMENTS]
        self.width = len(laid.headers)
        self.needs = max((i for i, _ in columns), default=-1) + 1
        self.constants = {"text": ""} | {k: v for k, v in layout.constants.items() if k not in laid.places}
        self.child_by_parent = "parent_number" in laid.places and "is_child" not in laid.places
        self.extras = [field for field in laid.places if field.startswith(EXTRA)]
        self.flags = self._flag_rules()
        self.all_text = False
        """Set where every cell is known to be text."""

    def _step(self, index: int, column: Column) -> tuple[int, str, Parser, bool]:
        read = parser(column, self.layout, self.chains, self.clock)
        if column.field in NAMES:
            read = _reckoned(read)
        return index, column.field, read, column.required

    def _flag_rules(self) -> list[tuple[str, int, str]]:
        found = []
        for code, rule in self.layout.notes.items():
            if rule["blank"] in self.headers:
                found.append((code, self.headers.index(rule["blank"]), rule["given"]))
        return found

    def read(self, row: int, cells: list[Any]) -> Outcome:
        """Return what ``cells`` say."""
        if len(cells) < self.needs:
            cells = cells + [""] * (self.needs - len(cells))
        faults: list[Fault] = []
        values: dict[str, Any] = dict(self.constants)
        moments: dict[str, datetime] = {}
        self.clock.ambiguous = False
        self._plain(cells, values, faults)
        self._moments(cells, moments, faults)
        if len(cells) > self.width > 0 and any(shown(cell).strip() for cell in cells[self.width :]):
            faults.append(Fault("", shown(cells[self.width])[:CELL_SHOWN], "too_many_cells"))
        accepted = self._order_of_times(cells, moments, faults)
        if "business_type" in values:
            self._classify(cells, values, faults)
        raw = tuple(cells if self.all_text else [shown(cell) for cell in cells])
        if faults or accepted is None:
            return Outcome(row, None, tuple(faults), self._told(cells, raw, faults))
        return Outcome(row, self._record(cells, values, moments, accepted), (), raw)

    def _told(self, cells: list[Any], raw: tuple[str, ...], faults: list[Fault]) -> tuple[str, ...]:
        """Return a row to be put right: what is refused as a formula as it is written, not as it shows."""
        if not any(fault.rule == "formula_cell" for fault in faults):
            return raw
        naming = {index for index, name, _, _ in self.plain if name in NAMES}
        return tuple(_standing(cells[at]) if at in naming else text for at, text in enumerate(raw))

    def unit(self, cells: Mapping[int, Any]) -> tuple[str, str]:
        """Return code and name of the unit that cells name, by their places; what breaks a rule is none."""
        values: dict[str, Any] = {}
        for index, name, parse, _ in self.plain:
            if index in cells and cells[index] not in ("", None):
                with suppress(Broken):
                    values[name] = parse(cells[index])
        self._finish(values)
        return values.get("unit_code", ""), values.get("unit_name", "")

    def _plain(self, cells: list[Any], values: dict[str, Any], faults: list[Fault]) -> None:
        for index, name, parse, required in self.plain:
            cell = cells[index]
            if cell == "":
                if required or (name in NAMES and isinstance(cell, Formula)):
                    rule = "formula_cell" if isinstance(cell, Formula) else "missing_value"
                    faults.append(Fault(self.headers[index], _standing(cell), rule))
                continue
            try:
                value = parse(cell)
            except Broken as broken:
                faults.append(self._fault(index, cell, broken.rule, broken.detail))
                continue
            if required and (value is NOTHING or value == ""):
                faults.append(self._fault(index, cell, "missing_value"))
            else:
                values[name] = value

    def _moments(self, cells: list[Any], moments: dict[str, datetime], faults: list[Fault]) -> None:
        latest = self.latest
        for index, name, parse, required in self.moments:
            cell = cells[index]
            try:
                moment = None if cell == "" else parse(cell)
            except Broken as broken:
                faults.append(self._fault(index, cell, broken.rule, broken.detail))
                continue
            if moment is None:
                if required:
                    faults.append(self._fault(index, cell, "missing_value"))
            elif moment > latest and name != "target_at":
                faults.append(self._fault(index, cell, "date_out_of_range", "after the import"))
            else:
                moments[name] = moment

    def _order_of_times(
        self, cells: list[Any], moments: dict[str, datetime], faults: list[Fault]
    ) -> datetime | None:
        """Return the accepted time; fault every later milestone that lies before it."""
        accepted = moments.pop("accepted_at", None)
        if accepted is None:
            return None
        for name, moment in moments.items():
            if moment < accepted and name in LATER:
                start = self.headers[self.places["accepted_at"]]
                index = self.places[name]
                faults.append(self._fault(index, cells[index], "end_before_start", f"before {start}"))
        return accepted

    def _record(
        self, cells: list[Any], values: dict[str, Any], moments: dict[str, datetime], accepted: datetime
    ) -> OrderRecord:
        self._notes(cells, values, moments)
        self._finish(values)
        target = moments.pop("target_at", None)
        return OrderRecord(accepted_at=accepted, target_at=target, moments=moments, **values)

    def _finish(self, values: dict[str, Any]) -> None:
        """Turn what one cell says of two fields, or two cells of one, into the record's fields."""
        if "unit" in values:
            code, name = values.pop("unit")
            values["unit_code"] = values.get("unit_code") or code
            values["unit_name"] = values.get("unit_name") or name
        if self.child_by_parent:
            values["is_child"] = bool(values.get("parent_number"))
        elif values.get("is_child", False) is None:
            values["is_child"] = False
        if values.get("closed") == UNMAPPED:
            values["closed"] = None
        if self.extras:
            kept = {field[len(EXTRA) :]: values.pop(field, "") for field in self.extras}
            values["extra"] = values.get("extra", {}) | {k: v for k, v in kept.items() if v}

    def _classify(self, cells: list[Any], values: dict[str, Any], faults: list[Fault]) -> None:
        """Replace chain and category texts by codes, or fault the cell they stand in."""
        kind = values["business_type"]
        parts: tuple[str, ...] = ()
        if isinstance(kind, Kind):
            if kind.unknown:
                faults.append(self._at("business_type", cells, kind.unknown))
                return
            values["business_type"], parts = kind.business_type, kind.parts
        given = [name for name in CATEGORIES if values.get(name)]
        parts += tuple(values[name] for name in given)
        for name in CATEGORIES:
            values.pop(name, None)
        if not parts:
            return
        placed = self.chains.place(values["business_type"], parts)
        if placed is None:
            faults.append(self._at(given[-1] if given else "business_type", cells, "unknown_category"))
            return
        values["category"] = placed[0]
        if placed[1] and not values.get("type_code"):
            values["type_code"] = placed[1]

    def _notes(self, cells: list[Any], values: dict[str, Any], moments: dict[str, datetime]) -> None:
        """Add the codes of what is odd about the row to its notes."""
        found = []
        for code, index, given in self.flags:
            if not shown(cells[index]).strip() and (values.get(given) or moments.get(given)):
                found.append(code)
        if values.get("closed") == UNMAPPED:
            found.append("state_unmapped")
        if self.clock.ambiguous:
            found.append("ambiguous_time")
        if found:
            values["notes"] = (*values.get("notes", ()), *found)

    def _at(self, name: str, cells: list[Any], rule: str) -> Fault:
        return self._fault(self.places[name], cells[self.places[name]], rule)

    def _fault(self, index: int, cell: Any, rule: str, detail: str = "") -> Fault:
        told = _standing(cell) if rule == "formula_cell" else shown(cell)
        return Fault(self.headers[index], told[:CELL_SHOWN], rule, detail)
