"""What Python's zip library raises on a damaged archive: BadZipFile is promised, and half of it."""

import lzma
import re
import struct
import zipfile
import zlib

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    IndexError,  # a member without a name
    NotImplementedError,  # a way of packing, or an edition, that is not known
    OSError,  # a place in the file that cannot be
    OverflowError,
    RuntimeError,  # a password
    ValueError,  # a place before the beginning, a name in no encoding
)

OUTSIDE = re.compile(r"[/\\]|[A-Za-z]:|(.*[/\\])?\.\.([/\\]|$)", re.DOTALL)


def leads_outside(member: str) -> bool:
    """Return whether the name of a member leads out of the folder somebody would unpack it in."""
    return "\0" in member or OUTSIDE.match(member) is not None
