"""Reading and extending the chains of events."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import rfc8785
from django.db import connection
from django.db.models import OuterRef, Subquery

from suyuan.domain import audit
from suyuan.domain.errors import ChainBroken

from . import bulk
from .models import Anchor, Case, Event

COLUMNS = ("id", "stream", "seq", "at", "actor", "verb", "objects", "detail", "digest")
"""The columns of an event, as bulk inserts name them."""


plain = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
"""RFC 8785 for texts, whole numbers, lists and objects with ASCII keys: a test holds it to the library."""


def canonical(value: object) -> bytes:
    """Return the RFC 8785 bytes of a JSON value."""
    return plain(value).encode() if _is_plain(value) else rfc8785.dumps(value)  # type: ignore[arg-type]


WHOLE = 2**53
"""Whole numbers from here on are none that every program reads alike: RFC 8785 refuses them."""


def _is_plain(value: object) -> bool:
    """Return whether ``plain`` is for a value."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if isinstance(value, dict):
        return all(type(key) is str and key.isascii() for key in value) and all(
            map(_is_plain, value.values())
        )
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return kind is int and -WHOLE < value < WHOLE  # type: ignore[operator]


def canonical_plain(value: object) -> bytes:
    """Return the RFC 8785 bytes of a JSON value that ``plain`` is for, many times faster."""
    return plain(value).encode()


def entry(event: Event) -> audit.Entry:
    """Return a stored event as the chain sees it."""
    return audit.Entry(
        stream=event.stream,
        seq=event.seq,
        at=event.at,
        actor=event.actor,
        verb=event.verb,
        objects=tuple((kind, key) for kind, key in event.objects_json),
        detail=event.detail,
    )


CASE = "case:"
"""How the stream of a case begins."""


def append(
    *,
    stream: str,
    at: datetime,
    actor: str,
    verb: str,
    objects: Iterable[tuple[str, str]] = (),
    detail: dict[str, object],
) -> int:
    """Write the next event of ``stream`` and return its id.

    Who writes on a case holds its row. Other streams belong to no row that everybody locks: two who add to
    one of them wait for each other here.

    Plain SQL: every verb passes here, and the ORM would cost more than the rest of the chain.
    """
    bulk.writing_events()
    if not stream.startswith(CASE):
        bulk.one_at_a_time(stream)
    with connection.cursor() as cursor:
        seq, previous = head(stream) or (0, audit.GENESIS)
        link = audit.Entry(stream, seq + 1, at.astimezone(UTC), actor, verb, tuple(objects), detail)
        pairs = json.dumps([list(pair) for pair in link.objects], ensure_ascii=False)
        digest = audit.digest(link, previous, canonical)
        written = json.dumps(detail, ensure_ascii=False)
        stamp = bulk.stamp()(at)
        cursor.execute(_INSERT, (stream, seq + 1, stamp, actor, verb, pairs, written, digest))
        return int(cursor.fetchone()[0])


def head(stream: str) -> tuple[int, str] | None:
    """Return the number and the digest of the last event of one stream, None for a stream without any."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST, (stream,))
        found: tuple[int, str] | None = cursor.fetchone()
    return found


_LAST = "SELECT seq, digest FROM store_event WHERE stream = %s ORDER BY seq DESC LIMIT 1"
_INSERT = (
    "INSERT INTO store_event (stream, seq, at, actor, verb, objects, detail, digest) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id"
)


def last_by_a_person(stream: str) -> datetime | None:
    """Return when somebody last did something on a stream; what the machine wrote does not count."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_BY_A_PERSON, (stream, *BY_THE_MACHINE))
        found = cursor.fetchone()
    return None if found is None else bulk.moment(found[0])


BY_THE_MACHINE = ("import", "import_update", "rung", "calendar", "migrate", "retarget", "retention_shred")
"""Verbs no person does: an order brought in today may have been worked on yesterday."""

_LAST_BY_A_PERSON = (
    "SELECT at FROM store_event WHERE stream = %s "
    f"AND verb NOT IN ({', '.join(['%s'] * len(BY_THE_MACHINE))}) ORDER BY seq DESC LIMIT 1"
)


def heads(upto: int | None = None) -> Iterator[tuple[str, int, str]]:
    """Return every stream's ``(stream, seq, digest)`` as of event id ``upto``, in stream order."""
    rows = Event.objects.order_by("stream", "seq").values_list("stream", "seq", "digest")
    if upto is not None:
        rows = rows.filter(pk__lte=upto)
    last: tuple[str, int, str] | None = None
    for row in rows.iterator(chunk_size=10_000):
        if last is not None and row[0] != last[0]:
            yield last
        last = row
    if last is not None:
        yield last


def verify(streams: Iterable[str] | None = None) -> tuple[int, int]:
    """Return how many streams and events verify; raise ChainBroken at the first that does not."""
    rows = Event.objects.order_by("stream", "seq")
    if streams is not None:
        rows = rows.filter(stream__in=list(streams))
    count = events = 0
    chain: list[tuple[audit.Entry, str]] = []
    for event in rows.iterator(chunk_size=10_000):
        if chain and chain[-1][0].stream != event.stream:
            audit.verify(chain, canonical)
            count, chain = count + 1, []
        chain.append((entry(event), event.digest))
        events += 1
    if chain:
        audit.verify(chain, canonical)
        count += 1
    return count, events


def last_anchor() -> Anchor | None:
    """Return the newest anchor."""
    return Anchor.objects.order_by("-on").first()


def verify_cases() -> int:
    """Return how many cases point at an event that is there; raise ChainBroken at one that does not.

    A chain whose last event was deleted still follows; the case it belonged to gives it away.
    """
    gone = Case.objects.exclude(changed_event=0).exclude(changed_event__in=Event.objects.values("pk"))
    number = gone.values_list("number", flat=True).first()
    if number is not None:
        raise ChainBroken(stream=f"case:{number}", seq="last", problem="event_missing")
    return Case.objects.count()


def verify_kept(digest: str) -> None:
    """Raise ChainBroken unless ``digest``, kept elsewhere, is one of the anchors."""
    if not Anchor.objects.filter(digest=digest).exists():
        raise ChainBroken(stream="anchor", seq=digest[:12], problem="kept_anchor_missing")


def verify_anchors() -> int:
    """Return how many anchors hold; raise ChainBroken where a stream was cut off or an anchor changed."""
    previous = audit.GENESIS
    anchors = list(Anchor.objects.order_by("on"))
    for anchor in anchors:
        if audit.anchor(heads(anchor.last_event), previous) != anchor.digest:
            raise ChainBroken(stream="anchor", seq=anchor.on.isoformat(), problem="heads_differ")
        previous = anchor.digest
    return len(anchors)


def heads_of(streams: list[str]) -> dict[str, tuple[int, str]]:
    """Return ``(seq, digest)`` of the last event of each stream, which the index alone finds."""
    top = Event.objects.filter(stream=OuterRef("stream")).order_by("-seq").values("seq")[:1]
    rows = Event.objects.filter(stream__in=streams, seq=Subquery(top))
    return {stream: (seq, digest) for stream, seq, digest in rows.values_list("stream", "seq", "digest")}
