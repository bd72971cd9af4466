"""The rule library: one search over all of it, what waits for a second person, what nobody has confirmed."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from suyuan.domain import wording
from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook import Certainty
from suyuan.domain.rulebook.edits import may_propose
from suyuan.store import rules
from suyuan.store.queries import rulebook

from .. import register
from ..templatetags.ui import lang

KEYS = frozenset({"find", "certainty", "kind"})
EXCERPT = 120
"""Characters shown of what was found."""
MOST = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found, with its words marked."""

    kind: str
    url: str
    key: str
    title: SafeString
    excerpt: SafeString
    certainty: str
    assessable: bool


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the library, or what a search found in it."""
    query = register.only(request.GET, KEYS)
    find, certainty, kind = (query.get(name, "").strip() for name in ("find", "certainty", "kind"))
    if certainty and certainty not in tuple(Certainty):
        raise BadInput("unknown_value", field="certainty", value=certainty)
    counts = rulebook.counts()
    if kind and kind not in counts:
        raise BadInput("unknown_value", field="kind", value=kind)
    asked = bool(find or certainty or kind)
    hits = rulebook.found(find, certainty, kind) if asked else []
    book = rules.rulebook()
    unsure = [one for one in rulebook.found("") if not Certainty(one.certainty).assessable]
    return render(
        request,
        "web/rules.html",
        {
            "asked": asked,
            "query": query,
            "hits": [_hit(one, find) for one in hits[:MOST]],
            "found": len(hits),
            "most": MOST,
            "kinds": [(code, n, reverse("rules_kind", args=[code])) for code, n in counts.items()],
            "certainties": tuple(Certainty),
            "waiting": rulebook.waiting(),
            "unsure": len(unsure),
            "may_propose": may_propose("limit", request.viewer.actor),  # type: ignore[attr-defined]
            "edition": book.edition,
            "calendar_to": book.calendar.last,
        },
    )


def _hit(one: rulebook.Found, query: str) -> Hit:
    return Hit(
        one.kind,
        reverse("rules_entry", args=[one.kind, one.key]),
        one.key,
        marked(getattr(one.title, lang()) or one.key, query),
        marked(one.text, query, EXCERPT),
        one.certainty,
        Certainty(one.certainty).assessable,
    )


def marked(text: str, query: str, longest: int = 200) -> SafeString:
    """Return a text around its first hit with every hit marked; everything else is escaped."""
    words = wording.words(query)
    hits = [*words, *(term for word in words for term in wording.wanted(word) if len(term) > 1)]
    pieces = wording.marked(text, hits, longest)
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", piece) if hit else piece,) for piece, hit in pieces)
    )


urls = [path("rules/", page, name="rules")]
