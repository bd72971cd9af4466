"""Small pictures: decoded within bounds, turned as the camera was held; nothing else of the file is kept."""

import io
import struct
from typing import BinaryIO

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
QUALITY = 78
UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    KeyError,
    IndexError,
    OverflowError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What decoding a broken picture may raise: then there is no small picture, and nothing else is lost."""


def small(file: BinaryIO, edge: int, pixels: int) -> bytes | None:
    """Return a picture as a JPEG of at most ``edge`` by ``edge``, or None where it cannot be one."""
    try:
        with Image.open(file, formats=FORMATS) as picture:
            if picture.width * picture.height > pixels:
                return None
            picture.draft("RGB", (edge * 2, edge * 2))
            picture.thumbnail((edge * 2, edge * 2))
            turned = ImageOps.exif_transpose(picture).convert("RGBA")
    except UNREADABLE:
        return None
    turned.thumbnail((edge, edge))
    clean = Image.new("RGB", turned.size, "white")
    clean.paste(turned, mask=turned)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
