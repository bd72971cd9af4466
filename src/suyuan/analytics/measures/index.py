"""The weighted indices seen in use, as formulas anybody can redo by hand.

What the lake does not hold (staffed calls, connection surveys, inspection findings) is given per unit and
period; a missing quantity makes the value null, a missing deduction is listed as not given. The published
code that these formulas were seen in multiplies by 50 where 50 % is meant and reads a wrong column for two
deductions: it is not copied here, the golden tests are worked by hand.
"""

from collections.abc import Mapping
from dataclasses import replace

from suyuan.analytics.measures import terms
from suyuan.analytics.measures.formula import missing
from suyuan.analytics.measures.measure import Figure, Given, Measure, Parts, Term, Text, excluded
from suyuan.analytics.source import Table, Value

POINT = 0.01
"""One point of an index out of one hundred."""

CONDUCT_DEDUCTIONS = {
    "late_reports": 0.2,
    "poor_reports": 0.2,
    "supervised_items": 0.5,
    "mishandled_theft_reports": 0.1,
}
QUALITY_DEDUCTIONS = {"untrue_orders": 0.1, "adverse_opinion_events": 5.0, "misconduct_findings": 0.2}
SATISFACTION_FLOOR = 0.95
"""Callback satisfaction below which 0.1 point is taken per 0.1 % missing (Q)."""


def conduct_weight(calls: float, customers: float) -> float:
    """Return D: calls/100 × 50 % + customers/1000 × 50 %."""
    return calls / 100 * 0.5 + customers / 1000 * 0.5


def _deducted(deductions: Mapping[str, float], given: Given) -> tuple[float, dict[str, float]]:
    taken, unknown = 0.0, {}
    for name, points in deductions.items():
        amount = given(name)
        if amount is None:
            unknown[f"not_given_{name}"] = 1.0
        else:
            taken += points * POINT * amount
    return taken, unknown


def conduct(measure: Measure, parts: Parts, given: Given) -> Figure:
    """Return 0.7(1−C1/D) + 0.2(1−C2/D) + 0.1(1−J/D) less deductions, written as n/D."""
    left_out = {**excluded(parts), **missing(measure, given)}
    calls, customers = given("calls"), given("customers")
    base = 0.0 if calls is None or customers is None else conduct_weight(calls, customers)
    if base == 0:
        return Figure(None, 0, 0, excluded=left_out)
    kept = base - (0.7 * parts["class1"] + 0.2 * parts["class2"] + 0.1 * parts["reports"])
    taken, unknown = _deducted(CONDUCT_DEDUCTIONS, given)
    return Figure(kept / base - taken, kept, base, excluded={**left_out, **unknown}, deducted=taken)


def quality(measure: Measure, parts: Parts, given: Given) -> Figure:  # noqa: ARG001 — one signature for all
    """Return 1 − repeat events ÷ volume less deductions, never below 0.

    No value where no order can be linked to another, nor where nobody rated and no deduction was given:
    full marks for what nobody looked at would be made up.
    """
    volume, rated = parts["of"], parts["rated"]
    taken, unknown = _deducted(QUALITY_DEDUCTIONS, given)
    lacking: dict[str, float] = {}
    if parts["linked"] == 0:
        lacking["no_key"] = volume
    if rated == 0 and len(unknown) == len(QUALITY_DEDUCTIONS):
        lacking["not_asked"] = volume
    if volume == 0 or lacking:
        return Figure(None, 0, 0, excluded={**excluded(parts), **(lacking if volume else {})})
    if rated:
        taken += max(0.0, SATISFACTION_FLOOR - parts["satisfied"] / rated)
    kept = volume - parts["repeat_events"]
    value = max(0.0, kept / volume - taken)
    return Figure(value, kept, volume, excluded={**excluded(parts), **unknown}, deducted=taken)


def connection(measure: Measure, parts: Parts, given: Given) -> Figure:  # noqa: ARG001 — one signature
    """Return 0.4 × coordinated + 0.3 × in time + 0.3 × satisfied, each a share given from outside."""
    left_out = missing(measure, given)
    if left_out:
        return Figure(None, 0, 0, excluded=left_out)
    shares = [given(name) or 0.0 for name in measure.inputs]
    value = 0.4 * shares[0] + 0.3 * shares[1] + 0.3 * shares[2]
    return Figure(value, value, 1)


def _conduct_terms(counted: Term) -> dict[str, Term]:
    """Return class-1 and class-2 complaints and reports, of the orders that count."""

    def main(t: Table) -> Value:
        return terms.main_order(t) & counted(t)

    return {
        "class1": lambda t: terms.complaint(t) & main(t) & (t.assess_group == "class1"),
        "class2": lambda t: terms.complaint(t) & main(t) & (t.assess_group == "class2"),
        "reports": lambda t: (t.business_type == "report") & main(t),
        "excluded.child_order": lambda t: (
            t.business_type.isin(("complaint", "report")) & ~terms.main_order(t)
        ),
    }


def _judged(t: Table) -> Value:
    return t.business_type.isin(("complaint", "report")) & terms.main_order(t)


SERVICE_CONDUCT = Measure(
    id="service_conduct_rate",
    title=Text("营销服务规范率", "Service conduct rate"),
    definition=Text(
        "0.7×(1−C1/D)+0.2×(1−C2/D)+0.1×(1−J/D),C1、C2 为一、二类投诉,J 为举报,"
        "D = 人工话务量/100×50% + 营业户数/1000×50%。"
        "迟报、差错报告每件扣 0.2 分,总部督办每件扣 0.5 分,窃电举报处理不当每件扣 0.1 分。",
        "0.7×(1−C1/D)+0.2×(1−C2/D)+0.1×(1−J/D): C1, C2 class-1 and class-2 complaints, J reports of "
        "misconduct, D = staffed calls/100×50 % + customers/1000×50 %. Less 0.2 point per late or poor "
        "report, 0.5 per item supervised from above, 0.1 per mishandled theft report.",
    ),
    terms=_conduct_terms(terms.every),
    figure=conduct,
    interval=None,
    inputs=("calls", "customers"),
    optional=tuple(CONDUCT_DEDUCTIONS),
    basis="河南供电服务指标系统源码 (公开文件 4699181033)",
    certainty="Q",
    threshold="Q",
)

CONDUCT_ASSESSED = replace(
    SERVICE_CONDUCT,
    id="service_conduct_rate_assessed",
    title=Text("营销服务规范率(申诉后)", "Service conduct rate after appeals"),
    definition=Text(
        "同营销服务规范率,C1、C2、J 减去申诉成功、不计考核的(单列 `appealed`)。与申诉前的数字并列,不覆盖。",
        "As the service conduct rate, C1, C2 and J less those a successful appeal took out of the "
        "assessment (left out under `appealed`). Stands beside the figure before appeals, never over it.",
    ),
    terms={
        **_conduct_terms(lambda t: ~terms.appealed(t)),
        "excluded.appealed": lambda t: _judged(t) & terms.appealed(t),
    },
    basis=f"{SERVICE_CONDUCT.basis}; 申诉扣减为本系统所拟",
    certainty="I",
)


def _handled(t: Table) -> Value:
    answered_in_call = terms.enquiry(t) & terms.in_call(t)
    return terms.main_order(t) & ~t.business_type.isin(("repair", "praise")) & ~answered_in_call


SERVICE_QUALITY = Measure(
    id="service_quality_index",
    title=Text("优质服务评价指数", "Service quality index"),
    definition=Text(
        "1 − 三次及以上来电事件数 ÷ 业务处理量(不含故障报修、表扬、一次答复办结的咨询)。"
        "回访满意率低于 95% 的部分每 0.1% 扣 0.1 分,不实工单每件扣 0.1 分,"
        "供电侧负面舆情每件扣 5 分,查实违规每件扣 0.2 分,最低 0。"
        "工单全都无户号也无电话(`no_key`),或无人评价且扣分项一项未提供(`not_asked`)时,该值为空。",
        "1 − events with three or more calls ÷ volume handled (without fault repairs, praise and enquiries "
        "answered in the call). Less 0.1 point per 0.1 % callback satisfaction below 95 %, 0.1 per untrue "
        "order, 5 per adverse public-opinion event, 0.2 per misconduct found; never below 0. Null where no "
        "order has an account or telephone (`no_key`), or where nobody rated and no deduction was given "
        "(`not_asked`).",
    ),
    terms={
        "repeat_events": lambda t: _handled(t) & ~terms.malicious(t) & terms.repeat_event(t) & terms.once(t),
        "of": lambda t: _handled(t) & ~terms.malicious(t),
        "linked": lambda t: _handled(t) & ~terms.malicious(t) & terms.linked(t),
        "satisfied": lambda t: t.satisfaction == "satisfied",
        "rated": lambda t: t.satisfaction.isin(("satisfied", "dissatisfied")),
        "excluded.malicious": lambda t: _handled(t) & terms.malicious(t),
    },
    figure=quality,
    interval=None,
    optional=tuple(QUALITY_DEDUCTIONS),
    basis="河南供电服务指标系统源码 (公开文件 4699181033)",
    certainty="Q",
    threshold="Q",
)

CONNECTION_CONDUCT = Measure(
    id="connection_conduct_rate",
    title=Text("业扩报装服务规范率", "Connection conduct rate"),
    definition=Text(
        "0.4×协同规范率 + 0.3×时限达标率 + 0.3×客户满意率;三项由业扩系统提供,缺一则为空。",
        "0.4 × coordinated properly + 0.3 × within the limit + 0.3 × customer satisfied; the three shares "
        "come from the connection system, and without any one of them there is no value.",
    ),
    terms={},
    figure=connection,
    interval=None,
    inputs=("connection_coordinated", "connection_in_time", "connection_satisfied"),
    basis="河南供电服务指标系统源码 (公开文件 4699181033)",
    certainty="Q",
)

MEASURES = (SERVICE_CONDUCT, CONDUCT_ASSESSED, SERVICE_QUALITY, CONNECTION_CONDUCT)
