"""What the notice of a naming 点名预警通知 says: of which month, by what figures, what was replied."""

from typing import Any

from suyuan.analytics import display
from suyuan.domain import warning as rule
from suyuan.domain.errors import Refused
from suyuan.store.models import Case
from suyuan.store.queries import cases, comparisons, warnings
from suyuan.store.queries.history import Line
from suyuan.store.queries.viewer import Viewer

from ..detecting.sentences import worded

THOUSAND = 1000
REPLY = "reply_warning"
TITLES = {"complaints": "投诉", "signals": "预警信号"}


def own(_viewer: Viewer, case: Case, lines: list[Line]) -> dict[str, str]:
    """Return what the notice says; raise Refused for a warning by which nobody was named."""
    if case.business_type != rule.NAMED:
        raise Refused("paper_not_ready", kind="named_warning", verb="compare_month")
    warning = warnings.of_case(case)
    assert warning is not None
    signal = warnings.signals_of(warning)[0]
    month = str(signal.facts["month"])
    said = next((dict(line.form) for line in reversed(lines) if line.verb == REPLY), {})
    due = case.clocks.filter(limit="warning.reply").values_list("due_at", flat=True).first()
    return {
        "month": month,
        "named_for": worded(signal.why, signal.facts, "zh"),
        "compared": "\n".join(_measure(*one) for one in comparisons.measures(month, signal.object)),
        "reply_by": f"{due.astimezone(cases.LOCAL):%Y-%m-%d %H:%M}" if due else "",
        **{name: said.get(name, "") for name in ("cause", "measures", "due_on")},
    }


def _measure(name: str, held: dict[str, Any], by_customers: bool) -> str:
    per = "每千户" if by_customers else "每千件工单"
    rates = [display.rounded(held[key] * THOUSAND, 2) for key in ("rate", "low", "high", "others")]
    chance = "<0.001" if held["q"] < 0.001 else f"={display.rounded(held['q'], 3)}"
    title, count = TITLES[name], display.count(held["n"])
    return (
        f"{title} {count} 件，{per} {rates[0]}（95% 区间 {rates[1]}–{rates[2]}），"
        f"同类其他单位 {rates[3]}，错误发现率 q{chance}"
    )
