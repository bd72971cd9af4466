"""Attach: keep a file that proves something, under the digest of its bytes."""

import hashlib
import mimetypes
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.db import transaction

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.store import chain
from suyuan.store.models import Attachment
from suyuan.store.queries import cases

from ._forms import storable

LARGEST = 50 * 1024 * 1024
"""Bytes of one attachment."""


@transaction.atomic
def attach(*, number: str, name: str, content: bytes, actor: Actor, now: datetime) -> str:
    """Attach a file to a case and return its SHA-256; the same bytes twice are one attachment."""
    case = cases.locked(number)
    if not cases.may_see(actor, case):
        raise Refused("not_your_role", verb="attach")
    if not content:
        raise BadInput("empty", name=name)
    if len(content) > LARGEST:
        raise BadInput("too_large", name=name, bytes=len(content), largest=LARGEST)
    digest = hashlib.sha256(content).hexdigest()
    if case.attachments.filter(sha256=digest).exists():
        return digest
    _keep(digest, content)
    kept = "".join(each for each in name if storable(each))
    shown = PurePosixPath(kept.replace("\\", "/")).name[:200] or digest[:12]
    Attachment.objects.create(
        case=case,
        sha256=digest,
        name=shown,
        media_type=mimetypes.guess_type(shown)[0] or "application/octet-stream",
        size=len(content),
        added_by=actor.username,
        added_at=now,
    )
    event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=actor.username,
        verb="attach",
        objects=[("case", case.number), ("file", digest)],
        detail={"sha256": digest, "size": len(content)},
    )
    case.changed_event = event
    case.save(update_fields=["changed_event"])
    return digest


def path_of(digest: str) -> Path:
    """Return where the bytes with this digest lie."""
    return Path(settings.ATTACHMENTS) / digest[:2] / digest[2:]


def _keep(digest: str, content: bytes) -> None:
    path = path_of(digest)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    temporary.write_bytes(content)
    temporary.replace(path)
