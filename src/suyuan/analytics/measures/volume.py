"""How much came in, and how many complaints is that for so many customers?"""

from suyuan.analytics.measures import terms
from suyuan.analytics.measures.formula import amount, per_customers
from suyuan.analytics.measures.measure import Measure, Term, Text

_PER_NOTE = Text(
    "户数取自单位登记;有投诉而户数未知的单位使该值为空(`no_customers`),不作推算。不折算为年。",
    "Customers come from the unit register; a unit that has complaints but no known number of customers "
    "makes the value null (`no_customers`), nothing is estimated. Not annualised.",
)
_COMPLAINTS: dict[str, Term] = {
    "n": lambda t: terms.complaint(t) & terms.main_order(t),
    "excluded.child_order": lambda t: terms.complaint(t) & ~terms.main_order(t),
}


def _per(scale: int, name: str, zh: str, en: str) -> Measure:
    return Measure(
        id=name,
        title=Text(zh, en),
        definition=Text(
            f"投诉件数(不含子单)÷ 营业户数 × {scale}。{_PER_NOTE.zh}",
            f"Complaints (without child orders) ÷ customers × {scale}. {_PER_NOTE.en}",
        ),
        terms=_COMPLAINTS,
        figure=per_customers,
        interval="poisson",
        scale=float(scale),
        inputs=("customers",),
        basis="凭记忆, 未见原文",
        certainty="memory",
    )


def _amount(name: str, title: Text, definition: Text, counted: dict[str, Term]) -> Measure:
    return Measure(
        id=name,
        title=title,
        definition=definition,
        terms=counted,
        figure=amount,
        interval="poisson",
        basis="周报件数口径 (公开文件 39754932117); 定义为本系统所拟",
        certainty="I",
    )


PER_10K = _per(10_000, "complaints_per_10k", "万户投诉率", "Complaints per 10,000 customers")
PER_MILLION = _per(1_000_000, "complaints_per_million", "百万客户投诉量", "Complaints per million customers")

CONTACTS = _amount(
    "contact_volume",
    Text("受理诉求次数", "Contacts"),
    Text(
        "来电、来信、来访次数;文件未给出次数的工单按一次计。",
        "Calls, messages and visits; a case whose file gives no number counts as one.",
    ),
    {
        "n": lambda t: terms.amount_of("contact_count", 1)(t) * terms.main_order(t).cast("int64"),
        "excluded.child_order": lambda t: ~terms.main_order(t),
    },
)
ORDERS = _amount(
    "order_volume",
    Text("工单数", "Orders"),
    Text("工单件数,含子单。", "Orders, child orders included."),
    {"n": terms.every},
)
COMPLAINTS = _amount(
    "complaint_volume",
    Text("投诉件数", "Complaints"),
    Text("投诉件数,不含子单。", "Complaints without child orders."),
    _COMPLAINTS,
)
COMPLAINTS_ASSESSED = _amount(
    "complaint_volume_assessed",
    Text("投诉件数(申诉后)", "Complaints after appeals"),
    Text(
        "投诉件数,不含子单,减去申诉成功、不计考核的(单列 `appealed`)。与申诉前的件数并列,不覆盖。",
        "Complaints without child orders, less those a successful appeal took out of the assessment (left "
        "out under `appealed`). Stands beside the number before appeals, never over it.",
    ),
    {
        "n": lambda t: terms.complaint(t) & terms.main_order(t) & ~terms.appealed(t),
        "excluded.child_order": lambda t: terms.complaint(t) & ~terms.main_order(t),
        "excluded.appealed": lambda t: terms.complaint(t) & terms.main_order(t) & terms.appealed(t),
    },
)
VERIFIED_COMPLAINTS = _amount(
    "verified_complaint_volume",
    Text("属实投诉件数", "Verified complaints"),
    Text(
        "属实或部分属实的投诉件数,不含子单。",
        "Complaints found verified or partly verified, without child orders.",
    ),
    {
        "n": lambda t: terms.complaint(t) & terms.main_order(t) & terms.found_true(t),
        "excluded.child_order": lambda t: terms.complaint(t) & ~terms.main_order(t) & terms.found_true(t),
    },
)

MEASURES = (PER_10K, PER_MILLION, CONTACTS, ORDERS, COMPLAINTS, COMPLAINTS_ASSESSED, VERIFIED_COMPLAINTS)
