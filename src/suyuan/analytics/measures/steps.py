"""Was each step done in its own limit? One measure over the clocks, a member per limit."""

from suyuan.analytics.measures import terms
from suyuan.analytics.measures.formula import share
from suyuan.analytics.measures.measure import Measure, Term, Text
from suyuan.analytics.source import Table, Value

ARRIVALS = ("repair.arrive.urban", "repair.arrive.rural", "repair.arrive.remote")


def _unrecorded(t: Table) -> Value:
    return ~t.is_open & t.stopped.isnull()


def _arrival(t: Table) -> Value:
    return t["limit"].isin(ARRIVALS)


def _step_terms() -> dict[str, Term]:
    clock = terms.clock_terms("due", "stopped", "provisional", "assessable")
    recorded = terms.within(clock, lambda t: ~_unrecorded(t))
    return {**recorded, "excluded.no_record": _unrecorded}


STEP_TIMELY = Measure(
    id="step_timely_rate",
    title=Text("环节及时率", "Timeliness of a step"),
    definition=Text(
        "按时限逐项计算:在该时限内完成的环节 ÷ 已完成或该时限已届满的环节。"
        "工单已结案而没有该环节时间记录的,单列 `no_record`。",
        "For each limit: steps done within it ÷ steps done or whose limit has run out. Cases that closed "
        "without a record of the step are left out under `no_record`.",
    ),
    terms=_step_terms(),
    table="clocks",
    family="limit",
    figure=share,
    basis="各时限的出处见 limits.md; 定义为本系统所拟",
    certainty="I",
)

ARRIVAL = Measure(
    id="arrival_rate",
    title=Text("故障到达现场兑现率", "Arrival within the promised time"),
    definition=Text(
        "在城区、农村、边远时限内到达现场的抢修 ÷ 已到达或时限已届满仍未到达的抢修。"
        "没有到达时间记录即结案的,单列 `no_record`。",
        "Repairs reached within the urban, rural or remote limit ÷ repairs reached or still unreached after "
        "it ran out. Repairs closed without an arrival record are left out under `no_record`.",
    ),
    terms=terms.within(_step_terms(), _arrival),
    table="clocks",
    figure=share,
    basis="供电服务十项承诺: 45/90/120 分钟到达现场; 定义为本系统所拟",
    certainty="I",
)

MEASURES = (ARRIVAL, STEP_TIMELY)
