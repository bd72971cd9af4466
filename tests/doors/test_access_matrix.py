"""Every address × every role × every scope, compared with docs/permissions.md as it is drawn.

The page is read, not the code: whoever loosens an entry without the page, or the page without the entry, or
forgets in a view to leave out what is not in reach, fails here. Whether an address opens depends on the
roles alone, so the table is asked for all of them and one who is turned away knocks; what a page shows
depends on the reach, so one viewer of each reach looks at it, in turn another role's from page to page.

On PostgreSQL one viewer asks each page, whoever's turn it is: there it is whether the page can be drawn.
"""

import contextlib
import io
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from itertools import product
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, URLPattern, get_resolver, resolve, reverse

from suyuan.domain.vocabulary import Role
from suyuan.web import access
from suyuan.web.access import Entry, Reach
from tests.access_world import CONSTANT, PHONE, TARGETS, Viewer, Where, World, build, everybody
from tests.conftest import on_postgres
from tests.list_pages import WALKED

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).parents[2] / "docs/permissions.md"
ROLES = list(Role)
GATE = {"no_access_entry", "page_not_for_role"}
WIDE = {
    "queue": {"scope": "all"},
    "export": {"scope": "all"},
    "ledger": {"period": "all"},
    "blame": {"period": "all"},
    "blame_export": {"period": "all"},
    "liabilities": {"show": ""},
    "vetoes": {"show": ""},
    "drill": {"period": "all", "type": "complaint"},
    "reconcile_cases": {"period": "all", "code": "not_registered"},
    "drill_export": {"period": "all", "type": "complaint"},
}
"""What a list is asked for, so that it shows all it ever shows."""
POSTED = {
    "search": {"q": PHONE[Where.SIBLING]},
    "contact_lookup": {"phone": PHONE[Where.SIBLING]},
    "contact": {"lookup": "1", "phone": PHONE[Where.RESTRICTED]},
    "view_forget": {"view": "1"},
}
"""What is handed in where an empty form would find nothing."""


def drawn() -> dict[str, Entry]:
    """Return the table as docs/permissions.md draws it."""
    found = {}
    section = PAGE.read_text("utf-8").partition("## Who may open which page")[2]
    for row in re.findall(r"^\| `([\w:.-]+)` \| `(?:[^`]*)` \|(.*)\|$", section, re.MULTILINE):
        *marks, reach = (cell.strip() for cell in row[1].split("|"))
        assert len(marks) == len(ROLES)
        roles = frozenset(role for role, mark in zip(ROLES, marks, strict=True) if mark)
        found[row[0]] = Entry(roles, Reach(reach), signed_in="○" not in marks)
    return found


def addresses(entries, space: str = "", above: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every address by name, with the names of its parameters and of those it lies under."""
    for entry in entries:
        known = (*above, *entry.pattern.converters, *getattr(entry.pattern.regex, "groupindex", ()))
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", tuple(dict.fromkeys(known))
        else:
            inner = f"{entry.namespace}:" if entry.namespace else ""
            yield from addresses(entry.url_patterns, space + inner, known)


PARAMETERS = dict(addresses(get_resolver().url_patterns))
DRAWN = drawn()


LAKE = {
    "home",
    "week",
    "calls",
    "reconcile",
    "reconcile_cases",
    "board",
    "board_refresh",
    "drill",
    "drill_export",
    "consistency",
}
"""Pages of figures cost too much to be drawn for an auditor of the station, who sees the more there."""
TURN = {name: turn for turn, name in enumerate(sorted(DRAWN))}
"""Whose turn it is among the roles that are alike on a page."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the code of a refusal, where it leads, all its words."""

    status: int
    code: str
    leads: str
    text: str
    lists: bool
    """Whether the page draws the rows of a list."""


class Walk:
    """The office, and the sessions of its people."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.client = Client()
        self.signed_in: dict[Viewer, SimpleCookie] = {}
        self.shut: set[tuple[str, str]] = set()
        """Addresses and methods that nothing answers: tried once, by the first who is let in."""
        for viewer in world.viewers:
            self.enter(viewer)

    def enter(self, viewer: Viewer) -> None:
        """Sign somebody in, where it is somebody."""
        self.client.cookies = SimpleCookie()
        if viewer.user is not None:
            self.client.force_login(viewer.user)
        self.signed_in[viewer] = self.client.cookies

    def ask(self, viewer: Viewer, method: str, url: str, given: dict[str, str]) -> Answer:
        """Return the answer to one request, and undo what it did."""
        self.client.cookies = SimpleCookie(self.signed_in[viewer].output(header="", sep=";"))
        with transaction.atomic():
            answer = getattr(self.client, method)(url, given)
            code = str((answer.context or {}).get("code", "")) if answer.status_code >= 400 else ""
            leads = answer.headers.get("Location", "")
            drawn = any("<tr data-row" in (each.source or "") for each in getattr(answer, "templates", ()))
            found = Answer(answer.status_code, code, leads, body(answer) + leads, drawn)
            transaction.set_rollback(True)
        return found


@pytest.fixture(scope="module")
def walk(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Walk]:
    """Build the office once; everything is undone at the end."""
    log = logging.getLogger("django.request")
    level = log.level
    log.setLevel(logging.ERROR)
    with django_db_blocker.unblock(), transaction.atomic():
        yield Walk(build(tmp_path_factory.mktemp("orders")))
        transaction.set_rollback(True)
    log.setLevel(level)


def body(answer) -> str:
    """Return what an answer says; a workbook as the text of its parts."""
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            raw = b"".join(book.read(name) for name in book.namelist())
    return raw.decode("utf-8", "replace")


def test_the_page_draws_the_table_that_the_middleware_asks() -> None:
    assert DRAWN == access.TABLE


def test_the_page_and_the_addresses_are_the_same() -> None:
    assert sorted(DRAWN) == sorted(PARAMETERS)


def test_no_address_is_named_twice() -> None:
    said = re.findall(r'\b(?:pages|open_to_all)\(\s*"([^"]+)"', Path(access.__file__).read_text("utf-8"))
    names = " ".join(said).split()

    assert (len(names), sorted(names)) == (len(access.TABLE), sorted(access.TABLE))


def test_every_role_is_let_in_where_the_page_says_and_nowhere_else() -> None:
    asked = {
        (name, role): access.refusal(name, frozenset({role} if role else ())) is None
        for name, role in product(DRAWN, (*ROLES, None))
    }

    assert asked == {(name, role): allowed(DRAWN[name], role) for name, role in asked}


def allowed(entry: Entry, role: Role | None) -> bool:
    """Return whether the page lets a role in: an entry for all roles is one for those without, too."""
    return entry.roles == frozenset(Role) or role in entry.roles


def scopes(name: str) -> list[Where]:
    """Return the places of a row that an address can name: all, or one where it names none."""
    named = [each for each in PARAMETERS[name] if each in TARGETS]
    if not named or DRAWN[name].reach is Reach.NONE:
        return [Where.OWN]
    return [where for where in Where if where is not Where.RESTRICTED or "number" in named]


def address(name: str, world: World, where: Where) -> str:
    """Return an address that names what stands ``where``."""
    values = {
        each: TARGETS[each](world, where) if each in TARGETS else CONSTANT.get(each, "1")
        for each in PARAMETERS[name]
    }
    return reverse(name, kwargs=values)


def readers(name: str, viewers: list[Viewer]) -> list[Viewer]:
    """Return one viewer for each different reach of a page; of those who are alike, whoever's turn it is."""
    entry = DRAWN[name]
    alike: dict[tuple[bool, ...], list[Viewer]] = {}
    for viewer in viewers:
        if viewer.user is not None and allowed(entry, viewer.role):
            alike.setdefault(tuple(viewer.sees(where, entry.reach) for where in Where), []).append(viewer)
    if len(scopes(name)) == 1:  # whoever sees everything cannot be shown too much
        alike.pop((True,) * len(Where), None)
    if name in LAKE:
        alike.pop((True, False, False, True), None)
    groups = list(alike.values())
    if entry.reach in (Reach.NONE, Reach.OWN):  # the same for everybody: whoever sees least elsewhere asks
        groups = groups[:1]
    if on_postgres() and groups:
        groups = [groups[TURN[name] % len(groups)]]
    return [group[TURN[name] % len(group)] for group in groups]


def strangers(name: str, viewers: list[Viewer]) -> list[Viewer]:
    """Return somebody whom the table turns away, if it does anybody."""
    away = [each for each in viewers if each.user is not None and not allowed(DRAWN[name], each.role)]
    return [away[TURN[name] % len(away)]] if away else []


def wrong(name: str, viewer: Viewer, where: Where, answer: Answer) -> str:
    """Return what is wrong with the answer to somebody let in, nothing where it is as drawn."""
    reach = DRAWN[name].reach
    if answer.status >= 500:
        return f"failed with {answer.status}"
    if answer.status == 403 and answer.code in GATE:
        return "refused"
    expected = viewer.sees(where, reach) and reach is not Reach.OWN
    if len(scopes(name)) > 1 and (answer.status != 404) is not expected:
        return f"answered {answer.status} about what stands {where}"
    return ""


def unknown_list(name: str, method: str, answer: Answer) -> str:
    """Return what is wrong with a page that draws a list whose plans and questions nothing looks at."""
    known = name in WALKED or method == "post" or answer.status != 200
    return "draws a list that tests/list_pages.py does not know" if answer.lists and not known else ""


def leaks(walk: Walk, viewer: Viewer, reach: Reach, answer: Answer, asked: str) -> list[str]:
    """Return the words of rows out of reach that stand on a page, but those that were asked for."""
    hidden = [word for where in Where if not viewer.sees(where, reach) for word in walk.world.said[where]]
    shown = ANY_UNIT.sub("", answer.text)
    return [f"shows {word}" for word in hidden if word in shown and word not in asked]


ANY_UNIT = re.compile(r"<select\b[^>]*\bask_support-unit\b.*?</select>", re.DOTALL)
"""The one list of every unit, by name: support may be asked of any of them (docs/desks.md)."""


def faults(walk: Walk, name: str, viewer: Viewer) -> Iterator[str]:
    """Yield everything that is not as the page says when ``viewer``, who is let in, opens one address."""
    for where, method in product(scopes(name), ("get", "post")):
        if (name, method) in walk.shut:
            continue
        url = address(name, walk.world, where)
        given = WIDE.get(name, {}) if method == "get" else POSTED.get(name, {})
        answer = walk.ask(viewer, method, url, given)
        if answer.status == 405:
            walk.shut.add((name, method))
            continue
        found = wrong(name, viewer, where, answer) or unknown_list(name, method, answer)
        for fault in [found] if found else leaks(walk, viewer, DRAWN[name].reach, answer, f"{url} {given}"):
            yield f"{method} {url} as {viewer}: {fault}"


SIGNED_IN = sorted(name for name, entry in DRAWN.items() if entry.signed_in)


@pytest.mark.parametrize("name", SIGNED_IN)
def test_a_page_shows_what_lies_in_reach(name: str, walk: Walk) -> None:
    assert [
        fault for viewer in readers(name, walk.world.viewers) for fault in faults(walk, name, viewer)
    ] == []


KEEPS_THE_FORM = ("contact", "post")
"""A call that was typed while the session ran out is shown again, and taken nowhere."""


@pytest.mark.skipif(on_postgres(), reason="who is turned away is asked before the database is")
@pytest.mark.parametrize("name", SIGNED_IN)
def test_an_address_turns_away_whom_the_page_does_not_name(name: str, walk: Walk) -> None:
    url = address(name, walk.world, Where.OWN)
    for stranger, method in product(strangers(name, walk.world.viewers), ("get", "post")):
        answer = walk.ask(stranger, method, url, {})
        assert (answer.status, answer.code) == (403, "page_not_for_role"), (method, str(stranger))
    for method in ("get", "post"):
        answer = walk.ask(walk.world.viewers[-1], method, url, {})
        led = (answer.status, answer.leads.startswith("/accounts/login/"))
        assert led == ((401, False) if (name, method) == KEEPS_THE_FORM else (302, True)), method


@pytest.mark.parametrize("name", sorted(set(DRAWN) - set(SIGNED_IN)))
def test_an_address_open_to_all_does_not_ask_for_signing_in(name: str, walk: Walk) -> None:
    answer = walk.ask(walk.world.viewers[-1], "get", address(name, walk.world, Where.OWN), {})

    assert (answer.code in GATE, "next=" in answer.leads) == (False, False)


LIBRARY = ("account_", "mfa_")
"""Pages of one's own account: alike for everybody."""
OFFERED = re.compile(r'\b(?:href|action|formaction)="(/[^"?#]*)')
"""Where a page leads: its links, forms and buttons."""


def offered(html: str) -> set[str]:
    """Return the names of the addresses that a page offers; a file of the look has none."""
    found = set()
    for path in set(OFFERED.findall(html)):
        with contextlib.suppress(Resolver404):
            found.add(resolve(path).view_name)
    return found


def refused(html: str, role: Role) -> list[str]:
    """Return what a page offers that the table refuses a role."""
    return sorted(name for name in offered(html) if not allowed(DRAWN[name], role))


@pytest.mark.skipif(on_postgres(), reason="what a page offers does not depend on the database")
def test_no_page_offers_what_is_then_refused(walk: Walk) -> None:
    """Somebody with every role is offered all there is; who may not open a part must not be offered it.

    Of the roles to which the same is shut, whoever's turn it is looks at the page.
    """
    whole = Viewer(None, "01", everybody())
    walk.enter(whole)
    stations = [each for each in walk.world.viewers if each.role and each.at == "0101"]
    wrong = {}
    for name in sorted(set(SIGNED_IN) - (LAKE - {"home"})):
        if name.startswith(LIBRARY) or (name, "get") in walk.shut:
            continue
        url = address(name, walk.world, Where.OWN)
        shown = walk.ask(whole, "get", url, {}).text.partition("<main")[2]
        alike: dict[tuple[str, ...], list[Viewer]] = {}
        for viewer in stations:
            if allowed(DRAWN[name], viewer.role) and (shut := refused(shown, viewer.role)):
                alike.setdefault(tuple(shut), []).append(viewer)
        for group in alike.values():
            viewer = group[TURN[name] % len(group)]
            wrong[name, viewer.role] = refused(walk.ask(viewer, "get", url, {}).text, viewer.role)

    assert len(wrong) > 20
    assert {at: found for at, found in wrong.items() if found} == {}
