"""Accept or refuse a file: its extension, what it holds and what the sender calls it must agree."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

import puremagic

from suyuan.domain.errors import BadInput

from . import foreign, media, papers, pictures
from .source import Source
from .types import BY_EXTENSION, DOCX, SAME_CONTAINER, TYPES, UNSAID, XLSX

HEAD = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much a file may hold before it is refused as a bomb."""

    pixels: int
    entries: int
    expanded: int
    ratio: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a file is."""

    media_type: str


def accept(file: BinaryIO, size: int, name: str, declared: str, bounds: Bounds) -> Accepted:
    """Return what a file is; raise BadInput with the reason where it is not taken."""
    source = Source(file, size, name)
    by_name = BY_EXTENSION.get(PurePosixPath(name.lower()).suffix)
    head = source.read(0, HEAD)
    found = _found(source, head, by_name)
    if by_name is None:
        raise source.bad("file_type_unknown", found=found)
    if found != by_name and not _one_container(found, by_name):
        raise source.bad("file_type_disagrees", found=found, extension=PurePosixPath(name).suffix[:12])
    said = declared.partition(";")[0].strip().lower()
    if said not in UNSAID and said != by_name and said not in TYPES[by_name].also:
        raise source.bad("file_type_disagrees", found=found, declared=said[:60])
    foreign.check(source, head, by_name)
    _walk(source, found, bounds)
    return Accepted(by_name)


def _one_container(found: str, by_name: str) -> bool:
    return any({found, by_name} <= same for same in SAME_CONTAINER)


def _found(source: Source, head: bytes, by_name: str | None) -> str:
    """Return the type the content shows; raise with what it is instead where it is none that is taken."""
    found = pictures.sniff(head) or media.sniff(head) or papers.sniff(source, head)
    if found is None and by_name == "text/plain" and papers.is_text(source):
        found = "text/plain"
    if found is None:
        raise source.bad(foreign.what(head), found=_guess(head))
    return found


def _guess(head: bytes) -> str:
    """Return what the signature tables take an unknown file for, in words for the person who sent it."""
    try:
        best = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    return next((one.extension.lstrip(".") for one in best if one.confidence >= 0.5 and one.extension), "")


def _walk(source: Source, found: str, bounds: Bounds) -> None:
    """Walk the format to its end; raise where something stands behind it or it promises too much."""
    if found in pictures.WALKS:
        width, height = pictures.WALKS[found](source)
        if width * height > bounds.pixels:
            raise source.bad("too_many_pixels", width=width, height=height, most=bounds.pixels)
    elif found in media.WALKS:
        media.WALKS[found](source)
    elif found == "application/pdf":
        papers.walk_pdf(source)
    elif found in (DOCX, XLSX):
        papers.walk_office(source, (bounds.entries, bounds.expanded, bounds.ratio))


__all__ = ["Accepted", "BadInput", "Bounds", "accept"]
