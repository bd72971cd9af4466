"""The row of a case in a list, drawn in Python: its light, its number, and the columns somebody chose."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from suyuan.domain.wording import Marked

from .cells import mark
from .templatetags.ui import icon, label, left, light, local, safe


class Line(NamedTuple):
    """One case of a list, and what the list knows of it."""

    case: Any
    light: str
    tick: str = ""
    """The mark that its tick box hands in."""
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
    """What all rows of a list share: the columns in order, the moment, the words of codes once looked up."""

    columns: Sequence[str]
    now: datetime
    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def words(self, kind: str, code: str) -> str:
        """Return the words of a code as HTML."""
        found = self.known.get((kind, code))
        if found is None:
            found = self.known[kind, code] = safe(light(code) if kind == "light" else label(kind, code))
        return found

    def td(self, code: str, said: str, kind: str = "") -> str:
        """Return a cell under the title of its column; ``said`` is HTML."""
        return f'<td data-label="{self.words("field", code)}"{kind}>{said}</td>'


def drawn(line: Line, look: Look) -> SafeString:
    """Return the cells of a row."""
    cells = [tick(line.case.number, line.tick), look.td("light", look.words("light", line.light))]
    cells += [_number(line, look), *(DRAWN[code](line, look) for code in look.columns if code in DRAWN)]
    return SafeString("".join(cells))


def tick(number: str, seen: str) -> SafeString:
    """Return the cell of the box that ticks a case; it hands in the case's mark and number."""
    words = safe(gettext("选择 %(number)s") % {"number": number})
    return SafeString(
        f'<td class="tick-cell" data-label="{safe(gettext("选择"))}"><label class="tick">'
        f'<input class="form-check-input" type="checkbox" name="key" value="{safe(seen)} {safe(number)}" '
        f'data-tick aria-label="{words}"></label></td>'
    )


def _number(line: Line, look: Look) -> str:
    case = line.case
    said = f'<a href="{safe(reverse("case", args=(case.number,)))}">'
    said += f'<strong class="nowrap">{safe(case.number)}</strong></a>'
    if line.fresh:
        said += f" {mark(gettext('有变化'), warns=True)}"
    if "business_type" in look.columns:
        said += f'<div class="small-2">{look.words("business_type", case.business_type)}</div>'
    return f'<td data-label="{safe(gettext("工单"))}"><span>{said}</span></td>'


def _text(line: Line, look: Look) -> str:
    pieces = line.hits or [(line.case.brief or "—", False)]
    said = "".join(f"<mark>{safe(piece)}</mark>" if hit else safe(piece) for piece, hit in pieces)
    marks = f'<span class="marks">{"".join(_marks(line))}</span>'
    return look.td("text", f'<div class="brief">{said}</div>{marks}', ' class="wide"')


def _marks(line: Line) -> list[str]:
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


def _with_icon(name: str, words: str, *, warns: bool = False) -> str:
    return mark(SafeString(f"{icon(name)}{safe(words)}"), warns=warns)


def _unit(line: Line, look: Look) -> str:
    said = safe(line.case.unit.name)
    if line.took and "handler" not in look.columns:
        said += f'<div class="small-2">{safe(gettext("%(took)s 在办") % {"took": line.took})}</div>'
    return look.td("unit", said, ' class="unit"')


def _due(line: Line, look: Look) -> str:
    due = line.case.next_due_at if line.case.is_open else None
    if due is None:
        return look.td("due", "<span>—</span>")
    said = f'<span class="nowrap">{safe(left(due, look.now))}</span>'
    return look.td("due", f'<span>{said}<div class="small-2 nowrap">{local(due)}</div></span>')


def _accepted(line: Line, look: Look) -> str:
    day, _, hour = local(line.case.accepted_at).partition(" ")
    said = f'<span class="nowrap">{day}</span> <span class="nowrap">{hour}</span>'
    return look.td("accepted_at", f"<span>{said}</span>")


def _coded(code: str, kind: str = "") -> Callable[[Line, Look], str]:
    """Return how the column of a code is drawn: its words."""
    return lambda line, look: look.td(code, look.words(code, getattr(line.case, code)), kind)


DRAWN: dict[str, Callable[[Line, Look], str]] = {
    "text": _text,
    "state": _coded("state", ' class="nowrap"'),
    "category": _coded("category"),
    "unit": _unit,
    "handler": lambda line, look: look.td("handler", safe(line.took or "—")),
    "due": _due,
    "accepted_at": _accepted,
    "finding": _coded("finding"),
    "satisfaction": _coded("satisfaction"),
}
"""Column → how its cell is drawn; the type stands under the number."""
