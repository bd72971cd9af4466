"""Every page of the console, held to WCAG 2.2 A and AA by axe: light and dark, desk and phone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.test import Client
from django.urls import reverse

from suyuan.domain.vocabulary import Role
from suyuan.store.models import Grant
from suyuan.web import access
from tests.access_world import CONSTANT, TARGETS, Where, World, build
from tests.board_pages import MONTH, signed_in, three_complaints
from tests.doors.test_access_matrix import PARAMETERS
from tests.factories import person, unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
FOUND = """async rules => (await axe.run({runOnly: rules, resultTypes: ["violations"]})).violations.flatMap(
    found => found.nodes.map(node => found.id + " " + node.target.join(" ") + " " +
        node.any.concat(node.all, node.none).map(why => why.message).join("; ").slice(0, 140)))"""
ELSEWHERE = ("api:", "account_logout", "mfa_edit", "mfa_remove")
"""Addresses of programs, one that ends the session, and those of a key that nobody here has."""

STANDS = (("light", 1280), ("dark", 390))
"""How a page is looked at; its language changes from one page to the next."""


def everybody():
    """Return somebody who holds every role over the whole company: who opens the most pages."""
    found = person("office", "01", "everybody")
    for role in set(Role) - {Role.OFFICE}:
        Grant.objects.create(person=found, role=role, unit=unit("01"))
    return found


def pages(client: Client, world: World) -> Iterator[str]:
    """Yield the addresses that answer with a page."""
    for name, wanted in sorted(PARAMETERS.items()):
        if name.startswith(ELSEWHERE) or not access.TABLE[name].roles:
            continue
        values = {
            each: TARGETS[each](world, Where.OWN) if each in TARGETS else CONSTANT.get(each, "1")
            for each in wanted
        }
        address = reverse(name, kwargs=values)
        answer = client.get(address)
        answer.close()
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            yield address


@pytest.fixture
def world(live_server, tmp_path) -> World:
    """Return the office of the access tests."""
    return build(tmp_path)


def violations(page, address: str) -> Iterator[str]:
    """Yield what axe finds on a page, however it is looked at."""
    page.goto(address)
    page.evaluate(AXE_SCRIPT)
    for theme, width in STANDS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
        for found in page.evaluate(FOUND, RULES):
            yield f"{theme} {width}: {found}"


def test_a_board_with_orders_left_out_has_targets_big_enough(live_server, page):
    three_complaints()
    client = signed_in("leader")
    page.emulate_media(reduced_motion="reduce")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    address = f"{live_server.url}/board/?period={MONTH}"

    assert list(violations(page, address)) == []
    sizes = page.eval_on_selector_all(
        ".out a", "all => all.map(a => a.getBoundingClientRect()).map(b => Math.min(b.width, b.height))"
    )
    assert (len(sizes) > 1, min(sizes) >= 24) == (True, True)


def test_no_page_breaks_wcag_aa(live_server, page, world):
    client = Client()
    client.force_login(everybody())
    cookie = client.cookies["sessionid"].value
    addresses = list(pages(client, world))
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    broken = {}
    page.emulate_media(reduced_motion="reduce")  # no colour is read half way between two themes

    for at, address in enumerate(addresses):
        language = ("zh-hans", "en")[at % 2]
        page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        if found := list(violations(page, live_server.url + address)):
            broken[f"{address} {language}"] = found

    assert broken == {}
    assert len(addresses) > 40
