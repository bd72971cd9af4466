"""Which bytes hold the table?

What a file is, is read from its first bytes, never from its name. Everything compressed is measured
while it is opened up, because a small archive can hold more than the disk does.
"""

import gzip
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from suyuan.domain.errors import BadInput

from ..unzipping import DAMAGED, leads_outside

UNPACKED_LIMIT = 8 * 1024**3
"""Most bytes any archive may unpack to."""
RATIO_LIMIT = 250
"""Most times its packed size; order files reach 10 to 40, a workbook of repeated text about 100."""
RATIO_FLOOR = 64 * 1024**2
"""Below this a high ratio is harmless."""

TABLE_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls")

ZIP, GZIP, OLE = b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of one table: ``open`` gives them from the start, as often as asked."""

    name: str
    """The file, or ``file/member`` inside an archive: what an error names."""
    kind: str
    """``text`` or ``workbook``."""
    size: int
    """What ``position`` counts up to."""
    open: Callable[[], BinaryIO]
    position: Callable[[BinaryIO], int]
    plain: Path | None = None
    """The file itself where nothing is wrapped around it."""


class Metered(io.RawIOBase):
    """Read a packed stream, counting; raise BadInput where it is damaged, cut short or a bomb."""

    def __init__(self, inner: BinaryIO, name: str, packed: int) -> None:
        self.inner, self.name, self.packed, self.unpacked = inner, name, packed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        try:
            chunk = self.inner.read(len(buffer))
        except EOFError:
            raise BadInput("truncated_file", file=self.name) from None
        except DAMAGED as error:
            raise BadInput("damaged_file", file=self.name, problem=str(error)) from None
        self.unpacked += len(chunk)
        refuse_bomb(self.name, self.packed, self.unpacked)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self.inner.close()
        super().close()


def refuse_bomb(name: str, packed: int, unpacked: int) -> None:
    """Raise BadInput if that much out of that little is no table."""
    if unpacked > UNPACKED_LIMIT or (unpacked > RATIO_FLOOR and unpacked > RATIO_LIMIT * max(packed, 1)):
        raise BadInput("zip_bomb", file=name, packed_bytes=packed, unpacked_bytes=unpacked)


def locate(path: Path) -> Source:
    """Return the one table in ``path``; raise BadInput if there is none, or more than one."""
    if not path.is_file():
        raise BadInput("no_such_file", file=str(path))
    size = path.stat().st_size
    if size == 0:
        raise BadInput("empty_file", file=path.name)
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(GZIP):
        return _gzipped(path, size)
    if head.startswith(ZIP):
        return _zipped(path)
    if head.startswith(b"PK"):
        raise BadInput("no_table", file=path.name)
    kind = _kind(path.name, head)
    return Source(path.name, kind, size, lambda: path.open("rb"), lambda stream: stream.tell(), path)


def _kind(name: str, head: bytes) -> str:
    """Return what ``head`` begins: ``workbook`` or ``text``; raise BadInput for anything else."""
    if head.startswith(OLE):
        return "workbook"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        raise BadInput("not_a_table", file=name, kind="html_or_xml")
    if start.startswith(b"%pdf"):
        raise BadInput("not_a_table", file=name, kind="pdf")
    if start.startswith((ZIP.lower(), GZIP)):
        raise BadInput("not_a_table", file=name, kind="archive_in_archive")
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput("not_a_table", file=name, kind="binary")
    return "text"


def _gzipped(path: Path, size: int) -> Source:
    def unpack() -> BinaryIO:
        return io.BufferedReader(Metered(gzip.open(path), path.name, size), 1 << 20)  # type: ignore[arg-type]

    with unpack() as stream:
        head = stream.read(4096)
    if not head:
        raise BadInput("empty_file", file=path.name)
    if _kind(path.name, head) == "workbook":
        raise BadInput("not_a_table", file=path.name, kind="workbook_in_gzip")
    return Source(path.name, "text", size, unpack, lambda stream: stream.raw.inner.fileobj.tell())  # type: ignore[attr-defined]


def _zipped(path: Path) -> Source:
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGED:
        raise BadInput("truncated_file", file=path.name) from None
    with archive:
        members = [m for m in archive.infolist() if not m.filename.endswith("/")]
        refuse_outside(archive.namelist(), path.name)
        for_all = sum(m.file_size for m in members)
        refuse_bomb(path.name, path.stat().st_size, for_all)
        if any(m.filename == "[Content_Types].xml" for m in members):
            _verify(archive, path.name)
            size = path.stat().st_size
            return Source(path.name, "workbook", size, lambda: path.open("rb"), lambda s: s.tell(), path)
    return _member(path, members)


def refuse_outside(members: Sequence[str], name: str) -> None:
    """Raise BadInput for a member whose name would lead out of the folder it is unpacked in."""
    for member in members:
        if leads_outside(member):
            raise BadInput("unsafe_part", file=name, part=member[:200])


def _verify(archive: zipfile.ZipFile, name: str) -> None:
    """Read every member once: sizes in the directory can lie, checksums and this loop cannot."""
    if any(member.flag_bits & 1 for member in archive.infolist()):
        raise BadInput("encrypted_file", file=name)
    try:
        broken = archive.testzip()
    except DAMAGED as error:
        raise BadInput("damaged_file", file=name, problem=str(error)) from None
    if broken is not None:
        raise BadInput("damaged_file", file=name, problem=f"checksum of {broken}")


def _member(path: Path, members: list[zipfile.ZipInfo]) -> Source:
    """Return the one table among ``members``; what a Mac adds is not counted."""
    tables = [
        m
        for m in members
        if m.filename.lower().endswith(TABLE_SUFFIXES)
        and not m.filename.startswith("__MACOSX/")
        and not m.filename.rpartition("/")[2].startswith(".")
    ]
    if not tables:
        raise BadInput("no_table", file=path.name, members=[m.filename for m in members][:20])
    if len(tables) > 1:
        raise BadInput("several_tables", file=path.name, tables=[m.filename for m in tables][:20])
    info = tables[0]
    name = f"{path.name}/{info.filename}"
    if info.flag_bits & 1:
        raise BadInput("encrypted_file", file=name)

    def unpack() -> BinaryIO:
        try:
            inner = zipfile.ZipFile(path).open(info.filename)  # noqa: SIM115 closed by Metered
        except DAMAGED as error:
            raise BadInput("damaged_file", file=name, problem=str(error)) from None
        return io.BufferedReader(Metered(inner, name, info.compress_size), 1 << 20)  # type: ignore[arg-type]

    with unpack() as stream:
        head = stream.read(4096)
    if not head:
        raise BadInput("empty_file", file=name)
    if head.startswith(ZIP) and info.filename.lower().endswith((".xlsx", ".xlsm")):
        return Source(name, "workbook", info.file_size, unpack, lambda s: s.tell())
    return Source(name, _kind(name, head), info.file_size, unpack, lambda s: s.raw.unpacked)  # type: ignore[attr-defined]
