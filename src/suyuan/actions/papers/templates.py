"""An office's own templates: handed in, checked, approved by a second person, kept under their digest."""

import hashlib
from datetime import datetime
from pathlib import Path

from django.db import transaction

from suyuan.domain.errors import Refused
from suyuan.domain.masking import mask
from suyuan.domain.papers import paper
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role
from suyuan.gateways.papers import check, fill, shipped
from suyuan.store import chain, rules, tray
from suyuan.store.models import PaperTemplate

KEEPERS = frozenset({Role.OFFICE, Role.ADMIN})
"""Who may hand in a template and approve another's."""


def in_force(kind: str) -> PaperTemplate | None:
    """Return the newest approved template of a kind, or None where the one that comes along is used."""
    return PaperTemplate.objects.filter(kind=kind, state="approved").order_by("-version").first()


def template(of: PaperTemplate | str) -> bytes:
    """Return a template's bytes: a kept one's, or by kind the one that comes along."""
    if isinstance(of, str):
        return shipped(paper(of).kind)
    with tray.reading(_path(of.sha256)) as file:
        return file.read()


def sample(*, kind: str, content: bytes, now: datetime) -> bytes:
    """Return a paper filled in with made-up values, to look at a template before it is approved."""
    asked = paper(kind)
    said = {name: rules.label("placeholder", name) for name, rows in asked.known.items() if not rows}
    lists = {
        name: [{each: f"{rules.label('placeholder', each)} {n}" for each in rows} for n in (1, 2)]
        for name, rows in asked.lists.items()
    }
    return fill(content, {**said, **lists}, rules.label("paper", kind), now)


@transaction.atomic
def propose(*, kind: str, name: str, content: bytes, actor: Actor, now: datetime) -> PaperTemplate:
    """Take a template in; raise BadInput naming what it may not hold and in which paragraph."""
    asked = paper(kind)
    _may(actor, "template_propose")
    check(content, name, asked.known)
    sample(kind=kind, content=content, now=now)
    digest = hashlib.sha256(content).hexdigest()
    last = PaperTemplate.objects.select_for_update().filter(kind=kind).order_by("-version").first()
    _keep(digest, content)
    row = PaperTemplate.objects.create(
        kind=kind,
        version=last.version + 1 if last else 1,
        name=mask(Path(name.replace("\\", "/")).name)[:120],
        sha256=digest,
        state="proposed",
        proposed_by=actor.username,
        proposed_at=now,
    )
    _written(row, "template_propose", actor, now)
    return row


@transaction.atomic
def approve(*, template_id: int, actor: Actor, now: datetime) -> PaperTemplate:
    """Put a template in force; nobody approves their own."""
    row = _waiting(template_id, actor, "template_approve")
    if row.proposed_by == actor.username:
        raise Refused("own_work", verb="template_approve")
    return _settled(row, "approved", actor, now)


@transaction.atomic
def reject(*, template_id: int, actor: Actor, now: datetime) -> PaperTemplate:
    """Set a template aside; whoever handed it in may do so too."""
    return _settled(_waiting(template_id, actor, "template_reject"), "rejected", actor, now)


def _waiting(template_id: int, actor: Actor, verb: str) -> PaperTemplate:
    _may(actor, verb)
    row = PaperTemplate.objects.select_for_update().filter(pk=template_id).first()
    if row is None:
        raise Refused("not_found", template=template_id)
    if row.state != "proposed":
        raise Refused("template_settled", state=row.state)
    return row


def _settled(row: PaperTemplate, state: str, actor: Actor, now: datetime) -> PaperTemplate:
    row.state, row.settled_by, row.settled_at = state, actor.username, now
    row.save(update_fields=["state", "settled_by", "settled_at"])
    _written(row, f"template_{'approve' if state == 'approved' else 'reject'}", actor, now)
    return row


def _may(actor: Actor, verb: str) -> None:
    if not {role for role, _ in actor.grants} & KEEPERS:
        raise Refused("not_your_role", verb=verb)


def _written(row: PaperTemplate, verb: str, actor: Actor, now: datetime) -> None:
    chain.append(
        stream="register:paper",
        at=now,
        actor=actor.username,
        verb=verb,
        objects=[("template", row.sha256)],
        detail={"paper": row.kind, "version": row.version, "sha256": row.sha256},
    )


def _path(digest: str) -> Path:
    return tray.folder("papers") / f"{digest}.docx"


def _keep(digest: str, content: bytes) -> None:
    """Keep a template sealed: people hand in papers that are filled in already."""
    path = _path(digest)
    if not path.exists():
        tray.write(path, [content])
