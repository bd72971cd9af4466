"""Call files as an exchange writes them, and calls on the list made through them."""

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from suyuan.actions.call import call_file
from suyuan.actions.customer.register_file import Taken
from suyuan.gateways import callfile
from suyuan.store.models import MissedCall
from tests.factories import NOW, actor

HEADERS = ("流水号", "来电时间", "主叫号码", "结果", "等待秒数", "坐席", "技能组", "供电单位")
AT = "2026-03-04 10:00:00"
"""Half an hour before NOW, in Shanghai."""
PHONE = "13912345678"


def call(ref: str = "", at: str = AT, phone: str = PHONE, outcome: str = "放弃", **more: str) -> list[str]:
    """Return one row of a call file."""
    return [
        ref,
        at,
        phone,
        outcome,
        more.get("waited", "45"),
        "",
        more.get("queue", "报修"),
        more.get("unit", ""),
    ]


def write(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write a csv as an exchange would."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADERS, *rows])
    return path


def load(folder: Path, *rows: Sequence[str], now: datetime = NOW, by: str = "office", **how) -> Taken:
    """Take calls in as a file."""
    tables = callfile.read(write(folder / "calls.csv", rows))
    return call_file.import_calls(tables=tables, actor=actor(by), now=now, **how)


def missed(n: int = 0, unit_code: str = "01", phone: str = "", masked: str = "") -> MissedCall:
    """Return a call on the list of a unit."""
    from suyuan.store import seal
    from tests.factories import unit

    number = phone or f"1391234{n:04}"
    return MissedCall.objects.create(
        key_index=seal.index("call", f"{unit_code}{n}{number}"),
        at=NOW - timedelta(minutes=40 - n),
        number_index=seal.index("phone", number),
        masked=masked or f"139******{n:02}",
        sealed=seal.seal({"phone": number}),
        unit=unit(unit_code),
        state="open",
    )
