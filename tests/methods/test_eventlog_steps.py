"""Tables whose rows are orders: a row several events, columns by several names, known by their headings."""

import pytest

from suyuan.domain.errors import BadInput
from suyuan.gateways import eventlog
from suyuan.gateways.eventlog import layout_file, recognising

TABLES = {
    "application": (
        "申请编号,户号,供电单位,受理时间,现场勘查时间,供电方案答复时间,竣工验收时间,装表接电时间,归档时间,承诺时限\n"
        "YK1,3301,0102,2026-01-05 09:10,2026-01-06 10:00,2026-01-08 16:00,,,,2026-01-20\n",
        ["用电申请受理", "现场勘查", "供电方案答复"],
    ),
    "meter_change": (
        "换表工单编号,户号,旧表资产编号,新表资产编号,供电单位,换表班组,换表时间,流程发起时间,审核时间,归档时间\n"
        "HB1,3301,4401,4402,0102,T1,2026/1/5 8:30,2026/1/5 17:00,,\n",
        ["现场换表", "换表流程发起"],
    ),
    "address_change": (
        "批次号,台区编号,户号,供电单位,地址修改时间,审核时间,归档时间\n"
        "DZ1,TQ1,3301,0102,2026-01-02 09:00,2026-01-03 15:00,\n",
        ["批量地址修改发起", "批量地址修改审核"],
    ),
    "reading": (
        "抄表单号,户号,表号,供电单位,抄表员,抄表时间,抄表状态\n"
        "CB1,3301,4401,0102,u1,20260205,划零\nCB2,3302,4403,0102,u1,20260206,正常\n",
        ["抄表划零", "抄表录入"],
    ),
    "billing": (
        "账单编号,户号,供电单位,核算时间,发行时间,缴费期限\nDF1,3301,0102,2026年2月6日,2026-02-07,2026-02-28\n",
        ["电量电费核算", "电费发行"],
    ),
    "connection": (
        "送电单号,户号,供电单位,送电班组,停电时间,缴费时间,指令下发时间,送电时间,承诺送电时间\n"
        "SD1,3301,0102,T1,2026-02-01 09:00,2026-02-03 10:00,2026-02-03 10:05,,2026-02-04 10:00\n",
        ["欠费停电", "客户缴费", "送电指令下发"],
    ),
    "meter_test": (
        "校表工单编号,户号,表号,供电单位,受理时间,检定时间,答复时间,承诺时限\n"
        "JB1,3301,4401,0102,2026-01-05 09:10,2026-01-07 10:00,,2026-01-12\n",
        ["校表申请受理", "电能表检定"],
    ),
    "refund": (
        "退补工单编号,户号,供电单位,受理时间,审核时间,退补时间\nTB1,3301,0102,2026-01-05 09:10,20260106,\n",
        ["退补申请受理", "退补审核"],
    ),
    "disconnection": (
        "欠费停电工单编号,户号,供电单位,停电申请时间,停电通知送达时间,停电前提醒时间,停电时间,缴费时间,复电时间\n"
        "QF1,3301,0102,2026-01-05 09:10,2026-01-06 10:00,,2026-01-14 09:00,,\n",
        ["欠费停电申请", "停电通知送达", "欠费停电"],
    ),
}
STEPS = """
[[objects]]
column = "o"
type = "order"
attributes = ["due"]
[[objects]]
column = ["team", "crew"]
type = "team"
steps = ["b"]
[[steps]]
column = "a"
activity = "a"
[[steps]]
column = ["b", "bee"]
activity = "b"
unless = { column = "how", is = ["*not*"] }
[kinds]
due = "time"
"""


def read(tmp_path, text, layout=None):
    path = tmp_path / "a.csv"
    path.write_text(text, "utf-8")
    return eventlog.read(path, layout)


def told(log):
    """Return the events with what they touch, and what was set aside."""
    things = log.object_ids.to_pylist()
    touched = [set() for _ in log.at]
    for event, thing in zip(log.touch_event, log.touch_object, strict=True):
        touched[event].add(things[thing])
    return [
        (name, log.activities[code], of)
        for name, code, of in zip(log.event_ids.to_pylist(), log.activity, touched, strict=True)
    ]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_each_table_is_known_by_its_headings_and_is_events(tmp_path, name):
    text, activities = TABLES[name]
    log = read(tmp_path, text)

    assert set(TABLES) == set(recognising.shipped())
    assert eventlog.layout_of(tmp_path / "a.csv") == name
    assert [log.activities[code] for code in log.activity] == activities
    assert (log.quarantined, log.numbered, log.attributes_of_events.num_rows) == ([], False, 0)
    assert all(one[1] == "time" for kinds in log.declared_of_objects.values() for one in kinds.items())


@pytest.mark.parametrize("name", sorted(TABLES))
def test_each_table_is_known_by_the_other_names_of_its_columns_too(tmp_path, name):
    text, activities = TABLES[name]
    also = dict(recognising.shipped()[name].also)
    headings, rows = text.split("\n", 1)
    first = [
        next((key for key, others in also.items() if one in (key, *others)), one)
        for one in headings.split(",")
    ]

    log = read(tmp_path, f"{','.join(first)}\n{rows}")

    assert [log.activities[code] for code in log.activity] == activities


def layout(tmp_path, text=STEPS):
    path = tmp_path / "l.toml"
    path.write_text(text, "utf-8")
    return layout_file.read(path)


def test_rows_of_one_order_are_one_event_a_step(tmp_path):
    rows = "o,team,a,bee,how\n1,t,2026-01-01T08:00Z,2026-01-02T08:00Z,\n1,u,2026-01-01T08:00Z,,\n"
    rows += "2,t,,2026-01-01T08:00Z,not done\n3,t,,2026-01-03T08:00Z,done\n1,t,2026-01-09T08:00Z,,\n,t,x,,\n"

    given = layout(
        tmp_path, STEPS.replace('attributes = ["due"]\n', "").replace('[kinds]\ndue = "time"\n', "")
    )
    log = read(tmp_path, rows, given)

    assert told(log) == [("1/a", "a", {"1"}), ("1/b", "b", {"1", "t"}), ("3/b", "b", {"3", "t"})]
    assert {(each.where, each.why) for each in log.quarantined} == {
        ("row 4", "no_time"), ("row 6", "duplicate_event"), ("row 7", "no_id")
    }  # fmt: skip


def test_a_column_that_has_to_be_there_is_named(tmp_path):
    with pytest.raises(BadInput) as caught:
        read(tmp_path, "o,team,a\n1,t,2026-01-01T08:00Z\n", layout(tmp_path))
    assert (caught.value.code, caught.value.facts["column"]) == ("log_layout", "due")
    with pytest.raises(BadInput) as caught:
        read(
            tmp_path,
            "o,due\n1,2026-01-01\n",
            layout(tmp_path, STEPS.replace('column = "a"', 'column = ["a"]')),
        )
    assert (caught.value.code, caught.value.facts["key"]) == ("log_layout", "steps")


@pytest.mark.parametrize(("text", "key"), [
    ("steps = 1", "steps"), ("[[steps]]\ncolumn = 'a'", "steps[0].activity"),
    ("[[steps]]\ncolumn = 'a'\nactivity = 'x'", "steps"), ("time = 't'\n" + STEPS, "steps"),
    (STEPS.replace('steps = ["b"]', 'steps = ["c"]'), "objects[1].steps"),
    (STEPS.replace('is = ["*not*"]', "is = []"), "steps[1].unless"), ("time_format = [1]", "time_format"),
    ("recognised = 'a'", "recognised"), ("activity = []", "activity"),
])  # fmt: skip
def test_layouts_of_orders_say_what_is_wrong_with_them(tmp_path, text, key):
    with pytest.raises(BadInput) as caught:
        layout(tmp_path, text)

    assert (caught.value.code, caught.value.facts["key"]) == ("log_layout", key)


def test_steps_are_for_tables_alone(tmp_path):
    path = tmp_path / "a.xes"
    path.write_text('<log><trace><string key="concept:name" value="1"/></trace></log>', "utf-8")

    with pytest.raises(BadInput) as caught:
        eventlog.read(path, layout(tmp_path))
    assert caught.value.code == "log_layout"


def test_a_table_two_layouts_fit_alike_is_asked_about(tmp_path):
    assert recognising.recognised(["工单编号", "a"]) == ""
    with pytest.raises(BadInput) as caught:
        read(tmp_path, "工单编号,a\n1,2\n")
    assert caught.value.code == "log_layout_needed"
