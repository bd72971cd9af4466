"""Every address × every role × every scope, compared with docs/permissions.md as it is drawn.

The page is read, not the code: whoever loosens an entry without the page, or the page without the entry, or
forgets in a view to leave out what is not in reach, fails here.
"""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from suyuan.domain.vocabulary import Role
from suyuan.web import access
from suyuan.web.access import Entry, Reach
from tests.access_world import CONSTANT, PHONE, TARGETS, Viewer, Where, World, build

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).parents[2] / "docs/permissions.md"
ROLES = list(Role)
GATE = {"no_access_entry", "page_not_for_role"}
WIDE = {
    "queue": {"scope": "all"},
    "export": {"scope": "all"},
    "drill": {"period": "all", "type": "complaint"},
    "drill_export": {"period": "all", "type": "complaint"},
}
"""What a list is asked for, so that it shows all it ever shows."""
POSTED = {
    "search": {"q": PHONE[Where.SIBLING]},
    "contact_lookup": {"phone": PHONE[Where.SIBLING]},
    "contact": {"lookup": "1", "phone": PHONE[Where.RESTRICTED]},
    "view_forget": {"name": "view-sibling"},
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


LAKE = {"home", "week", "calls", "board", "board_refresh", "drill", "drill_export", "consistency"}
"""Pages of figures cost too much to be drawn for every role: one of each kind of viewer asks for them."""
KINDS = {"office at 0101", "audit at 0101", "office at 01", "somebody at nowhere", "anonymous at nowhere"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the code of a refusal, where it leads, all its words."""

    status: int
    code: str
    leads: str
    text: str


class Walk:
    """The office, and the clients its people sit at."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clients: dict[Viewer, Client] = {}
        self.shut: set[tuple[str, str]] = set()
        """Addresses and methods that nothing answers: tried once, by the first who is let in."""
        for viewer in world.viewers:
            client = self.clients[viewer] = Client()
            if viewer.user is not None:
                client.force_login(viewer.user)

    def ask(self, viewer: Viewer, method: str, url: str, given: dict[str, str]) -> Answer:
        """Return the answer to one request, and undo what it did."""
        client = Client()
        client.cookies.load(self.clients[viewer].cookies.output(header="", sep=";"))
        with transaction.atomic():
            answer = getattr(client, method)(url, given)
            code = str((answer.context or {}).get("code", "")) if answer.status_code >= 400 else ""
            leads = answer.headers.get("Location", "")
            found = Answer(answer.status_code, code, leads, body(answer) + leads)
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


def wrong(name: str, viewer: Viewer, where: Where, answer: Answer) -> str:
    """Return what is wrong with an answer, nothing where it is as drawn."""
    entry = DRAWN[name]
    if answer.status >= 500:
        return f"failed with {answer.status}"
    if viewer.user is None:
        asked = answer.status == 302 and answer.leads.startswith("/accounts/login/")
        return "" if asked else f"answered {answer.status} to somebody anonymous"
    refused = answer.status == 403 and answer.code in GATE
    if refused is allowed(entry, viewer):
        return "refused" if refused else f"let in with {answer.status}"
    if refused:
        return ""
    expected = viewer.sees(where, entry.reach) and entry.reach is not Reach.OWN
    if len(scopes(name)) > 1 and (answer.status != 404) is not expected:
        return f"answered {answer.status} about what stands {where}"
    return ""


def allowed(entry: Entry, viewer: Viewer) -> bool:
    """Return whether the page lets the viewer in: an entry for all roles is one for those without, too."""
    return entry.roles == frozenset(Role) or viewer.role in entry.roles


def leaks(walk: Walk, viewer: Viewer, reach: Reach, answer: Answer, asked: str) -> list[str]:
    """Return the words of rows out of reach that stand on a page, but those that were asked for."""
    hidden = [word for where in Where if not viewer.sees(where, reach) for word in walk.world.said[where]]
    return [f"shows {word}" for word in hidden if word in answer.text and word not in asked]


def faults(walk: Walk, name: str, viewer: Viewer) -> Iterator[str]:
    """Yield everything that is not as the page says when ``viewer`` opens one address."""
    for where, method in product(scopes(name), ("get", "post")):
        if (name, method) in walk.shut:
            continue
        url = address(name, walk.world, where)
        given = WIDE.get(name, {}) if method == "get" else POSTED.get(name, {})
        answer = walk.ask(viewer, method, url, given)
        if answer.status == 405:
            walk.shut.add((name, method))
            continue
        found = wrong(name, viewer, where, answer)
        for fault in [found] if found else leaks(walk, viewer, DRAWN[name].reach, answer, f"{url} {given}"):
            yield f"{method} {url} as {viewer}: {fault}"


@pytest.mark.parametrize("name", sorted(name for name, entry in DRAWN.items() if entry.signed_in))
def test_an_address_opens_to_whom_the_page_says_and_shows_what_lies_in_reach(name: str, walk: Walk) -> None:
    viewers = [v for v in walk.world.viewers if name not in LAKE or str(v) in KINDS]
    first = sorted(viewers, key=lambda viewer: not allowed(DRAWN[name], viewer))

    assert [fault for viewer in first for fault in faults(walk, name, viewer)] == []


@pytest.mark.parametrize("name", sorted(name for name, entry in DRAWN.items() if not entry.signed_in))
def test_an_address_open_to_all_does_not_ask_for_signing_in(name: str, walk: Walk) -> None:
    answer = walk.ask(walk.world.viewers[-1], "get", address(name, walk.world, Where.OWN), {})

    assert (answer.code in GATE, "next=" in answer.leads) == (False, False)
