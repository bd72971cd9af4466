"""Paper templates as offices, and worse people, make them."""

import io
import re
import zipfile

from docx import Document

from suyuan.gateways.papers import shipped


def docx(*paragraphs: str) -> bytes:
    """Return a template with these paragraphs."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def changed(part: str, pattern: str, by: str, content: bytes = b"") -> bytes:
    """Return a template with what matches in one of its parts replaced."""
    again = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content or docx("{{ number }}"))) as old,
        zipfile.ZipFile(again, "w") as fresh,
    ):
        for name in old.namelist():
            body = old.read(name)
            if name == part:
                text = body.decode()
                assert re.search(pattern, text), f"{part} holds no {pattern}"
                body = re.sub(pattern, lambda _: by, text, count=1).encode()
            fresh.writestr(name, body)
    return again.getvalue()


def with_part(name: str, body: bytes, content: bytes = b"") -> bytes:
    """Return a template with one more part."""
    again = io.BytesIO(content or shipped("work_order"))
    with zipfile.ZipFile(again, "a") as archive:
        archive.writestr(name, body)
    return again.getvalue()


def words(content: bytes) -> str:
    """Return everything a paper says: header, body with tables, footer."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [
            archive.read(n).decode() for n in archive.namelist() if re.match(r"word/(header|doc|footer)", n)
        ]
    return "\n".join(re.sub(r"<[^>]+>", "", re.sub(r"</w:p>|<w:br/>", "\n", part)) for part in parts)
