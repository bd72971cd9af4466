"""Where the bytes of evidence lie: under the SHA-256 of what they say, sealed piece by piece.

A file is a mark and chunks of 64 KiB, each sealed with AES-256-GCM under the file's own key; the nonce counts
the chunks and marks the last, so none can be dropped, swapped or cut off unseen, and a range is opened
without the rest. The key is random, wrapped by the key ring and kept with the row: destroying it destroys
the file, in every copy of the folder.
"""

import hashlib
import hmac
import io
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from suyuan.domain.errors import BadInput, Refused

from . import seal

MARK = b"SYE1"
CHUNK = 64 * 1024
TAG = 16
STORED = CHUNK + TAG


@dataclass(frozen=True, slots=True)
class Staged:
    """Bytes on the disk that no row names yet."""

    path: Path
    key: bytes
    sha256: str
    size: int

    def drop(self) -> None:
        """Forget them."""
        self.path.unlink(missing_ok=True)


def path_of(digest: str) -> Path:
    """Return where the bytes with this digest lie."""
    return Path(settings.ATTACHMENTS) / digest[:2] / digest[2:]


def stage(pieces: Iterable[bytes], name: str, most: int) -> Staged:
    """Seal what comes in to a file of its own, on the disk for good, and return its digest and size."""
    folder = Path(settings.ATTACHMENTS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, key = folder / f"{secrets.token_hex(16)}.part", secrets.token_bytes(32)
    seen = hashlib.sha256()
    staged = None
    try:
        with path.open("xb") as out:
            out.write(MARK)
            for sealed in chunks(_counted(pieces, seen, name, most), key):
                out.write(sealed)
            size = _clear_size(out.tell())
            out.flush()
            os.fsync(out.fileno())
        staged = Staged(path, key, seen.hexdigest(), size)
        return staged
    finally:
        if staged is None:
            path.unlink(missing_ok=True)


def _counted(pieces: Iterable[bytes], seen: "hashlib._Hash", name: str, most: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise BadInput("too_large", name=name, largest=most)
        seen.update(piece)
        yield piece
    if not size:
        raise BadInput("empty", name=name)


def chunks(pieces: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """Return the sealed chunks of a stream; one is held back, because the last is sealed as such."""
    cipher, waiting, index = AESGCM(key), bytearray(), 0
    for piece in pieces:
        waiting += piece
        while len(waiting) > CHUNK:
            yield cipher.encrypt(_nonce(index, last=False), bytes(waiting[:CHUNK]), MARK)
            del waiting[:CHUNK]
            index += 1
    yield cipher.encrypt(_nonce(index, last=True), bytes(waiting), MARK)


def _nonce(index: int, *, last: bool) -> bytes:
    return index.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _clear_size(stored: int, start: int = len(MARK)) -> int:
    count = -(-(stored - start) // STORED)
    return stored - start - count * TAG


def place(staged: Staged) -> None:
    """Move staged bytes to their address, for good; whoever lay there before is replaced."""
    path = path_of(staged.sha256)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    staged.path.replace(path)
    for folder in (path.parent, path.parent.parent):
        sync(folder)


def sync(folder: Path) -> None:
    """Put a folder's entries on the disk for good; Windows does so by itself."""
    if hasattr(os, "O_DIRECTORY"):
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(held)
        finally:
            os.close(held)


def wrap(key: bytes) -> bytes:
    """Return a file's key as a row keeps it."""
    return seal.seal_bytes(key)


def unwrap(wrapped: bytes | memoryview) -> bytes:
    """Return the key a row keeps."""
    return seal.unseal_bytes(wrapped)


class Clear(io.RawIOBase):
    """A sealed file as its clear bytes, opened chunk by chunk wherever somebody reads."""

    def __init__(self, path: Path, key: bytes, digest: str, start: int = len(MARK)) -> None:
        self.digest, self.start, self.at, self.index, self.chunk = digest, start, 0, -1, b""
        try:
            self.file = path.open("rb")
        except FileNotFoundError:
            raise Refused("file_missing", file=digest) from None
        stored = self.file.seek(0, os.SEEK_END)
        self.size = _clear_size(stored, start)
        self.last = -(-(stored - start) // STORED) - 1
        self.cipher = AESGCM(key)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self.at, os.SEEK_END: self.size}[whence]
        self.at = max(0, start + offset)
        return self.at

    def tell(self) -> int:
        return self.at

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        if self.at >= self.size:
            return 0
        index, start = divmod(self.at, CHUNK)
        part = self._opened(index)[start : start + len(buffer)]
        buffer[: len(part)] = part
        self.at += len(part)
        return len(part)

    def _opened(self, index: int) -> bytes:
        if index != self.index:
            self.file.seek(self.start + index * STORED)
            sealed = self.file.read(STORED)
            try:
                self.chunk = self.cipher.decrypt(_nonce(index, last=index == self.last), sealed, MARK)
            except InvalidTag:
                raise Refused("file_damaged", file=self.digest, chunk=index) from None
            self.index = index
        return self.chunk

    def close(self) -> None:
        if not self.closed:
            self.file.close()
        super().close()


def clear(path: Path, key: bytes, digest: str, start: int = len(MARK)) -> BinaryIO:
    """Return a sealed file opened for reading; its chunks begin at ``start``."""
    return io.BufferedReader(Clear(path, key, digest, start), CHUNK)  # type: ignore[return-value]


# ---- what is made from a file: kept beside it, sealed with a key that follows from its own ----


def beside(digest: str) -> Path:
    """Return where the small picture of a file lies."""
    path = path_of(digest)
    return path.with_name(f"{path.name}.small")


def small_key(key: bytes) -> bytes:
    """Return the key of the small picture: gone with the key of the file."""
    return hmac.digest(key, b"small picture", "sha256")


def keep_small(digest: str, key: bytes, content: bytes) -> None:
    """Keep the small picture of a file; losing it costs nothing but making it again."""
    path = beside(digest)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
    temporary.write_bytes(MARK + b"".join(chunks([content], small_key(key))))
    temporary.replace(path)


def small(digest: str, key: bytes) -> bytes | None:
    """Return the small picture of a file, or None where none has been made."""
    path = beside(digest)
    if not path.exists():
        return None
    with clear(path, small_key(key), digest) as file:
        return file.read()
