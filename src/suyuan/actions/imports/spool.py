"""The rows that were not taken, kept safe until the file is done.

Each fault is written before the batch that skipped it commits, so a crash loses none; a row spooled twice
by a resumed run is kept once. A batch is one sealed line: its cells are as somebody wrote them.
"""

import base64
import binascii
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag

from suyuan.store import tray

Faulty = tuple[int, list[tuple[str, str, str, str]], list[str]]
"""Row, its faults (column, value, rule, detail), its cells as they were."""


@dataclass(frozen=True, slots=True)
class Spool:
    """A file of one sealed line a batch of faulty rows."""

    path: Path

    def add(self, rows: Iterable[Faulty]) -> None:
        """Append rows and make sure they are on the disk."""
        batch = list(rows)
        if not batch:
            return
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        line = base64.b64encode(tray.shut(json.dumps(batch, ensure_ascii=False).encode()))
        with self.path.open("ab") as file:
            # A crash may have cut the last line: what follows must not become part of it.
            file.write(b"\n" + line + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def rows(self) -> list[Faulty]:
        """Return every faulty row once, in file order; a line cut off by a crash is left out."""
        found: dict[int, Faulty] = {}
        if self.path.exists():
            for line in self.path.read_bytes().split(b"\n"):
                for row, faults, raw in _batch(line):
                    found[row] = (row, [(a, b, c, d) for a, b, c, d in faults], raw)
        return [found[row] for row in sorted(found)]

    def drop(self) -> None:
        """Forget everything."""
        self.path.unlink(missing_ok=True)


def _batch(line: bytes) -> list[Faulty]:
    """Return the rows of a line, none of one that was cut off."""
    try:
        if line.startswith(b"["):  # a version before this one wrote each row in clear
            return [json.loads(line)]
        rows: list[Faulty] = json.loads(tray.unshut(base64.b64decode(line, validate=True)))
    except (ValueError, binascii.Error, InvalidTag):
        return []
    return rows
