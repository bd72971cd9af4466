"""Do units work alike? Shares that say nothing good or bad by themselves, compared between units (A1)."""

from suyuan.analytics.measures import terms
from suyuan.analytics.measures.formula import share
from suyuan.analytics.measures.measure import Measure, Term, Text


def _practice(name: str, title: Text, definition: Text, n: Term, of: Term) -> Measure:
    return Measure(
        id=name,
        title=title,
        definition=definition,
        terms={"n": n, "of": of},
        figure=share,
        basis="统一受理、消除区域差异; 定义为本系统所拟",
        certainty="I",
        practice=True,
    )


COMPLAINT_SHARE = _practice(
    "complaint_share",
    Text("投诉占比", "Share registered as complaints"),
    Text("投诉 ÷(投诉 + 意见)。", "Complaints ÷ (complaints + opinions)."),
    terms.complaint,
    lambda t: t.business_type.isin(("complaint", "opinion")),
)
UNCLASSIFIED_SHARE = _practice(
    "unclassified_share",
    Text("未分类占比", "Share without a category"),
    Text("没有分类的投诉 ÷ 投诉。", "Complaints without a category ÷ complaints."),
    lambda t: terms.complaint(t) & (t.category == ""),
    terms.complaint,
)
NO_FINDING_SHARE = _practice(
    "no_finding_share",
    Text("无结论占比", "Share closed without a finding"),
    Text("没有结论的已结案投诉 ÷ 已结案投诉。", "Closed complaints without a finding ÷ closed complaints."),
    lambda t: terms.complaint(t) & terms.closed(t) & (t.finding == ""),
    lambda t: terms.complaint(t) & terms.closed(t),
)
NOT_RATED_SHARE = _practice(
    "not_rated_share",
    Text("不评价占比", "Share not rated"),
    Text("不评价 ÷ 接受回访的客户。", "Not rated ÷ customers who took the callback."),
    lambda t: t.satisfaction == "not_rated",
    lambda t: t.satisfaction != "",
)
HIGH_LEVEL_SHARE = _practice(
    "high_level_share",
    Text("重要及以上占比", "Share graded important or above"),
    Text("重要、重大、特殊投诉 ÷ 已分级投诉。", "Important, major or special ÷ complaints with a level."),
    lambda t: terms.complaint(t) & t.level.isin(("important", "major", "special")),
    lambda t: terms.complaint(t) & (t.level != ""),
)
URGED_SHARE = _practice(
    "urged_share",
    Text("催办占比", "Share urged"),
    Text("被催办的工单 ÷ 全部工单。", "Cases urged at least once ÷ cases."),
    lambda t: terms.amount_of("urge_count", 0)(t) > 0,
    terms.every,
)

MEASURES = (
    COMPLAINT_SHARE,
    UNCLASSIFIED_SHARE,
    NO_FINDING_SHARE,
    NOT_RATED_SHARE,
    HIGH_LEVEL_SHARE,
    URGED_SHARE,
)
