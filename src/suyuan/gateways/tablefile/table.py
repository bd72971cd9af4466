"""One way to open a table, whatever it is wrapped in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from suyuan.domain.errors import BadInput

from .containers import locate
from .text import TextSheet
from .workbook import sheets


class Sheet(Protocol):
    """Rows of cells. A text file is one sheet without a name."""

    name: str
    total_rows: int | None
    """None where the file must be read to know."""

    def head(self, count: int) -> list[list[Any]]: ...

    def rows(self) -> Iterator[list[Any]]: ...

    def fraction(self) -> float: ...


def open_table(path: Path, *, quoting: str = "standard") -> list[Sheet]:
    """Return the sheets of ``path`` that hold anything; raise BadInput where there is nothing to read.

    ``quoting="none"`` leaves quotation marks of a tab-separated file alone.
    """
    source = locate(path)
    found: list[Sheet]
    if source.kind == "workbook":
        found = list(sheets(source))
    else:
        found = [TextSheet(source, quoting=quoting)]
        if not any(any(cell.strip() for cell in row) for row in found[0].head(50)):
            found = []
    if not found:
        raise BadInput("empty_file", file=source.name)
    return found
