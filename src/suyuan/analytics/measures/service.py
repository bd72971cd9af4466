"""Findings, callbacks, repeat contact, first answer: how well was the customer served?"""

from suyuan.analytics.measures import terms
from suyuan.analytics.measures.formula import share
from suyuan.analytics.measures.measure import Measure, Text
from suyuan.analytics.source import Table, Value
from suyuan.domain.card import AGREES, ALONE, DIFFERS

VERIFIED = Measure(
    id="verified_rate",
    title=Text("投诉属实率", "Verified rate of complaints"),
    definition=Text(
        "属实或部分属实的投诉 ÷ 已有调查结论的投诉(申诉扣减之前)。尚无结论的单列 `no_finding`。",
        "Complaints found verified or partly verified ÷ complaints with a finding, before any appeal. "
        "Complaints without a finding are left out under `no_finding`.",
    ),
    terms={
        "n": lambda t: terms.complaint(t) & terms.found_true(t),
        "of": lambda t: terms.complaint(t) & (t.finding != ""),
        "excluded.no_finding": lambda t: terms.complaint(t) & (t.finding == ""),
    },
    figure=share,
    basis="铁岭供电公司论文 fx361.cc 2022-01-25: 申诉扣减前 31/42",
    certainty="Q2",
)

VERIFIED_ASSESSED = Measure(
    id="verified_rate_assessed",
    title=Text("投诉属实率(申诉后)", "Verified rate of complaints after appeals"),
    definition=Text(
        "申诉后仍属实或部分属实的投诉 ÷ 申诉后仍有结论的投诉。申诉成功、不计考核的单列 `appealed`。"
        "与申诉前的数字并列,不覆盖。",
        "Complaints still verified or partly verified after appeals ÷ complaints with a finding after "
        "appeals. What a successful appeal took out is left out under `appealed`. Stands beside the figure "
        "before appeals, never over it.",
    ),
    terms={
        "n": lambda t: terms.complaint(t) & t.finding_assessed.isin(("verified", "partial")),
        "of": lambda t: terms.complaint(t) & (t.finding_assessed != "") & ~terms.appealed(t),
        "excluded.no_finding": lambda t: terms.complaint(t) & (t.finding_assessed == ""),
        "excluded.appealed": lambda t: terms.complaint(t) & terms.appealed(t),
    },
    figure=share,
    basis="铁岭供电公司论文 fx361.cc 2022-01-25: 申诉成功的 11 件不计入考核; 定义为本系统所拟",
    certainty="I",
)


def _calls_back(t: Table) -> Value:
    answered = terms.replied(t) & (t.business_type != "praise")
    return answered & t.procedure.isin(("complaint", "report", "opinion", "repair", "application"))


CALLBACK = Measure(
    id="callback_rate",
    title=Text("回访率", "Callback rate"),
    definition=Text(
        "已回访 ÷ 应回访(已答复的投诉、举报、意见、建议、报修、服务申请)。"
        "限制查阅的工单不经第三方回访,单列 `restricted`。",
        "Called back ÷ due for a callback (answered complaints, reports, opinions, suggestions, repairs and "
        "applications). Restricted cases are not called back through others: left out under `restricted`.",
    ),
    terms={
        "n": lambda t: (
            _calls_back(t)
            & ~t.restricted.fill_null(False)
            & (t.called_back_at.notnull() | (t.satisfaction != ""))
        ),
        "of": lambda t: _calls_back(t) & ~t.restricted.fill_null(False),
        "excluded.restricted": lambda t: _calls_back(t) & t.restricted.fill_null(False),
    },
    figure=share,
    basis="论文002 回访; 定义为本系统所拟",
    certainty="I",
)

CALLBACK_SATISFACTION = Measure(
    id="callback_satisfaction",
    title=Text("回访满意率", "Callback satisfaction"),
    definition=Text(
        "满意 ÷ 接受回访的客户(满意、不满意、不评价)。与回复满意率的区别:不评价计入分母。",
        "Satisfied ÷ customers who took the callback (satisfied, dissatisfied or not rated). Unlike "
        "satisfaction with the reply, those who gave no rating stay in the denominator.",
    ),
    terms={
        "n": lambda t: t.satisfaction == "satisfied",
        "of": lambda t: t.satisfaction != "",
        "excluded.not_asked": lambda t: t.satisfaction == "",
    },
    figure=share,
    basis="论文004 回访满意率 99.72%; 定义为本系统所拟",
    certainty="I",
)

FIRST_SATISFACTION = Measure(
    id="first_satisfaction",
    title=Text("首次回访满意率", "Satisfaction at the first closure"),
    definition=Text(
        "首次办理结束时满意 ÷ 首次办理结束时接受了回访的客户。二次处理、重开以后的评价不改变它。",
        "Satisfied ÷ customers who took the callback, as they said when the case was first closed or first "
        "sent back. What they say after a second handling changes nothing in it.",
    ),
    terms={
        "n": lambda t: t.first_satisfaction == "satisfied",
        "of": lambda t: t.first_satisfaction != "",
        "excluded.not_asked": lambda t: t.first_satisfaction == "",
    },
    figure=share,
    basis="本系统所拟: 首次办结的数据不受重开影响",
    certainty="I",
)


CARD_MISMATCH = Measure(
    id="card_mismatch",
    title=Text("满意卡与回访不一致率", "Cards that disagree with the callback"),
    definition=Text(
        "满意卡与电话回访说法不同的工单 ÷ 两者都有的工单。每张卡只与它那一次办理的回访比,不论何时收回;"
        "一件工单有几张卡也只计一次,有一张不同即计为不同,不改变首次办结的数据。"
        "只有卡或未收回的单列 `card_alone`。",
        "Cases whose satisfaction card says something else than the customer said on the telephone ÷ cases "
        "with both. Each card is held against the callback of its own handling, however late it comes in. A "
        "case with several cards counts once, as different if one of them is; no figure of the first closure "
        "moves by it. Cases with a card alone, or one not handed in, are left out under `card_alone`.",
    ),
    terms={
        "n": lambda t: t.card_match == DIFFERS,
        "of": lambda t: t.card_match.isin((AGREES, DIFFERS)),
        "excluded.card_alone": lambda t: t.card_match == ALONE,
    },
    figure=share,
    basis="抢修服务满意卡加再次回访的公开做法; 定义为本系统所拟",
    certainty="I",
)


def _demand(t: Table) -> Value:
    return terms.main_order(t) & ~terms.malicious(t)


REPEAT = Measure(
    id="repeat_rate",
    title=Text("重复来电率", "Repeat-contact rate"),
    definition=Text(
        "同一事件来电 3 次及以上的工单 ÷ 能关联来电的工单。子单与经认定的恶意诉求单列;"
        "无户号也无电话、无从关联的单列 `no_key`,不算作未重复。",
        "Cases on whose event three or more calls came in ÷ cases whose calls can be linked. Child orders "
        "and demands found malicious are left out, each under its code; so are, under `no_key`, cases with "
        "neither account nor telephone: they cannot be linked and are never counted as not repeated.",
    ),
    terms={
        "n": lambda t: _demand(t) & terms.linked(t) & terms.repeat_event(t),
        "of": lambda t: _demand(t) & terms.linked(t),
        "excluded.child_order": lambda t: ~terms.main_order(t),
        "excluded.malicious": lambda t: terms.main_order(t) & terms.malicious(t),
        "excluded.no_key": lambda t: _demand(t) & ~terms.linked(t),
    },
    figure=share,
    basis="河南供电服务指标系统源码 (公开文件 4699181033): 同一事件 3 次及以上来电, 剔除恶意诉求",
    certainty="Q",
    threshold="Q",
)

FIRST_ANSWER = Measure(
    id="first_answer_rate",
    title=Text("一次答复办结率", "First-answer rate"),
    definition=Text(
        "通话中办结的咨询查询 ÷ 全部咨询查询。通话中办结:已结案,且未派单、未接单、未再联系客户。",
        "Enquiries closed in the call ÷ enquiries. Closed in the call: closed without being dispatched, "
        "taken over or called back for.",
    ),
    terms={
        "n": lambda t: terms.enquiry(t) & terms.in_call(t),
        "of": terms.enquiry,
    },
    figure=share,
    basis="咨询查询一次答复办结; 定义为本系统所拟",
    certainty="I",
)

MEASURES = (
    VERIFIED,
    VERIFIED_ASSESSED,
    CALLBACK,
    CALLBACK_SATISFACTION,
    FIRST_SATISFACTION,
    CARD_MISMATCH,
    REPEAT,
    FIRST_ANSWER,
)
