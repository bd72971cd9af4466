"""Every page of the console, held to WCAG 2.2 A and AA by axe: light and dark, desk and phone.

The test's client draws a page, and one window of the browser shows it with its styles and scripts, so that
axe is read once. What no window shows is named with its reason.
"""

import mimetypes
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from suyuan.actions import schedules
from suyuan.actions.notice import channels
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.vocabulary import Role
from suyuan.store import rules
from suyuan.store.models import Grant, Person, RuleDraft
from suyuan.web import access
from tests import call_files, customer_files
from tests.access_world import CONSTANT, TARGETS, Where, World, build
from tests.board_pages import MONTH, signed_in, three_complaints
from tests.doors.test_access_matrix import PARAMETERS
from tests.doors.test_web_import import HEADS, ROWS
from tests.doors.test_web_people import PEOPLE
from tests.doors.test_web_rules import FORM
from tests.factories import unit

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

SITE = "http://suyuan.test"
TAGS = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
LOOKS = {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]}
"""What a theme or a width can change; the rest of a page stays as it is."""
STANDS = (("light", 1280, TAGS), ("dark", 390, LOOKS))
"""How a page is looked at; its language changes from one page to the next."""
FRAME = ("aside.side", "header.top")
"""What every page has around it alike: looked at once in each language."""
FOUND = """async ([left, rules]) =>
    (await axe.run({exclude: left}, {runOnly: rules, resultTypes: ["violations"], preload: false}))
    .violations.flatMap(found => found.nodes.map(node => found.id + " " + node.target.join(" ") + " " +
        node.any.concat(node.all, node.none).map(why => why.message).join("; ").slice(0, 140)))"""
CHANNEL = {"title": "短信", "language": "zh", "batch": "50", "url": "http://127.0.0.1:9/sms", "secret": "s"}
UNSEEN = {
    "answers before there is anybody": "begin",
    "a file, or none": "customers_quarantine call_file_quarantine people_file_quarantine export_file "
    "rules_file worksheet_file "
    "evidence_small evidence_view paper_sample paper_shipped mfa_download_recovery_codes",
    "asks for a second factor that nobody here has": "mfa_deactivate_totp mfa_view_recovery_codes "
    "mfa_reauthenticate mfa_authenticate mfa_login_webauthn mfa_reauthenticate_webauthn mfa_edit_webauthn "
    "mfa_remove_webauthn",
    "asks for a password that nobody here has": "account_change_password account_reauthenticate",
    "no provider is set up": "openid_connect_login openid_connect_callback",
    "looked at where there is something: test_web_trace_axe, test_web_evaluation_axe": "trace_order "
    "evaluation_open precomplaint_open recovery_record",
    "looked at where there is one: test_web_hot_spots": "hot_spot",
    "leads elsewhere": "set_language download paper_settle",
}
"""Why no window shows a page of an address, and which these are."""


def chief() -> Person:
    """Return who handed in everything there is of one's own, and holds every role over the whole company."""
    found = Person.objects.get(username="importer-own")
    for role in Role:
        Grant.objects.get_or_create(person=found, role=role, unit=unit("01"))
    return found


def values_of(client: Client, world: World) -> dict[str, dict[str, object]]:
    """Return the parameters of the addresses that name something nobody else made yet."""
    own = Grant.objects.filter(person__username="importer-own", unit__code="0101").first()
    channels.save(code="sms", carrier="sms_http", form=CHANNEL, actor=SYSTEM, now=timezone.now())
    schedules.keep(now=timezone.now())
    client.post("/rules/new/limit/", FORM | {"keep": "1"})
    draft, limit = {"draft": RuleDraft.objects.get().pk}, {"record": "complaint.answer"}

    def handed_in(to: str, *lines: str) -> dict[str, object]:
        """Hand a file in and return the mark it is kept under."""
        file = SimpleUploadedFile("a.csv", "\n".join(lines).encode())
        return {"token": client.post(to, {"file": file}).url.split("/")[3]}

    heads, known = ",".join(customer_files.HEADERS), ",".join(customer_files.KNOWN)
    return {
        "grant_withdraw": {"grant_id": own.pk},
        "ledger_decide": {"entry_id": TARGETS["entry_id"](world, Where.PARENT)},  # not of one's own unit
        "schedule": {"code": "lake"},
        "rules_kind": {"kind": "limit"},
        "rules_new": {"kind": "limit"},
        "rules_entry": {"kind": "limit", **limit},
        "rules_retarget": limit,
        "rules_proposal": draft,
        "rules_revise": draft,
        "import_file": handed_in("/import/upload/", HEADS, *ROWS),
        "customers_checked": handed_in("/customers/import/upload/", heads, known),
        "customers_columns": handed_in("/customers/import/upload/", "甲,乙", "1,2"),
        "call_file_checked": handed_in("/missed-calls/import/upload/", ",".join(call_files.HEADERS), "1"),
        "call_file_columns": handed_in("/missed-calls/import/upload/", "甲,乙", "1,2"),
        "people_file_checked": handed_in("/people/file/upload/", *PEOPLE.split()),
        "people_file_columns": handed_in("/people/file/upload/", "甲,乙", "1,2"),
    }


def pages(client: Client, world: World) -> Iterator[tuple[str, str, str]]:
    """Yield name, address and source of the pages there are; of an address without one, why it has none."""
    known, outside = values_of(client, world), Client()
    for at, (name, wanted) in enumerate(sorted(PARAMETERS.items())):
        if name.startswith("api:") or not access.TABLE[name].roles:
            continue
        values = {
            each: TARGETS[each](world, Where.OWN)
            if each in TARGETS and name not in known
            else CONSTANT.get(each, "1")
            for each in wanted
        }
        address = reverse(name, kwargs=values | known.get(name, {}))
        client.cookies["django_language"] = ("zh-hans", "en")[at % 2]
        answer = client.get(address)
        if answer.status_code == 302 and not access.TABLE[name].signed_in:
            answer = outside.get(address)
        html = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
        if html:
            yield name, address, answer.content.decode().replace('http-equiv="refresh"', "")
        elif answer.status_code not in (200, 405):
            yield name, address, ""
        answer.close()


def styled(route) -> None:
    """Answer a browser's question for a file of the look, with nothing to anything else."""
    path = urlsplit(route.request.url).path
    file = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    if file is None:
        route.fulfill(body="", content_type="text/html")
    else:
        route.fulfill(path=file, content_type=mimetypes.guess_type(file)[0])


def violations(page, left: Sequence[str] = ()) -> Iterator[str]:
    """Yield what axe finds on the page in the window, some parts left out, however it is looked at."""
    for theme, width, wanted in STANDS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
        for found in page.evaluate(FOUND, [list(left), wanted]):
            yield f"{theme} {width}: {found}"


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """Begin and end with no rulebook of another database."""
    rules.forget()
    yield
    rules.forget()


@pytest.fixture
def window(page):
    """Return the browser's window, with axe in it."""
    page.emulate_media(reduced_motion="reduce")  # no colour is read half way between two themes
    page.route("**/*", styled)
    page.goto(SITE)
    page.evaluate(AXE_SCRIPT)
    return page


def test_a_board_with_orders_left_out_has_targets_big_enough(window):
    three_complaints()
    window.set_content(signed_in("leader").get(f"/board/?period={MONTH}").content.decode())

    assert list(violations(window)) == []
    sizes = window.eval_on_selector_all(
        ".out a", "all => all.map(a => a.getBoundingClientRect()).map(b => Math.min(b.width, b.height))"
    )
    assert (len(sizes) > 1, min(sizes) >= 24) == (True, True)


def test_no_page_breaks_wcag_aa(window, tmp_path):
    world, client = build(tmp_path), Client()
    client.force_login(chief())
    broken, unseen, frames, seen = {}, set(), set(), 0

    for name, address, html in pages(client, world):
        if not html:
            unseen.add(name)
            continue
        seen += 1
        window.set_content(html)
        language = window.get_attribute("html", "lang")
        framed = window.query_selector(FRAME[0]) is not None
        if found := list(violations(window, FRAME if language in frames else ())):
            broken[address] = found
        frames |= {language} if framed else set()

    assert broken == {}
    assert set(unseen) ^ set(" ".join(UNSEEN.values()).split()) == set()
    assert (seen > 90, sorted(frames)) == (True, ["en", "zh-hans"])
