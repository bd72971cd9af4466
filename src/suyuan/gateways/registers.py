"""Register files: units and people as csv, one row each, headers as the simulated city writes them."""

import csv
from collections.abc import Sequence
from pathlib import Path

from suyuan.domain.errors import BadInput

UNIT_COLUMNS = ("code", "name", "parent")
PEOPLE_COLUMNS = ("username", "name", "unit", "roles")


def read(path: Path, needed: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a register file; raise BadInput naming a missing column or value and its row."""
    if not path.is_file():
        raise BadInput("no_such_file", file=path.name)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
        if missing:
            raise BadInput("missing_column", file=path.name, columns=missing)
        rows = list(reader)
    for number, row in enumerate(rows, start=2):
        empty = [name for name in needed if name != "parent" and not (row[name] or "").strip()]
        if empty:
            raise BadInput("missing_value", file=path.name, row=number, columns=empty)
    return rows
