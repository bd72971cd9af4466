"""The pages of tracing in a browser: WCAG by axe, on a phone, enlarged four times, on paper."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker as Blocker

from suyuan.actions import traced
from suyuan.store.models import Case, Unit
from suyuan.store.queries.cases import LOCAL
from suyuan.web.chain_drawing import Stop, draw
from suyuan.web.trace_ways import PRINTED
from tests import traced_city
from tests.doors.test_web_axe import FRAME, SITE, styled, violations
from tests.factories import case_at, person, unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
ENLARGED = {"width": 320, "height": 256}
"""What is left of a window of 1280 by 1024 that is enlarged four times."""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the files of a city with chains of several nodes, and with several chains to a complaint."""
    return traced_city.made(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def pages(
    city: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Blocker
) -> dict[str, dict[str, str]]:
    """Return each page in each language as it is sent: made once, since a log is learned from for it."""
    with django_db_blocker.unblock(), transaction.atomic():
        sent = _sent(city, tmp_path_factory.mktemp("taken"))
        transaction.set_rollback(True)
    traced_city.forget()
    return sent


def _sent(city: Path, room: Path) -> dict[str, dict[str, str]]:
    """Return the pages of a complaint with several nodes, and of one with several chains."""
    unit("0102")
    [long] = traced_city.of_kind(city, "zero_reading")
    traced_city.take(city, room)
    answers = traced.answers(number for number in traced.known().newest if number != long)
    several = next(number for number, one in answers.items() if len(one.traced.chains) > 1)
    cases = {name: case_at("archived") for name in (long, several)}
    for case in cases.values():
        Case.objects.filter(pk=case.pk).update(unit=Unit.objects.get(code="0101"))
    traced_city.take(city, room, {name: case.number for name, case in cases.items()})
    number, other = cases[long].number, cases[several].number
    said = {
        "trace_verdict": "corrected",
        "note": "另有其处",
        "liability_node": "meter.change",
        "unit": "0102",
    }
    assert client("office").post(f"/trace/{number}/judge/", said).status_code == 302
    addresses = {
        "trace": f"/trace/{number}/",
        "several": f"/trace/{other}/",
        "case": f"/case/{number}/",
        "judge": f"/trace/{number}/judge/",
        "list": "/trace/?came=",
        "orders": "/trace/orders/",
        "order": "/trace/orders/DZ0000001/",
    }
    return {
        name: {language: html(address, language) for language in ("zh-hans", "en")}
        for name, address in addresses.items()
    }


def client(role: str, language: str = "zh-hans") -> Client:
    found = Client()
    found.force_login(person(role))
    found.cookies["django_language"] = language
    return found


def html(address: str, language: str) -> str:
    answer = client("office", language).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def window(page):
    """Return the browser's window, with axe in it."""
    page.emulate_media(reduced_motion="reduce")
    page.route("**/*", styled)
    page.goto(SITE)
    page.evaluate(AXE_SCRIPT)
    return page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_of_tracing_breaks_wcag_aa(window, pages, language) -> None:
    broken = []

    for name, sent in pages.items():
        window.set_content(sent[language])
        window.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        broken += [f"{name} {found}" for found in violations(window, FRAME)]

    assert broken == []


def test_every_part_of_the_drawing_is_big_enough_for_a_finger(window, pages) -> None:
    for width, kind in ((390, "narrow"), (1280, "wide")):
        window.set_viewport_size({"width": width, "height": 900})
        for name in ("trace", "case"):
            window.set_content(pages[name]["zh-hans"])
            sizes = window.eval_on_selector_all(
                f".{kind} .timeline-chain a",
                "all => all.map(a => a.getBoundingClientRect()).map(b => Math.min(b.width, b.height))",
            )
            assert len(sizes) == 7
            assert min(sizes) >= 24


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_enlarged_four_times_a_page_is_read_without_scrolling_sideways(window, pages, language) -> None:
    window.set_viewport_size(ENLARGED)
    wide = {}

    for name, sent in pages.items():
        window.set_content(sent[language])
        wide[name] = window.evaluate("document.documentElement.scrollWidth")

    assert wide == dict.fromkeys(pages, ENLARGED["width"])
    window.set_content(pages["trace"][language])
    assert [window.is_visible(f".drawing.{kind}") for kind in ("narrow", "wide")] == [True, False]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", ["trace", "several"])
def test_the_sheet_of_a_trace_is_one_page_with_the_drawing_on_it(window, pages, name, language) -> None:
    window.set_content(pages[name][language])

    printed = window.pdf(format="A4")

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    window.emulate_media(media="print")
    assert window.is_visible(".timeline-chain")
    assert not window.is_visible(".chain")
    assert window.is_visible("table.printed")


def test_the_sheet_of_the_longest_chain_is_one_page_too(window, pages) -> None:
    """Six nodes are the most a chain has, and no sheet holds more events than are printed of all nodes."""
    moment = datetime(2025, 7, 1, tzinfo=UTC)
    stop = Stop(
        "then", "批量地址修改单 DZ0000001", "没有办“批量地址修改归档”", "营销部", "自 7-01", moment, moment
    )
    days = [
        replace(stop, since=moment + timedelta(days=n), until=moment + timedelta(days=n)) for n in range(7)
    ]
    height = draw(days, ["挡住了"] * 6, LOCAL).height
    window.set_content(pages["trace"]["en"])
    window.evaluate(
        """([height, rows]) => {
            const drawn = document.querySelector(".wide .timeline-chain");
            drawn.setAttribute("viewBox", "0 0 760 " + height);
            drawn.setAttribute("height", height);
            const shown = [...document.querySelectorAll("table.printed tbody tr:not(.no-print)")];
            for (let n = shown.length; n < rows; n++) { shown[0].after(shown[0].cloneNode(true)); }
            const said = document.querySelector(".conclusion");
            said.textContent += said.textContent;
        }""",
        [height, PRINTED + 1],
    )

    assert len(re.findall(rb"/Type\s*/Page\b", window.pdf(format="A4"))) == 1
