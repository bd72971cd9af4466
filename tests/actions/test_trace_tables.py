"""The paper's case from tables alone: each system hands in its own, and the chain runs through all."""

import csv
from datetime import UTC, datetime, timedelta

import pytest

from suyuan.actions import traced
from suyuan.actions.trace import How, take_log
from suyuan.domain.procedure import SYSTEM
from suyuan.store import event_log
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_files_handed_in")]
BEGIN = datetime(2025, 1, 6, 9, tzinfo=UTC)
HIT = 7
"""The account whose address change nobody archived."""
COMPLAINTS = """
time = "受理时间"
activity = "环节"
zone = "Asia/Shanghai"
[[objects]]
column = "投诉编号"
type = "投诉工单"
[[objects]]
column = "户号"
type = "户号"
"""


@pytest.fixture(autouse=True)
def no_log():
    event_log.path().unlink(missing_ok=True)  # tests share a home
    yield
    event_log.path().unlink(missing_ok=True)


def day(number: float) -> str:
    return f"{BEGIN + timedelta(days=number):%Y-%m-%d %H:%M}"


def account(number: int) -> str:
    return f"33000123{number:05d}"


def addresses():
    yield ["批次号", "户号", "供电单位", "地址修改时间", "审核时间", "归档时间"]
    for number in range(30):
        done = day(number * 9 + 4) if number != HIT else ""
        yield f"DZ{number}", account(number), "0102", day(number * 9), day(number * 9 + 1.5), done


def changes():
    head = "换表工单编号,户号,旧表号,供电单位,换表时间,发起时间,发起被拒时间,审核时间,新表入库时间,归档时间"
    yield head.split(",")
    for number in range(30):
        at = 100 + number * 3
        steps = (day(at + 0.4), "", day(at + 1), day(at + 2), day(at + 3))
        if number == HIT:
            steps = ("", day(at + 0.4), "", "", "")
        yield f"HB{number}", account(number), f"44{number:03d}", "011302", day(at), *steps


def readings():
    yield ["抄表单号", "户号", "表号", "供电单位", "抄表时间", "抄表状态"]
    for number in range(30):
        for month in range(9):
            zero = number == HIT and month >= 5
            at = 20 + month * 30 + number * 0.05
            yield (
                f"CB{number}-{month}",
                account(number),
                f"44{number:03d}",
                "0103",
                day(at),
                ("正常", "划零")[zero],
            )


def complaints():
    yield ["投诉编号", "户号", "环节", "受理时间"]
    yield "SY1", account(HIT), "投诉受理", day(265)


def written(path, rows):
    with path.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows(rows)
    return path


def test_the_papers_case_is_traced_through_four_tables(tmp_path):
    layout = tmp_path / "complaints.toml"
    layout.write_text(COMPLAINTS, "utf-8")
    for name, rows in (("a", addresses()), ("b", changes()), ("c", readings())):
        take_log(path=written(tmp_path / f"{name}.csv", rows), actor=SYSTEM, now=NOW)
    take_log(
        path=written(tmp_path / "d.csv", complaints()), actor=SYSTEM, now=NOW, how=How(layout=str(layout))
    )

    answer = traced.traced_of("SY1")

    nodes = answer.traced.chains[0].nodes
    assert [(answer.log.objects[one.thing], answer.log.activities[one.activity]) for one in nodes[:2]] == [
        (f"DZ{HIT}", "批量地址修改归档"),
        (f"HB{HIT}", "换表流程发起被拒"),
    ]
    assert answer.log.activities[nodes[2].activity] == "抄表划零"
    assert (answer.source, "0103" in answer.spared) == ("0102", True)
