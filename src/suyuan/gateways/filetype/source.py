"""A file under examination: reads at places, and refuses by name."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from suyuan.domain.errors import BadInput


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes, how many there are, and what the sender calls them."""

    file: BinaryIO
    size: int
    name: str

    def read(self, at: int, count: int) -> bytes:
        """Return up to ``count`` bytes from ``at``."""
        self.file.seek(at)
        return self.file.read(max(0, count))

    def all(self) -> bytes:
        """Return every byte: for pictures, which are small."""
        return self.read(0, self.size)

    def bad(self, code: str, **facts: object) -> BadInput:
        """Return the refusal of this file."""
        shown = {key: value for key, value in facts.items() if value not in ("", None)}
        return BadInput(code, name=self.name, **shown)


def number(form: str, content: bytes, at: int = 0) -> int:
    """Return the number at a place of some bytes; -1 where they end before it."""
    if at < 0 or at + struct.calcsize(form) > len(content):
        return -1
    return int(struct.unpack_from(form, content, at)[0])
