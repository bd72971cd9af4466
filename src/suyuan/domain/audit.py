"""What is written down, and how tampering shows.

Each event carries the digest of the one before it in its stream, so a changed, dropped or reordered
event breaks every digest after it. A chain does not see its own tail cut off: the daily anchor, which
chains the heads of all streams, does.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from .errors import ChainBroken

GENESIS = "0" * 64

Canonical = Callable[[object], bytes]
"""RFC 8785: one byte string for one JSON value. A library does it, so the caller hands it in."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as it is chained; ``at`` in UTC, ``detail`` free of personal text."""

    stream: str
    seq: int
    at: datetime
    actor: str
    verb: str
    objects: tuple[tuple[str, str], ...]
    detail: Mapping[str, object]


def body(entry: Entry) -> dict[str, object]:
    """Return the JSON value that stands for ``entry`` in its chain."""
    return {
        "stream": entry.stream,
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "verb": entry.verb,
        "objects": [list(pair) for pair in entry.objects],
        "detail": dict(entry.detail),
    }


def digest(entry: Entry, previous: str, canonical: Canonical) -> str:
    """Return the SHA-256 of ``entry`` chained to the digest ``previous``, in hex."""
    return link(previous, canonical(body(entry)))


def link(previous: str, canonical_body: bytes) -> str:
    """Return the digest of an event given its canonical bytes."""
    return hashlib.sha256(previous.encode() + b"\n" + canonical_body).hexdigest()


def verify(chain: Iterable[tuple[Entry, str]], canonical: Canonical) -> str:
    """Return the head of ``chain``; raise ChainBroken at the first event that does not follow."""
    previous = GENESIS
    for position, (entry, recorded) in enumerate(chain, start=1):
        if entry.seq != position:
            raise ChainBroken(stream=entry.stream, seq=position, problem="missing_or_reordered")
        previous = digest(entry, previous, canonical)
        if previous != recorded:
            raise ChainBroken(stream=entry.stream, seq=position, problem="digest_differs")
    return previous


def anchor(heads: Iterable[tuple[str, int, str]], previous: str) -> str:
    """Return the digest over all stream heads ``(stream, seq, digest)``, sorted, and the last anchor."""
    running = hashlib.sha256(previous.encode())
    for stream, seq, head in heads:
        running.update(f"\n{stream}\t{seq}\t{head}".encode())
    return running.hexdigest()
