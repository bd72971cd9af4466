"""Files that work left in the home, and the rows of work that name them: what is old, and how it goes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from suyuan.config.home import home
from suyuan.domain.procedure import Actor
from suyuan.store.models import ImportRun, Publication

from .. import publish
from ._marks import Mark


@dataclass(frozen=True, slots=True)
class Files:
    """Files of one kind, whose age is when they were last written."""

    figure: str
    name: str
    paths: Callable[[], Iterable[Path]]
    batch: int = 1_000

    def count(self, before: datetime) -> int:
        """Return how many files have outlived their period."""
        return len(self._old(before))

    def some(self, before: datetime, after: Path | None) -> list[Path]:
        """Return the next batch, those after the last of the batch before."""
        return [path for path in self._old(before) if after is None or path > after][: self.batch]

    def remove(self, these: Sequence[Path], _actor: Actor, _now: datetime) -> list[Mark]:
        """Remove files, and the folders that were theirs alone, once the transaction stands."""
        transaction.on_commit(lambda: unlink(these))
        return []

    def _old(self, before: datetime) -> list[Path]:
        stamp = before.timestamp()
        return sorted(path for path in self.paths() if path.stat().st_mtime < stamp)


def unlink(paths: Iterable[Path]) -> None:
    """Remove files, and an upload's folder with its note when nothing else is left in it."""
    for path in paths:
        path.unlink(missing_ok=True)
        place, note = path.parent, path.parent / "owner.json"
        if place.parent == home() / "uploads" and place.is_dir() and set(place.iterdir()) <= {note}:
            note.unlink(missing_ok=True)
            place.rmdir()


def _files(*folders: str) -> Iterable[Path]:
    there = (home() / folder for folder in folders)
    return (path for folder in there if folder.is_dir() for path in folder.rglob("*") if path.is_file())


def handed_in() -> Iterable[Path]:
    """Return the files handed in and set apart by imports that no import still needs."""
    waiting = set(ImportRun.objects.exclude(next_at=None).values_list("path", flat=True))
    waiting |= set(ImportRun.objects.filter(state="aside").values_list("path", flat=True))
    return (
        path
        for path in _files("uploads", "quarantine")
        if path.name != "owner.json" and str(path) not in waiting
    )


def carried() -> Iterable[Path]:
    """Return the files of messages and receipts that an isolation gateway carried, or never took."""
    return _files("outbox")


def imports_done(before: datetime) -> "QuerySet[ImportRun]":
    """Return the imports that finished before a moment."""
    return ImportRun.objects.filter(next_at=None, finished_at__lt=before)


def remove_imports(these: Sequence[int], _actor: Actor, _now: datetime) -> list[Mark]:
    """Remove the rows of imports and what they set apart; a file outside the home is nobody's here."""
    rows = ImportRun.objects.filter(pk__in=these)
    known = [Path(name) for pair in rows.values_list("path", "quarantine_file") for name in pair if name]
    inside = [path for path in known if home().resolve() in path.resolve().parents]
    rows.delete()
    transaction.on_commit(lambda: unlink(inside))
    return []


def published(before: datetime) -> "QuerySet[Publication]":
    """Return the documents that were prepared before a moment."""
    return Publication.objects.filter(next_at=None, finished_at__lt=before)


def remove_publications(these: Sequence[int], _actor: Actor, _now: datetime) -> list[Mark]:
    """Remove documents; a file goes when no other document is the very same one."""
    rows = Publication.objects.filter(pk__in=these)
    digests = set(rows.filter(private=False).values_list("sha256", flat=True)) - {""}
    taken = [publish.path_of(row) for row in rows.filter(private=True).exclude(sha256="")]
    rows.delete()
    gone = digests - set(Publication.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
    files = [*taken, *(publish.folder() / f"{digest}.xlsx" for digest in gone)]
    transaction.on_commit(lambda: unlink(files))
    return []
