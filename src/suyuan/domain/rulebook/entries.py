"""One entry of the office's own, as a browser hands it in, the database keeps it and a file says it.

An entry is the TOML table it would be in a file, dates as text. Approved entries lie over the files; a
later one with the same mark takes the place of an earlier one.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from suyuan.domain.errors import BadInput

from .checks import CONFIRMED
from .checks import SURE as SURE
from .notices import notice
from .reading import Row
from .tables import TABLES

Entry = Mapping[str, Any]
KINDS = (*TABLES, *SURE, "calendar")
UNDATED = ("category", "business_type", "choice", "figure")
"""Tables of which the newest edition holds at once: an entry cannot wait in them for its day."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATED = ("in_force_from", "in_force_until", "review_on", "first", "last")


def content(kind: str, entry: Entry) -> dict[str, Any]:
    """Return the entry as the content of a file that holds nothing else."""
    return {kind: entry if kind == "calendar" else [entry]}


def mark(kind: str, entry: Entry) -> str:
    """Return what an entry speaks of: table, record and first day; equal marks replace each other."""
    row = Row("entry", kind, entry)
    if kind == "calendar":
        return f"calendar:{notice('entry', entry, ()).first}"
    if kind in SURE:
        name = next((one for one in CONFIRMED if one in entry), "")
        if not name:
            raise row.error("limit", f"must be named by exactly one of {', '.join(CONFIRMED)}")
        return f"sure:{name}:{row.text(name)}:{row.day('in_force_from', None) or ''}"
    if kind not in TABLES:
        raise BadInput("unknown_value", field="kind", value=kind)
    record = TABLES[kind](row)
    row.close()
    return f"{kind}:{record.key}:{record.in_force_from or ''}"


def first_day(entry: Entry) -> date | None:
    """Return the day from which an entry is to be in force."""
    return Row("entry", "", entry).day("in_force_from", None)


def waits_for(kind: str, entry: Entry, today: date) -> date | None:
    """Return the day before which an entry cannot be approved, None where nothing holds it back."""
    starts = first_day(entry) if kind in UNDATED else None
    return starts if starts is not None and starts > today else None


def toml(entries: Iterable[tuple[str, Entry]]) -> str:
    """Return entries as one file: records first, then what is said of how sure they are."""
    ordered = sorted(entries, key=lambda one: KINDS.index(one[0]))
    return "\n".join(_table(kind, entry) for kind, entry in ordered if kind != "calendar")


def calendars(entries: Iterable[tuple[str, Entry]]) -> list[tuple[int, str]]:
    """Return the year and the file of every holiday notice among entries."""
    notices = [notice("entry", entry, ()) for kind, entry in entries if kind == "calendar"]
    return [(one.first.year, one.toml()) for one in notices]


def _table(kind: str, entry: Entry) -> str:
    lines = [f"[[{kind}]]", *(f"{_key(key)} = {_value(value, key)}" for key, value in entry.items())]
    return "\n".join(lines) + "\n"


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)


def _value(value: Any, key: str = "") -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(one)}" for k, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    text = str(value)
    return text if key in _DATED and _DATE.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    """Return a TOML basic string: JSON's escapes are TOML's, but for the DEL character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
