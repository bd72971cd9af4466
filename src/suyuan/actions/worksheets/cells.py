"""From a cell as somebody filled it in to the value a form takes; every doubt names the cell."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from suyuan.domain.fields import Field, Type
from suyuan.domain.procedure import Step
from suyuan.gateways.worksheet import Filled, Handed
from suyuan.store.queries.viewer import Viewer

from .columns import codes, key_of, plain

DIGITS_KEPT = 10**15
"""A number of more digits has lost its last ones when a spreadsheet kept it as a number."""
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
HOUR = re.compile(r"\b(\d):(\d\d)")


@dataclass(slots=True)
class Dictionary:
    """What the cells of one worksheet may hold; each list is made once."""

    viewer: Viewer
    known: dict[Field, dict[str, str]] = field(default_factory=dict)

    def of(self, asked: Field) -> dict[str, str]:
        """Return the codes of a field by what may stand for them."""
        if asked not in self.known:
            self.known[asked] = codes(self.viewer, asked)
        return self.known[asked]


class Doubt(Exception):
    """A cell cannot be understood; the message is the code of the reason."""


def form_of(
    handed: Handed, row: Filled, step: Step, words: Dictionary
) -> tuple[dict[str, object], dict[int, str], dict[str, int]]:
    """Return the form a row fills in, what is wrong by column, and the column of each field."""
    form: dict[str, object] = {}
    wrong: dict[int, str] = {}
    asked = {key_of(one): one for one in step.form}
    places: dict[str, int] = {}
    for column, key in enumerate(handed.keys):
        one = asked.get(key)
        if one is not None:
            places[one.name] = column
        raw = row.cells[column] if column < len(row.cells) else ""
        if not key.startswith("field:") or (blank(raw) and column not in row.formulas):
            continue
        if column in row.formulas:
            wrong[column] = "formula_cell"
        elif one is None:
            wrong[column] = "not_asked"
        else:
            try:
                form[one.name] = value_of(one, raw, words.of(one))
            except Doubt as doubt:
                wrong[column] = str(doubt)
    if wrong:  # what is missing is told in the same breath as what is wrong
        missing = (one.name for one in step.form if one.required and one.name not in form)
        wrong |= {places[name]: "required" for name in missing if places.get(name, -1) not in {-1, *wrong}}
    return form, wrong, places


def blank(raw: object) -> bool:
    """Return whether a cell holds nothing."""
    return raw is None or (isinstance(raw, str) and not plain(raw))


def value_of(asked: Field, raw: object, words: Mapping[str, str]) -> str:
    """Return a cell as the form takes it; raise Doubt with the reason where it means nothing."""
    if asked.type is Type.MOMENT:
        return _moment(raw)
    if isinstance(raw, bool):
        return _code("1" if raw else "0", words) if words else str(raw)
    text = plain(_text(raw))
    return _code(text, words) if words else text


def _code(text: str, words: Mapping[str, str]) -> str:
    if text not in words:
        raise Doubt("unknown_choice")
    return words[text]


def _text(raw: object) -> str:
    """Return a cell as text: a whole number without a point, a moment as it is read."""
    if isinstance(raw, float | int):
        if not abs(raw) < DIGITS_KEPT:  # so that what is no number at all is caught too
            raise Doubt("number_precision_lost")
        return str(int(raw)) if raw == int(raw) else str(raw)
    if isinstance(raw, datetime):
        return raw.strftime("%Y-%m-%d %H:%M")
    return raw.isoformat() if isinstance(raw, date) else str(raw)


def _moment(raw: object) -> str:
    """Return a moment in ISO 8601; a bare number is no moment, however a spreadsheet would show it."""
    if isinstance(raw, date):
        return raw.isoformat()
    if not isinstance(raw, str):
        raise Doubt("not_a_moment")
    text = DAY.sub(lambda found: f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}", plain(raw))
    text = HOUR.sub(r"0\1:\2", text)
    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError:
        raise Doubt("not_a_moment") from None
