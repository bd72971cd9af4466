"""Customer files as an office hands them in, and customers of the register made through them."""

import csv
from collections.abc import Sequence
from pathlib import Path

from suyuan.actions import customer
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways import customerfile
from tests.factories import NOW

HEADERS = (
    "户号", "户名", "客户类别", "供电单位", "用户状态", "用电类别", "合同容量", "城乡类别", "用电地址",
    "台区", "台区编码", "线路", "线路编码", "电压等级", "表号", "装表日期", "联系电话",
)  # fmt: skip
KNOWN = (
    "3300012345678", "张三丰", "居民", "东城供电所", "正常", "居民生活", "8", "城镇", "滨海市人民路12号3栋",
    "东城0001号台区", "TQ00001", "10kV清云001线", "XL00001", "交流220V", "M0030000001", "2019-05-01",
    "13912345678",
)  # fmt: skip


def row(**changed: str) -> list[str]:
    """Return the known customer's row with some cells written otherwise, by header."""
    return [changed.get(head, cell) for head, cell in zip(HEADERS, KNOWN, strict=True)]


def write(
    path: Path, rows: Sequence[Sequence[str]], heads: Sequence[str] = HEADERS, encoding="utf-8"
) -> Path:
    """Write a csv as an office would."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([heads, *rows])
    return path


def load(folder: Path, *rows: Sequence[str], now=NOW, **how) -> customer.register_file.Taken:
    """Take rows in as a file."""
    tables = customerfile.read(write(folder / "customers.csv", rows or [row()]))
    return customer.import_customers(tables=tables, actor=SYSTEM, now=now, **how)
