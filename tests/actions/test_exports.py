"""What is exported comes back as the same orders, within reach; who took it out is written down."""

import zipfile

import pytest
from django.db import transaction

from suyuan.actions import exports, imports
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.gateways.layout import load, read_orders
from suyuan.store.models import Case, Clock, Contact, Event, Unit
from suyuan.store.queries import personal
from tests.factories import NOW, actor, case_at, do, person
from tests.methods.order_files import GOOD, HEADERS, write_csv

pytestmark = pytest.mark.django_db
CLERK = Actor("clerk", frozenset())
KEPT = (
    "number",
    "business_type",
    "procedure",
    "state",
    "is_open",
    "type_code",
    "category",
    "level",
    "channel",
    "site",
    "specialty",
    "line",
    "area",
    "is_child",
    "parent_number",
    "brief",
    "account_index",
    "phone_index",
    "finding",
    "satisfaction",
    "clock_reason",
    "accepted_at",
    "dispatched_at",
    "answered_at",
    "archived_at",
    "unit__code",
)


def bring(path, layout="auto"):
    """Import a file."""
    return imports.run(path=path, layout=layout, actor=CLERK, now=NOW)


def take_out(path, username="", purpose="move"):
    """Export to a file and return how many orders it holds."""
    taken = exports.orders(path=path, username=username, purpose=purpose, actor=CLERK, now=NOW)
    return taken.orders


def cases(*more):
    """Return every case by what an export keeps."""
    return list(Case.objects.order_by("number").values(*KEPT, *more))


def binding():
    """Return the clocks orders are judged by; a file with fewer columns has fewer of the others."""
    rows = Clock.objects.filter(binding=True).order_by("case__number")
    return list(rows.values_list("case__number", "limit", "due_at", "stopped_at", "state"))


def nasty_file(folder):
    columns = [*HEADERS, "供电单位", "户号", "联系电话", "处理情况", "回单时间", "工单状态", "要求完成时间"]
    texts = ['=1+1，他说"没电"\n第二行', "'@已处理", "合计", "１２３ 全角　空格"]
    rows = [
        [f"N{n}", "投诉", "2025-10-01 00:30:00", text, f"0{n}01 某所", f"33000123456{n}", "+86 139", text]
        + ["2025-10-02 09:00:00", "归档" if n % 2 else "处理中", "2025-10-03 09:00:00" if n else ""]
        for n, text in enumerate(texts)
    ]
    return write_csv(folder / "nasty.csv", [columns, *rows])


@pytest.mark.parametrize("name", ["全部.csv", "全部.xlsx", "全部.csv.gz"])
def test_an_export_imported_into_an_empty_home_gives_the_same_orders(tmp_path, name):
    bring(nasty_file(tmp_path))
    before = cases()
    clocks = binding()
    assert take_out(tmp_path / name) == 4

    with transaction.atomic():
        forget_everything()
        summary = bring(tmp_path / name)

        assert (summary.layout, summary.accepted, summary.quarantined) == ("suyuan", 4, 0)
        assert cases() == before
        assert binding() == clocks
        take_out(tmp_path / "again.csv")
    assert records(tmp_path / "again.csv") == records(tmp_path / name)


def forget_everything():
    from django.db import connection

    tables = ["clockentry", "rung", "clock", "contact", "note", "attachment", "event", "case", "search"]
    with connection.cursor() as cursor:
        for table in tables[:-1]:
            cursor.execute(f"DELETE FROM store_{table}")
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO store_search(store_search) VALUES ('delete-all')")
        else:
            cursor.execute("DELETE FROM store_search")
    Unit.objects.exclude(parent=None).order_by("-path").delete()


def records(path):
    """Return the records of an exported file."""
    return [outcome.record for outcome in read_orders(path, load("suyuan", path.parent))]


def test_the_zone_an_order_was_taken_in_survives(tmp_path):
    rows = [
        [
            "case_enquiry_id",
            "open_dt",
            "target_dt",
            "closed_dt",
            "ontime",
            "case_status",
            "case_title",
            "type",
        ],
        ["101", "2025-06-30 23:30:00", "", "2025-07-02 09:00:00", "ONTIME", "Closed", "Pothole", "Pothole"],
    ]
    bring(write_csv(tmp_path / "boston.csv", rows), "boston_311")
    before = cases("zone")
    take_out(tmp_path / "a.csv")

    with transaction.atomic():
        forget_everything()
        bring(tmp_path / "a.csv")

        assert cases("zone") == before


def test_what_was_worked_here_is_exported_too(tmp_path):
    case = case_at("archived")

    take_out(tmp_path / "a.csv")

    (record,) = records(tmp_path / "a.csv")
    assert (record.number, record.text, record.phone, record.account) == (
        case.number,
        "客户反映抄表员连续三个月未抄表，电话13912345678，要求核实",
        "13912345678",
        "3300012345678",
    )
    assert (record.closed, record.finding, record.satisfaction, record.unit_code) == (
        True,
        "unverified",
        "satisfied",
        "0101",
    )
    assert record.moments["answered_at"] == case.answered_at


def test_only_what_the_person_reaches_goes_out(tmp_path):
    near, _ = case_at("dispatched"), case_at("registered")
    person("station")

    assert take_out(tmp_path / "a.csv", "station", "") == 1
    assert [record.number for record in records(tmp_path / "a.csv")] == [near.number]


def test_a_restricted_case_goes_out_only_with_those_who_may_see_it(tmp_path):
    case_at("dispatched", "report")
    person("station"), person("leader")

    assert take_out(tmp_path / "a.csv", "station", "") == 0
    assert take_out(tmp_path / "b.csv", "leader", "") == 1


def test_who_took_how_many_is_written_down(tmp_path):
    case_at("dispatched")
    person("office")

    taken = exports.orders(
        path=tmp_path / "a.csv",
        username="office",
        purpose="inspection",
        actor=actor("office"),
        now=NOW,
    )

    event = Event.objects.get(stream="register:export")
    assert (event.verb, event.actor, event.objects_json) == ("export", "office", [["export", taken.code]])
    assert event.detail == {
        "code": taken.code,
        "orders": 1,
        "reach": "office",
        "purpose": "inspection",
        "masked": False,
    }


def test_nobody_of_that_name_takes_nothing(tmp_path):
    case_at("dispatched")

    with pytest.raises(BadInput) as wrong:
        take_out(tmp_path / "a.csv", "nobody")

    assert (wrong.value.code, (tmp_path / "a.csv").exists()) == ("unknown_person", False)
    assert not Event.objects.filter(stream="register:export").exists()


def test_a_format_nobody_reads_is_refused(tmp_path):
    with pytest.raises(BadInput) as wrong:
        take_out(tmp_path / "a.docx")

    assert wrong.value.code == "unknown_format"
    assert Event.objects.count() == 0


def test_what_an_open_case_has_reached_is_exported_with_it(tmp_path):
    case = do(case_at("handling"), "contact", "station", reached=True, contact_note="已联系")

    take_out(tmp_path / "a.csv")

    (record,) = records(tmp_path / "a.csv")
    assert (record.closed, set(record.moments)) == (
        False,
        {"received_at", "registered_at", "dispatched_at", "taken_at", "contacted_at"},
    )
    assert record.moments["contacted_at"] == case.contacted_at


def test_the_file_is_safe_to_open_in_a_spreadsheet(tmp_path):
    bring(write_csv(tmp_path / "in.csv", [HEADERS, [*GOOD[:3], '=HYPERLINK("http://example.invalid")']]))

    take_out(tmp_path / "a.csv")

    assert ",\"'=HYPERLINK(" in (tmp_path / "a.csv").read_text("utf-8-sig")


def test_without_a_purpose_it_leaves_masked(tmp_path):
    case_at("registered")

    assert take_out(tmp_path / "a.csv", purpose="") == 1
    said = (tmp_path / "a.csv").read_text("utf-8-sig")
    assert [planted for planted in ("13912345678", "3300012345678", "张三丰") if planted in said] == []
    assert Event.objects.get(stream="register:export").detail["masked"] is True


@pytest.mark.parametrize(("role", "code"), [("station", "not_your_role"), ("agent", "not_your_role")])
def test_only_a_role_for_exports_takes_it_out_in_clear(tmp_path, role, code):
    case_at("dispatched")
    person(role)

    with pytest.raises(Refused) as no:
        take_out(tmp_path / "a.csv", role, "inspection")

    assert (no.value.code, (tmp_path / "a.csv").exists()) == (code, False)


def test_a_person_takes_out_in_clear_what_they_may_see_and_no_secret_reporter(tmp_path):
    case_at("registered"), case_at("registered", secrecy="anonymous")
    person("office")

    take_out(tmp_path / "a.csv", "office", "inspection")

    assert sorted(record.phone for record in records(tmp_path / "a.csv")) == ["", "13912345678"]


def test_a_purpose_nobody_knows_is_an_error(tmp_path):
    with pytest.raises(BadInput):
        take_out(tmp_path / "a.csv", purpose="curiosity")


def test_a_shredded_contact_leaves_as_nothing(tmp_path):
    case = case_at("archived")
    Contact.objects.filter(case=case).update(sealed=b"", masked="")

    assert take_out(tmp_path / "a.csv") == 1
    assert "13912345678" not in (tmp_path / "a.csv").read_text("utf-8-sig")


def test_every_file_carries_a_code_that_leads_back(tmp_path):
    case_at("registered")
    person("office")
    for name in ("a.csv", "a.xlsx"):
        taken = exports.orders(
            path=tmp_path / name, username="office", purpose="move", actor=actor("office"), now=NOW
        )
        parts = [(tmp_path / name).read_text("utf-8-sig")] if name == "a.csv" else workbook(tmp_path / name)

        line = f"{taken.code} · office · 2026-03-04 10:30 · 迁移到另一套系统"
        assert [line in part for part in parts] == [True] * len(parts)
        assert personal.taken_out(taken.code)["actor"] == "office"


def workbook(path):
    """Return the parts of a workbook that carry the mark: the sheet with its foot, the properties."""
    with zipfile.ZipFile(path) as book:
        return [book.read(name).decode() for name in ("xl/worksheets/sheet1.xml", "docProps/core.xml")]
