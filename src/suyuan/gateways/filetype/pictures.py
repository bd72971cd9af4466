"""Pictures, walked from their first byte to their last: nothing may stand behind the end."""

import re
from collections.abc import Callable

from .media import walk_boxes
from .source import Source, number

Size = tuple[int, int]

MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that say how large the picture is."""


def sniff(head: bytes) -> str | None:
    """Return which picture this is, or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return None


def jpeg(source: Source) -> Size:
    """Return the size of a JPEG; behind its end only padding, more pictures or the clip of a motion photo."""
    content = source.all()
    size, end = _jpeg(source, content, 0)
    while (rest := content[end : end + 12]).startswith(b"\xff\xd8\xff"):
        _, end = _jpeg(source, content, end)
    if rest[4:8] == b"ftyp":
        walk_boxes(source, end)
    elif content[end:].strip(b"\0\r\n "):
        raise source.bad("file_polyglot", behind=end)
    return size


def _jpeg(source: Source, content: bytes, start: int) -> tuple[Size, int]:
    at, size = start + 2, (0, 0)
    while found := MARKER.search(content, at):
        code, at = content[found.end() - 1], found.end()
        if code == 0xD9:
            return size, at
        if code in (0x01, 0xD8):
            continue
        length = number(">H", content, at)
        if length < 2:
            break
        if code in FRAMES and size == (0, 0):
            size = (number(">H", content, at + 5), number(">H", content, at + 3))
        at += length
    raise source.bad("truncated_file")


def png(source: Source) -> Size:
    """Return the size of a PNG."""
    at, size = 8, (0, 0)
    while True:
        chunk = source.read(at, 24)
        length, kind = number(">I", chunk), chunk[4:8]
        if length < 0 or not re.fullmatch(rb"[A-Za-z]{4}", kind) or at + 12 + length > source.size:
            raise source.bad("truncated_file")
        if at == 8:
            size = (number(">I", chunk, 8), number(">I", chunk, 12))
        at += 12 + length
        if kind == b"IEND":
            return _ended(source, at, size)


def gif(source: Source) -> Size:
    """Return the size of a GIF."""
    content = source.all()
    size = (number("<H", content, 6), number("<H", content, 8))
    at, frames = 13 + _colours(content[10:11]), 0
    while at < len(content):
        block = content[at]
        if block == 0x3B and frames:
            return _ended(source, at + 1, size)
        if block == 0x21:
            at = _blocks(content, at + 2)
        elif block == 0x2C:
            frames += 1
            at = _blocks(content, at + 11 + _colours(content[at + 9 : at + 10]))
        else:
            raise source.bad("damaged_file", at=at)
    raise source.bad("truncated_file")


def _colours(flags: bytes) -> int:
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _blocks(content: bytes, at: int) -> int:
    while at < len(content) and content[at]:
        at += content[at] + 1
    return at + 1


def webp(source: Source) -> Size:
    """Return the size of a WebP picture."""
    head = source.read(0, 32)
    end = number("<I", head, 4) + 8
    if end > source.size:
        raise source.bad("truncated_file")
    return _ended(source, end + end % 2, _webp_size(head))


def _webp_size(head: bytes) -> Size:
    kind = head[12:16]
    if kind == b"VP8X":
        return (number("<I", head[24:27] + b"\0") + 1, number("<I", head[27:30] + b"\0") + 1)
    if kind == b"VP8L":
        bits = number("<I", head, 21)
        return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    return (number("<H", head, 26) & 0x3FFF, number("<H", head, 28) & 0x3FFF)


def _ended(source: Source, at: int, size: Size) -> Size:
    if source.read(at, source.size - at).strip(b"\0\r\n "):
        raise source.bad("file_polyglot", behind=at)
    return size


WALKS: dict[str, Callable[[Source], Size]] = {
    "image/jpeg": jpeg,
    "image/png": png,
    "image/gif": gif,
    "image/webp": webp,
}
