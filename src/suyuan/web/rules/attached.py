"""A file beside an entry: a document is one, or the source of what is proposed has one."""

import functools
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from suyuan.actions import knowledge
from suyuan.store import locker, rules
from suyuan.store.queries import rulebook
from suyuan.store.queries.viewer import Viewer

from .. import serving
from ..templatetags.ui import lang

KEPT = "kept_file"
"""Box that holds the digest of a file handed in before, so that a form sent back needs it no second time."""


def taken(request: HttpRequest, now: datetime) -> str:
    """Keep the file a form brings and return its digest, empty where it brings none."""
    file = request.FILES.get("file")
    if file is None:
        return ""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    handed = knowledge.Handed(file.chunks(), file.name or "", file.content_type or "")
    return knowledge.keep_file(handed=handed, actor=viewer.actor, now=now)


def proposed(kind: str, entry: Mapping[str, Any], why: str, digest: str) -> knowledge.Proposed:
    """Return what is proposed with its file: the document itself, or the source of an entry."""
    if kind == "document":
        return knowledge.Proposed(kind, {**entry, "file": digest}, why)
    found = rulebook.file(digest)
    return knowledge.Proposed(kind, entry, why, digest, found.name if found else "")


def of(row: Any) -> str:
    """Return the digest of the file of a proposal."""
    return str(row.entry.get("file", "")) or row.source_file


def of_edition(edition: Any) -> dict[str, str]:
    """Return what the form of the next edition begins with: a document keeps its file."""
    return {KEPT: getattr(edition, "file", "")}


def with_words(document: str, draft: Any, sure: Any) -> list[tuple[str, object]]:
    """Return the files of an edition with their words: the document, and the sources."""
    said = [(rules.label("field", "document_file", lang()), document)]
    for row in (draft, sure):
        if row is not None:
            word = rules.label("field", "source_file", lang())
            said.append((f"{word} · {rules.label('rule_kind', row.kind, lang())}", row.source_file))
    found = [(word, rulebook.file(digest)) for word, digest in said]
    return [(word, file) for word, file in found if file is not None]


def beside(row: Any) -> list[tuple[str, object]]:
    """Return the files of a proposal, and the file of a document as it stands now where that is another."""
    word = rules.label("field", "document_file" if row.kind == "document" else "source_file", lang())
    now = (rulebook.standing(row.mark) or {}).get("file", "") if row.kind == "document" else ""
    said = [(gettext("现在的文件"), now if now != of(row) else ""), (word, of(row))]
    found = [(word, rulebook.file(digest)) for word, digest in said]
    return [(word, file) for word, file in found if file is not None]


@require_safe
def download(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """Return a file of the rulebook, the opening written down."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    file = knowledge.open_file(sha256=sha256, actor=viewer.actor, now=timezone.now())
    served = serving.Served(
        open=functools.partial(locker.clear, locker.path_of(sha256), rulebook.file_key(file), sha256),
        size=file.size,
        etag=f'"{sha256[:32]}"',
        media_type="application/octet-stream",
        name=file.name,
        download=True,
    )
    return serving.answer(request, served)


urls = [path("rules/file/<str:sha256>/", download, name="rules_file")]
