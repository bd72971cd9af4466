"""Which column of a list is which, where its headers do not say it; and what else was chosen for a file.

What is chosen lies sealed beside the file and goes with it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from suyuan.domain.errors import Refused
from suyuan.gateways import lists
from suyuan.gateways.lists import Kind
from suyuan.store import tray

from . import mapping, uploads
from .templatetags.ui import joined, label
from .uploads import Upload

CHOSEN = "chosen.json"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks of a file: the lists it may hold, where another is handed in, where it leads on."""

    kinds: Sequence[Kind]
    back: str
    then: str


def chosen(kept: Upload, what: str) -> dict[str, Any]:
    """Return what somebody chose for a file, nothing where nobody has."""
    place = kept.path.with_name(CHOSEN)
    return dict(json.loads(tray.reading(place).read()).get(what, {})) if place.exists() else {}


def choose(kept: Upload, what: str, choice: Mapping[str, Any]) -> None:
    """Keep what somebody chose for a file beside what was chosen before."""
    place = kept.path.with_name(CHOSEN)
    told = json.loads(tray.reading(place).read()) if place.exists() else {}
    tray.write(place, [json.dumps(told | {what: dict(choice)}, ensure_ascii=False).encode()])


def page(request: HttpRequest, token: str, asked: Asked) -> HttpResponse:
    """Ask which column is which; posted, keep it and show what the file would change."""
    kept = uploads.find(token, request.user.get_username())
    if not kept.path.exists():
        raise Refused("no_such_file", file=token)
    with tray.opened(kept.path) as clear:
        heads = lists.headers_of(clear, asked.kinds)
    told = chosen(kept, "columns")
    problem = ""
    if request.method == "POST":
        told = _posted(request, asked.kinds, heads)
        problem = _problem(asked.kinds, told)
        if not problem:
            choose(kept, "columns", told)
            return redirect(asked.then, token=token)
    sections = [_section(kind, heads, told.get(kind.name, {}), blank=bool(told)) for kind in asked.kinds]
    shown = {
        "name": kept.name,
        "headers": heads,
        "sections": sections,
        "problem": problem,
        "back": reverse(asked.back),
    }
    return render(request, "web/list_columns.html", shown, status=422 if problem else 200)


def _section(
    kind: Kind, heads: Sequence[str], told: Mapping[str, str], *, blank: bool
) -> tuple[str, list[mapping.Line], list[str], str]:
    """Return a list's title, its lines, what it lacks, and the beginning of its boxes' names."""
    lines = mapping.list_lines(kind, [] if blank and not told else heads, told)
    lacking = [line.title for line in lines if line.required and not line.header]
    return label("list_kind", kind.name), lines, lacking, kind.name


def _posted(request: HttpRequest, kinds: Sequence[Kind], heads: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return by list and field the header chosen; what is no header of the file is nothing."""
    told = {
        kind.name: {
            column.field: header
            for column in kind.columns
            if (header := request.POST.get(f"{kind.name}.{column.field}", "")) in heads
        }
        for kind in kinds
    }
    return {name: fields for name, fields in told.items() if fields}


def _problem(kinds: Sequence[Kind], told: Mapping[str, Mapping[str, str]]) -> str:
    """Return what is still to be said, empty where a list can be read."""
    if not told:
        return gettext("至少要指定一张表的必需列。")
    absent = [
        f"{label('list_kind', kind.name)} · {mapping.column_title(kind, column.field)}"
        for kind in kinds
        for column in kind.columns
        if kind.name in told and column.required and column.field not in told[kind.name]
    ]
    return gettext("还缺：%(columns)s") % {"columns": joined(absent)} if absent else ""
