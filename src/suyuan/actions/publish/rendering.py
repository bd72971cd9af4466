"""What a worker does with a document that was asked for: read, write, keep the file under its digest."""

import hashlib
import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from suyuan import __version__
from suyuan.analytics.lake import TABLES
from suyuan.config.home import home
from suyuan.domain.errors import BadInput
from suyuan.gateways import engine, workbook
from suyuan.gateways.workbook import Table
from suyuan.store import chain, lake, leases, rules
from suyuan.store.models import Publication

from . import board, bulletin, making, returns

Sheets = list[tuple[str, Table]]
HOW: dict[str, Callable[[Publication, str], Sheets]] = {
    "board": board.sheets,
    "returns": returns.sheets,
    "commitments": bulletin.sheets,
}
"""How each document is made; a test holds it to what can be asked for."""

TRIES = 3
"""Times a document is read again because the lake changed meanwhile."""


def folder() -> Path:
    """Return where the files lie, each under its SHA-256."""
    path = home() / "publications"
    path.mkdir(exist_ok=True)
    return path


def render(*, row: Publication, now: datetime, going: Callable[[], bool] = lambda: True) -> None:
    """Write the document of a claimed row, and say in one event what it was made from.

    A list that is long is given back once ``going`` says no.
    """
    if row.private:
        making.make(row=row, now=now, going=going)
        return
    for _ in range(TRIES):
        before = _input_of(row)
        content = _content(row, before)
        if _input_of(row) == before:
            break
    else:
        raise BadInput("lake_changing", tries=TRIES)
    sha256, size = _keep(content)
    _publish(row, now, {"sha256": sha256, "size": size, "input_digest": before})


def _content(row: Publication, input_digest: str) -> Path:
    path = folder() / f"{row.pk}.{os.getpid()}.part"
    with path.open("wb") as file:
        workbook.write(HOW[row.document](row, input_digest), file, row.as_of)
    return path


def _keep(part: Path) -> tuple[str, int]:
    """Put a finished file in its place and return its digest and size."""
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    size = part.stat().st_size
    part.replace(folder() / f"{digest}.xlsx")
    return digest, size


def _input_of(row: Publication) -> str:
    """Return the digest of all a document is made from: of the lake, or of the cases themselves."""
    of_cases = {"returns": returns.input_digest, "commitments": bulletin.input_digest}.get(row.document)
    return of_cases(row) if of_cases else _input_digest()


def _input_digest() -> str:
    """Return the digest of every file of the lake that is read, and of the rules that were in force."""
    manifest = lake.folder() / engine.MANIFEST
    if not manifest.exists():
        raise BadInput("lake_manifest_unreadable", file=engine.MANIFEST)
    content = json.loads(manifest.read_text("utf-8"))
    names = sorted(name for table in TABLES for name in content.get(table, ()))
    files = {}
    for name in names:
        with (lake.folder() / name).open("rb") as file:
            files[name] = hashlib.file_digest(file, "sha256").hexdigest()
    known = {"exported_to": content["exported_to"], "edition": content["edition"], "files": files}
    return hashlib.sha256(chain.canonical(known)).hexdigest()


@transaction.atomic
def _publish(row: Publication, now: datetime, made: dict[str, Any]) -> None:
    edition = rules.rulebook().edition
    name = board.file_name(row)
    leases.finish(row, finished_at=now, name=name, code_version=__version__, edition=edition, **made)
    chain.append(
        stream="register:publication",
        at=now,
        actor="system",
        verb="publish",
        objects=[("publication", str(row.pk)), *([("unit", row.unit.code)] if row.unit else [])],
        detail={"document": row.document, "period": row.period, "for": row.by, **made},
    )
