"""Which encoding is a text in: UTF-8, UTF-16 with a mark, or GB18030 (which holds GBK)?

The whole file is looked at, because the first Chinese character may stand a gigabyte in. GB18030 accepts
nearly every byte pair, so a file of both encodings would be read as rubbish without an error: lines are
therefore counted that can only be UTF-8 and lines that cannot be.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from suyuan.domain.errors import BadInput

CHUNK = 1 << 20
SHORT = 6
"""Fewer bytes than this outside ASCII may be valid in both encodings by chance (the 联通 accident)."""
LINE_LIMIT = 8 * CHUNK
"""No line of a table is longer; without this an endless line would fill the memory."""


@dataclass(slots=True)
class _Seen:
    utf8_line: int = 0
    """First line that is surely UTF-8; 0 none."""
    other_line: int = 0
    """First line that is surely not."""
    first_utf8: bool = False


def detect(stream: BinaryIO, name: str) -> str:
    """Return the codec of ``stream``; raise BadInput naming the line where two are mixed."""
    mark = stream.peek(4)[:4] if hasattr(stream, "peek") else b""
    if mark[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    seen, line = _Seen(), 1
    for chunk in _chunks(stream, name):
        if b"\0" in chunk:
            raise BadInput("not_a_table", file=name, kind="binary")
        if not chunk.isascii():
            _look(chunk, line, seen, name)
        line += chunk.count(b"\n")
    if seen.utf8_line and seen.other_line:
        first = "utf-8" if seen.utf8_line < seen.other_line else "gb18030"
        raise BadInput(
            "mixed_encodings", file=name, line=max(seen.utf8_line, seen.other_line), begins_as=first
        )
    return "gb18030" if seen.other_line else "utf-8-sig"


def _chunks(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield pieces that end at the end of a line."""
    rest = b""
    while block := stream.read(CHUNK):
        cut = block.rfind(b"\n") + 1
        if not cut:
            rest += block
            if len(rest) > LINE_LIMIT:
                raise BadInput("line_too_long", file=name, limit=LINE_LIMIT)
            continue
        yield rest + block[:cut]
        rest = block[cut:]
    if rest:
        yield rest


def _look(chunk: bytes, line: int, seen: _Seen, name: str) -> None:
    """Note what ``chunk`` proves; whole chunks of one encoding cost one decode."""
    if not seen.other_line and _is(chunk, "utf-8"):
        if not seen.utf8_line:
            seen.utf8_line = _first_utf8(chunk, line)
        return
    for offset, piece in enumerate(chunk.split(b"\n")):
        if piece.isascii():
            continue
        if _is(piece, "utf-8"):
            if not seen.utf8_line and _beyond_ascii(piece) >= SHORT:
                seen.utf8_line = line + offset
        elif not _is(piece, "gb18030"):
            raise BadInput("bad_encoding", file=name, line=line + offset)
        elif not seen.other_line:
            seen.other_line = line + offset


def _first_utf8(chunk: bytes, line: int) -> int:
    """Return the first line with enough UTF-8 to be no accident, or 0."""
    for offset, piece in enumerate(chunk.split(b"\n")):
        if not piece.isascii() and _beyond_ascii(piece) >= SHORT:
            return line + offset
    return 0


def _beyond_ascii(piece: bytes) -> int:
    return len(piece) - len(piece.decode("ascii", "ignore"))


def _is(piece: bytes, codec: str) -> bool:
    try:
        piece.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
