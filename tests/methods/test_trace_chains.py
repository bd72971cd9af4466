"""A complaint goes back to its source over what deviates and what may cause what (source 000, A8)."""

import tomllib
from collections.abc import Sequence
from importlib import resources

import numpy as np
import pyarrow as pa
import pytest

from suyuan.analytics.trace import causality, eventlog, told
from suyuan.analytics.trace.causality import Rules
from suyuan.analytics.trace.eventlog import EventLog, Names, Relations
from suyuan.analytics.trace.tracer import Tracer
from suyuan.domain.errors import RulebookError

SHIPPED = causality.rules(
    tomllib.loads(resources.files("suyuan.rulebook").joinpath("causality.toml").read_text("utf-8")),
    "causality.toml",
)
HOUR = 3_600_000_000
Row = tuple[float, str, str]
TYPES = {
    "T": "投诉工单", "A": "户号", "Q": "台区", "DZ": "批量地址修改单", "HB": "换表单", "u": "单位",
    "YYT": "营业厅服务", "XL": "线路", "QD": "线路缺陷单",
}  # fmt: skip
LINKS = {"A": "Q1", "Q": "XL1"}


def kind(name: str) -> str:
    """Return what the name of an object begins with."""
    return name.rstrip("0123456789")


def made(rows: Sequence[Row], about: dict[str, str] | None = None) -> EventLog:
    """Return a log of (hour, activity, objects) rows; accounts lie in one area, the area on one feeder."""
    rows = sorted(rows)
    objects = list(dict.fromkeys(name for _, _, names in rows for name in names.split()))
    objects += [name for name in ("Q1", "XL1") if name not in objects]
    types = sorted({TYPES[kind(name)] for name in objects})
    activities = sorted({activity for _, activity, _ in rows})
    number = {name: at for at, name in enumerate(objects)}
    pairs = [(at, number[name]) for at, row in enumerate(rows) for name in row[2].split()]
    links = [(number[name], number[LINKS[kind(name)]]) for name in objects if kind(name) in LINKS]
    return eventlog.log(
        (activities, types, Names(pa.array([f"e{n}" for n in range(len(rows))])), Names(pa.array(objects))),
        np.array([activities.index(activity) for _, activity, _ in rows], np.int32),
        np.array([round(hour * HOUR) for hour, _, _ in rows], np.int64),
        np.array([types.index(TYPES[kind(name)]) for name in objects], np.int32),
        Relations(
            *(np.array(column, np.int32) for column in (*zip(*pairs, strict=True), *zip(*links, strict=True)))
        ),
        {number[name]: words for name, words in (about or {}).items()},
    )


DAY = 24.0
USUAL: tuple[Row, ...] = tuple(
    row
    for n in range(2, 12)
    for row in (
        (n * DAY, "批量地址修改发起", f"DZ{n} A{n} u1"),
        (n * DAY + 30, "批量地址修改审核", f"DZ{n} A{n} u1"),
        (n * DAY + 60, "批量地址修改归档", f"DZ{n} A{n} u1"),
        (n * DAY + 70, "现场换表", f"HB{n} A{n} u2"),
        (n * DAY + 80, "换表流程发起", f"HB{n} A{n} u2"),
        (n * DAY + 100, "换表归档", f"HB{n} A{n} u2"),
        (n * DAY + 200, "抄表录入", f"A{n} u3"),
    )
)
PAPER: tuple[Row, ...] = (
    (0, "批量地址修改发起", "DZ1 A1 u1"),
    (30, "批量地址修改审核", "DZ1 A1 u1"),
    (35 * DAY, "现场换表", "HB1 A1 u2"),
    (36 * DAY, "换表流程发起被拒", "HB1 A1 DZ1 u2"),
    *((35 * DAY + month * 30 * DAY, "抄表划零", "A1 u3") for month in (1, 2, 3)),
    (130 * DAY, "工单受理", "T1 A1 u4"),
)


def traced(rows: Sequence[Row], complaint: str = "T1", rules: Rules = SHIPPED, **about: str) -> dict:
    log = made(rows, about)
    tracer = Tracer(log, rules)
    return told.told(log, tracer.trace(log.objects.find(complaint)))


def test_the_papers_case_goes_back_to_the_archive_step_that_nobody_did_and_spares_the_reader():
    answer = traced([*USUAL, *PAPER])

    chain = answer["chains"][0]
    assert [(one["object"], one["activity"], one["unit"], one["deviation"]) for one in chain["nodes"]] == [
        ("DZ1", "批量地址修改归档", "u1", "missing"),
        ("HB1", "换表流程发起被拒", "u2", "refused"),
        ("A1", "抄表划零", "u3", "wrong"),
        ("T1", "工单受理", "", "complaint"),
    ]
    assert [(one["from"], one["to"], one["kind"], one["because"]) for one in chain["edges"][:2]] == [
        ("DZ1", "HB1", "blocks", "one_account_one_order"),
        ("HB1", "A1", "needs-data-from", "no_meter_no_reading"),
    ]
    assert (answer["abstained"], chain["sentence"]) == (
        False,
        "源头在u1：批量地址修改单 DZ1 没有办“批量地址修改归档”，致使换表单 HB1 “换表流程发起被拒”，"
        "致使户号 A1 连续 3 次“抄表划零”，客户因此投诉。不应只追究u3。",
    )


def test_shares_of_the_nodes_of_all_chains_make_up_the_whole_and_the_source_has_the_most():
    answer = traced([*USUAL, *PAPER])

    shares = {
        (one["object"], one["activity"], one["unit"]): one["share"]
        for chain in answer["chains"]
        for one in chain["nodes"]
    }
    assert sum(shares.values()) == pytest.approx(1.0)
    assert max(shares, key=lambda key: shares[key]) == ("DZ1", "批量地址修改归档", "u1")
    weights = [chain["confidence"] for chain in answer["chains"]]
    assert weights == sorted(weights, reverse=True)


def test_what_was_archived_in_time_blocks_nothing():
    archived = (40, "批量地址修改归档", "DZ1 A1 u1")

    answer = traced([*USUAL, *PAPER, archived])

    assert [one["object"] for one in answer["chains"][0]["nodes"]] == ["HB1", "A1", "T1"]


def test_nothing_that_happened_after_the_complaint_is_looked_at():
    later = (131 * DAY, "批量地址修改归档", "DZ1 A1 u1")

    assert traced([*USUAL, *PAPER, later])["chains"][0]["nodes"][0]["object"] == "DZ1"


SERVED: tuple[Row, ...] = tuple(
    row
    for n in range(2, 40)
    for row in (
        (n * 50.0, "取号排队", f"YYT{n} A{n % 12 + 100} u5"),
        (n * 50.0 + 0.2, "柜台受理", f"YYT{n} A{n % 12 + 100} u5"),
        (n * 50.0 + 0.4, "服务评价", f"YYT{n} A{n % 12 + 100} u5"),
    )
)


def test_where_nothing_deviates_the_front_desk_that_met_the_customer_is_named():
    met = [
        (2000, "取号排队", "YYT1 A1 u5"),
        (2000.2, "柜台受理", "YYT1 A1 u5"),
        (2000.4, "服务评价", "YYT1 A1 u5"),
    ]

    answer = traced([*USUAL, *SERVED, *met, (2006, "工单受理", "T1 A1 u4")])

    source = answer["chains"][0]["nodes"][0]
    assert (source["object"], source["activity"], source["unit"], source["deviation"]) == (
        "YYT1",
        "柜台受理",
        "u5",
        "contact",
    )
    assert answer["sentence"].startswith("这件投诉就出在与客户接触的环节：u5")


def test_a_complaint_around_which_nothing_happened_is_not_traced():
    answer = traced([*USUAL, (3000, "工单受理", "T1 A50 u4")])

    assert (answer["chains"], answer["abstained"], answer["sentence"]) == ([], True, "证据太少，不下结论。")


def test_a_rule_that_asks_for_a_step_names_it_where_the_log_never_saw_it_done():
    rules = causality.rules(
        {
            "roles": {"complaints": ["投诉*"], "cases": [], "actors": ["单位"], "units": ["单位"],
                      "places": ["户号", "台区", "线路"]},
            "cause": [
                {"kind": "due", "id": "clear", "after": ["线路缺陷登记"], "then": ["缺陷消除"],
                 "within_days": 7},
                {"kind": "edge", "id": "trips", "relation": "feeds", "source": {"types": ["线路缺陷单"]},
                 "target": {"about": ["频繁停电"]}},
            ],
        },
        "own.toml",
    )  # fmt: skip
    cleared = [(5, "缺陷消除", "QD9 XL1 u7"), (1, "线路缺陷登记", "QD9 XL1 u7")]
    rows = [*USUAL, *cleared, (100, "线路缺陷登记", "QD1 XL1 u7"), (900, "工单受理", "T1 A1 u4")]

    answer = traced(rows, rules=rules, T1="频繁停电")

    source = answer["chains"][0]["nodes"][0]
    assert (source["object"], source["activity"], source["unit"]) == ("QD1", "缺陷消除", "u7")
    assert answer["chains"][0]["edges"][0]["because"] == "trips"


@pytest.mark.parametrize(
    ("document", "key"),
    [
        ({}, "roles"),
        ({"roles": {"complaints": ["c"]}}, "roles.places"),
        ({"roles": {"complaints": "c"}}, "roles.complaints"),
        ({"cause": [{"kind": "edge", "id": "x", "relation": "near"}]}, "cause x.relation"),
        ({"cause": [{"kind": "sign", "id": "x", "mode": "wrong", "activities": ["a"], "at_least": 0}]},
         "cause x.at_least"),
        ({"cause": [{"kind": "due", "id": "x", "after": ["a"], "then": ["b"]}]}, "cause x.within_days"),
        ({"cause": [{"kind": "contact", "id": "x", "activities": ["a"], "unit": "u"}]}, "cause x.unit"),
        ({"cause": [{"kind": "clock", "id": "x"}]}, "cause x.kind"),
        ({"cause": {"kind": "due"}}, "cause"),
        ({"about": "category"}, "about"),
        ({"skew_minutes": -5}, "skew_minutes"),
    ],
)  # fmt: skip
def test_rules_that_are_wrong_name_the_key(document: dict, key: str):
    roles = {"complaints": ["c"], "cases": [], "actors": [], "units": [], "places": ["p"]}
    with pytest.raises(RulebookError) as wrong:
        causality.rules({"roles": roles} | document if key != "roles" else document, "own.toml")

    assert wrong.value.facts["key"] == key
