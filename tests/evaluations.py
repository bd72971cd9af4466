"""Technical assessment orders made through the real actions, and contacts that make a theme."""

from datetime import date, datetime, timedelta

from suyuan.actions import evaluation
from suyuan.domain.evaluation import THEME, About
from suyuan.store.models import Case
from tests.factories import NOW, actor, case_at, do, unit
from tests.lakes import fresh_lake

DAY = timedelta(days=1)
VOLTAGE = "quality.voltage"
LINE = "10kV东一线"
FIGURES = {
    "n": 9,
    "days": 5,
    "before": 2,
    "expected": 1.5,
    "expected_others": 1.5,
    "expected_own": 1.8,
    "ratio": 6.0,
    "low": 2.74,
    "high": 11.39,
    "q": 0.0004,
    "against": "both",
}
"""What was counted of a theme on a feeder."""
FINDINGS = {
    "equipment_state": "配变过载，低压线径偏小",
    "voltage_low": "187",
    "voltage_high": "221",
    "load_rate": "118",
    "evaluation_conclusion": "reinforce",
    "evidence": "TTU 曲线 2026-03",
}
MEASURE = {
    "improvement_kind": "hardware",
    "problems": "配变过载",
    "measures": "增容至 400 kVA",
    "unit": "0101",
    "due_on": "2026-03-20",
}


def about(place: str = LINE, cases: tuple[str, ...] = ()) -> About:
    """Return what is past its threshold: low voltage on a feeder of 0101, unless told otherwise."""
    days = date(2026, 2, 2), date(2026, 3, 3)
    return About(THEME, "quality.voltage", "line", place, "0101", *days, FIGURES, cases)


def opened(place: str = LINE, now: datetime = NOW) -> Case:
    """Return an order that marketing opened."""
    unit()
    made = evaluation.open_evaluation(actor=actor("marketing"), about=about(place), now=now)
    return Case.objects.select_related("unit").get(number=made.number)


def mended(case: Case, now: datetime) -> None:
    """Carry out what an order set."""
    (entry,) = Case.objects.filter(parent_number=case.number, procedure="improvement")
    do(entry, "carry_out", "station", now + DAY, evidence="竣工单", note="已增容")


WATCHED = 31
"""Days after the measures are done from which on the effect can be told."""


def evaluation_at(state: str, place: str = LINE, now: datetime = NOW) -> Case:
    """Return an order walked through the real verbs until it stands in ``state``."""
    case = opened(place, now)
    turns = (
        ("accept", "operations", 0, {}),
        ("evaluate", "operations", 1, FINDINGS),
        ("pass_evaluation", "office", 2, {}),
        ("add_measure", "office", 2, MEASURE),
        ("measures_done", "operations", 40, {"note": "已完成"}),
        ("close_evaluation", "office", 40 + WATCHED, {"note": "按期观察"}),
    )
    for verb, role, days, form in turns:
        if case.state == state:
            return case
        if verb == "measures_done":
            mended(case, now + 3 * DAY)
        case = do(case, verb, role, now + days * DAY + timedelta(minutes=1), **form)
    assert case.state == state, f"an order never stands in {state}"
    return case


def brought_up(n: int, at: datetime, line: str = LINE, code: str = "0101", kind: str = VOLTAGE) -> None:
    """Let so many customers of a feeder bring something up, one a day, the last one at a moment."""
    for back in range(n):
        case = case_at("registered", account=f"33{code}{back:04}{len(kind):03}")
        said = {"line": line, "unit": unit(code), "category": kind, "accepted_at": at - back * DAY}
        Case.objects.filter(pk=case.pk).update(**said)


def a_theme(yesterday: datetime) -> None:
    """Let eight customers of one feeder speak of low voltage, and others of something else elsewhere."""
    unit("0102")
    brought_up(8, yesterday)
    for at, code in enumerate(("0101", "0101", "0102", "0102", "0102")):
        for spoken_of in ("service.hall", "service.survey.attitude"):
            brought_up(7, yesterday - at * timedelta(hours=1), f"10kV其他{at}线", code, spoken_of)
    fresh_lake()
