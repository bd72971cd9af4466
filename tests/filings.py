"""Filings made through the real actions."""

from datetime import datetime, timedelta

from suyuan.actions import filing
from suyuan.store.models import Case
from tests.factories import NOW, actor, case_at, do, unit

FILING = {
    "situation": "暴雨红色预警，东城片区多处积水",
    "filing_kind": "weather",
    "unit": "0101",
    "counts_from": "2026-03-04T08:00",
    "counts_until": "2026-03-06T20:00",
    "script": "因暴雨部分线路停电，抢修人员已出动，预计今晚恢复",
    "evidence": "气象预警第12号",
}
"""What a station files ahead on the day of the tests."""
FALSE = {"note": "当天没有停电", "evidence": "调度日志", "suspended_months": "2"}


def filing_at(state: str, now: datetime = NOW, **form: str) -> Case:
    """Return a filing of a station that stands in ``state``."""
    unit()
    number = filing.file(actor=actor("station"), form=FILING | form, now=now)
    case = Case.objects.select_related("unit").get(number=number)
    turns = (
        ("endorse", "marketing", {}),
        ("approve", "office", {}),
        ("end_filing", "station", {"note": "转晴"}),
    )
    for step, (verb, role, given) in enumerate(turns, start=1):
        if case.state == state:
            return case
        case = do(case, verb, role, now + timedelta(minutes=step), **given)
    assert case.state == state, f"a filing never stands in {state}"
    return case


ANSWER = {
    "situation": "客户要求免收基本电费，无政策依据",
    "script": "基本电费按政府定价收取，不能免收，13912345678",
    "evidence": "价格文件",
}
"""What a station answers for good."""


def final_answer_at(state: str, now: datetime = NOW, parent: Case | None = None) -> Case:
    """Return a final answer on an archived complaint that stands in ``state``."""
    parent = parent or case_at("archived", now=now)
    hour = timedelta(hours=1)
    do(parent, "answer_finally", "station", now + hour, **ANSWER)
    found = Case.objects.select_related("unit").filter(procedure="final_answer", parent_number=parent.number)
    case = found.latest("pk")
    turns = (
        ("endorse", "marketing", {}),
        ("approve", "office", {}),
        ("ask_review", "agent", {"note": "不服"}),
    )
    for verb, role, form in turns:
        if case.state == state:
            return case
        case = do(case, verb, role, now + 2 * hour, **form)
    assert case.state == state, f"a final answer never stands in {state}"
    return case
