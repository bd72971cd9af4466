"""An order file becomes cases: every layout, repeats, updates, units, and clocks by the rules of their day."""

import csv
import gzip
import hashlib
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.actions import imports, org
from suyuan.actions.imports.prepare import _json
from suyuan.actions.perform import perform
from suyuan.domain import audit
from suyuan.domain.procedure import Actor
from suyuan.gateways.tablefile import open_table
from suyuan.store import chain, seal
from suyuan.store.models import Case, Clock, Contact, Event, ImportRun, Unit
from tests.factories import FORMS, PATHS, actor, unit, who
from tests.methods.order_files import GOOD, HEADERS, NOW, write_csv, write_xlsx

pytestmark = pytest.mark.django_db
CLERK = Actor("clerk", frozenset())
MORE = [
    "供电单位",
    "派单时间",
    "接单时间",
    "联系客户时间",
    "回单时间",
    "归档时间",
    "是否属实",
    "回访满意度",
    "户号",
    "联系电话",
    "工单状态",
]
DONE = [
    "0101 东城供电所",
    "2025/10/1 8:20",
    "2025-10-01 08:40",
    "2025年10月1日 09:00",
    "2025-10-08 16:00",
    "2025-10-09 10:00",
    "属实",
    "满意",
    "3300012345678",
    "13912345678",
    "已归档",
]
OPEN = ["0101 东城供电所", *[""] * 9, "处理中"]
BAD = ["2025100100003", "没有这种业务", "2025-10-02 10:00", "家中停电"]
GRID = [
    "2025100100001\t9\t005\t01\t33101\t2025-10-01 08:05:00\t频繁停电\t已处理\t13912345678\t02\t3300012345678\t33\t3310",
    "2025100100002\t10\t005\t01\t33101\t2025-10-01 09:05:00\t他说“没电”\t\t\t02\t\t33\t3310",
    "2025100100003\t11\t004\t01\t33101\t2025-10-01 10:05:00\t别的代码\t\t\t02\t\t33\t3310",
]
BOSTON = [
    ["case_enquiry_id", "open_dt", "target_dt", "closed_dt", "ontime", "case_status", "closure_reason"]
    + ["case_title", "subject", "reason", "type", "queue", "department", "location"],
    ["101", "2025-07-01 10:00:00", "2025-07-03 10:00:00", "2025-07-02 09:00:00", "ONTIME", "Closed", "done"]
    + ["Pothole", "Public Works", "Highway", "Request for Pothole Repair", "Q1", "PWDx", "1 Main St"],
    ["102", "2025-07-01 11:00:00", "2025-07-03 11:00:00", "", "OVERDUE", "Open", ""]
    + ["Graffiti", "Property", "Graffiti", "Graffiti Removal", "Q2", "PROP", "2 Main St"],
    ["103", "someday", "", "", "", "Open", "", "Noise", "Police", "Noise", "Loud Party", "Q3", "PD", ""],
]
CITIZEN = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情"]
MESSAGE = ["A1", "市民甲", "小区停电", "2019/9/28 10:23:18", "小区每周停电"]


def bring(path, layout="auto", now=NOW):
    """Import a file as the office's clerk does."""
    return imports.run(path=path, layout=layout, actor=CLERK, now=now)


def counts(summary):
    """Return read, accepted, duplicate, quarantined."""
    return summary.read, summary.accepted, summary.duplicate, summary.quarantined


def rejected(summary):
    """Return the rows of the quarantine file below its header, as lists of texts."""
    (sheet,) = open_table(Path(summary.quarantine_file))
    return list(sheet.rows())[1:]


def order(number="2025100100001", kind="投诉", accepted="2025-10-01 08:05:00", **given):
    """Return a header and one row of an office's file, with the columns given."""
    return [HEADERS + list(given), [number, kind, accepted, "客户反映抄表员未抄表", *given.values()]]


def office_xlsx(folder):
    title = [["某市供电公司95598工单明细"], ["统计周期：2025年10月第1周"]]
    serial = ["2025100100002", "故障报修", 45932.5, "家中停电", *OPEN]
    rows = [HEADERS + MORE, [*GOOD, *DONE], serial, BAD, ["合计", 3]]
    return write_xlsx(folder / "周报.xlsx", {"说明": [["填表说明"]], "明细": [*title, *rows]})


def office_csv(folder, encoding="gbk"):
    rows = [HEADERS + MORE, [*GOOD, *DONE], ["2025100100002", "故障报修", *GOOD[2:], *OPEN], BAD]
    return write_csv(folder / "周报.csv", rows, encoding)


def office_zip(folder):
    with zipfile.ZipFile(folder / "周报.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(office_csv(folder), "周报.csv")
    return folder / "周报.zip"


def office_gz(folder):
    path = folder / "周报.csv.gz"
    path.write_bytes(gzip.compress(office_csv(folder, "utf-8").read_bytes()))
    return path


def suyuan_csv(folder):
    headers = [
        "工单编号",
        "业务类型",
        "原类型代码",
        "受理时间",
        "受理内容",
        "登记时间",
        "备注代码",
        "附加信息",
    ]
    rows = [
        headers,
        ["S1", "complaint", "", "2025-10-01T08:05:00+08:00", "原文", "2025-10-01T08:06:00+08:00", "", ""],
        ["S2", "repair", "", "2025-10-01T08:05:00+08:00", "停电", "", "", '{"天气":"雨"}'],
        ["S3", "nothing", "", "2025-10-01T08:05:00+08:00", "停电", "", "", ""],
    ]
    return write_csv(folder / "全量.csv", rows)


def grid_tsv(folder):
    (folder / "orders.tsv").write_text("\n".join(GRID) + "\n", encoding="gb18030")
    return folder / "orders.tsv"


def boston_csv(folder):
    return write_csv(folder / "boston.csv", BOSTON)


def citizen_orders(folder):
    rows = [[*CITIZEN, "一级标签"], [*MESSAGE, "城乡建设"], ["A2", *MESSAGE[1:], "交通"], ["A3", *[""] * 5]]
    return write_xlsx(folder / "附件2.xlsx", {"Sheet1": rows})


def citizen_replies(folder):
    answered = ["已答复", "2019/10/8 9:00:00"]
    late = ["早于留言", "2019/9/1 9:00:00"]
    rows = [[*CITIZEN, "答复意见", "答复时间"], [*MESSAGE, *answered], ["A2", *MESSAGE[1:], *answered]]
    return write_xlsx(folder / "附件4.xlsx", {"Sheet1": [*rows, ["A3", *MESSAGE[1:], *late]]})


FILES = {
    "office xlsx with titles and a total": (office_xlsx, "office_95598"),
    "office csv in GBK": (office_csv, "office_95598"),
    "office zip": (office_zip, "office_95598"),
    "office gz": (office_gz, "office_95598"),
    "our own layout": (suyuan_csv, "suyuan"),
    "state grid extract": (grid_tsv, "state_grid_orders"),
    "boston": (boston_csv, "boston_311"),
    "citizen orders": (citizen_orders, "citizen_orders"),
    "citizen replies": (citizen_replies, "citizen_replies"),
}


@pytest.mark.parametrize("name", FILES)
def test_every_layout_takes_its_good_rows_and_keeps_its_bad_one_aside(tmp_path, name):
    make, layout = FILES[name]

    summary = bring(make(tmp_path))

    assert (summary.layout, *counts(summary)) == (layout, 3, 2, 0, 1)
    assert Case.objects.count() == 2
    assert len(rejected(summary)) == 1
    assert chain.verify() == (3, 3)


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_again_changes_nothing_and_quarantines_the_same_rows(tmp_path, name):
    path = FILES[name][0](tmp_path)
    first = bring(path)
    before = list(Case.objects.order_by("pk").values()), list(Clock.objects.order_by("pk").values())

    second = bring(path)

    assert counts(second) == (3, 0, 2, 1)
    assert rejected(second) == rejected(first)
    assert (
        list(Case.objects.order_by("pk").values()),
        list(Clock.objects.order_by("pk").values()),
    ) == before


def test_a_closed_complaint_arrives_archived_with_its_true_times_and_its_clocks(tmp_path):
    bring(office_xlsx(tmp_path))

    case = Case.objects.get(number=GOOD[0])
    assert (case.state, case.is_open, case.origin, case.source, case.channel) == (
        "archived",
        False,
        "import",
        "office_95598",
        "95598",
    )
    assert (case.finding, case.satisfaction, case.clock_reason) == ("verified", "satisfied", "")
    assert case.accepted_at == datetime(2025, 10, 1, 0, 5, tzinfo=UTC)
    assert case.answered_at == case.first_answered_at == datetime(2025, 10, 8, 8, 0, tzinfo=UTC)
    binding = case.clocks.get(binding=True)
    assert (binding.limit, binding.state, binding.stopped_at, binding.due_at) == (
        "complaint.answer",
        "stopped",
        case.answered_at,
        datetime(2025, 10, 13, 16, 0, tzinfo=UTC),
    )
    assert set(case.clocks.values_list("next_rung_at", flat=True)) == {None}


def test_what_is_personal_is_sealed_and_can_be_found_again(tmp_path):
    rows = order(联系电话="13912345678", 户号="3300012345678", 客户名称="张三丰")
    rows[1][3] = "客户张三丰来电，电话13912345678"

    bring(write_csv(tmp_path / "a.csv", rows))

    case, contact = Case.objects.get(), Contact.objects.get()
    assert (case.brief, contact.masked) == ("客户***来电，电话139******78",) * 2
    assert case.phone_index == seal.index("phone", "13912345678")
    assert case.account_index == seal.index("account", "3300012345678")
    assert seal.unseal(contact.sealed) == {
        "text": rows[1][3],
        "account": "3300012345678",
        "phone": "13912345678",
        "customer": "张三丰",
    }
    assert "139" not in str(list(Event.objects.values_list("detail", "objects_json")))


def test_a_later_export_updates_the_order_and_derives_its_clocks_anew(tmp_path):
    bring(write_csv(tmp_path / "week1.csv", order(工单状态="处理中", 派单时间="2025-10-01 08:20:00")))
    was = Case.objects.get()
    answered = order(工单状态="归档", 派单时间="2025-10-01 08:20:00", 回单时间="2025-10-08 16:00:00")

    summary = bring(write_csv(tmp_path / "week2.csv", answered))

    case = Case.objects.get()
    assert counts(summary) == (1, 1, 0, 0)
    assert (was.state, was.next_due_at, case.pk, case.state, case.next_due_at) == (
        "dispatched",
        datetime(2025, 10, 13, 16, tzinfo=UTC),
        was.pk,
        "archived",
        None,
    )
    clock = case.clocks.get(binding=True)
    assert (clock.state, clock.stopped_at) == ("stopped", datetime(2025, 10, 8, 8, tzinfo=UTC))
    events = Event.objects.filter(stream=f"case:{case.number}").order_by("seq")
    assert [event.verb for event in events] == ["import", "import_update"]
    assert events[1].detail == {
        "source": "office_95598",
        "row_digest": case.source_digest,
        "was": was.source_digest,
    }
    assert case.changed_event == events[1].pk
    assert chain.verify([f"case:{case.number}"]) == (1, 2)


def test_a_changed_text_is_found_by_its_new_words_alone(tmp_path):
    from suyuan.store.queries import listing, viewer
    from tests.factories import NOW as LATER
    from tests.factories import person

    looking = viewer.of(person("office"))
    rows = order(供电单位="0101")
    bring(write_csv(tmp_path / "week1.csv", rows))
    rows[1][3] = "变压器噪声扰民"

    bring(write_csv(tmp_path / "week2.csv", rows))

    def found(words):
        return len(listing.listing(looking, listing.Filters(q=words), now=LATER).rows)

    assert (found("抄表"), found("噪声"), Case.objects.get().brief) == (0, 1, "变压器噪声扰民")


def test_a_case_worked_on_here_is_not_overwritten(tmp_path):
    unit()
    bring(write_csv(tmp_path / "week1.csv", order(工单状态="处理中", 供电单位="0101")))
    perform(number=GOOD[0], verb="urge", actor=actor("office"), now=NOW, form={"note": "客户再次来电"})
    before = Case.objects.values().get()

    summary = bring(write_csv(tmp_path / "week2.csv", order(工单状态="归档", 供电单位="0101")))

    assert counts(summary) == (1, 0, 0, 1)
    assert [row[-3:] for row in rejected(summary)] == [["工单编号", GOOD[0], "worked_here"]]
    assert Case.objects.values().get() == before


def test_a_number_another_source_gave_is_taken(tmp_path):
    bring(write_csv(tmp_path / "a.csv", order()))
    other = write_csv(
        tmp_path / "b.csv",
        [
            [
                "工单编号",
                "业务类型",
                "受理时间",
                "受理内容",
                "登记时间",
                "原类型代码",
                "备注代码",
                "附加信息",
            ],
            [*GOOD, "", "", "", ""],
        ],
    )

    summary = bring(other, "suyuan")

    assert counts(summary) == (1, 0, 0, 1)
    assert rejected(summary)[0][-1] == "number_taken"


def test_an_unknown_unit_is_quarantined_with_its_cells_once_a_register_is_loaded(tmp_path):
    unit()
    rows = order(供电单位="0199 无此所", 户号="3300012345678")

    summary = bring(write_csv(tmp_path / "a.csv", rows))

    assert (counts(summary), Case.objects.count()) == ((1, 0, 0, 1), 0)
    assert rejected(summary) == [[*map(str, rows[1]), "2", "供电单位", "0199", "unknown_unit"]]
    assert not Unit.objects.filter(code="0199").exists()


def test_an_update_that_names_an_unknown_unit_says_so(tmp_path):
    unit()
    bring(write_csv(tmp_path / "week1.csv", order(供电单位="0101")))

    summary = bring(write_csv(tmp_path / "week2.csv", order(供电单位="0199")))

    assert [row[-1] for row in rejected(summary)] == ["unknown_unit"]


def test_a_quarantine_file_that_was_corrected_is_taken(tmp_path):
    summary = bring(office_csv(tmp_path))
    with open(summary.quarantine_file, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    rows[1][1] = "投诉"

    again = bring(write_csv(tmp_path / "corrected.csv", rows))

    assert counts(again) == (1, 1, 0, 0)
    assert Case.objects.count() == 3


@pytest.mark.parametrize("codes", [("01", "0101", "010101"), ("010101", "0101", "01")])
def test_units_met_before_a_register_become_a_provisional_tree_by_code_prefix(tmp_path, codes):
    rows = [[*HEADERS, "供电单位编码"]]
    rows += [[f"N{n}", *GOOD[1:], code] for n, code in enumerate(codes)]

    bring(write_csv(tmp_path / "a.csv", rows))

    assert list(Unit.objects.values_list("path", "provisional")) == [
        ("/company/", True),
        ("/company/01/", True),
        ("/company/01/0101/", True),
        ("/company/01/0101/010101/", True),
    ]


def test_a_file_without_units_goes_to_the_unassigned(tmp_path):
    bring(write_csv(tmp_path / "a.csv", order()))

    assert Case.objects.get().unit.path == "/company/unassigned/"


def test_a_register_confirms_the_units_it_names_and_moves_what_lies_below_them(tmp_path):
    rows = [[*HEADERS, "供电单位编码"], [*GOOD, "0101"], ["N2", *GOOD[1:], "010101"]]
    bring(write_csv(tmp_path / "a.csv", rows))
    register = [
        {"code": "01", "name": "溯源市供电公司", "parent": ""},
        {"code": "0101", "name": "东城供电所", "parent": "01"},
    ]

    org.load_units(rows=register, actor=CLERK, now=NOW)

    assert dict(Unit.objects.filter(code__startswith="01").values_list("path", "provisional")) == {
        "/01/": False,
        "/01/0101/": False,
        "/01/0101/010101/": True,
    }


def test_an_order_older_than_every_rule_is_not_judged(tmp_path):
    old = order(accepted="2002-05-06 10:00:00", 回单时间="2002-05-07 10:00:00", 工单状态="归档")

    bring(write_csv(tmp_path / "a.csv", old))

    case = Case.objects.get()
    assert (case.clock_reason, case.clocks.count()) == ("no_rule_in_force", 0)


def test_an_order_older_than_the_binding_rule_has_no_binding_clock(tmp_path):
    old = order(accepted="2015-05-06 10:00:00", 回单时间="2015-05-07 10:00:00", 工单状态="归档")

    bring(write_csv(tmp_path / "a.csv", old))

    case = Case.objects.get()
    assert (case.clock_reason, list(case.clocks.values_list("limit", "binding"))) == (
        "no_rule_in_force",
        [("complaint.answer.public", False)],
    )


def test_an_order_of_unknown_type_is_kept_and_not_judged(tmp_path):
    bring(grid_tsv(tmp_path))

    assert (
        list(Case.objects.order_by("number").values_list("procedure", "type_code", "state", "clock_reason"))
        == [("imported", "005", "open", "type_unknown")] * 2
    )
    assert Clock.objects.count() == 0


def test_a_target_in_the_file_is_the_clock_that_binds(tmp_path):
    rows = order(要求完成时间="2025-10-03 12:00:00", 回单时间="2025-10-03 13:00:00", 归档时间="2025-10-04")

    bring(write_csv(tmp_path / "a.csv", rows))

    case = Case.objects.get()
    clock = case.clocks.get(binding=True)
    assert (clock.limit, clock.kind, clock.certainty, case.clock_reason) == (
        "imported.target",
        "imported",
        "file",
        "",
    )
    assert (clock.due_at, clock.stopped_at) == (
        datetime(2025, 10, 3, 4, tzinfo=UTC),
        datetime(2025, 10, 3, 5, tzinfo=UTC),
    )


def test_an_order_without_the_target_its_file_has_a_column_for_has_no_target(tmp_path):
    rows = [row.copy() for row in BOSTON[:2]]
    rows[1][2] = ""

    bring(write_csv(tmp_path / "boston.csv", rows))

    assert Case.objects.values_list("clock_reason", "procedure").get() == ("no_target", "imported")


def test_a_closed_order_without_an_answer_time_is_not_judged_by_one(tmp_path):
    bring(write_csv(tmp_path / "a.csv", order(工单状态="归档", 归档时间="2025-10-05 10:00:00")))

    case = Case.objects.get()
    assert (case.state, case.clock_reason, case.answered_at) == ("archived", "no_answer_time", None)
    assert not case.clocks.filter(binding=True).exists()


LANDS = [
    ("投诉", {}, "registered"),
    ("投诉", {"派单时间": "2025-10-01 08:20:00"}, "dispatched"),
    ("投诉", {"派单时间": "2025-10-01 08:20:00", "接单时间": "2025-10-01 08:30:00"}, "handling"),
    ("投诉", {"回单时间": "2025-10-01 10:00:00"}, "callback"),
    ("举报", {"接单时间": "2025-10-01 08:30:00"}, "handling"),
    ("意见", {"接单时间": "2025-10-01 08:30:00"}, "handling"),
    ("业务咨询", {"派单时间": "2025-10-01 08:20:00"}, "dispatched"),
    ("故障报修", {"接单时间": "2025-10-01 08:30:00", "到达现场时间": "2025-10-01 08:50:00"}, "on_site"),
    (
        "故障报修",
        {
            "接单时间": "2025-10-01 08:30:00",
            "到达现场时间": "2025-10-01 08:50:00",
            "复电时间": "2025-10-01 09:50:00",
        },
        "restored",
    ),
    ("电能表异常", {"接单时间": "2025-10-01 08:30:00", "到达现场时间": "2025-10-01 08:50:00"}, "on_site"),
]


@pytest.mark.parametrize(("kind", "times", "state"), LANDS, ids=[f"{k} {s}" for k, _, s in LANDS])
def test_an_open_order_lands_where_its_times_say_and_is_worked_to_the_archive(tmp_path, kind, times, state):
    unit()
    site = {"现场分类": "城区"} if kind == "故障报修" else {}
    bring(
        write_csv(tmp_path / "a.csv", order(kind=kind, 供电单位="0101", 工单状态="处理中", **site, **times))
    )
    case = Case.objects.select_related("unit").get()
    landed = case.state

    while case.state != "archived":
        verb = next_verb(case)
        perform(number=case.number, verb=verb, actor=actor(who(case, verb)), now=NOW, form=FORMS[verb](case))
        case = Case.objects.select_related("unit").get()

    assert landed == state
    assert (case.is_open, case.next_due_at) == (False, None)
    assert {clock.state for clock in case.clocks.all()} <= {"stopped", "void"}
    assert chain.verify([f"case:{case.number}"])[0] == 1


def next_verb(case):
    """Return the verb of the happy path that comes next for a case that was put in at any state."""
    reached = {
        "registered": "dispatch",
        "dispatched": "accept",
        "on_site": {"repair": "restore", "application": "answer"}.get(case.procedure),
        "restored": "answer",
        "reviewing": "review_pass",
        "callback": "archive" if case.called_back_at else "call_back",
    }
    if case.state != "handling":
        return reached[case.state]
    if case.procedure in ("complaint", "report", "opinion") and case.contacted_at is None:
        return "contact"
    path = PATHS[case.procedure]
    return path[path.index("contact" if "contact" in path else "accept") + 1]


def test_an_import_writes_down_how_it_went(tmp_path):
    path = office_csv(tmp_path)

    summary = bring(path)

    run = ImportRun.objects.get()
    event = Event.objects.get(stream="register:import")
    assert (run.state, run.read, run.accepted, run.quarantined, run.by) == ("done", 3, 2, 1, "clerk")
    assert (run.quarantine_file, run.sha256) == (
        summary.quarantine_file,
        hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    assert (event.verb, event.objects_json, event.detail) == (
        "import_run",
        [["file", run.sha256]],
        {"layout": "office_95598", "read": 3, "accepted": 2, "duplicate": 0, "quarantined": 1},
    )


def test_a_preview_writes_nothing(tmp_path):
    proposal = imports.preview(office_xlsx(tmp_path))

    assert (proposal.layout.name, Case.objects.count(), ImportRun.objects.count()) == ("office_95598", 0, 0)


NASTY = [
    '他说"没电"',
    "反斜\\杠",
    "换行\n制表\t",
    "emoji 😀👨‍👩‍👧",
    "\u2028行分隔",
    "控制\x01\x1f\x7f",
    "/>&</",
    "\ufeffBOM",
    "é́",
]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nasty_texts_chain_as_the_library_says(tmp_path, text):
    rows = order(所属线路=text, 所属台区=text[::-1])
    rows[1][3] = text

    summary = bring(write_csv(tmp_path / "a.csv", rows))

    assert counts(summary) == (1, 1, 0, 0)
    assert chain.verify() == (2, 2)


@given(
    st.recursive(
        st.text() | st.integers(-(2**53) + 1, 2**53 - 1) | st.none() | st.booleans(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
        max_leaves=8,
    )
)
def test_the_fast_canonical_form_is_the_librarys(value):
    assert _json(value).encode() == rfc8785.dumps(value)


@settings(max_examples=25, deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_the_event_of_an_import_is_linked_as_its_entry_says(text):
    from suyuan.actions.imports.prepare import Preparer
    from suyuan.actions.imports.standing import Judge
    from suyuan.domain.order import OrderRecord
    from suyuan.store import bulk, rules

    book = rules.rulebook()
    preparer = Preparer(
        rules=book,
        source="office_95598",
        zone="Asia/Shanghai",
        judge=Judge(book, frozenset(), bulk.as_is),
        by=text,
        at=audit.body(audit.Entry("", 1, NOW, "", "", (), {}))["at"],
        postgres=True,
    )
    record = OrderRecord(number=text, business_type="complaint", accepted_at=NOW, text=text, line=text)

    stream, objects, detail, digest = preparer.prepare(2, record).event

    entry = audit.Entry(
        stream=f"case:{text}",
        seq=1,
        at=NOW,
        actor=text,
        verb="import",
        objects=(("case", text), ("line", text)),
        detail={
            "milestones": {"accepted_at": NOW.isoformat()},
            "row_digest": preparer.prepare(2, record).digest,
            "source": "office_95598",
        },
    )
    assert (stream, objects, detail) == (
        entry.stream,
        rfc8785.dumps([list(pair) for pair in entry.objects]).decode(),
        rfc8785.dumps(entry.detail).decode(),
    )
    assert digest == audit.digest(entry, audit.GENESIS, rfc8785.dumps)
