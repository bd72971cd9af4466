"""What the manifest of a bundle says: the pieces, where they come from, and the whole chains behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from suyuan import __version__
from suyuan.domain import audit
from suyuan.domain.procedure import Actor
from suyuan.gateways import bundle, filetype
from suyuan.store import chain, rules, seal
from suyuan.store.models import Attachment, Case, Event
from suyuan.store.queries import cases
from suyuan.store.queries.evidence import stream_of


@dataclass(frozen=True, slots=True)
class Dossier:
    """One case with its evidence and the chains that tell of it."""

    case: Case
    pieces: list[Attachment]
    chains: dict[str, list[Event]]


def dossier(case: Case) -> Dossier:
    """Return what stands in a bundle of a case."""
    streams = (f"case:{case.number}", stream_of(case.number))
    chains = {stream: list(Event.objects.filter(stream=stream).order_by("seq")) for stream in streams}
    return Dossier(case, list(case.attachments.order_by("added_at", "pk")), chains)


def stamp(at: datetime | None) -> str:
    """Return a moment in UTC as the manifest and the events write it, nothing for none."""
    return "" if at is None else at.astimezone(UTC).isoformat(timespec="microseconds")


def readme(dossiers: Sequence[Dossier], files: int, purpose: str, actor: Actor, now: datetime) -> bytes:
    """Return the page beside the manifest, which names who took the bundle out and why."""
    return bundle.readme(
        {
            "title": ", ".join(one.case.number for one in dossiers),
            "by": actor.username,
            "at": now.astimezone(cases.LOCAL).isoformat(timespec="seconds"),
            "purpose_zh": rules.label("reason.evidence_purpose", purpose, "zh"),
            "purpose_en": rules.label("reason.evidence_purpose", purpose, "en"),
            "files": files,
        }
    )


def manifest(
    dossiers: Sequence[Dossier], readme_text: bytes, purpose: str, actor: Actor, now: datetime
) -> bytes:
    """Return the manifest as canonical JSON."""
    rows = [(one, piece) for one in dossiers for piece in one.pieces]
    by = {"by": actor.username, "at": stamp(now), "purpose": purpose, "software": f"suyuan {__version__}"}
    return chain.canonical(
        {
            "format": bundle.FORMAT,
            "exported": by,
            "cases": [_case(one.case) for one in dossiers],
            "files": [{"path": path(p), **_line(one, p)} for one, p in rows if p.sealed_key is not None],
            "absent": [_line(one, p) for one, p in rows if p.sealed_key is None],
            "chains": [_chain(*each) for one in dossiers for each in one.chains.items()],
            "anchor": _anchor(),
            "parts": bundle.parts(readme_text),
        }
    )


def path(piece: Attachment) -> str:
    """Return where a piece stands in the bundle: named by its digest, never by what somebody called it."""
    known = filetype.TYPES.get(piece.media_type)
    return f"files/{piece.sha256}{known.extensions[0] if known else ''}"


def _case(case: Case) -> dict[str, str]:
    return {
        "number": case.number,
        "business_type": case.business_type,
        "state": case.state,
        "level": case.level,
        "unit": case.unit.code,
    }


def _line(one: Dossier, piece: Attachment) -> dict[str, Any]:
    told = seal.unseal(piece.sealed) if piece.sealed else {}
    return {
        "case": one.case.number,
        "sha256": piece.sha256,
        "size": piece.size,
        "media_type": piece.media_type,
        "kind": piece.kind,
        "name": PurePosixPath(told.get("name") or piece.name).name,
        "made_by": piece.made_by,
        "maker": told.get("maker", ""),
        "device": told.get("device", ""),
        "claimed_at": stamp(piece.claimed_at),
        "added_by": piece.added_by,
        "added_at": stamp(piece.added_at),
        "withdrawn": piece.withdrawn_reason,
        "held": piece.held_reason,
        "shredded": piece.shredded_at is not None,
        "custody": _custody(one, piece),
    }


def _custody(one: Dossier, piece: Attachment) -> list[list[Any]]:
    """Return the events of a piece as ``[stream, place]``: what they say stands in the chains."""
    return [
        [stream, event.seq]
        for stream, events in one.chains.items()
        for event in events
        if ["file", piece.sha256] in event.objects_json
    ]


def _chain(stream: str, events: Sequence[Event]) -> dict[str, Any]:
    """Return a whole chain: each event's own canonical text, and its digest."""
    links = [
        {"body": chain.canonical(audit.body(chain.entry(event))).decode(), "digest": event.digest}
        for event in events
    ]
    return {"stream": stream, "events": links}


def _anchor() -> dict[str, Any] | None:
    """Return the newest anchor: whoever keeps anchors elsewhere can find it there."""
    last = chain.last_anchor()
    if last is None:
        return None
    return {
        "on": last.on.isoformat(),
        "digest": last.digest,
        "streams": last.streams,
        "last_event": last.last_event,
    }
