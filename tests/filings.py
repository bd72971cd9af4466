"""Filings made through the real actions."""

from datetime import datetime, timedelta

from suyuan.actions import filing
from suyuan.store.models import Case
from tests.factories import NOW, actor, do, unit

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
