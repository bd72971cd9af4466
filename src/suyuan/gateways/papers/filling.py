"""A template filled in. Values are text and stay text; the same values give the same bytes."""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

import qrcode
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

Value = str | list[dict[str, str]]

LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The moment every part of the zip carries: the oldest one the format knows."""
DRAWN = frozenset({"card_qr"})
"""The values that a paper shows as a code to be scanned."""
WIDE = Mm(30)
KEPT = "\n\t"
"""The control characters a document can hold."""


def environment() -> SandboxedEnvironment:
    """Return what templates run in: no attribute of Python in reach, a missing value is an error."""
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def fill(template: bytes, values: Mapping[str, Value], title: str, at: datetime, mark: str = "") -> bytes:
    """Return the paper that a checked template makes of these values, the ``mark`` in its properties."""
    document = DocxTemplate(io.BytesIO(template))
    clean = {
        name: plain(value) if isinstance(value, str) else [_row(row) for row in value]
        for name, value in values.items()
    }
    drawn = {name: _scanned(document, str(clean[name])) for name in DRAWN & clean.keys()}
    document.render(clean | drawn, environment(), autoescape=True)
    core = document.docx.core_properties
    core.title, core.author, core.last_modified_by = title, "Suyuan", "Suyuan"
    core.created = core.modified = at.replace(microsecond=0, tzinfo=None)
    core.revision, core.comments, core.keywords = 1, mark, mark
    made = io.BytesIO()
    document.save(made)
    return without_moment(made.getvalue())


def _scanned(document: DocxTemplate, text: str) -> InlineImage:
    picture = io.BytesIO()
    qrcode.make(text, border=2).save(picture, format="PNG")
    return InlineImage(document, picture, width=WIDE)


def _row(row: Mapping[str, str]) -> dict[str, str]:
    return {name: plain(value) for name, value in row.items()}


def plain(text: str) -> str:
    """Return a text without what no document can hold."""
    return "".join(each for each in text if each in KEPT or (each >= " " and each not in "\x7f\ufffe\uffff"))


def without_moment(content: bytes) -> bytes:
    """Return the zip with parts in one order and without the moment it was made."""
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(again, "w") as fresh:
        for name in sorted(old.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            member = zipfile.ZipInfo(name, LONG_AGO)
            member.compress_type = zipfile.ZIP_DEFLATED
            fresh.writestr(member, old.read(name))
    return again.getvalue()
