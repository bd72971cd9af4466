"""A row of a customer file: what it says, checked against the units, the lists and each other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from suyuan.domain import customer as rule
from suyuan.domain.characters import storable
from suyuan.domain.procedure import Actor
from suyuan.domain.telephone import is_phone
from suyuan.gateways.lists import Line
from suyuan.store import rules, seal
from suyuan.store.models import Unit

from .._taking_in import Faults
from ..org.spoken import by_name, plain

NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z\- ]{3,38}")
"""A number of an account or a meter: 1.2E+12, as a spreadsheet spoils it, is none."""
LONGEST = {
    "name": 60, "address": 200, "area": 120, "line": 120, "area_code": 40, "line_code": 40, "voltage": 20,
    "meter": 400, "tariff": 40, "trade": 40, "load_attribute": 40, "code": 40, "phone": 40, "email": 80,
    "wechat": 80,
}  # fmt: skip
LISTED = {"kind": "customer_kind", "status": "account_status", "site": "site", "whose": "contact_whose"}
"""Fields whose words are values of a list of the rulebook."""


@dataclass(slots=True)
class Prepared:
    """A row that can be taken."""

    line: Line
    values: dict[str, str]
    """What the row says; what it leaves blank is not there."""
    index: str
    """Blind index of the account."""
    key: str
    """Blind index of the customer."""
    digest: str
    unit_id: int


class Rows:
    """Checks the rows of one file, one after the other."""

    shown = frozenset({"unit", *LISTED})

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.book = rules.rulebook()
        self.units = by_name((unit.code, unit.name, unit) for unit in Unit.objects.filter(closed_at=None))
        self.met: set[bytes] = set()
        self._units: dict[str, Unit | str] = {}
        self._codes: dict[tuple[str, str], str | None] = {}

    def prepare(self, line: Line) -> tuple[Prepared | None, Faults]:
        """Return what a row says, or every fault it has."""
        values = {name: value for name, value in line.values.items() if value}
        wrong: Faults = {}
        self._numbers(values, wrong)
        self._texts(values, wrong)
        for name, kind in LISTED.items():
            if name in values:
                self._code(values, name, kind, wrong)
        unit = self._unit(values.get("unit", ""))
        if isinstance(unit, str):
            wrong["unit"] = unit
        wrong |= dict.fromkeys(line.formulas, "formula_cell")
        if wrong:
            return None, wrong
        assert isinstance(unit, Unit)
        values["unit"] = unit.code
        index = seal.index("account", values["account"])
        if (mark := bytes.fromhex(index)) in self.met:
            return None, {"account": "duplicate_in_file"}
        self.met.add(mark)
        told = "\x1f".join(f"{name}={values[name]}" for name in sorted(values))
        key = seal.index("customer", values["code"]) if "code" in values else seal.index("holder", index)
        return Prepared(line, values, index, key, seal.reference(told), unit.pk), {}

    def _unit(self, text: str) -> Unit | str:
        """Return the unit a cell names, or the rule it breaks."""
        if text not in self._units:
            found = self.units.get(plain(text), []) if text else []
            self._units[text] = self._judged(text, found)
        return self._units[text]

    def _judged(self, text: str, found: list[Unit]) -> Unit | str:
        if not text:
            return "missing_value"
        if len(found) != 1:
            return "ambiguous_name" if found else "unknown_unit"
        return found[0] if rule.may_import(self.actor, found[0].path) else "not_your_role"

    def _code(self, values: dict[str, str], name: str, kind: str, wrong: Faults) -> None:
        asked = (kind, values[name])
        if asked not in self._codes:
            self._codes[asked] = self.book.code_of(*asked)
        found = self._codes[asked]
        if found is None:
            wrong[name] = "unknown_value"
        else:
            values[name] = found

    def _numbers(self, values: dict[str, str], wrong: Faults) -> None:
        if "account" not in values:
            wrong["account"] = "missing_value"
        if "account" in values and not NUMBER.fullmatch(values["account"]):
            wrong["account"] = "not_a_number_of_ours"
        if not all(map(NUMBER.fullmatch, meters_of(values))):
            wrong["meter"] = "not_a_number_of_ours"
        if "phone" in values and not is_phone(values["phone"]):
            wrong["phone"] = "not_a_phone"
        if "email" in values and "@" not in values["email"]:
            wrong["email"] = "not_a_mail_address"
        if "capacity" in values:
            self._capacity(values, wrong)
        _days(values, wrong)

    def _capacity(self, values: dict[str, str], wrong: Faults) -> None:
        try:
            amount = Decimal(values["capacity"]).quantize(Decimal("0.01"))
        except InvalidOperation:
            wrong["capacity"] = "not_a_number"
            return
        if not 0 <= amount < 10**10:
            wrong["capacity"] = "out_of_range"
        values["capacity"] = str(amount)

    def _texts(self, values: Mapping[str, str], wrong: Faults) -> None:
        clean = storable("".join(values.values()))
        for name, text in values.items():
            if len(text) > LONGEST.get(name, 120):
                wrong[name] = "too_long"
            elif not clean and not storable(text):
                wrong[name] = "bad_characters"


def meters_of(values: Mapping[str, str]) -> list[str]:
    """Return the numbers of the meters a row names, each once: 、；; and / stand between several."""
    return list(dict.fromkeys(filter(None, map(str.strip, _BETWEEN.split(values.get("meter", ""))))))


_BETWEEN = re.compile("[、；;/]")


def _days(values: Mapping[str, str], wrong: Faults) -> None:
    for name in ("installed", "removed"):
        try:
            if name in values:
                date.fromisoformat(values[name])
        except ValueError:
            wrong[name] = "not_a_date"
    if not wrong and values.get("removed", "9") < values.get("installed", ""):
        wrong["removed"] = "out_of_order"
