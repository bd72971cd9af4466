"""A document of a heading, a few sentences and tables, written without a template."""

import io
from collections.abc import Sequence
from datetime import datetime

from docx import Document
from docx.enum.section import WD_ORIENT

from .filling import plain, without_moment

Sheet = tuple[str, Sequence[str], Sequence[Sequence[object]]]
"""A title, the heads of its columns, and its rows."""


def written(title: str, said: Sequence[str], sheets: Sequence[Sheet], at: datetime, mark: str) -> bytes:
    """Return the document; the same content gives the same bytes."""
    document = Document()
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    document.add_heading(plain(title), level=0)
    for line in said:
        document.add_paragraph(plain(line))
    for name, heads, rows in sheets:
        document.add_heading(plain(name), level=1)
        table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
        _fill(table.rows[0].cells, heads)
        for row in rows:
            _fill(table.add_row().cells, row)
    document.add_paragraph(plain(mark))
    core = document.core_properties
    core.title, core.author, core.last_modified_by = plain(title), "Suyuan", "Suyuan"
    core.created = core.modified = at.replace(microsecond=0, tzinfo=None)
    core.revision, core.comments = 1, mark
    made = io.BytesIO()
    document.save(made)
    return without_moment(made.getvalue())


def _fill(cells: Sequence, values: Sequence[object]) -> None:  # type: ignore[type-arg]
    for cell, value in zip(cells, values, strict=True):
        cell.text = plain(str(value))
