"""Messages as csv files for networks split by an isolation gateway, and receipts read back from csv files.

A file appears under its name whole or not at all. Its name is drawn from the keys in it, so that the same
messages handed over again, because a worker died before writing it down, are the same file and no second one.
"""

import csv
import hashlib
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from suyuan.domain.errors import BadInput
from suyuan.gateways.tablefile.writing import guard

from . import GatewayError, Letter, Outcome

COLUMNS = ("key", "to", "subject", "text")
RECEIPT_COLUMNS = ("key", "outcome", "at", "code")
LARGEST = 20 * 1024**2
"""Bytes of a file of receipts: a quarter of a million of them."""


@dataclass(frozen=True, slots=True)
class FileDrop:
    """A folder that the isolation gateway empties."""

    folder: Path

    def send(self, batch: Sequence[Letter]) -> list[Outcome]:
        """Write the batch as one file; the file's name is the reference."""
        rows = [(each.key, " ".join(each.to), each.subject, each.text) for each in batch]
        digest = hashlib.sha256("\n".join(sorted(row[0] for row in rows)).encode()).hexdigest()
        name = f"messages-{digest[:24]}.csv"
        try:
            put(self.folder / name, written(COLUMNS, rows))
        except OSError:
            raise GatewayError(permanent=False) from None
        return [Outcome(letter.key, reference=name) for letter in batch]


def written(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows as csv that Excel reads as Chinese and in which no cell is a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([guard(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def put(path: Path, content: bytes) -> None:
    """Let a file appear whole under its name, readable by its owner alone; one that is there stays."""
    if path.exists():
        return
    _own(path.parent)
    part = path.parent / f".{path.name}.{os.getpid()}.part"
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:  # noqa: PTH123 a mode
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(path)


def _own(folder: Path) -> None:
    """Make a folder, and each above it that is not there, for its owner alone: the last alone has a mode."""
    if not folder.is_dir():
        _own(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def waiting(folder: Path) -> list[Path]:
    """Return the files of receipts that wait, in name order; half-written ones are named otherwise."""
    found = folder.glob("*.csv") if folder.is_dir() else ()
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def read(path: Path) -> tuple[bytes, list[dict[str, str]]]:
    """Return a file's bytes and its rows; raise BadInput where it is not what the layout says."""
    if path.stat().st_size > LARGEST:
        raise BadInput("too_large", file=path.name, limit=LARGEST)
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise BadInput("bad_receipts", file=path.name, problem="not_csv") from None
    if not rows or tuple(rows[0]) != RECEIPT_COLUMNS:
        raise BadInput("bad_receipts", file=path.name, problem="columns", known=list(RECEIPT_COLUMNS))
    return content, [
        dict(zip(RECEIPT_COLUMNS, (*row, "", "", "", ""), strict=False)) for row in rows[1:] if row
    ]


def set_apart(path: Path, where: str) -> None:
    """Move a file that has been read into a folder beside it."""
    target = path.parent / where
    target.mkdir(mode=0o700, exist_ok=True)
    path.replace(target / path.name)
