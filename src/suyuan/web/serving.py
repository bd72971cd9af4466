"""Bytes on their way to a browser: whole or the range asked for, never run, never sniffed, never kept."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

PIECE = 256 * 1024
ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*")
RANGES = re.compile(r"bytes=[\d\s,-]+")
HEADERS = {
    "Accept-Ranges": "bytes",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Served:
    """A file as it is answered: how it is opened, its size, what it is, and under which name."""

    open: Callable[[], BinaryIO]
    size: int
    etag: str
    media_type: str
    name: str
    download: bool


def asked_for(wanted: str, size: int) -> tuple[int, int] | None:
    """Return the first byte asked for and the one behind the last, or None for the whole.

    Raises LookupError where there are no such bytes, and for several ranges at once, which are not served.
    RFC 9110: a range in another unit or badly written is as if none was asked for.
    """
    if not RANGES.fullmatch(wanted):
        return None
    if "," in wanted:
        raise LookupError(wanted)
    found = ONE_RANGE.fullmatch(wanted)
    if found is None or not found[1] + found[2]:
        return None
    if found[1] and found[2] and int(found[2]) < int(found[1]):
        return None
    start = int(found[1]) if found[1] else max(0, size - int(found[2]))
    end = min(int(found[2]) + 1, size) if found[1] and found[2] else size
    if start >= size:
        raise LookupError(wanted)
    return start, end


def answer(request: HttpRequest, served: Served) -> HttpResponseBase:
    """Return a file, or the part of it that was asked for; If-Range of another content gets the whole."""
    same = request.headers.get("If-Range", served.etag) == served.etag
    try:
        part = asked_for(request.headers.get("Range", ""), served.size) if same else None
    except LookupError:
        headers = HEADERS | {"Content-Range": f"bytes */{served.size}"}
        return HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
    start, end = part or (0, served.size)
    headers = HEADERS | {
        "ETag": served.etag,
        "Content-Type": served.media_type,
        "Content-Length": str(end - start),
        "Content-Disposition": content_disposition_header(served.download, served.name) or "inline",
    }
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{served.size}"
    status = HTTPStatus.OK if part is None else HTTPStatus.PARTIAL_CONTENT
    return StreamingHttpResponse(_read(served, start, end), status=status, headers=headers)


def _read(served: Served, start: int, end: int) -> Iterator[bytes]:
    """Return the bytes; the first piece is opened at once, so that a damaged file is refused in words."""
    file = served.open()
    file.seek(start)
    first = file.read(min(PIECE, end - start))
    return _rest(file, first, end - start)


def _rest(file: BinaryIO, piece: bytes, left: int) -> Iterator[bytes]:
    with file:
        while piece:
            yield piece
            left -= len(piece)
            piece = file.read(min(PIECE, left)) if left else b""
