"""The rulebook as people read it: every limit with its basis, how sure we are, since when."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET

from suyuan.domain.errors import BadInput
from suyuan.domain.rulebook import Limit
from suyuan.store import rules as store
from suyuan.store.queries.cases import LOCAL

from . import words
from .templatetags.ui import lang

KEYS = frozenset({"find", "certainty"})
CERTAINTIES = ("Q", "Q2", "S", "memory", "I", "confirmed")


@dataclass(frozen=True, slots=True)
class Line:
    """One edition of a limit."""

    limit: Limit
    title: str
    budget: str
    in_force: bool
    conditions: tuple[tuple[str, str], ...]


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """List the limits, narrowed by text and certainty."""
    query = request.GET.dict()
    if unknown := set(query) - KEYS:
        raise BadInput("unknown_option", name=", ".join(sorted(unknown)))
    wanted, certainty = query.get("find", "").strip().casefold(), query.get("certainty", "")
    if certainty and certainty not in CERTAINTIES:
        raise BadInput("unknown_value", field="certainty", value=certainty)
    book = store.rulebook()
    lines = [_line(limit) for editions in book.limits.values() for limit in editions]
    found = [
        line
        for line in lines
        if (not certainty or line.limit.certainty.value == certainty) and wanted in _text(line)
    ]
    return render(
        request,
        "web/rules.html",
        {
            "found": found,
            "total": len(lines),
            "query": query,
            "certainties": CERTAINTIES,
            "edition": book.edition,
            "calendar_to": max((notice.last for notice in book.notices), default=None),
        },
    )


def _line(limit: Limit) -> Line:
    today = timezone.now().astimezone(LOCAL).date()
    over = limit.in_force_until is not None and limit.in_force_until < today
    conditions = tuple(
        (
            store.label("field", name, lang()),
            "、".join(store.label(name, value, lang()) for value in values),
        )
        for name, values in limit.when.items()
    )
    budget = f"{limit.amount} {words.time_unit(limit.unit)}"
    return Line(
        limit, getattr(limit.title, lang()), budget, limit.in_force_from <= today and not over, conditions
    )


def _text(line: Line) -> str:
    limit = line.limit
    texts = [limit.id, limit.title.zh, limit.title.en, limit.basis, limit.note, *limit.procedures]
    texts += [value for pair in line.conditions for value in pair]
    return " ".join(texts).casefold()


urls = [path("rules/", page, name="rules")]
