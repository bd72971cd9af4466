"""Tables of supply as they are handed in: outages, readings, voltages, calls; csv, xlsx, packed, Parquet.

A column goes by any of several headings. What cannot be read, and a number that cannot be, is set aside by
row and named with its column, value and the rule it breaks; the other rows are taken.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from suyuan.domain.errors import BadInput

from .layout.moments import EARLIEST, Clock, Unreadable
from .supplyaside import (
    BEFORE_BEGIN,
    CONTRADICTS,
    EMPTY,
    LATER,
    MISSING_PLACE,
    OUT_OF_BOUNDS,
    UNREADABLE,
    Wrong,
)
from .supplyrules import HAPPENED, Handed, Rows, ahead, blank, contradictory, out_of_order
from .tablefile import open_table

TEXT, MOMENT, MONTH, NUMBER = "text", "moment", "month", "number"
UTC_MOMENT = pa.timestamp("us", "UTC")
TYPES = {TEXT: pa.string(), MOMENT: UTC_MOMENT, MONTH: pa.date32(), NUMBER: pa.float64()}
"""What a column is, by what it holds."""
_PARQUET = b"PAR1"


class Column(NamedTuple):
    """One column: its headings, what it holds, whether each row needs it, what its numbers are of."""

    headings: tuple[str, ...]
    kind: str
    required: bool = False
    of: str = ""


Bounds = Mapping[str, tuple[float, float]]
"""The least and the most that a number can be, by what it is of: ``kwh``, ``volts``."""


def _column(headings: str, kind: str = TEXT, *, required: bool = False, of: str = "") -> Column:
    return Column(tuple(headings.split()), kind, required, of)


_ACCOUNT = _column("户号 客户编号 用户编号 account")
_AREA = _column("台区 台区编号 台区编码 台区名称 area")
_LINE = _column("线路 线路编号 线路编码 线路名称 馈线 line feeder")
_UNIT = _column("供电单位 单位 单位编码 管理单位 unit")
SHEETS: Mapping[str, Mapping[str, Column]] = {
    "outages": {
        "outage": _column("停电编号 停电事件编号 事件编号 编号 outage outage_id id", required=True),
        "began": _column("开始 停电开始时间 停电时间 开始时间 began start", MOMENT, required=True),
        "arrived": _column("到达时间 到达现场时间 到场时间 arrived", MOMENT),
        "ended": _column("结束 送电时间 恢复送电时间 实际送电时间 结束时间 ended restored", MOMENT),
        "due": _column("计划结束 计划送电时间 预计送电时间 预计恢复时间 planned_end estimated_end", MOMENT),
        "account": _ACCOUNT,
        "area": _AREA,
        "line": _LINE,
        "kind": _column("停电类型 停电性质 类型 kind"),
        "cause": _column("停电原因 原因 cause"),
        "site": _column("现场分类 城乡 地区特征 site"),
        "unit": _UNIT,
    },
    "readings": {
        "account": _column("户号 客户编号 用户编号 account", required=True),
        "read_on": _column("抄表日期 抄表时间 月份 电费年月 read_on month", MONTH, required=True),
        "kwh": _column("电量 抄见电量 用电量 kwh", NUMBER, required=True, of="kwh"),
        "unit": _UNIT,
    },
    "voltage": {
        "account": _column("户号 客户编号 用户编号 account", required=True),
        "at": _column("时间 采集时间 数据时间 日期 at read_on", MOMENT, required=True),
        "v_a": _column("A相电压 电压A v_a 电压 voltage", NUMBER, required=True, of="volts"),
        "v_b": _column("B相电压 电压B v_b", NUMBER, of="volts"),
        "v_c": _column("C相电压 电压C v_c", NUMBER, of="volts"),
        "area": _AREA,
        "unit": _UNIT,
    },
    "calls": {
        "at": _column(
            "来电时间 呼入时间 进线时间 呼叫时间 开始时间 started_at call_time", MOMENT, required=True
        ),
        "area": _AREA,
        "line": _LINE,
    },
}


ANY_OF: Mapping[str, tuple[str, ...]] = {"outages": ("line", "area", "account")}
"""Columns of a kind of which each row fills one at least: an outage was somewhere."""
LATEST_YEAR = 2100
"""Nothing of supply is planned so far ahead: such a year is a slip."""


@dataclass
class Sheet:
    """What a file holds: every column of its kind, empty where the file has none."""

    table: pa.Table
    wrong: Wrong

    @property
    def set_aside(self) -> int:
        """Return how many rows were not taken."""
        return int(self.wrong.rows.sum())

    @property
    def first_wrong(self) -> list[dict[str, Any]]:
        """Return the first of them by row, column and value."""
        return self.wrong.first()


def read(path: Path, kind: str, zone: str, bounds: Bounds, handed: Handed | None = None) -> Sheet:
    """Return the rows of a file as one of ``SHEETS``; raise BadInput naming a column that is not there.

    Moments that name no zone are of ``zone``; a day is its midnight there, a month its last day. A number
    outside its bounds is not read; both ends are in. Of a table that is ``handed`` in to be kept, rows that
    lie ahead and cannot, and those of one key that contradict each other, are set aside too, and headings
    alone say that there is nothing.
    """
    header, given = _parquet(path) if _is_parquet(path) else _cells(path)
    wrong = Wrong(header, given)
    places = {name: _place(header, column, path.name) for name, column in SHEETS[kind].items()}
    table = _columns(given, places, kind, (zone, bounds), wrong)
    for name, bad in out_of_order(table):
        wrong.add(places[name], bad, BEFORE_BEGIN)
    if kind in ANY_OF:
        told = "/".join(SHEETS[kind][name].headings[0] for name in ANY_OF[kind])
        wrong.add(told, blank(table, ANY_OF[kind]), MISSING_PLACE)
    if handed is not None:
        wrong.add(places[HAPPENED[kind]], ahead(table, kind, handed), LATER)
        for name, bad in contradictory(table, kind, wrong.rows):
            wrong.add(places[name], bad, CONTRADICTS)
    if not wrong.size and handed is None:
        raise BadInput("empty_file", file=path.name)
    table = table.filter(pa.array(~wrong.rows))
    if wrong.size and not table.num_rows:
        raise BadInput("no_row_taken", file=path.name, set_aside=wrong.size, first=wrong.first()[:1])
    return Sheet(table, wrong)


def _columns(
    given: list[pa.Array], places: Mapping[str, int], kind: str, by: tuple[str, Bounds], wrong: Wrong
) -> pa.Table:
    """Return every column of a kind as it is meant; which cells are empty, no value or out of bounds."""
    (zone, bounds), columns = by, {}
    moments = _Moments(zone)
    readers: dict[str, Callable[[Any], Any]] = {
        TEXT: str,
        NUMBER: _number,
        MOMENT: moments.moment,
        MONTH: moments.day,
    }
    for name, column in SHEETS[kind].items():
        place = places[name]
        if place < 0:
            columns[name] = pa.nulls(wrong.size, TYPES[column.kind])
            continue
        columns[name], unread, empty = _read(given[place], column, readers[column.kind])
        wrong.add(place, empty, EMPTY)
        wrong.add(place, unread, UNREADABLE)
        if column.of:
            columns[name], beyond = _within(columns[name], *bounds[column.of])
            wrong.add(place, beyond, OUT_OF_BOUNDS)
    return pa.table(columns)


def _place(header: list[str], column: Column, file: str) -> int:
    """Return where a column stands, -1 where it does not; raise BadInput where each row needs it.

    One that stands there twice is neither.
    """
    place = next((header.index(one) for one in column.headings if one in header), -1)
    if place < 0 and column.required:
        known = [one for one in header if one][:60]
        raise BadInput("unknown_value", field="column", value=column.headings[0], known=known)
    if place >= 0 and header.count(header[place]) > 1:
        raise BadInput("header_twice", file=file, column=header[place])
    return place


def _read(cells: pa.Array, column: Column, reader: Callable[[Any], Any]) -> tuple[pa.Array, Rows, Rows]:
    """Return a column as it is meant, which rows cannot be read, and which lack it; a text is read once."""
    made, none = TYPES[column.kind], np.zeros(len(cells), bool)
    if cells.type == made or (column.kind == NUMBER and pa.types.is_floating(cells.type)):
        empty = cells.is_null(nan_is_null=True).to_numpy(zero_copy_only=False)
        if column.kind == TEXT:
            empty |= pc.equal(pc.utf8_trim_whitespace(cells.fill_null("")), "").to_numpy(zero_copy_only=False)
        return cells.cast(made), none, empty if column.required else none
    coded = cells.cast(pa.string()).dictionary_encode()
    texts = [str(one).strip() for one in coded.dictionary.to_pylist()]
    values = [reader(one) if one else None for one in texts]
    read = pa.array(values, made).take(coded.indices)
    pairs = zip(values, texts, strict=True)
    unread = np.array([*(value is None and bool(text) for value, text in pairs), False])
    where = coded.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
    blanks = np.array([*(not text for text in texts), True])
    return read, unread[where], blanks[where] if column.required else none


def _within(numbers: pa.Array, least: float, most: float) -> tuple[pa.Array, Rows]:
    """Return a column with no number where it is none, and which rows hold one that cannot be."""
    given = numbers.to_numpy(zero_copy_only=False).astype(np.float64)
    beyond: Rows = ~(np.isnan(given) | ((given >= least) & (given <= most)))
    return pa.array(given, numbers.type, from_pandas=True), beyond


def _is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == _PARQUET
    except OSError:
        raise BadInput("no_such_file", file=path.name) from None


def _parquet(path: Path) -> tuple[list[str], list[pa.Array]]:
    try:
        table = pq.read_table(path)
        table.validate(full=True)
        return table.column_names, [_naive(column.combine_chunks()) for column in table.columns]
    except (pa.ArrowException, OSError, ValueError, OverflowError):  # a name, text or moment that is none
        raise BadInput("truncated_file", file=path.name) from None


def _naive(cells: pa.Array) -> pa.Array:
    """Return moments and days of no zone as texts: whose they are is told by who asks."""
    kind = cells.type
    if pa.types.is_dictionary(kind):
        return cells.dictionary_decode()
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array([None if one is None else str(one) for one in cells.to_pylist()], pa.string())
    return cells.cast(pa.string()) if pa.types.is_timestamp(kind) and kind.tz is None else cells


def _cells(path: Path) -> tuple[list[str], list[pa.Array]]:
    rows = open_table(path)[0].rows()
    header = [str(cell).strip().lstrip("\ufeff") for cell in next(rows)]
    width = len(header)
    every = [[*row[:width], *[""] * (width - len(row))] for row in rows]
    columns = zip(*every, strict=True) if every else [()] * width
    return header, [
        pa.array(["" if one is None else str(one) for one in column], pa.string()) for column in columns
    ]


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


class _Moments:
    """Moments and days as a zone has them."""

    def __init__(self, zone: str) -> None:
        self._clock = Clock(zone)

    def moment(self, text: str) -> datetime | None:
        """Return a moment, None for what is none."""
        try:
            found = self._clock.read(text).astimezone(UTC)
            return found if EARLIEST.year <= found.year < LATEST_YEAR else None
        except (Unreadable, ValueError, OverflowError):
            return None

    def day(self, text: str) -> Any:
        """Return a local day; of a month its last."""
        digits = text.replace("-", "").replace("年", "").replace("月", "").replace("/", "")
        if len(digits) in (5, 6) and digits.isdecimal():
            return _last_day(int(digits[:4]), int(digits[4:]))
        found = self.moment(text)
        return None if found is None else found.astimezone(self._clock.zone).date()


def _last_day(year: int, month: int) -> Any:
    if not (EARLIEST.year <= year < LATEST_YEAR and 1 <= month <= 12):
        return None
    following = np.datetime64(f"{year:04}-{month:02}") + 1
    return (following.astype("datetime64[D]") - 1).item()
