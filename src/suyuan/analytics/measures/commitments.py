"""Commitments: of what was promised for a day that is over, how much was kept?"""

from suyuan.analytics.measures.formula import share
from suyuan.analytics.measures.measure import Measure, Text
from suyuan.analytics.source import Table, Value
from suyuan.domain.commitment import BROKEN, KEPT, MOVED, OPEN


def _told(t: Table) -> Value:
    return ~t.restricted.fill_null(False)


def _day_over(t: Table) -> Value:
    return (t.over_at <= t.as_of).fill_null(False)


def _over(t: Table) -> Value:
    return _told(t) & (t.state.isin((KEPT, BROKEN)) | ((t.state == OPEN) & _day_over(t)))


KEEP_RATE = Measure(
    id="commitment_keep_rate",
    title=Text("承诺兑现率", "Commitments kept"),
    definition=Text(
        "按承诺日兑现的承诺 ÷ 已到期的承诺(兑现的、逾期的、过了承诺日仍未了结的)。按工单受理时间归期。"
        "承诺日未到的单列 `not_due_yet`; 承诺日前改期的单列 `moved`, 改后的承诺另算一项; "
        "限制查阅的单列 `restricted`。",
        "Promises kept by their day ÷ promises that are over: kept, broken, or still open after their day. "
        "The period is that of the case. Left out: day not over yet (`not_due_yet`); moved "
        "before its day (`moved`), the new promise is one of its own; on restricted cases (`restricted`).",
    ),
    terms={
        "n": lambda t: _told(t) & (t.state == KEPT),
        "of": _over,
        "excluded.not_due_yet": lambda t: _told(t) & (t.state == OPEN) & ~_day_over(t),
        "excluded.moved": lambda t: _told(t) & (t.state == MOVED),
        "excluded.restricted": lambda t: ~_told(t),
    },
    table="commitments",
    figure=share,
    basis="源论文: 每周统计通报短时不能处理的工单 (承诺工单); 定义为本系统所拟",
    certainty="I",
)

MEASURES = (KEEP_RATE,)
