"""The cells of a register, drawn in Python: a list has hundreds, and templates outlast all else there."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from .templatetags.ui import light, safe

if TYPE_CHECKING:
    from .register import Cell, Head


def drawn(heads: Iterable["Head"], cells: Iterable["Cell"]) -> SafeString:
    """Return the cells of a row, each under its head."""
    return SafeString("".join(_cell(head, cell) for head, cell in zip(heads, cells, strict=True)))


def mark(words: object, *, warns: bool = False) -> str:
    """Return short words in a box."""
    return f'<span class="mark{" mark-warn" if warns else ""}">{safe(words)}</span>'


def _cell(head: "Head", cell: "Cell") -> str:
    kind = "num" if head.number else "wide" if head.wide else ""
    said = safe(cell.text)
    if cell.url:
        said = f'<a href="{safe(cell.url)}">{said}</a>'
    if cell.light:
        said = f"{light(cell.light)} {said}"
    if cell.marks:
        said += f' <span class="marks">{"".join(map(_mark, cell.marks))}</span>'
    if cell.small:
        said += f'<span class="small-2 d-block">{safe(cell.small)}</span>'
    if cell.lines:
        said += f'<span class="said">{safe(cell.lines)}</span>'
    return (
        f'<td class="{kind}{" void" if cell.empty else ""}" data-label="{safe(head.title)}">'
        f"<span{_SHORT if cell.short else ''}>{said}</span></td>"
    )


_SHORT = ' class="nowrap"'


def _mark(words: object) -> str:
    said = str(words)
    return mark(said[1:], warns=True) if said.startswith("!") else mark(words)
