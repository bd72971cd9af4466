"""Looking for somebody's number in a file, whatever it is packed in, reading no more than a bounded part."""

import gzip
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

PIECE = 1024 * 1024
DEPTH = 3
"""How many archives within archives are opened."""
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, gzip.BadGzipFile)


class TooMuchError(Exception):
    """More is packed in a file than is read."""


@dataclass(slots=True)
class _Look:
    """One look through a file: what is sought, and how many bytes may still be read."""

    needles: tuple[bytes, ...]
    left: int

    def into(self, file: BinaryIO, depth: int) -> bool:
        """Return whether a file, or anything packed in it, holds what is sought."""
        head = file.read(4)
        file.seek(0)
        if depth and head == b"PK\x03\x04":
            return self._archive(file, depth) or self._bytes(file)
        if depth and head.startswith(b"\x1f\x8b"):
            with gzip.open(file) as inner:
                return self.into(inner, depth - 1)  # type: ignore[arg-type]
        return self._bytes(file)

    def _archive(self, file: BinaryIO, depth: int) -> bool:
        with zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                if member.is_dir():
                    continue
                with archive.open(member) as inner:
                    if self.into(inner, depth - 1):  # type: ignore[arg-type]
                        return True
        file.seek(0)
        return False

    def _bytes(self, file: BinaryIO) -> bool:
        longest = max(map(len, self.needles))
        before = b""
        while piece := file.read(PIECE):
            self.left -= len(piece)
            if self.left < 0:
                raise TooMuchError
            seen = before + piece
            if any(needle in seen for needle in self.needles):
                return True
            before = seen[-longest:]
        return False


def holds(file: BinaryIO, number: str, most: int) -> bool:
    """Return whether a file holds a number; one that cannot be read to its end may hold it, so it does."""
    try:
        return _Look(tuple(_written(number)), most).into(file, DEPTH)
    except (*UNREADABLE, TooMuchError):
        return True


def _written(number: str) -> Iterable[bytes]:
    """Return a number as files write it: text of one or two bytes a digit, or a cell of an old workbook."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        yield number.encode(encoding)
    if number.isascii() and number.isdigit():
        yield struct.pack("<d", float(number))
