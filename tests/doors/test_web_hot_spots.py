"""Hot spots on their page and by command: who sees which, what stands behind one, what is not known yet."""

import json
from datetime import timedelta

import jsonschema
import pytest
from axe_playwright_python.base import AXE_SCRIPT

from suyuan.cli.schema import of
from suyuan.store.models import Case
from tests.board_pages import signed_in
from tests.doors.test_web_axe import SITE, styled
from tests.doors.test_web_evaluation_axe import broken
from tests.doors.test_web_linked import rows
from tests.factories import person
from tests.hot_spots import BURST, LAST, LINE, orders

pytestmark = pytest.mark.django_db
DAY = f"day={LAST}"


def test_a_line_with_more_than_usual_is_listed_with_its_orders_behind_it():
    orders(secret=6)
    office = signed_in("office")

    (row,) = rows(office.get(f"/hot-spots/?{DAY}"))

    assert row[0] == f"{LINE} · 故障报修"
    assert row[1] in {str(LAST - timedelta(days=back)) for back in range(BURST)}
    assert (int(row[3]) >= 15, float(row[4]) < 3, row[-1]) == (True, True, "还在持续")
    link = office.get(f"/hot-spots/?{DAY}").context["listed"].rows[0].cells[0].url
    page = office.get(link)
    numbers = [cells[0] for cells in rows(page)]
    behind = Case.objects.filter(number__in=numbers)
    assert {(one.line, one.business_type) for one in behind} == {(LINE, "repair")}
    assert len(numbers) == int(row[3])
    drawn, usual = (each["data"] for each in page.context["chart"]["series"])
    assert (sum(drawn[-BURST:]) >= 20, max(usual[-BURST:]) < 1) == (True, True)
    assert [int(n) for _, n, _ in page.context["daily"][:BURST]] == drawn[: -BURST - 1 : -1]
    assert "密线" not in office.get(f"/hot-spots/?{DAY}").content.decode() + page.content.decode()


def test_what_reaches_beyond_the_units_of_who_looks_is_not_there_for_them():
    orders()
    link = signed_in("office").get(f"/hot-spots/?{DAY}").context["listed"].rows[0].cells[0].url
    other, own = signed_in("station", at="0101"), signed_in("marketing", at="0102")

    assert rows(other.get(f"/hot-spots/?{DAY}")) == []
    assert other.get(link).status_code == 404
    assert [row[0] for row in rows(own.get(f"/hot-spots/?{DAY}"))] == [f"{LINE} · 故障报修"]
    assert own.get(link).status_code == 200


def test_too_few_days_and_no_hot_spot_are_said(suyuan):
    orders(burst=0)
    office = signed_in("office")

    calm = office.get(f"/hot-spots/?{DAY}")
    early = office.get(f"/hot-spots/?day={LAST - timedelta(days=40)}")

    assert (rows(calm), calm.context["listed"].empty.title) == ([], "没有热点")
    assert "每月 1 次误报" in calm.content.decode()
    assert (rows(early), early.context["listed"].empty.title) == ([], "还看不出热点")
    assert "已知 40 天的工单，满 70 天" in early.content.decode()
    assert office.get("/hot-spots/?day=2026-02-30").status_code == 422
    assert office.get("/hot-spots/?day=2999-01-01").status_code == 422


def test_the_command_says_what_the_page_says(suyuan):
    orders()
    person("office")

    code, told, _ = suyuan("hotspots", "--as-of", str(LAST), "--as", "office", "--json")

    found = json.loads(told)
    jsonschema.validate(found, of("hotspots"))
    assert (code, found["as_of"], found["known"], found["windows"]) == (0, str(LAST), 80, 14)
    assert [one["at"] for one in found["hot_spots"]] == [f"line:{LINE}+type:repair"]


def test_the_detector_says_what_the_page_says_and_names_no_secret_case(suyuan):
    orders()
    hidden = Case.objects.filter(line=LINE, business_type="repair").latest("accepted_at")
    Case.objects.filter(pk=hidden.pk).update(secrecy="anonymous")

    told = json.loads(suyuan("detect", "hot_spot", "--as-of", str(LAST), "--json")[1])

    (one,) = told["signals"]
    assert (one["object"], one["unit"], one["why"]) == (
        f"line:{LINE}+type:repair",
        "0102",
        "hot_spot_place_type",
    )
    assert one["category"] == "outage.repair.overtime"
    assert one["sentence"]["zh"].startswith(f"{LINE}“故障报修”：2026-0")
    assert len(one["cases"]) == one["observed"] - 1
    assert hidden.number not in one["cases"]


@pytest.mark.browser
def test_the_page_of_one_breaks_no_rule_of_wcag(page):
    page.emulate_media(reduced_motion="reduce")
    page.route("**/*", styled)
    page.goto(SITE)
    page.evaluate(AXE_SCRIPT)
    orders()
    office = signed_in("office")
    link = office.get(f"/hot-spots/?{DAY}").context["listed"].rows[0].cells[0].url

    assert broken(page, office, link) == []


def test_a_day_to_come_is_refused(suyuan):
    orders(burst=0)
    person("office")

    code, _, error = suyuan("hotspots", "--as", "office", "--as-of", "2099-05-01")

    assert (code, "in_the_future" in error) == (2, True)
