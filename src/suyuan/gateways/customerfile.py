"""Customer files: accounts as the marketing system lists them, csv or workbook, read row by row.

A sheet is known by its header, in Chinese, in English or in the column names of the marketing system
(C_CONS, C_METER); columns nobody knows are left alone.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from .layout.header import SEARCHED, texts
from .layout.quarantine import REASONS
from .layout.spelling import half_width
from .lists import (
    Kind,
    Line,
    cell_text,
    chosen_kinds,
    columns,
    day,
    is_total,
    line_of,
    no_header,
    places_of,
)
from .tablefile import Sheet, guard, open_table, open_writer, unguard

CUSTOMERS = Kind(
    "customers",
    "客户档案",
    columns(
        ("account", "户号 用户编号 客户编号 用户户号 用电户号 用户号 总户号 CONS_NO", True),
        (
            "unit",
            "供电单位 供电单位名称 管理单位 单位编码 供电单位编码 供电所 供电所名称 "
            "所属单位 所属供电所 单位名称 单位 ORG_NO",
            True,
        ),
        ("code", "客户标识 用户标识 CONS_ID CUST_ID CUST_NO customer_code", False),
        ("name", "户名 客户名称 用户名称 客户姓名 姓名 CONS_NAME CUST_NAME customer", False),
        ("kind", "客户类别 用户分类 用户类别 客户类型 CONS_SORT_CODE", False),
        ("status", "用户状态 客户状态 状态 STATUS_CODE", False),
        ("tariff", "用电类别 ELEC_TYPE_CODE ELEC_TYPE", False),
        ("trade", "行业分类 行业类别 TRADE_CODE HEC_INDUSTRY_CODE", False),
        ("load_attribute", "负荷性质 LODE_ATTR_CODE", False),
        ("capacity", "合同容量 运行容量 CONTRACT_CAP", False),
        ("site", "城乡类别 城乡标志 城农网标志 URBAN_RURAL_FLAG", False),
        ("address", "用电地址 地址 ELEC_ADDR", False),
        ("area", "台区 台区名称 TG_NAME", False),
        ("area_code", "台区编码 台区编号 TG_NO TG_ID", False),
        ("line", "线路 馈线 线路名称 LINE_NAME feeder", False),
        ("line_code", "线路编码 线路编号 LINE_NO LINE_ID", False),
        ("voltage", "电压等级 供电电压 VOLT_CODE", False),
        ("meter", "表号 电能表号 电表资产号 资产编号 资产号 ASSET_NO METER_NO MADE_NO", False),
        ("installed", "装表日期 安装日期 INST_DATE", False),
        ("removed", "拆表日期 RMV_DATE", False),
        ("phone", "联系电话 电话 手机 手机号 MOBILE CONTACT_PHONE", False),
        ("email", "电子邮箱 邮箱 邮件", False),
        ("wechat", "微信 微信号", False),
        ("whose", "联系人身份 联系人类型", False),
    ),
)
KINDS = (CUSTOMERS,)
DATES = frozenset({"installed", "removed"})
_day = functools.lru_cache(maxsize=16_384)(day)


@dataclass(frozen=True, slots=True)
class Table:
    """One list of a kind; its rows are read when asked for."""

    kind: Kind
    source: Sheet
    headers: tuple[str, ...]
    places: Mapping[str, int]
    first: int
    """Number in the file of the first row below the header."""

    def header(self, field: str) -> str:
        """Return the header a field stands under in this file."""
        return self.headers[self.places[field]] if field in self.places else field

    def lines(self) -> Iterator[Line]:
        """Yield the rows that hold anything."""
        width = len(self.headers)
        cells = [(field, at, field in DATES) for field, at in self.places.items()]
        needed = [column.field for column in self.kind.columns if column.required]
        for number, row in enumerate(self.source.rows(), start=1):
            if number < self.first:
                continue
            raw = tuple(map(cell_text, row[:width]))
            if any(raw):
                there = len(raw)
                values = {
                    field: (_day(row[at]) if dated and raw[at] else half_width(raw[at]))
                    for field, at, dated in cells
                    if at < there
                }
                line = line_of(number, row, raw, values, self.places)
                whole = all(map(values.get, needed)) and values[needed[0]][0].isdecimal()
                if whole or not is_total(line, self.kind):
                    yield line


def read(path: Path, chosen: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> list[Table]:
    """Return the lists of customers in a file; raise BadInput where none is met.

    ``chosen`` says by kind and field which header a person chose.
    """
    return read_kinds(path, chosen_kinds(KINDS, chosen))


def read_kinds(path: Path, kinds: Sequence[Kind]) -> list[Table]:
    """Return the lists of some kinds in a file; raise BadInput where none is met."""
    found = [
        table for sheet in open_table(path) for kind in kinds if (table := _table(sheet, kind)) is not None
    ]
    if not found:
        raise no_header(path, open_table(path), kinds)
    return found


def _table(sheet: Sheet, kind: Kind) -> Table | None:
    for index, row in enumerate(sheet.head(SEARCHED)):
        heads = texts(row)
        places = places_of(heads, kind)
        if places is not None:
            return Table(kind, sheet, tuple(unguard(text) for text in heads), places, index + 2)
    return None


class Quarantine:
    """The file that takes the rows of all lists of a file that were not taken, made where there are any.

    Lists may name their columns differently: the words of the first stand for all of them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.heads: dict[str, str] = {}
        """Field, or place and header of a column nobody knows → the header it stands under."""
        self.rows: list[tuple[dict[str, str], tuple[str, str, str, str]]] = []

    def add(self, table: Table, line: Line, faults: list[tuple[str, str, str]]) -> None:
        """Keep a row with the column, the value and the rule of each fault."""
        fields = {at: field for field, at in table.places.items()}
        cells = {}
        for at, header in enumerate(table.headers):
            if header not in REASONS:
                column = fields.get(at, f"{at}\n{header}")
                self.heads.setdefault(column, header)
                cells[column] = guard(line.raw[at]) if at < len(line.raw) else ""
        named, values, said = (guard("；".join(filter(None, words))) for words in zip(*faults, strict=True))
        self.rows.append((cells, (str(line.row), named, values, said)))

    def close(self) -> str:
        """Write the file and return where it lies, empty where every row was taken."""
        if not self.rows:
            return ""
        with open_writer(self.path) as write:
            write([*map(guard, self.heads.values()), *REASONS])
            for cells, why in self.rows:
                write([*(cells.get(column, "") for column in self.heads), *why])
        return str(self.path)


def write_template(path: Path) -> None:
    """Write an empty list with every header it may have."""
    write_empty(path, CUSTOMERS)


def write_empty(path: Path, kind: Kind) -> None:
    """Write an empty list of a kind with every header it may have."""
    with open_writer(path) as write:
        write([column.headers[0] + ("*" if column.required else "") for column in kind.columns])
