"""Writing the zip piece by piece: no file is ever whole in memory, no clear byte touches the disk."""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import BinaryIO

from suyuan.domain.errors import Refused

FORMAT = "suyuan-evidence-1"
PIECE = 256 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The moment every entry carries, so that the same manifest gives the same bytes."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the bundle: its place in it, its digest and size, and how it is opened."""

    path: str
    sha256: str
    size: int
    open: Callable[[], BinaryIO]


def _shipped(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def readme(facts: dict[str, object]) -> bytes:
    """Return README.txt with who exported what, when and why."""
    return _shipped("readme.txt").format(**facts).encode()


def verifier() -> bytes:
    """Return the script a stranger runs."""
    return _shipped("verify.txt").encode()


def parts(readme_text: bytes) -> dict[str, str]:
    """Return the digests of what stands beside the manifest."""
    shipped = {"README.txt": readme_text, "verify.py": verifier()}
    return {name: hashlib.sha256(content).hexdigest() for name, content in shipped.items()}


class _Sink:
    """Where the zip is written: what has come in since somebody last took it away."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def write(self, content: bytes) -> int:
        self.waiting.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def take(self) -> bytes:
        taken = b"".join(self.waiting)
        self.waiting.clear()
        return taken


def stream(manifest: bytes, readme_text: bytes, members: Sequence[Member]) -> Iterator[bytes]:
    """Return the bytes of the bundle; raise Refused at a file whose bytes are not the ones of its digest."""
    sink = _Sink()
    code = hashlib.sha256(manifest).hexdigest()
    texts = {
        "README.txt": readme_text,
        "manifest.json": manifest,
        "manifest.sha256": f"{code}  manifest.json\n".encode(),
        "verify.py": verifier(),
    }
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[arg-type]
        for name, content in texts.items():
            archive.writestr(_entry(name), content)
        for member in members:
            yield from _copied(archive, member, sink)
    yield sink.take()


def _copied(archive: zipfile.ZipFile, member: Member, sink: _Sink) -> Iterator[bytes]:
    seen = hashlib.sha256()
    entry = _entry(member.path)
    entry.file_size = member.size
    with member.open() as file, archive.open(entry, "w") as out:
        for piece in pieces(file):
            seen.update(piece)
            out.write(piece)
            yield sink.take()
    if seen.hexdigest() != member.sha256:
        raise Refused("file_damaged", file=member.sha256)


def pieces(file: BinaryIO) -> Iterable[bytes]:
    """Return a file piece by piece."""
    return iter(lambda: file.read(PIECE), b"")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    return entry
