"""Register files: units and people as csv, one row each, headers as the simulated city writes them."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from suyuan.domain.errors import BadInput

from .tablefile.encoding import detect

UNIT_COLUMNS = ("code", "name", "parent")
PEOPLE_COLUMNS = ("username", "name", "unit", "roles")


def read(path: Path, needed: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a register file; raise BadInput naming a missing column or value and its row.

    Spreadsheet programs write csv in GB18030 as often as in UTF-8: both are read.
    """
    if not path.is_file():
        raise BadInput("no_such_file", file=path.name)
    with path.open("rb") as raw:
        encoding = detect(raw, path.name)
        raw.seek(0)
        with io.TextIOWrapper(raw, encoding, newline="") as file:
            rows = _rows(file, path.name, needed)
    for number, row in enumerate(rows, start=2):
        empty = [name for name in needed if name != "parent" and not (row[name] or "").strip()]
        if empty:
            raise BadInput("missing_value", file=path.name, row=number, columns=empty)
    return rows


def _rows(file: io.TextIOWrapper, name: str, needed: Sequence[str]) -> list[dict[str, str]]:
    reader = csv.DictReader(file)
    missing = [column for column in needed if column not in (reader.fieldnames or ())]
    if missing:
        raise BadInput("missing_column", file=name, columns=missing)
    try:
        return list(reader)
    except csv.Error as error:
        raise BadInput("not_a_table", file=name, row=reader.line_num, problem=str(error)) from None
