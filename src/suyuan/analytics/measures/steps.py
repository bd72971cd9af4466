"""Was each step done in its own limit? One measure over the clocks, a member per limit."""

from suyuan.analytics.measures import terms
from suyuan.analytics.measures.formula import share
from suyuan.analytics.measures.measure import Measure, Term, Text
from suyuan.analytics.source import Table, Value

ARRIVALS = ("repair.arrive.urban", "repair.arrive.rural", "repair.arrive.remote")


def _unrecorded(t: Table) -> Value:
    return ~t.is_open & t.stopped.isnull()


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


def _named(name: str, title: Text, definition: Text, basis: str, limits: tuple[str, ...]) -> Measure:
    return Measure(
        id=name,
        title=title,
        definition=definition,
        terms=terms.within(_step_terms(), lambda t: t["limit"].isin(limits)),
        table="clocks",
        figure=share,
        basis=f"{basis}; 定义为本系统所拟",
        certainty="I",
    )


ARRIVAL = _named(
    "arrival_rate",
    Text("故障到达现场兑现率", "Arrival within the promised time"),
    Text(
        "在城区、农村、边远时限内到达现场的抢修 ÷ 已到达或时限已届满仍未到达的抢修。"
        "没有到达时间记录即结案的,单列 `no_record`。",
        "Repairs reached within the urban, rural or remote limit ÷ repairs reached or still unreached after "
        "it ran out. Repairs closed without an arrival record are left out under `no_record`.",
    ),
    "供电服务十项承诺: 45/90/120 分钟到达现场",
    ARRIVALS,
)

TAKEN = _named(
    "repair_taken_rate",
    Text("抢修接单及时率", "Repair orders taken in time"),
    Text(
        "派单后在时限 `repair.accept` 内接单的抢修 ÷ 已接单或时限已届满的抢修。工单没有出发时间,以接单代。"
        "时限未经确认前全部单列 `unconfirmed_rule`;没有接单时间即结案的,单列 `no_record`。",
        "Repairs taken within the limit `repair.accept` from dispatch ÷ repairs taken or whose limit ran "
        "out. No order says when the crew set out; taking it stands for that. As long as the limit is "
        "unconfirmed all are left out under `unconfirmed_rule`; closed without a record of it, `no_record`.",
    ),
    "论文004: 出发快捷",
    ("repair.accept",),
)

CALLED_BACK = _named(
    "repair_callback_rate",
    Text("修后回访及时率", "Called back in time after a repair"),
    Text(
        "复电后在时限 `repair.callback` 内回访的抢修 ÷ 已回访或时限已届满的抢修。"
        "时限未经确认前全部单列 `unconfirmed_rule`;没有回访时间即结案的,单列 `no_record`。",
        "Repairs called back within the limit `repair.callback` from supply being restored ÷ repairs called "
        "back or whose limit ran out. As long as the limit is unconfirmed all of them are left out under "
        "`unconfirmed_rule`; closed without a record of a callback, `no_record`.",
    ),
    "论文004: 回访及时",
    ("repair.callback",),
)

MEASURES = (ARRIVAL, TAKEN, CALLED_BACK, STEP_TIMELY)
