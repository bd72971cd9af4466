"""Small files of every type that is taken, and of the kinds that are not, made on the spot."""

import io
import struct
import wave
import zipfile

from PIL import Image

from suyuan.actions import evidence
from tests.factories import NOW, actor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 32), **options: object) -> bytes:
    """Return a picture, its left half red and its right half blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def sound(seconds: float = 1.0, rate: int = 8000) -> bytes:
    """Return a WAV recording of a rising tone."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(rate)
        file.writeframes(bytes((at * (1 + at // rate)) % 251 for at in range(int(seconds * rate))))
    return out.getvalue()


def box(kind: bytes, content: bytes = b"") -> bytes:
    """Return one box of an MP4."""
    return struct.pack(">I", len(content) + 8) + kind + content


def video(brand: bytes = b"isom") -> bytes:
    """Return an MP4 that holds nothing but its boxes."""
    return box(b"ftyp", brand + b"\0\0\2\0" + brand) + box(b"moov", b"\0" * 40) + box(b"mdat", b"frames" * 9)


def webm() -> bytes:
    """Return the head of a WebM."""
    return b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\0" * 64


def pdf(inside: bytes = b"") -> bytes:
    """Return a PDF of one empty page."""
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n" + inside + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def archive(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def word(more: dict[str, bytes] | None = None, document: bytes = b"<w:document/>") -> bytes:
    """Return a Word file, with more parts inside where asked."""
    return archive(
        {"[Content_Types].xml": b"<Types/>", "word/document.xml": document} | (more or {}),
    )


PHOTO = picture()


def add(case, content: bytes = PHOTO, name: str = "电表.jpg", by: str = "station", **said: object) -> str:
    """Add a file to a case as somebody who works on it, and return its digest."""
    who = by if hasattr(by, "username") else actor(by)
    now = said.pop("now", NOW)
    incoming = evidence.Incoming(pieces=[content], name=name, **({"made_by": "staff"} | said))
    return evidence.add(number=case.number, file=incoming, actor=who, now=now)
