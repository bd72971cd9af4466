"""Records written in the full layout ``suyuan``, from which the same records are read again."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from suyuan.domain.order import OrderRecord

from ..tablefile import guard, open_writer
from .files import shipped
from .record import MOMENTS, Column

FULL = "suyuan"


def export_orders(path: Path, rows: Iterable[OrderRecord], mark: str = "") -> int:
    """Write ``rows`` to ``path`` (.xlsx, .csv or .csv.gz) and return how many there were.

    The ``mark`` stands on a workbook's pages, in a text file on a line above the header, where a title may.
    """
    layout = shipped()[FULL]
    zone = ZoneInfo(layout.timezone)
    cells = [_cell(column, zone) for column in layout.columns]
    count = 0
    with open_writer(path, mark) as write:
        if mark and not path.name.lower().endswith(".xlsx"):
            write([guard(mark)])
        write([column.headers[0] for column in layout.columns])
        for record in rows:
            write([guard(cell(record)) for cell in cells])
            count += 1
    return count


def _cell(column: Column, zone: ZoneInfo) -> Callable[[OrderRecord], str]:
    """Return what writes one field as the layout will read it."""
    name = column.field
    if name in MOMENTS and name not in ("accepted_at", "target_at"):
        return lambda record: _moment(record.moments.get(name), zone)
    return lambda record: _text(getattr(record, name), zone)


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat() if moment else ""


def _text(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _moment(value, zone)
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return str(value)
