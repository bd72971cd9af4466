"""Papers: PDF without scripts, plain text, Word and Excel without macros, entities or files inside."""

import re
import zipfile

from ..unzipping import DAMAGED
from .source import Source, number
from .types import DOCX, XLSX

PIECE = 256 * 1024
ACTIVE = re.compile(rb"/(JavaScript|Launch)\b")
LATE_MARKUP = re.compile(rb"<(html|script|svg)\b", re.IGNORECASE)
END = b"PK\x05\x06"
MAIN = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
MACROS = re.compile(r"(vbaproject|vbadata|activex|macrosheets)", re.IGNORECASE)
EMBEDDED = re.compile(r"(/embeddings/|\.(zip|rar|7z|gz|exe|dll|docm|xlsm|jar)$)", re.IGNORECASE)
OUTWARD = re.compile(rb'<Relationship\b(?=[^>]*TargetMode="External")(?![^>]*/hyperlink")')
ENTITIES = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def sniff(source: Source, head: bytes) -> str | None:
    """Return which paper this is, or None; a zip that holds no document is none."""
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if not head.startswith(b"PK\x03\x04"):
        return None
    at = _end(source)
    directory = source.read(number("<I", at, 16), min(number("<I", at, 12), PIECE)) if at else b""
    return next((media for name, media in MAIN.items() if name.encode() in directory), None)


def is_text(source: Source) -> bool:
    """Return whether a file is text in an encoding this country uses."""
    content = source.all()
    if b"\0" in content:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def walk_pdf(source: Source) -> None:
    """Hold a PDF to its end and to saying nothing that runs."""
    tail = source.read(max(0, source.size - 2048), 2048)
    end = tail.rfind(b"%%EOF")
    if end < 0:
        raise source.bad("truncated_file")
    if tail[end + 5 :].strip(b"\0\r\n\t "):
        raise source.bad("file_polyglot", found="pdf")
    before = b""
    for at in range(0, source.size, PIECE):
        piece = before + source.read(at, PIECE)
        if ACTIVE.search(piece):
            raise source.bad("file_active")
        before = piece[-32:]


def walk_office(source: Source, bounds: tuple[int, int, int]) -> None:
    """Hold a Word or Excel file to ``bounds``: entries, bytes unpacked, ratio."""
    record = _end(source)
    if number("<I", record, 12) > bounds[0] * 1024:
        raise source.bad("zip_bomb", entries=bounds[0])
    if number("<I", record, 16) + number("<I", record, 12) + 22 != source.size:
        raise source.bad("file_polyglot", found="zip")
    try:
        with zipfile.ZipFile(source.file) as archive:
            parts = archive.infolist()
            _check_parts(source, parts, bounds)
            for part in parts:
                _check_part(source, archive, part)
    except DAMAGED:
        raise source.bad("damaged_file") from None


def _check_parts(source: Source, parts: list[zipfile.ZipInfo], bounds: tuple[int, int, int]) -> None:
    entries, expanded, ratio = bounds
    if len(parts) > entries or sum(part.file_size for part in parts) > expanded:
        raise source.bad("zip_bomb", entries=len(parts))
    names = [part.filename for part in parts]
    if len(set(names)) != len(names):
        raise source.bad("damaged_file")
    for part in parts:
        if part.file_size > PIECE and part.file_size > ratio * max(1, part.compress_size):
            raise source.bad("zip_bomb", ratio=ratio)
        if part.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", part.filename):
            raise source.bad("file_paths")
        if part.flag_bits & 1:
            raise source.bad("encrypted_file")
        if MACROS.search(part.filename):
            raise source.bad("file_macros")
        if EMBEDDED.search(part.filename):
            raise source.bad("file_embedded")


def _check_part(source: Source, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read one part to its end, which also checks its sum, and look for what readers would follow."""
    if not part.filename.lower().endswith((".xml", ".rels")):
        return
    before = b""
    with archive.open(part) as file:
        while piece := file.read(PIECE):
            seen = before + piece
            if not before and (b"\0" in seen[:64] or seen[:2] in (b"\xff\xfe", b"\xfe\xff")):
                raise source.bad("xml_entities")
            if ENTITIES.search(seen):
                raise source.bad("xml_entities")
            if b"macroEnabled" in seen:
                raise source.bad("file_macros")
            if part.filename.endswith(".rels") and OUTWARD.search(seen):
                raise source.bad("file_active")
            before = seen[-512:]


def _end(source: Source) -> bytes:
    """Return the record that ends a zip, where it stands at the very end; empty otherwise."""
    tail = source.read(max(0, source.size - 22), 22)
    return tail if tail.startswith(END) else b""
