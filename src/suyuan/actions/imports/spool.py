"""The rows that were not taken, kept safe until the file is done.

Each fault is written before the batch that skipped it commits, so a crash loses none; a row spooled twice
by a resumed run is kept once.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

Faulty = tuple[int, list[tuple[str, str, str, str]], list[str]]
"""Row, its faults (column, value, rule, detail), its cells as they were."""


@dataclass(frozen=True, slots=True)
class Spool:
    """A file of one JSON line a faulty row."""

    path: Path

    def add(self, rows: Iterable[Faulty]) -> None:
        """Append rows and make sure they are on the disk."""
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        if not lines:
            return
        self.path.parent.mkdir(exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            # A crash may have cut the last line: what follows must not become part of it.
            file.write("\n" + "\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def rows(self) -> list[Faulty]:
        """Return every faulty row once, in file order; a line cut off by a crash is left out."""
        found: dict[int, Faulty] = {}
        if self.path.exists():
            for line in self.path.read_bytes().split(b"\n"):
                try:
                    row, faults, raw = json.loads(line)
                except (ValueError, TypeError):
                    continue
                found[row] = (row, [tuple(fault) for fault in faults], raw)
        return [found[row] for row in sorted(found)]

    def drop(self) -> None:
        """Forget everything."""
        self.path.unlink(missing_ok=True)
