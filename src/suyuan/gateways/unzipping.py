"""What Python's zip library raises on a damaged archive: BadZipFile is promised, and half of it."""

import lzma
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
