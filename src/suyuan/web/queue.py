"""My queue: the open cases where one of my roles has the next step; and every other list of cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from suyuan.actions import preferences
from suyuan.actions.privacy import find
from suyuan.actions.publish import columns
from suyuan.domain.errors import BadInput
from suyuan.domain.fields import BUSINESS_TYPE, CATEGORY, FINDING, SATISFACTION
from suyuan.domain.masking import may_say_who
from suyuan.domain.parts import Part
from suyuan.domain.vocabulary import State
from suyuan.store import fingerprint, rules
from suyuan.store.queries import attention, customer, exact, listing
from suyuan.store.queries.callbacks import AGAIN
from suyuan.store.queries.listing import LIGHTS, Filters
from suyuan.store.queries.pressing import PRIORITIES
from suyuan.store.queries.viewer import Viewer

from . import case_cells, export, forms, register, signal_words, viewbar
from .case_cells import Line, Look
from .templatetags.ui import lang, local

SCOPES = {"mine": {"mine": True}, "to_sign": {"to_sign": True}, "open": {"open_only": True}, "all": {}}
CODES = (
    *("part", "priority", "state", "business_type", "category", "unit", "light"),
    *("finding", "satisfaction", "again"),
)
KEYS = frozenset({"q", "scope", "from", "to", "order", "page", *CODES})
SIZE = 50
MANY = 99
"""So far are the cases counted that press."""
HOUSE = ("business_type", "text", "state", "unit", "due", "accepted_at")
"""The columns a list shows to whoever chose nothing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter as it stands on the page."""

    name: str
    label: str
    value: str
    choices: forms.Choices


def filters_from(query: Mapping[str, str]) -> Filters:
    """Return the filters a query string asks for; an option or value nobody knows is an error."""
    query = register.only(query, KEYS)
    scope = query.get("scope") or ("all" if query.get("q") else "mine")
    if scope not in SCOPES:
        raise BadInput("unknown_value", field="scope", value=scope)
    return Filters(
        q=query.get("q", "").strip(),
        accepted_from=_date(query, "from"),
        accepted_to=_date(query, "to"),
        order=query.get("order") or "due",
        **{name: query.get(name, "") for name in CODES},
        **SCOPES[scope],
    )


def _date(query: Mapping[str, str], name: str) -> date | None:
    if not query.get(name):
        return None
    try:
        return date.fromisoformat(query[name])
    except ValueError:
        raise BadInput("not_a_date", field=name, value=query[name]) from None


def choices(viewer: Viewer, query: Mapping[str, str]) -> list[Choice]:
    """Return the filters of the page with what is chosen in each."""
    lists = {
        "part": [(part.value, rules.label("part", part.value, lang())) for part in Part],
        "priority": [(code, rules.label("priority", code, lang())) for code in PRIORITIES],
        "business_type": forms.choices_of(viewer, BUSINESS_TYPE),
        "category": forms.choices_of(viewer, CATEGORY),
        "state": [(s.value, rules.label("state", s.value, lang())) for s in State],
        "unit": forms.units(viewer),
        "light": [(code, rules.label("light", code, lang())) for code in LIGHTS],
        "finding": forms.choices_of(viewer, FINDING),
        "satisfaction": forms.choices_of(viewer, SATISFACTION),
        "again": [(code, rules.label("again", code, lang())) for code in AGAIN],
    }
    return [
        Choice(name, rules.label("field", name, lang()), query.get(name, ""), chosen)
        for name, chosen in lists.items()
    ]


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Show a list of cases: mine, unless the address says otherwise."""
    return viewbar.opening(request) or _shown(request, request.GET.dict())


def _shown(request: HttpRequest, query: dict[str, str], private: bool = False) -> HttpResponse:
    """Render a list; a ``private`` one gets no links that would repeat its query in an address."""
    now = timezone.now()
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    filters = filters_from(query).but(exact=private)
    found = listing.listing(viewer, filters, now=now, page=register.page_of(query), size=SIZE)
    liked = attention.preference(viewer)
    look = Look(liked.columns or HOUSE, now)
    lines = _lines(viewer, found, "" if private else query.get("q", ""), liked.upto, now)
    kept = {name: value for name, value in query.items() if value and name != "page"}
    here = urlencode(kept)
    scope = query.get("scope") or ("all" if query.get("q") else "mine")
    narrowed = any(name in kept for name in (*CODES, "from", "to"))
    return render(
        request,
        "web/queue.html",
        {
            "rows": lines,
            "body": [(line, case_cells.drawn(line, look)) for line in lines],
            "columns": look.columns,
            "column_choices": [(c, rules.label("field", c, lang())) for c in attention.COLUMNS],
            "unread": any(line.fresh for line in lines),
            "page": found,
            "here": here,
            "private": private,
            "now": now,
            "query": query,
            "narrowed": narrowed,
            "choices": choices(viewer, query),
            "scope": scope,
            "pressing": _pressing(viewer, filters, kept, now) if scope in ("mine", "open") else None,
            "bar": viewbar.bar(request, narrowed),
        },
    )


@dataclass(frozen=True, slots=True)
class Pressing:
    """How many cases of a list were urged or are supervised, and the address that shows them first."""

    found: int
    url: str

    @property
    def said(self) -> str:
        """Return how many they are, of many only that."""
        return f"{MANY}+" if self.found > MANY else str(self.found)


def _pressing(viewer: Viewer, filters: Filters, kept: Mapping[str, str], now: datetime) -> Pressing | None:
    """Return what presses in a list of open cases; None where nothing does, or where it is shown already."""
    if filters.priority:
        return None
    found = listing.found(viewer, filters.but(priority=PRIORITIES[0]), now)
    pressing = len(found.values_list("pk")[: MANY + 1])
    there = urlencode({**kept, "priority": PRIORITIES[0]})
    return Pressing(pressing, f"{reverse('queue')}?{there}") if pressing else None


def _lines(viewer: Viewer, found: listing.Page, q: str, upto: int, now: datetime) -> list[Line]:
    """Return the cases of a page with what a list says of each beside what it holds."""
    unread, took = attention.unread(viewer, found.rows, upto), attention.handlers(found.rows)
    flags, hits = customer.marks(viewer, found.rows, now), listing.snippets(found.rows, q)
    ticks = fingerprint.of_all(found.rows)
    signal_words.say_of(found.rows)
    return [
        Line(
            case=case,
            light=found.lights[case.pk],
            hits=hits.get(case.pk),
            fresh=case.pk in unread,
            tick=ticks[case.number],
            flags=flags.get(case.pk, ()),
            took=took.get(case.handler),
        )
        for case in found.rows
    ]


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Search from the frame: a number opens its case; what may say who somebody is becomes no address."""
    text = request.POST.get("q", "").strip()[:60]
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if numbers := listing.listing(viewer, Filters(numbers=(text,)), now=timezone.now(), size=1).rows:
        return redirect("case", number=numbers[0].number)
    if text and _may_say_who(viewer, text):
        find.search(viewer=viewer, text=text, place="frame", now=timezone.now(), sure=True)
        return _shown(request, {"q": text, "scope": "all"}, private=True)
    return HttpResponseRedirect(reverse("queue") + "?" + urlencode({"q": text, "scope": "all"}))


def _may_say_who(viewer: Viewer, text: str) -> bool:
    """Return whether a text may be somebody's number or name.

    What looks like one, what somebody is exactly called, and what no case says: a rare name is no word.
    """
    if may_say_who(text) or exact.ids(viewer, name=text):
        return True
    return not listing.listing(viewer, Filters(q=text), now=timezone.now(), size=1).rows


@require_GET
def export_list(request: HttpRequest) -> FileResponse | HttpResponseRedirect:
    """Return what is filtered as a workbook; a long list is the worker's, and its page is where to wait."""
    now = timezone.now()
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    filters = filters_from(request.GET.dict())
    chosen = tuple(attention.preference(viewer).columns) or columns.FILE
    rows = listing.count(viewer, filters, now)
    if rows > rules.figure("export.list", "at_once_rows"):
        return export.wait(request, filters, chosen, rows)
    found = columns.batches(columns.ids(viewer, filters, now))
    table = export.Table(columns.heads(chosen, lang()), columns.lines(chosen, found, now, lang()))
    stamp = local(now).replace(":", "").replace(" ", "-")
    return export.answer(request, table, f"{gettext('工单')}-{stamp}.xlsx")


@require_POST
def choose_columns(request: HttpRequest) -> HttpResponse:
    """Keep the columns somebody wants to see, and go back to the list."""
    codes = [] if "house" in request.POST else request.POST.getlist("columns")
    preferences.columns(person=request.user, codes=codes, now=timezone.now())
    query = request.POST.get("query", "")
    return redirect(reverse("queue") + (f"?{query}" if query else ""))


@require_POST
def seen_all(request: HttpRequest) -> HttpResponse:
    """Count every case as seen."""
    preferences.seen_all(person=request.user, now=timezone.now())
    query = request.POST.get("query", "")
    return redirect(reverse("queue") + (f"?{query}" if query else ""))


urls = [
    path("queue/", queue, name="queue"),
    path("queue/find/", search, name="search"),
    path("queue/export/", export_list, name="export"),
    path("queue/columns/", choose_columns, name="columns"),
    path("queue/seen/", seen_all, name="seen_all"),
]
