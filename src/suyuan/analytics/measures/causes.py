"""Why it came to a complaint, beside what was complained of: the share of each cause among those judged."""

from suyuan.analytics.measures import terms
from suyuan.analytics.measures.formula import share
from suyuan.analytics.measures.measure import Measure, Text
from suyuan.analytics.source import Table, Value


def _told(t: Table) -> Value:
    return terms.complaint(t) & terms.main_order(t) & ~t.restricted.fill_null(False)


def _judged(t: Table) -> Value:
    return _told(t) & (t.cause != "")


def _cause(code: str, zh: str, en: str) -> Measure:
    return Measure(
        id=f"cause_{code}_share",
        title=Text(f"原因占比:{zh}", f"Cause: {en}"),
        definition=Text(
            f"原因判定为“{zh}”的投诉 ÷ 已判定原因的投诉(不含子单, 四类之和为 100%)。"
            "原因取已签认的责任认定, 没有认定的取二次处理的责任分析; 没有人判定过的单列 `not_judged`, "
            "不作推定; 限制查阅的单列 `restricted`。",
            f"Complaints whose cause was judged to be {en} ÷ complaints whose cause was judged, without "
            "child orders; the four add up to 100 %. The cause is that of the liability that was signed, or, "
            "without one, that of the analysis of a second handling. Left out, and never guessed: nobody "
            "judged it (`not_judged`); restricted (`restricted`).",
        ),
        terms={
            "n": lambda t: _judged(t) & (t.cause == code),
            "of": _judged,
            "excluded.not_judged": lambda t: _told(t) & (t.cause == ""),
            "excluded.restricted": lambda t: (
                terms.complaint(t) & terms.main_order(t) & t.restricted.fill_null(False)
            ),
            "excluded.child_order": lambda t: terms.complaint(t) & ~terms.main_order(t),
        },
        figure=share,
        basis="论文001: 原因四类; 定义为本系统所拟",
        certainty="I",
    )


FACILITY = _cause("facility", "硬件设施", "hardware and facilities")
STAFF = _cause("staff", "员工个人行为", "conduct of staff")
DELIVERY = _cause("delivery", "服务传递系统", "service delivery system")
INDIVIDUAL = _cause("individual", "个性化需求未满足", "individual need not met")

MEASURES = (FACILITY, STAFF, DELIVERY, INDIVIDUAL)
