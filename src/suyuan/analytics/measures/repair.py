"""修必修好, 回访及时: what became of a fault once it was mended, and what its customer said of it."""

from suyuan.analytics.measures import terms
from suyuan.analytics.measures.formula import share
from suyuan.analytics.measures.measure import Measure, Text
from suyuan.analytics.source import Table, Value


def _repair(t: Table) -> Value:
    return (t.business_type == "repair") & terms.main_order(t)


def _mended(t: Table) -> Value:
    return _repair(t) & t.restored_at.notnull()


def _watched(t: Table) -> Value:
    return _mended(t) & t.fault_again.notnull()


def _watched_to_the_end(t: Table) -> Value:
    return _watched(t) & terms.past("fault_again_by")(t)


FAULT_AGAIN = Measure(
    id="fault_again_rate",
    title=Text("修后复发率", "Faults reported again after a repair"),
    definition=Text(
        "复电后 N 日内同一户号再次报修的抢修 ÷ 已复电且 N 日已满的抢修。"
        "N 为规则库 `repair.again` 的 days。N 日未满的单列 `not_due_yet`, 已再次报修的也是, 否则近期只见复发;"
        "没有户号的单列 `no_account`,已办结而没有复电时间的单列 `no_record`,都不算作未复发。",
        "Repairs whose account reported a fault again within N days of supply being restored ÷ repairs whose "
        "N days are over. N is `days` of the rulebook's `repair.again`. Left out, and "
        "never counted as mended for good: N days not over yet, came a fault again or not, or a "
        "recent period would show nothing else (`not_due_yet`), no account (`no_account`), "
        "closed without the moment supply was restored (`no_record`), child orders.",
    ),
    terms={
        "n": lambda t: _watched_to_the_end(t) & t.fault_again.fill_null(False),
        "of": _watched_to_the_end,
        "excluded.not_due_yet": lambda t: _watched(t) & ~terms.past("fault_again_by")(t),
        "excluded.no_account": lambda t: _mended(t) & t.fault_again.isnull(),
        "excluded.no_record": lambda t: _repair(t) & t.restored_at.isnull() & terms.closed(t),
        "excluded.child_order": lambda t: (t.business_type == "repair") & ~terms.main_order(t),
    },
    figure=share,
    basis="论文004: 首到必修, 修必修好; 定义与 N 为本系统所拟",
    certainty="I",
    threshold="I",
)

STABLE = Measure(
    id="supply_stable_rate",
    title=Text("复电稳定率", "Supply stable after the repair"),
    definition=Text(
        "回访时客户称供电稳定的抢修 ÷ 回访时答了此问的抢修。取首次办理时的回答,二次处理不改变它。"
        "没有问到的(含导入的工单)单列 `not_asked`。",
        "Repairs whose customer said at the callback that supply is stable ÷ repairs whose customer was "
        "asked and answered. It is the answer of the first handling: a second one changes nothing in it. "
        "Not asked, imported orders among them: left out under `not_asked`.",
    ),
    terms={
        "n": lambda t: (t.business_type == "repair") & t.supply_stable.fill_null(False),
        "of": lambda t: (t.business_type == "repair") & t.supply_stable.notnull(),
        "excluded.not_asked": lambda t: (t.business_type == "repair") & t.supply_stable.isnull(),
    },
    figure=share,
    basis="论文002: 询问复电后的用电稳定情况; 定义为本系统所拟",
    certainty="I",
)


def _crew(rating: str, zh: str, en: str) -> Measure:
    return Measure(
        id=f"crew_{rating}_rate",
        title=Text(f"抢修人员评价“{zh}”占比", f"Crews rated {en}"),
        definition=Text(
            f"回访时客户评抢修人员“{zh}”的抢修 ÷ 回访时作了评价的抢修(好、一般、差三者之和为 100%)。"
            "取首次办理时的评价。没有问到的(含导入的工单)单列 `not_asked`。",
            f"Repairs whose customer rated the crew {en} at the callback ÷ repairs whose crew was rated; "
            "good, fair and poor add up to 100 %. It is what was said in the first handling. Not asked, "
            "imported orders among them: left out under `not_asked`.",
        ),
        terms={
            "n": lambda t: (t.business_type == "repair") & (t.crew_rating == rating),
            "of": lambda t: (t.business_type == "repair") & (t.crew_rating != ""),
            "excluded.not_asked": lambda t: (t.business_type == "repair") & (t.crew_rating == ""),
        },
        figure=share,
        basis="论文002: 倾听客户对抢修人员服务满意程度的评价; 定义为本系统所拟",
        certainty="I",
    )


CREW_GOOD = _crew("good", "好", "good")
CREW_FAIR = _crew("fair", "一般", "fair")
CREW_POOR = _crew("poor", "差", "poor")

MEASURES = (FAULT_AGAIN, STABLE, CREW_GOOD, CREW_FAIR, CREW_POOR)
