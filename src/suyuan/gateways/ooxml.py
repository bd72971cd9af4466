"""An Office file is a zip of XML that a stranger made: what must hold before a part of it is believed.

Nothing is unpacked to the disk, no entity is expanded, no relationship is followed.
"""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO
from xml.parsers import expat

from suyuan.domain.errors import BadInput

from .unzipping import DAMAGED, leads_outside

MOST_BYTES = 10 * 1024**2
"""Of the file itself: a form or a template, never an archive of orders."""
MOST_UNPACKED = 64 * 1024**2
MOST_PARTS = 500
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
XML = (".xml", ".rels", ".vml")
PROLOG = 4096
"""Bytes read at a time until the first element, before which alone a document type may stand."""

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def read(path: Path) -> bytes:
    """Return the bytes of a file that is not too long; raise BadInput otherwise."""
    if not path.is_file():
        raise BadInput("no_such_file", file=path.name)
    if path.stat().st_size > MOST_BYTES:
        raise BadInput("file_too_large", file=path.name, limit=MOST_BYTES)
    return path.read_bytes()


def parts(content: bytes, name: str) -> dict[str, bytes]:
    """Return the parts of an Office file by name; raise BadInput for one that means harm or is damaged."""
    if not content:
        raise BadInput("empty_file", file=name)
    if len(content) > MOST_BYTES:
        raise BadInput("file_too_large", file=name, limit=MOST_BYTES)
    if content.startswith(OLE):
        raise BadInput("encrypted_file", file=name)
    if not content.startswith(ZIP):
        raise BadInput("not_an_office_file", file=name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = _unpacked(archive, name)
    except DAMAGED as error:
        raise BadInput("damaged_file", file=name, problem=str(error)[:200]) from None
    if "[Content_Types].xml" not in found:
        raise BadInput("not_an_office_file", file=name)
    _refuse_macros(found, name)
    for part, body in found.items():
        if part.lower().endswith(XML):
            walk(body, f"{name}/{part}")
    return found


def _unpacked(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    """Return every part; sizes in the directory can lie, so what comes out is counted."""
    members = archive.infolist()
    if len(members) > MOST_PARTS:
        raise BadInput("zip_bomb", file=name, parts=len(members))
    found: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for member in members:
        _check_name(member.filename, found, name)
        if member.flag_bits & 1:
            raise BadInput("encrypted_file", file=name)
        with archive.open(member) as stream:
            body = stream.read(left + 1)
        left -= len(body)
        if left < 0:
            raise BadInput("zip_bomb", file=name, limit=MOST_UNPACKED)
        if not member.is_dir():
            found[member.filename] = body
    return found


def _check_name(part: str, known: Mapping[str, bytes], name: str) -> None:
    if leads_outside(part) or "\\" in part or ":" in part or part in known:
        raise BadInput("unsafe_part", file=name, part=part[:200])


def _refuse_macros(found: Mapping[str, bytes], name: str) -> None:
    types = found["[Content_Types].xml"].lower()
    if b"macroenabled" in types or any("vbaproject" in part.lower() for part in found):
        raise BadInput("macros_inside", file=name)


def walk(
    body: bytes, name: str, start: Start | None = None, text: Text | None = None, end: End | None = None
) -> None:
    """Read one XML part from its start; a document type, where entities would hide, is refused."""

    def declared(*_: object) -> None:
        raise BadInput("dtd_inside", file=name)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.EndElementHandler = end
    parser.buffer_text = True
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: an encoding nobody knows
        raise BadInput("damaged_file", file=name, problem=str(error)) from None


def refuse_dtd(stream: IO[bytes], name: str) -> None:
    """Raise BadInput for an XML part with a document type; read no further than its first element."""
    begun: list[str] = []
    parser = expat.ParserCreate()

    def declared(*_: object) -> None:
        raise BadInput("dtd_inside", file=name)

    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = lambda tag, _given: begun.append(tag)
    try:
        while not begun and (chunk := stream.read(PROLOG)):
            parser.Parse(chunk)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BadInput("damaged_file", file=name, problem=str(error)) from None


def relations(found: Mapping[str, bytes], part: str) -> list[dict[str, str]]:
    """Return the attributes of every relationship a ``.rels`` part holds."""
    rows: list[dict[str, str]] = []

    def start(tag: str, given: dict[str, str]) -> None:
        if local(tag) == "Relationship":
            rows.append(given)

    walk(found[part], part, start)
    return rows


def local(tag: str) -> str:
    """Return a tag or attribute without its prefix."""
    return tag.rpartition(":")[2]
