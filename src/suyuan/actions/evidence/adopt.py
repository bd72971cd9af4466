"""Adopt: seal files that were kept in clear, from before the locker sealed what it keeps."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import transaction

from suyuan.domain import masking
from suyuan.domain.procedure import SYSTEM
from suyuan.store import bulk, locker, seal
from suyuan.store.models import Attachment, Case
from suyuan.store.queries import cases, hidden

from ._piece import write_down
from .add import NAME

BLOCK = 1024 * 1024


def adopt(*, now: datetime, most: int = 50) -> int:
    """Seal up to ``most`` clear files and return how many; one whose bytes are gone or changed is left."""
    waiting = Attachment.objects.filter(sealed_key__isnull=True, shredded_at__isnull=True)
    digests = waiting.order_by("sha256").values_list("sha256", flat=True).distinct()
    done = 0
    for digest in list(digests):
        if done == most:
            break
        if _digest(locker.path_of(digest)) == digest:
            done += _adopted(digest, now)
    return done


def _adopted(digest: str, now: datetime) -> bool:
    path = locker.path_of(digest)
    staged = locker.stage(_pieces(path), digest, path.stat().st_size)
    try:
        return _keep(staged, now)
    finally:
        staged.drop()


@transaction.atomic
def _keep(staged: locker.Staged, now: datetime) -> bool:
    bulk.one_at_a_time(f"file:{staged.sha256}")
    numbers = _cases(staged.sha256)
    for case in [cases.locked(number) for number in numbers]:
        piece = case.attachments.get(sha256=staged.sha256)
        piece.sealed_key = locker.wrap(staged.key)
        piece.sealed = seal.seal({"name": piece.name, "maker": "", "device": ""})
        piece.name, piece.masked_by = hidden.masks(case)(piece.name)[:NAME], masking.VERSION
        piece.save(update_fields=["sealed_key", "sealed", "name", "masked_by"])
        write_down(case, piece, "evidence_seal", SYSTEM, now)
    if numbers:
        locker.place(staged)
    return bool(numbers)


def _cases(digest: str) -> list[str]:
    """Return the numbers of the cases whose clear file this is, in the order they are locked in."""
    rows = Attachment.objects.filter(sha256=digest, sealed_key__isnull=True, shredded_at__isnull=True)
    return list(Case.objects.filter(attachments__in=rows).order_by("number").values_list("number", flat=True))


def _digest(path: Path) -> str:
    seen = hashlib.sha256()
    for piece in _pieces(path):
        seen.update(piece)
    return seen.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb") as file:
            while piece := file.read(BLOCK):
                yield piece
