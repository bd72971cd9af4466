"""The row of a case in a list, drawn in Python: its light, its number, and the columns somebody chose."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from suyuan.domain.wording import Marked

from .cells import NOTHING, mark
from .templatetags.ui import icon, label, left, light, local, tick


class Line(NamedTuple):
    """One case of a list, and what the list knows of it."""

    case: Any
    light: str
    flags: Sequence[str] = ()
    """Why its customer comes first, by code."""
    hits: Marked | None = None
    """The part of its text that a search found."""
    fresh: bool = False
    """Whether it changed since whoever looks saw it."""
    took: str | None = None
    """The name of whoever took it on."""


@dataclass(frozen=True, slots=True)
class Look:
    """What all rows of a list share: the columns in order, and the moment."""

    columns: Sequence[str]
    now: datetime


def drawn(line: Line, look: Look) -> SafeString:
    """Return the cells of a row."""
    cells = [tick(line.case), _light(line, look), _number(line, look)]
    cells += [DRAWN[code](line, look) for code in look.columns if code in DRAWN]
    return format_html_join("", "{}", ((cell,) for cell in cells))


def _light(line: Line, _look: Look) -> SafeString:
    return _td(label("field", "light"), light(line.light))


def _number(line: Line, look: Look) -> SafeString:
    case = line.case
    kind = label("business_type", case.business_type)
    return format_html(
        '<td data-label="{}"><span><a href="{}"><strong class="nowrap">{}</strong></a>{}{}</span></td>',
        gettext("工单"),
        reverse("case", args=(case.number,)),
        case.number,
        format_html(" {}", mark(gettext("有变化"), warns=True)) if line.fresh else NOTHING,
        format_html('<div class="small-2">{}</div>', kind) if "business_type" in look.columns else NOTHING,
    )


def _text(line: Line, _look: Look) -> SafeString:
    pieces = line.hits or [(line.case.brief or "—", False)]
    said = ((format_html("<mark>{}</mark>", piece) if hit else piece,) for piece, hit in pieces)
    return format_html(
        '<td class="wide" data-label="{}"><div class="brief">{}</div><span class="marks">{}</span></td>',
        label("field", "text"),
        format_html_join("", "{}", said),
        format_html_join("", "{}", ((one,) for one in _marks(line))),
    )


def _marks(line: Line) -> list[SafeString]:
    case = line.case
    flags = (gettext("优先：%(flag)s") % {"flag": label("reason.special_flag", c)} for c in line.flags)
    marks = [_with_icon("star", words, warns=True) for words in flags]
    if case.urges:
        times = ngettext("催办 %(n)s 次", "催办 %(n)s 次", case.urges) % {"n": case.urges}
        marks.append(mark(times, warns=True))
    if case.supervised:
        marks.append(mark(gettext("督办"), warns=True))
    if case.restricted:
        marks.append(_with_icon("lock", gettext("限制查阅")))
    if case.is_child:
        marks.append(mark(gettext("子单")))
    return marks


def _with_icon(name: str, words: str, *, warns: bool = False) -> SafeString:
    return mark(format_html("{}{}", icon(name), words), warns=warns)


def _unit(line: Line, look: Look) -> SafeString:
    took = NOTHING
    if line.took and "handler" not in look.columns:
        took = format_html('<div class="small-2">{}</div>', gettext("%(took)s 在办") % {"took": line.took})
    return format_html(
        '<td data-label="{}" class="unit">{}{}</td>', label("field", "unit"), line.case.unit.name, took
    )


def _due(line: Line, look: Look) -> SafeString:
    due = line.case.next_due_at if line.case.is_open else None
    said = format_html(
        '<span class="nowrap">{}</span><div class="small-2 nowrap">{}</div>', left(due, look.now), local(due)
    )
    return _td(label("field", "due"), format_html("<span>{}</span>", said if due else "—"))


def _accepted(line: Line, _look: Look) -> SafeString:
    day, _, hour = local(line.case.accepted_at).partition(" ")
    said = format_html(
        '<span><span class="nowrap">{}</span> <span class="nowrap">{}</span></span>', day, hour
    )
    return _td(label("field", "accepted_at"), said)


def _state(line: Line, _look: Look) -> SafeString:
    words = label("state", line.case.state)
    return format_html('<td data-label="{}" class="nowrap">{}</td>', label("field", "state"), words)


def _coded(code: str) -> Callable[[Line, Look], SafeString]:
    """Return how the column of a code is drawn: its words."""
    return lambda line, _look: _td(label("field", code), label(code, getattr(line.case, code)))


def _td(title: str, words: object) -> SafeString:
    return format_html('<td data-label="{}">{}</td>', title, words)


DRAWN: dict[str, Callable[[Line, Look], SafeString]] = {
    "text": _text,
    "state": _state,
    "category": _coded("category"),
    "unit": _unit,
    "handler": lambda line, _look: _td(label("field", "handler"), line.took or "—"),
    "due": _due,
    "accepted_at": _accepted,
    "finding": _coded("finding"),
    "satisfaction": _coded("satisfaction"),
}
"""Column → how its cell is drawn; the type stands under the number."""
