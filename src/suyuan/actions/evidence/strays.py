"""Strays: bytes in the locker that no row names any more. A crash leaves them, and so does shredding.

A file that an earlier version kept in clear has a row without a key: it is no stray.
"""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from suyuan.store import bulk, locker
from suyuan.store.rules import figure

from .place import held


def sweep_strays(*, now: datetime) -> int:
    """Remove what no row names and nobody is writing, and return how many files went."""
    before = (now - timedelta(hours=figure("evidence.strays", "hours"))).timestamp()
    folder = Path(settings.ATTACHMENTS)
    gone = 0
    for path in sorted(folder.glob("*.part")) + sorted(folder.glob("*/*.part")):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    for shelf in sorted(folder.glob("??")):
        gone += _swept(shelf, before)
    return gone


def _swept(shelf: Path, before: float) -> int:
    """Remove the strays of one shelf; a young file may belong to a row that is about to commit."""
    old = {
        shelf.name + path.name
        for path in shelf.iterdir()
        if not path.suffix and path.stat().st_mtime < before
    }
    strays = old - held(shelf.name)
    return sum(_removed(digest) for digest in sorted(strays))


@transaction.atomic
def _removed(digest: str) -> bool:
    bulk.one_at_a_time(f"file:{digest}")
    if held(digest):
        return False
    locker.path_of(digest).unlink(missing_ok=True)
    locker.beside(digest).unlink(missing_ok=True)
    return True
