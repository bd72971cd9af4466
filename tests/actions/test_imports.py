"""An order file becomes cases: every layout, repeats, updates, units, and what is written down of it."""

import csv
import hashlib
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from suyuan.actions import imports, org, sweep
from suyuan.actions.imports.prepare import everything
from suyuan.actions.perform import perform
from suyuan.config.home import home
from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways.layout import OrderReader, load
from suyuan.store import chain, seal, tray
from suyuan.store.models import Case, Clock, Contact, Event, ImportRun, Unit
from suyuan.store.queries import listing, viewer
from tests.factories import NOW as LATER
from tests.factories import actor, person, unit
from tests.import_files import FILES, bring, counts, office_csv, office_xlsx, order, rejected
from tests.methods.order_files import GOOD, HEADERS, NOW, write_csv

pytestmark = pytest.mark.django_db


def test_a_file_keeps_no_name_that_says_who_somebody_is(tmp_path):
    path = write_csv(tmp_path / "客户张三丰13912345678投诉.csv", order())
    summary = bring(path)

    run = ImportRun.objects.get()
    assert (counts(summary), run.name, run.path) == ((1, 1, 0, 0), "客户_139_78投诉.csv", "")


def test_what_an_event_says_of_a_row_can_be_checked_by_nobody_without_the_key(tmp_path):
    bring(write_csv(tmp_path / "a.csv", order()))
    case = Case.objects.get()
    record = next(iter(OrderReader(tmp_path / "a.csv", load("office_95598", home()), now=NOW))).record
    said = everything(record)

    assert case.source_digest == seal.digest(said) != hashlib.sha256(said).hexdigest()[:32]
    assert Event.objects.get(verb="import").detail["row_digest"] == case.source_digest


def test_a_file_taken_in_before_digests_were_keyed_is_still_a_repeat(tmp_path):
    path = write_csv(tmp_path / "a.csv", order())
    bring(path)
    record = next(iter(OrderReader(path, load("office_95598", home()), now=NOW))).record
    Case.objects.update(source_digest=hashlib.sha256(everything(record)).hexdigest()[:32])

    assert counts(bring(path)) == (1, 0, 1, 0)
    assert chain.verify() == (2, 3)


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
    assert "13912345678" not in str(list(Event.objects.values_list("detail", "objects_json")))


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
    changed = events[1].detail.pop("changed")
    assert events[1].detail == {
        "source": "office_95598",
        "row_digest": case.source_digest,
        "was": was.source_digest,
    }
    assert changed["state"] == ["dispatched", "archived"]
    assert (changed["answered_at"][0], changed["answered_at"][1][:16].replace("T", " ")) == (
        None,
        "2025-10-08 08:00",
    )
    assert case.changed_event == events[1].pk
    assert chain.verify([f"case:{case.number}"]) == (1, 2)


def test_a_changed_text_is_found_by_its_new_words_alone(tmp_path):
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
    form = {"unit": "0101", "specialty": "marketing"}
    perform(number=GOOD[0], verb="dispatch", actor=actor("office"), now=NOW, form=form)
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
    assert rejected(summary) == [[*map(str, rows[1]), "2", "供电单位", "0199 无此所", "unknown_unit"]]
    assert not Unit.objects.filter(code="0199").exists()


def test_an_update_that_names_an_unknown_unit_says_so(tmp_path):
    unit()
    bring(write_csv(tmp_path / "week1.csv", order(供电单位="0101")))

    summary = bring(write_csv(tmp_path / "week2.csv", order(供电单位="0199")))

    assert [row[-1] for row in rejected(summary)] == ["unknown_unit"]


def test_a_quarantine_file_that_was_corrected_is_taken(tmp_path):
    summary = bring(office_csv(tmp_path))
    with tray.reading(Path(summary.quarantine_file)) as file:
        rows = list(csv.reader(io.TextIOWrapper(file, "utf-8-sig", newline="")))
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

    org.load_units(rows=register, actor=SYSTEM, now=NOW)

    assert dict(Unit.objects.filter(code__startswith="01").values_list("path", "provisional")) == {
        "/01/": False,
        "/01/0101/": False,
        "/01/0101/010101/": True,
    }


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


def test_an_office_s_own_words_are_read_without_naming_a_layout(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(
        "序号,单号,来电类别,来电时刻,诉求描述,责任单位,答复时刻\n"
        "1,20250001,投诉,2025-10-01 08:05:00,停电,东城供电所,2025-10-02 09:00:00\n",
        encoding="utf-8",
    )

    summary = bring(path, "auto")

    case = Case.objects.get()
    assert (summary.layout, summary.accepted, summary.quarantined) == ("office_95598", 1, 0)
    assert (case.number, case.business_type, case.unit.name) == ("20250001", "complaint", "东城供电所")
    assert (case.accepted_at.isoformat(), case.answered_at.isoformat(), case.received_at) == (
        "2025-10-01T00:05:00+00:00",
        "2025-10-02T01:00:00+00:00",
        None,
    )


LONG = {
    "供电单位编码": "U" * 100,
    "供电单位": "很长的供电单位名称" * 20,
    "主单编号": "P" * 100,
    "所属线路": "线" * 300,
    "所属台区": "区" * 300,
    "户号": "3" * 200,
    "联系电话": "1" * 200,
    "处理情况": "已处理" * 5_000,
    "工单状态": "处理中" + "x" * 490,
}


@pytest.mark.parametrize("column", LONG)
def test_whatever_is_long_is_taken_whole_or_put_aside_but_breaks_nothing(tmp_path, column):
    rows = order(**{column: LONG[column]})
    rows.append(["N2", *rows[1][1:4], ""])

    summary = bring(write_csv(tmp_path / "a.csv", rows))

    assert summary.accepted + summary.quarantined == 2
    assert Case.objects.filter(number="N2").exists()
    assert chain.verify()[0] == summary.accepted + 1


def test_a_warning_that_fired_or_an_urge_does_not_keep_the_next_file_out(tmp_path):
    unit()
    accepted = "2025-10-31 08:05:00"
    bring(write_csv(tmp_path / "week1.csv", order(accepted=accepted, 工单状态="处理中", 供电单位="0101")))
    assert sweep.sweep(now=NOW + timedelta(days=3)) > 0
    perform(number=GOOD[0], verb="urge", actor=actor("office"), now=NOW, form={"note": "客户再次来电"})

    answered = order(accepted=accepted, 工单状态="归档", 供电单位="0101", 回单时间="2025-10-31 16:00:00")
    summary = bring(write_csv(tmp_path / "week2.csv", answered))

    assert (counts(summary), Case.objects.get().state) == ((1, 1, 0, 0), "archived")


def test_an_older_file_does_not_take_back_what_is_known(tmp_path):
    bring(write_csv(tmp_path / "week2.csv", order(工单状态="归档", 回单时间="2025-10-08 16:00:00")))
    before = Case.objects.values().get()

    summary = bring(write_csv(tmp_path / "week1.csv", order(工单状态="处理中", 回单时间="")))

    assert counts(summary) == (1, 0, 0, 1)
    assert [row[-1] for row in rejected(summary)] == ["steps_back"]
    assert Case.objects.values().get() == before


def test_a_header_without_orders_is_bad_input(tmp_path):
    with pytest.raises(BadInput) as wrong:
        bring(write_csv(tmp_path / "a.csv", order()[:1]))

    assert wrong.value.code == "no_rows"


def test_traditional_and_simplified_names_are_one_unit(tmp_path):
    rows = [[*HEADERS, "供电单位"], [*GOOD, "城東供電所"], ["2025100100077", *GOOD[1:], "城东供电所"]]

    bring(write_csv(tmp_path / "a.csv", rows))

    assert len({case.unit_id for case in Case.objects.all()}) == 1
