"""The far side of an isolation gateway: takes csv files from one folder, puts receipts into another."""

import csv
import io
from pathlib import Path

from suyuan.gateways.tablefile.writing import unguard

from ..file import RECEIPT_COLUMNS, put, written


def collect(out: Path) -> list[dict[str, str]]:
    """Return the messages of every file that waits, and take the files away; half-written ones stay."""
    found = []
    for path in sorted(out.glob("messages-*.csv")):
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
        found += [{name: unguard(cell) for name, cell in row.items()} for row in rows]
        path.unlink()
    return found


def answer(folder: Path, name: str, receipts: list[tuple[str, str, str, str]]) -> Path:
    """Put a file of receipts (key, outcome, at, code) into the folder that is read."""
    path = folder / name
    put(path, written(RECEIPT_COLUMNS, receipts))
    return path
