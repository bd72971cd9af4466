"""Any event log: what it is, is read from its content; its name says nothing."""

from contextlib import closing
from datetime import tzinfo
from pathlib import Path

from suyuan.domain.errors import BadInput

from . import layout as layouts
from . import ocel_json, ocel_sqlite, ocel_xml, table, xes
from .columns import Columns
from .layout import Layout
from .source import Source, locate
from .xml_events import Parser, plain

_HEAD = 1 << 16
_OCEL = ("object-types", "event-types", "objects", "events")


def read(path: Path, layout: Layout | None = None, zone: str = "") -> Columns:
    """Return a whole log; ``zone`` is where its moments were if they name none, before what a layout says."""
    source = locate(path)
    where = layouts.zone(zone or (layout.zone if layout else ""))
    if layout is not None and source.form in ("sqlite", "json"):
        raise BadInput("log_layout_unneeded", file=source.name)
    match source.form:
        case "sqlite":
            return ocel_sqlite.read(source, where)
        case "json":
            return ocel_json.read(source, where)
        case "xml":
            return _xml(source, layout, where)
    return table.read(source, layout, where)


def _xml(source: Source, layout: Layout | None, zone: tzinfo | None) -> Columns:
    """Return a log of either format in XML: what stands first in it tells which."""
    if _second(source) not in _OCEL:
        if layout is not None and (layout.steps or layout.also):
            raise BadInput("log_layout", file=source.name, problem="steps and lists of headings are for csv")
        return xes.read(source, layout or Layout(), zone)
    if layout is not None:
        raise BadInput("log_layout_unneeded", file=source.name)
    return ocel_xml.read(source, zone)


class _Second:
    """Keeps the first element within the first."""

    at: Parser

    def __init__(self) -> None:
        self.name, self._depth = "", 0

    def start(self, name: str, *_: object) -> None:
        self._depth += 1
        if self._depth == 2 and not self.name:
            self.name = plain(name)

    def end(self, *_: object) -> None:
        self._depth -= 1

    def text(self, *_: object) -> None:
        return


def _second(source: Source) -> str:
    looking = _Second()
    parser = Parser(looking, source.name)
    with closing(source.blocks(_HEAD)) as blocks:
        for block in blocks:
            try:
                parser.feed(block)
            except BadInput:  # told by the reader of the whole
                break
            if looking.name:
                break
    return looking.name
