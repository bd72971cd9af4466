"""Call files: the calls of an exchange, one row each, as its report writes them."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from .customerfile import Table, read_kinds, write_empty
from .lists import Kind, chosen_kinds, columns

CALLS = Kind(
    "calls",
    "来电记录",
    columns(
        ("called_at", "来电时间 呼入时间 进线时间 呼叫时间 开始时间 时间 call_time start_time", True),
        ("day", "来电日期 呼入日期 进线日期 呼叫日期 开始日期 通话日期 日期 call_date date", False),
        ("caller", "主叫号码 来电号码 主叫 客户号码 电话号码 号码 caller_number ani", True),
        ("outcome", "结果 通话结果 接听结果 来电结果 接听状态 呼叫结果 状态 result status", True),
        ("waited", "等待秒数 排队秒数 等待时长 排队时长 等待时间 q_time wait_seconds", False),
        ("agent", "坐席 坐席工号 接听坐席 话务员 server", False),
        ("queue", "技能组 队列 业务组 排队队列 skill skill_group", False),
        ("call", "流水号 呼叫流水号 通话流水号 来电流水号 呼叫标识 call_id", False),
        ("unit", "供电单位 单位 单位编码 供电单位编码", False),
    ),
)


KINDS = (CALLS,)


def read(path: Path, chosen: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> list[Table]:
    """Return the lists of calls in a file; raise BadInput where none is met.

    ``chosen`` says by kind and field which header a person chose.
    """
    return read_kinds(path, chosen_kinds(KINDS, chosen))


def write_template(path: Path) -> None:
    """Write an empty list with every header it may have."""
    write_empty(path, CALLS)
