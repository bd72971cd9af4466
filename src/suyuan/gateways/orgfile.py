"""Organisation files: units and people as an office lists them, csv or workbook, one or both in one file.

A sheet is known by its header, which may stand under a title: one that names a code and a name is a list of
units, one that names a person and his unit a list of people. Columns nobody knows are left alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import xlsxwriter

from suyuan.domain.errors import BadInput

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

MOST = 8 * 1024**2
"""Bytes of a file: a hundred thousand people and more."""


UNITS = Kind(
    "units",
    "单位",
    columns(
        (
            "code",
            "单位编码 编码 单位代码 单位编号 部门编码 部门代码 部门编号 机构编码 "
            "机构代码 机构编号 组织编码 组织代码 组织机构编码 组织机构代码 unit_code",
            True,
        ),
        (
            "name",
            "单位名称 名称 单位全称 部门名称 机构名称 组织名称 组织机构名称 单位 部门 机构 unit_name",
            True,
        ),
        (
            "parent",
            "上级编码 上级单位 上级单位编码 上级 上级部门 上级部门编码 上级机构 "
            "上级机构编码 上级组织 上级组织编码 上级单位名称 上级部门名称 "
            "上级机构名称 上级组织名称 隶属单位 主管单位 父级 parent_code",
            False,
        ),
        ("kind", "单位类别 类别 单位类型 类型 部门类别 部门类型 机构类别 机构类型 组织类型 unit_kind", False),
        ("specialty", "责任专业 专业", False),
        ("customers", "户数 客户数 用户数 供电户数 服务户数 管辖户数", False),
    ),
)
PEOPLE = Kind(
    "people",
    "人员",
    columns(
        ("name", "姓名 员工姓名 人员姓名 职工姓名", True),
        (
            "unit",
            "单位 所属单位 部门 所属部门 所在单位 所在部门 单位名称 部门名称 机构名称 "
            "所属机构 组织名称 单位编码 部门编码 机构编码 unit_code",
            True,
        ),
        (
            "employee_number",
            "工号 员工工号 人员编号 人员编码 员工编号 员工编码 职工号 职工编号 人资编码 人资编号",
            False,
        ),
        ("username", "用户名 账号 登录名 登录账号 门户账号 account", False),
        ("post", "岗位 岗位名称 职务 职位 position", False),
        ("roles", "角色 权限 role", False),
        ("over", "管辖单位 管辖范围", False),
        ("specialty", "责任专业 专业", False),
        ("seat", "坐席号 坐席工号 seat_number", False),
        ("phone", "手机 手机号 手机号码 移动电话 联系电话 联系方式 电话 mobile", False),
        ("email", "电子邮箱 邮箱 电子邮件 邮件", False),
        ("competence", "技能资质 资质 技能", False),
        ("tags", "五大员 服务特长 competence_tags", False),
        ("active_from", "上岗日期 入职日期 生效日期 from", False),
        ("active_until", "离岗日期 离职日期 失效日期 until", False),
    ),
)
KINDS = (UNITS, PEOPLE)
DATES = frozenset({"active_from", "active_until"})


@dataclass(frozen=True, slots=True)
class Part:
    """One list of a file."""

    kind: Kind
    sheet: str
    headers: tuple[str, ...]
    fields: Mapping[str, str]
    """Field → its header in this file."""
    lines: tuple[Line, ...]
    footers: tuple[int, ...] = ()
    """Rows that are totals or say who made the table: no unit, nobody."""


def read(path: Path, chosen: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> list[Part]:
    """Return the lists of a file, units first; raise BadInput where none is met.

    ``chosen`` says by kind and field which header a person chose.
    """
    kinds = chosen_kinds(KINDS, chosen)
    parts = [part for sheet in open_table(path) if (part := _part(sheet, kinds)) is not None]
    if not parts:
        raise no_header(path, open_table(path), kinds)
    if not any(part.lines for part in parts):
        raise BadInput("empty_file", file=path.name)
    return sorted(parts, key=lambda part: part.kind.name == PEOPLE.name)


def _part(sheet: Sheet, kinds: Sequence[Kind]) -> Part | None:
    found = [
        (len(places), -index, kind, index, places)
        for index, row in enumerate(sheet.head(SEARCHED))
        for kind in reversed(kinds)
        if (places := places_of(texts(row), kind)) is not None
    ]
    if not found:
        return None
    _, _, kind, index, places = max(found, key=lambda one: one[:2])
    rows = list(sheet.rows())
    headers = tuple(unguard(text) for text in texts(rows[index]))
    lines = [
        line_of(number, row, raw, {field: _value(field, row, at) for field, at in places.items()}, places)
        for number, row in enumerate(rows[index + 1 :], start=index + 2)
        if any(raw := tuple(cell_text(cell) for cell in row[: len(headers)]))
    ]
    totals = tuple(line.row for line in lines if is_total(line, kind))
    taken = tuple(line for line in lines if line.row not in totals)
    return Part(
        kind, sheet.name, headers, {field: headers[at] for field, at in places.items()}, taken, totals
    )


def _value(field: str, row: Sequence[Any], at: int) -> str:
    cell = row[at] if at < len(row) else None
    if field in DATES and cell not in (None, ""):
        return day(cell)
    return half_width(cell_text(cell))


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken, with column, value and rule of each fault in words."""

    line: Line
    faults: tuple[tuple[str, str, str], ...]


def write_quarantine(path: Path, part: Part, rows: Iterable[Rejected]) -> None:
    """Write rows that were not taken in the columns they came in, with the reasons behind."""
    kept = [index for index, header in enumerate(part.headers) if header not in REASONS]
    with open_writer(path) as write:
        write([*(guard(part.headers[index]) for index in kept), *REASONS])
        for row in rows:
            cells = [guard(row.line.raw[index]) if index < len(row.line.raw) else "" for index in kept]
            reasons = ("；".join(words) for words in zip(*row.faults, strict=True))
            write([*cells, str(row.line.row), *(guard(words) for words in reasons)])


def write_template(path: Path, choices: Mapping[str, Sequence[str]]) -> None:
    """Write an empty workbook of both lists; ``choices`` become lists to choose from in their columns."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False})
    bold = book.add_format({"bold": True})
    sheets = [(kind, book.add_worksheet(kind.title)) for kind in (UNITS, PEOPLE)]
    lists = book.add_worksheet("选项")
    ranges = {}
    for column, (field, words) in enumerate(choices.items()):
        lists.write_column(0, column, words)
        letter = chr(ord("A") + column)
        ranges[field] = f"=选项!${letter}$1:${letter}${max(len(words), 1)}"
    lists.hide()
    for kind, sheet in sheets:
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(kind.columns) - 1, 16)
        for index, column in enumerate(kind.columns):
            sheet.write_string(0, index, column.headers[0] + ("*" if column.required else ""), bold)
            if source := ranges.get(f"{kind.name}.{column.field}"):
                sheet.data_validation(
                    1, index, 5000, index, {"validate": "list", "source": source, "error_type": "warning"}
                )
    book.close()
