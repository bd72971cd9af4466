"""Rectification: of the complaints in which something was true, how many led to what was to follow?"""

from suyuan.analytics.measures import terms
from suyuan.analytics.measures.formula import share
from suyuan.analytics.measures.measure import Measure, Text
from suyuan.analytics.source import Table, Value


def _true_here(t: Table) -> Value:
    return terms.complaint(t) & terms.found_true(t) & (t.origin != "import")


def _ordered(t: Table) -> Value:
    return terms.complaint(t) & (t.rectification != "")


ORDERED = Measure(
    id="rectification_ordered_rate",
    title=Text("属实投诉整改下达率", "Verified complaints with a rectification order"),
    definition=Text(
        "已下达整改单的属实投诉 ÷ 在本系统办理的属实或部分属实的投诉。"
        "导入的工单没有整改记录,单列 `imported`。",
        "Complaints on which a rectification was ordered ÷ complaints worked here and found verified or "
        "partly verified. Imported orders have no record of it: left out under `imported`.",
    ),
    terms={
        "n": lambda t: _true_here(t) & (t.rectification != ""),
        "of": _true_here,
        "excluded.imported": lambda t: terms.complaint(t) & terms.found_true(t) & (t.origin == "import"),
    },
    figure=share,
    basis="论文004: 属实投诉整改单填报会签; 定义为本系统所拟",
    certainty="I",
)

SIGNED = Measure(
    id="rectification_signed_rate",
    title=Text("整改会签完成率", "Rectification orders countersigned"),
    definition=Text(
        "整改单全部会签完毕的投诉 ÷ 已下达整改单的投诉。",
        "Complaints whose rectification orders are all countersigned ÷ complaints with such an order.",
    ),
    terms={
        "n": lambda t: terms.complaint(t) & t.rectification.isin(("countersigned", "effective")),
        "of": _ordered,
    },
    figure=share,
    basis="论文004: 属实投诉整改单填报会签; 定义为本系统所拟",
    certainty="I",
)

EFFECTIVE = Measure(
    id="rectification_effect_rate",
    title=Text("整改成效验证率", "Rectifications whose effect was confirmed"),
    definition=Text(
        "整改单全部验证见效的投诉 ÷ 已下达整改单的投诉。",
        "Complaints whose rectification orders all proved to help ÷ complaints with such an order.",
    ),
    terms={
        "n": lambda t: terms.complaint(t) & (t.rectification == "effective"),
        "of": _ordered,
    },
    figure=share,
    basis="论文004: 整改后验证成效; 定义为本系统所拟",
    certainty="I",
)

MEASURES = (ORDERED, SIGNED, EFFECTIVE)
