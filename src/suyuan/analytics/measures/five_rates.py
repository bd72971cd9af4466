"""五率: registration, timely handling, closure, reply and reply satisfaction.

No official formula was seen; the definitions are ours (I), with every left-out row counted under a code.
"""

from suyuan.analytics.measures import terms
from suyuan.analytics.measures.formula import share
from suyuan.analytics.measures.measure import Measure, Text
from suyuan.analytics.source import Table, Value

FIVE_RATES = "论文000 五率通报考核; 未见官方公式, 定义为本系统所拟"

REGISTRATION = Measure(
    id="registration_rate",
    title=Text("登记率", "Registration rate"),
    definition=Text(
        "已登记工单 ÷ 有来电(来信、来访)记录的工单。"
        "没有接触记录的工单不计入分母,单列 `no_contact_record`,不算作 100%。",
        "Cases registered ÷ cases with a record of the contact received. Cases without a contact record are "
        "left out under `no_contact_record`, never counted as 100 %.",
    ),
    terms={
        "n": lambda t: t.received_at.notnull() & t.registered_at.notnull(),
        "of": lambda t: t.received_at.notnull(),
        "excluded.no_contact_record": lambda t: t.received_at.isnull(),
    },
    figure=share,
    basis=FIVE_RATES,
    certainty="I",
)

TIMELY = Measure(
    id="timely_rate",
    title=Text("及时处理率", "Timely handling rate"),
    definition=Text(
        "在约束时限内答复的工单 ÷ 已答复或约束时限已届满的工单。未到期、无时限、时限未确认的分别单列。",
        "Cases answered within their binding limit ÷ cases answered or whose binding limit has run out. Not "
        "yet due, without a limit, or under an unconfirmed limit: left out, each under its code.",
    ),
    terms={
        **terms.within(
            terms.clock_terms("binding_due", "binding_stopped", "binding_provisional", "binding_assessable"),
            terms.binding_clock,
        ),
        **terms.no_clock_terms(),
    },
    figure=share,
    basis=f"{FIVE_RATES}; 时限及其可信度见 limits.md",
    certainty="I",
)

CLOSURE = Measure(
    id="closure_rate",
    title=Text("结案率", "Closure rate"),
    definition=Text(
        "已结案工单 ÷ 已登记工单。导入的工单文件中的每一行都是已登记工单。",
        "Cases closed ÷ cases registered. Every row of an imported order file is a registered case.",
    ),
    terms={
        "n": lambda t: terms.registered(t) & terms.closed(t),
        "of": terms.registered,
        "excluded.not_registered": lambda t: ~terms.registered(t),
    },
    figure=share,
    basis=FIVE_RATES,
    certainty="I",
)


def _reply_awaited(t: Table) -> Value:
    waiting = terms.binding_clock(t) & ~terms.past("binding_due")(t)
    return terms.registered(t) & ~terms.replied(t) & waiting & t.is_open


REPLY = Measure(
    id="reply_rate",
    title=Text("回复率", "Reply rate"),
    definition=Text(
        "已回复的工单 ÷ 应回复的工单(已登记,剔除尚未到期且未回复的在办工单)。",
        "Cases answered ÷ cases that ought to be answered (registered, without open cases whose limit still "
        "runs).",
    ),
    terms={
        "n": lambda t: terms.registered(t) & terms.replied(t),
        "of": lambda t: terms.registered(t) & ~_reply_awaited(t),
        "excluded.not_due_yet": _reply_awaited,
        "excluded.not_registered": lambda t: ~terms.registered(t),
    },
    figure=share,
    basis=FIVE_RATES,
    certainty="I",
)

SATISFACTION = Measure(
    id="reply_satisfaction",
    title=Text("回复满意率", "Satisfaction with the reply"),
    definition=Text(
        "满意 ÷(满意 + 不满意)。不评价、未回访的单列。",
        "Satisfied ÷ (satisfied + dissatisfied). Not rated and not asked are left out, each under its code.",
    ),
    terms={
        "n": lambda t: t.satisfaction == "satisfied",
        "of": lambda t: t.satisfaction.isin(("satisfied", "dissatisfied")),
        "excluded.not_rated": lambda t: t.satisfaction == "not_rated",
        "excluded.not_asked": lambda t: t.satisfaction == "",
    },
    figure=share,
    basis=FIVE_RATES,
    certainty="I",
)

MEASURES = (REGISTRATION, TIMELY, CLOSURE, REPLY, SATISFACTION)
