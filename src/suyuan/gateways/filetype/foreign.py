"""Signs of another format inside a file: a page, a program or an archive behind a harmless name."""

import re

from .source import Source, number
from .types import DOCX, XLSX

MARKUP = re.compile(
    rb"<(!doctype\s+html|html|head|body|script|svg|iframe|object|\?php|\?xml)\b", re.IGNORECASE
)
PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"#!",
    b"L\0\0\0\x01\x14\x02\0",
)
ARCHIVES = (
    b"PK",
    b"Rar!",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"MSCF",
    b"\x28\xb5\x2f\xfd",
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HIDDEN = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"%PDF-")
FIRST = 1024
"""How far into a file readers of pages and of PDF look for their start."""
SEARCHED = 1024 * 1024
"""How far into a file unpackers look for theirs."""
TAIL = 65_557
"""The longest end of a zip: its record and a comment."""
END, ENTRY = b"PK\x05\x06", b"PK\x01\x02"


def what(head: bytes) -> str:
    """Return the code that says what a file that is not taken is."""
    if head.startswith(PROGRAMS):
        return "file_executable"
    if head.startswith(ARCHIVES) or head[257:262] == b"ustar":
        return "file_archive"
    if head.startswith(OLD_OFFICE):
        return "file_macros"
    return "file_markup" if MARKUP.search(head[:FIRST]) else "file_type_unknown"


def check(source: Source, head: bytes, media: str) -> None:
    """Raise where a second format shows."""
    if media == "text/plain" and (MARKUP.search(head[:FIRST]) or head.startswith(PROGRAMS)):
        raise source.bad(what(head))
    if media in (DOCX, XLSX):
        return
    if MARKUP.search(head[:FIRST]) or (media != "application/pdf" and b"%PDF-" in head[:FIRST]):
        raise source.bad("file_polyglot", found="pdf" if b"%PDF-" in head[:FIRST] else "html")
    begin = source.read(0, SEARCHED)
    if any(sign in begin for sign in HIDDEN[:2]):
        raise source.bad("file_polyglot", found="archive")
    if _ends_as_zip(source):
        raise source.bad("file_polyglot", found="zip")


def _ends_as_zip(source: Source) -> bool:
    """Return whether an unpacker would find a zip at the end, whatever stands before and behind it."""
    start = max(0, source.size - TAIL)
    tail = source.read(start, TAIL)
    at = tail.find(END)
    while at >= 0:
        length = number("<I", tail, at + 12)
        if length > 0 and source.read(start + at - length, 4) == ENTRY and start + at >= length:
            return True
        at = tail.find(END, at + 1)
    return False
