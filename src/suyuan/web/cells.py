"""The cells of a register, drawn in Python: a list has hundreds, and a template for each outlasts all else.

What a person wrote is escaped by ``format_html``, as a template would.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .templatetags.ui import light

if TYPE_CHECKING:
    from .register import Cell, Head

NOTHING = SafeString()
SHORT = SafeString(' class="nowrap"')


def drawn(heads: Iterable["Head"], cells: Iterable["Cell"]) -> SafeString:
    """Return the cells of a row, each under its head."""
    return format_html_join("", "{}", ((_cell(head, cell),) for head, cell in zip(heads, cells, strict=True)))


def mark(words: object, *, warns: bool = False) -> SafeString:
    """Return short words in a box."""
    return format_html('<span class="mark{}">{}</span>', " mark-warn" if warns else "", words)


def _cell(head: "Head", cell: "Cell") -> SafeString:
    kind = "num" if head.number else "wide" if head.wide else ""
    return format_html(
        '<td class="{}{}" data-label="{}"><span{}>{}{}{}{}{}</span></td>',
        kind,
        " void" if cell.empty else "",
        head.title,
        SHORT if cell.short else NOTHING,
        format_html("{} ", light(cell.light)) if cell.light else NOTHING,
        format_html('<a href="{}">{}</a>', cell.url, cell.text) if cell.url else cell.text,
        _marks(cell) if cell.marks else NOTHING,
        format_html('<span class="small-2 d-block">{}</span>', cell.small) if cell.small else NOTHING,
        format_html('<span class="said">{}</span>', cell.lines) if cell.lines else NOTHING,
    )


def _marks(cell: "Cell") -> SafeString:
    said = ((words[:1] == "!", words) for words in map(str, cell.marks))
    boxes = ((mark(words[1:] if warns else words, warns=warns),) for warns, words in said)
    return format_html(' <span class="marks">{}</span>', format_html_join("", "{}", boxes))
