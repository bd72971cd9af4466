"""Files handed in and set apart: how long they lie there, and how they go.

What lies there holds what customers said. Nothing of it is a record: the rows are, and the digest of each
file stands in the event of its import.
"""

import json
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from suyuan.store import tray
from suyuan.store.models import ImportRun
from suyuan.store.rules import figure

OWNER = "owner.json"
"""The note beside a file that was handed in: by whom, and under which name."""
PLAIN = frozenset({".jsonl", ".part"})
"""What is sealed line by line, or is being written."""


def waiting() -> set[str]:
    """Return the paths of the files that an import still needs."""
    rows = ImportRun.objects.exclude(next_at=None) | ImportRun.objects.filter(state="aside")
    return set(rows.values_list("path", flat=True))


def let_go(path: Path) -> None:
    """Remove a file that was handed in, with its folder, unless an import still needs it."""
    if path.parent.parent == tray.folder(tray.HANDED_IN) and str(path) not in waiting():
        shutil.rmtree(path.parent, ignore_errors=True)


def sweep(*, now: datetime) -> int:
    """Remove what was abandoned or is over, seal what an earlier version left in clear; return how many."""
    abandoned = (now - timedelta(hours=figure("handed_in", "abandoned_hours"))).timestamp()
    over = (now - timedelta(days=figure("handed_in", "answer_days"))).timestamp()
    gone = tray.abandoned((now - timedelta(minutes=1)).timestamp(), abandoned)
    gone += [*_uploads(abandoned, over), *_set_apart(over)]
    for path in gone:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(gone) + _seal()


def _uploads(abandoned: float, over: float) -> list[Path]:
    """Return the folders nobody came back to, and those whose answers have lain there long enough."""
    needed = {Path(path).parent for path in waiting()}
    found = []
    for place in sorted(tray.folder(tray.HANDED_IN).iterdir()):
        last = max(path.stat().st_mtime for path in (place, *place.glob("*")))
        if place not in needed and last < (over if _answered(place) else abandoned):
            found.append(place)
    return found


def _answered(place: Path) -> bool:
    """Return whether the file itself is gone and only what answers it is left."""
    note = place / OWNER
    return note.exists() and not (place / json.loads(note.read_text("utf-8"))["name"]).exists()


def _set_apart(over: float) -> list[Path]:
    """Return the files set apart that are old, but for the rows of an import that is not finished."""
    going = ImportRun.objects.exclude(state__in=("done", "failed")).values_list("pk", flat=True)
    spools = {f"{pk}.jsonl" for pk in going}
    files = sorted(tray.folder(tray.SET_APART).iterdir())
    return [file for file in files if file.name not in spools and file.stat().st_mtime < over]


def _seal() -> int:
    """Seal the files that an earlier version wrote in clear, each as old as it was."""
    count = 0
    for path in (path for name in (tray.HANDED_IN, tray.SET_APART) for path in tray.folder(name).rglob("*")):
        if path.is_file() and path.name != OWNER and path.suffix not in PLAIN and not tray.is_sealed(path):
            made = path.stat().st_mtime
            tray.keep(path, path)
            os.utime(path, (made, made))
            count += 1
    return count
