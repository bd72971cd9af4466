"""The rule library: one search over all of it, what waits for a second person, what nobody has confirmed."""

import re
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

KEYS = frozenset({"find", "certainty", "kind"})
AROUND = 28
"""Characters shown on each side of the first hit."""
MOST = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found, with its words marked."""

    kind: str
    url: str
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
        marked(one.title or one.key, query),
        marked(excerpt(one.text, query), query),
        one.certainty,
        Certainty(one.certainty).assessable,
    )


def pattern(query: str) -> re.Pattern[str] | None:
    """Return what to mark: the words as typed, else the pairs of characters they are found by."""
    parts = [part for part in re.split(r"\s+", query.strip()) if part]
    every = sorted(
        {*parts, *(term for term in wording.wanted(query) if len(term) > 1)}, key=len, reverse=True
    )
    return re.compile("|".join(map(re.escape, every)), re.IGNORECASE) if every else None


def excerpt(text: str, query: str) -> str:
    """Return the text around the first hit."""
    wanted = pattern(query)
    first = wanted.search(text) if wanted else None
    start = max(0, (first.start() if first else 0) - AROUND)
    end = start + 4 * AROUND
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")


def marked(text: str, query: str) -> SafeString:
    """Return a text with every hit marked; everything else is escaped."""
    wanted = pattern(query)
    if wanted is None:
        return format_html("{}", text)
    parts, at = [], 0
    for hit in wanted.finditer(text):
        parts += [(format_html("{}", text[at : hit.start()]),), (format_html("<mark>{}</mark>", hit[0]),)]
        at = hit.end()
    parts.append((format_html("{}", text[at:]),))
    return format_html_join("", "{}", parts)


urls = [path("rules/", page, name="rules")]
