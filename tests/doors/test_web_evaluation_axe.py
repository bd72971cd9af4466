"""Technical assessment and weak links with rows on them: WCAG by axe, on a desk and on a phone."""

from datetime import timedelta

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.test import Client
from django.utils import timezone

from suyuan.store.models import Case
from tests.board_pages import signed_in
from tests.disconnections import cut, register
from tests.doors.test_web_axe import FRAME, SITE, styled, violations
from tests.evaluations import DAY, LINE, a_theme, brought_up, evaluation_at, opened
from tests.factories import NOW, case_at, unit
from tests.lakes import fresh_lake
from tests.precomplaints import promoted

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
OPEN = f"/assessments/open/?theme=quality.voltage%7Cline%7C0101%7C{LINE}"


@pytest.fixture
def window(page):
    """Return the browser's window, with axe in it."""
    page.emulate_media(reduced_motion="reduce")
    page.route("**/*", styled)
    page.goto(SITE)
    page.evaluate(AXE_SCRIPT)
    return page


def broken(window, client: Client, address: str) -> list[str]:
    """Return what breaks WCAG on a page in both languages and widths, and where it scrolls sideways."""
    found = []
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        answer = client.get(address)
        assert answer.status_code == 200, address
        window.set_content(answer.content.decode())
        window.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        for width in (1280, 390):
            window.set_viewport_size({"width": width, "height": 900})
            if window.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{address} {language} {width} scrolls sideways")
        found += [f"{address} {language} {one}" for one in violations(window, FRAME)]
    return found


@pytest.mark.parametrize("role", ["office", "operations"])
def test_a_theme_its_order_and_the_form_that_opens_one_break_nothing(window, role) -> None:
    a_theme(timezone.now() - DAY)
    client = signed_in(role)
    form = broken(window, client, OPEN)
    numbers = opened().number, evaluation_at("checking", "10kV东三线").number

    assert "8" in client.get("/assessments/").content.decode()
    assert form == []
    assert broken(window, client, "/assessments/") == []
    assert [found for number in numbers for found in broken(window, client, f"/case/{number}/")] == []


def test_an_order_of_which_it_is_known_what_became_of_it_breaks_nothing(window) -> None:
    brought_up(20, NOW - DAY)
    case = evaluation_at("archived")

    assert broken(window, signed_in("office"), f"/case/{case.number}/") == []


def test_weak_links_with_a_weak_unit_break_nothing(window) -> None:
    unit("0102")
    first = case_at("archived")
    for at, code in enumerate(("0101", "0102", "0109")):
        for n in range(8):
            case = Case.objects.get(pk=first.pk)
            case.pk, case.number, case.unit = None, f"W{at}{n:03}", unit(code)
            case.account_index = f"{at}{n}"
            case.answered_at = NOW + timedelta(hours=90 if code == "0102" else 3, minutes=7 * n)
            case.save(force_insert=True)
    fresh_lake()
    client = signed_in("office")

    assert len(client.get("/weak-links/?period=2026-03").context["listed"].rows) == 1
    assert broken(window, client, "/weak-links/?period=2026-03") == []


def test_a_disconnection_the_list_and_the_form_that_registers_one_break_nothing(window, tmp_path) -> None:
    case, _ = cut(tmp_path)
    waits = register(tmp_path, account="3300012345699")
    client = signed_in("station")

    pages = ("/disconnections/", "/disconnections/open/", f"/case/{case.number}/", f"/case/{waits.number}/")

    assert [found for address in pages for found in broken(window, client, address)] == []


def test_a_pre_complaint_case_the_list_and_the_form_that_promotes_one_break_nothing(window) -> None:
    case = promoted(satisfaction="dissatisfied")
    client = signed_in("agent")
    form = f"/precomplaints/open/?case={case.parent_number}"

    record = f"/recovery/record/?case={case.parent_number}"
    pages = ("/precomplaints/", form, record, f"/case/{case.number}/", f"/case/{case.parent_number}/")

    assert [found for address in pages for found in broken(window, client, address)] == []
