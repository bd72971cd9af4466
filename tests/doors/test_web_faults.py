"""Fault hot spots on their page and by command: what piles up, what returned, for whom, what to do."""

import json
from datetime import timedelta

import jsonschema
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone

from suyuan.actions import faults
from suyuan.cli.schema import of
from suyuan.store.models import Case, Contact, Note
from tests.board_pages import signed_in
from tests.doors.test_web_axe import SITE, styled
from tests.doors.test_web_evaluation_axe import broken
from tests.doors.test_web_linked import rows
from tests.factories import case_at, unit

pytestmark = pytest.mark.django_db
LINES = tuple(f"10kV{name}线" for name in "甲乙丙丁")
SAID = ("更换烧断的熔断器", "低压断线已接续", "变压器烧毁")
TREES = "树枝压在导线上，已清理"


@pytest.fixture(autouse=True)
def _anew():
    faults.forget()
    yield
    faults.forget()


def repairs(*, at: str = "0101", secret: bool = False) -> None:
    """Make repairs of four lines of which causes are alike, and trees at one of them."""
    first = case_at("restored", "repair")
    Note.objects.filter(case=first).delete()
    Contact.objects.filter(case=first).delete()
    made, held = [], {field.attname: getattr(first, field.attname) for field in Case._meta.concrete_fields}
    told = [(line, SAID[n % 3], 9 * n + 1) for line in LINES for n in range(24)]
    told += [(LINES[2], TREES, 9 * n + 5) for n in range(12)]
    for line, said, ago in told:
        case = Case(**held)
        case.pk, case.number, case.unit = None, f"F{len(made):04}", unit(at)
        case.line, case.area, case.restricted = line, f"{line}一区", secret
        case.accepted_at = timezone.now() - timedelta(days=ago)
        case.restored_at = case.accepted_at + timedelta(hours=2)
        made.append((case, said))
    Case.objects.bulk_create([case for case, _ in made])
    Case.objects.filter(pk=first.pk).update(state="void")
    by = dict(Case.objects.filter(number__startswith="F").values_list("number", "pk"))
    template = {"field": "cause", "at": timezone.now()}
    fields = {one.name for one in Note._meta.concrete_fields}
    Note.objects.bulk_create(
        Note(
            case_id=by[case.number],
            masked=said,
            sealed=b"",
            **{name: value for name, value in template.items() if name in fields},
        )
        for case, said in made
    )
    Case.objects.filter(pk__in=by.values()).update(answered_at=timezone.now() - timedelta(days=200))


def test_trees_at_one_line_pile_up_and_lead_to_what_is_to_be_done():
    repairs()
    office = signed_in("office")

    (row,) = rows(office.get("/hot-spots/faults/"))

    assert row[:2] == [f"{LINES[2]} {LINES[2]}一区", "树障"]
    assert (row[3], float(row[4]) < 5, "树障清理" in row[7], row[8]) == ("12", True, True, "登记改进事项")
    link = office.get("/hot-spots/faults/").context["listed"].rows[0].cells[-1].url
    form = office.get(link)
    assert (form.status_code, "树障" in form.content.decode()) == (200, True)
    assert "/hot-spots/faults/" in office.get("/hot-spots/").content.decode()


def test_what_returned_is_listed_with_its_orders():
    repairs()

    found = rows(signed_in("office").get("/hot-spots/faults/?show=again"))

    assert found[0][0] == f"{LINES[2]} {LINES[2]}一区"
    assert {row[1] for row in found} == {"树障", "熔断器和开关", "断线和接头", "变压器故障"}
    assert max(int(row[3]) for row in found) == 12
    assert found[0][6].startswith("F")


def test_who_reaches_other_units_sees_none_and_who_sends_no_crew_no_page():
    repairs(at="0102")
    unit("0101")

    assert rows(signed_in("station", at="0101").get("/hot-spots/faults/")) == []
    assert signed_in("marketing").get("/hot-spots/faults/").status_code == 403


def test_restricted_repairs_count_nowhere():
    repairs(secret=True)

    assert faults.found(*_year()).total == 0


def test_an_assessment_is_opened_of_a_technical_cause_at_its_place():
    repairs()
    Note.objects.filter(masked=TREES).update(masked="电缆中间接头击穿")
    office = signed_in("office")

    (row,) = office.get("/hot-spots/faults/").context["listed"].rows
    page = office.get(row.cells[-1].url)

    assert row.cells[-1].text == "开技术评估单"
    assert (page.status_code, "12 件" in page.content.decode()) == (200, True)
    assert office.get("/evaluations/open/?fault=none&days=365").status_code == 404


def test_the_command_has_the_same_with_figures_and_takes_a_table_of_outages(suyuan, tmp_path):
    repairs()
    signed_in("office", username="office")
    day = (timezone.now() - timedelta(days=40)).date()
    table = tmp_path / "outages.csv"
    table.write_text(
        "停电编号,停电开始时间,实际送电时间,线路,台区,停电类型,停电原因,单位\n"
        f"T1,{day} 08:00,{day} 10:00,{LINES[0]},{LINES[0]}二区,故障停电,雷击断路器跳闸,0101\n"
        f"T2,{day} 08:00,{day} 10:00,{LINES[0]},{LINES[0]}三区,计划停电,检修,0101\n",
        "utf-8",
    )

    code, told, _ = suyuan("faults", "--as", "office", "--outages", str(table), "--json")

    found = json.loads(told)
    jsonschema.validate(found, of("faults"))
    (one,) = found["hot_spots"]
    assert (code, one["cause"], one["level"], one["n"]) == (0, "tree", "area", 12)
    assert one["low"] > 1
    assert (found["causes"]["lightning"], found["causes"]["tree"]) == (1, 12)
    assert len(one["orders"]) == 12


@pytest.mark.browser
def test_the_page_breaks_no_rule_of_wcag(page):
    page.emulate_media(reduced_motion="reduce")
    page.route("**/*", styled)
    page.goto(SITE)
    page.evaluate(AXE_SCRIPT)
    repairs()
    office = signed_in("office")

    assert [broken(page, office, f"/hot-spots/faults/?show={show}") for show in ("piled", "again")] == [
        [],
        [],
    ]


def _year():
    today = timezone.localdate()
    return today - timedelta(days=365), today - timedelta(days=1)
