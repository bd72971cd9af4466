"""How a board figure reads: value, n/N, interval, what it is compared to, what was left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from suyuan.analytics import display
from suyuan.analytics.board import Row
from suyuan.analytics.measures import find
from suyuan.analytics.measures.measure import UNCONFIRMED, Figure, Measure
from suyuan.store import rules

from . import words
from .templatetags.ui import lang

UP, DOWN, SAME = "↑", "↓", "="


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Orders a figure does not count, and why."""

    words: str
    n: str
    url: str


@dataclass(frozen=True, slots=True)
class Then:
    """The same figure in another period."""

    value: str
    counts: str
    arrow: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One measure as it stands on the board."""

    id: str
    title: str
    definition: str
    value: str
    counts: str
    n_text: str
    of_text: str
    interval: str
    previous: Then | None
    last_year: Then | None
    left_out: tuple[LeftOut, ...]
    unconfirmed: bool
    n_url: str
    of_url: str
    missed_url: str
    missed: str

    @property
    def said(self) -> bool:
        """Return whether the figure says anything."""
        return self.value != display.NOTHING


def title(measure_id: str) -> str:
    """Return a measure's name, a family member's with its own."""
    measure, member = find(measure_id)
    own = getattr(measure.title, lang())
    return f"{own} · {rules.label(_shelf(measure), member, lang())}" if member else str(own)


def _shelf(measure: Measure) -> str:
    return "limit" if measure.table == "clocks" else measure.family


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table beside a chart."""

    name: str
    url: str
    value: str
    counts: str
    interval: str


def line(measure: Measure, name: str, found: Figure | Row, url: str) -> Line:
    """Return a figure as the line of a table."""
    return Line(
        name,
        url,
        value(measure, found.value, found.of),
        counts(found.n, found.of),
        interval(measure, found.low, found.high, found.of),
    )


def value(measure: Measure, number: float | None, of: float | None) -> str:
    """Return a figure as people read it, without its n/N."""
    if number is None:
        return display.NOTHING
    if of is None:
        return display.count(number)
    return display.rounded(number) if measure.scale != 1 else f"{display.rounded(number * 100)} %"


def counts(n: float, of: float | None) -> str:
    """Return n/N, or nothing for a plain count."""
    return "" if of is None else f"{display.count(n)}/{display.count(of)}"


def interval(measure: Measure, low: float | None, high: float | None, of: float | None) -> str:
    """Return the interval, or nothing where there is none."""
    if low is None or high is None:
        return ""
    scale = 100 if of is not None and measure.scale == 1 else 1
    ends = [display.rounded(end * scale, 1) for end in (low, high)]
    return "–".join(ends) + (" %" if scale == 100 else "")


def unconfirmed(measure: Measure) -> bool:
    """Return whether a figure rests on a threshold nobody has confirmed, so that it may not rank."""
    return measure.threshold in UNCONFIRMED


def shown(row: Row, asked: Mapping[str, str]) -> Shown:
    """Return a row of the board in words; ``asked`` are the unit and period its links carry."""
    measure, _ = find(row.id)
    parts = measure.parts
    missed = row.of - row.n if row.of is not None and "missed" in parts else 0
    return Shown(
        id=row.id,
        title=title(row.id),
        definition=definition(measure),
        value=value(measure, row.value, row.of),
        counts=counts(row.n, row.of),
        n_text=display.count(row.n),
        of_text="" if row.of is None else display.count(row.of),
        interval=interval(measure, row.low, row.high, row.of),
        previous=_then(measure, row, "previous"),
        last_year=_then(measure, row, "last_year"),
        left_out=tuple(_left_out(measure, row, asked)),
        unconfirmed=unconfirmed(measure),
        n_url=drill_url(row.id, "n", asked) if "n" in parts and row.n else "",
        of_url=drill_url(row.id, "of", asked) if "of" in parts and row.of else "",
        missed_url=drill_url(row.id, "missed", asked) if missed else "",
        missed=display.count(missed),
    )


def drill_url(measure_id: str, part: str, asked: Mapping[str, str]) -> str:
    """Return the address of the orders behind a part of a figure."""
    return reverse("drill") + "?" + urlencode({"measure": measure_id, "part": part, **asked})


def _then(measure: Measure, row: Row, name: str) -> Then | None:
    if name not in row.compared:
        return None
    n, of = row.compared[name]
    number = getattr(row, name)
    arrow = ""
    if number is not None and row.value is not None:
        arrow = SAME if row.value == number else UP if row.value > number else DOWN
    return Then(value(measure, number, of), counts(n, of), arrow)


def _left_out(measure: Measure, row: Row, asked: Mapping[str, str]) -> list[LeftOut]:
    found = []
    for code, number in row.excluded.items():
        part = f"excluded.{code}"
        url = drill_url(row.id, part, asked) if part in measure.parts else ""
        found.append(LeftOut(exclusion(code), display.count(number) if url else "", url))
    return found


CODE = re.compile(r"`(\w+)`")


def definition(measure: Measure) -> str:
    """Return how a measure is worked out; the exclusion codes in it as words."""
    text = str(getattr(measure.definition, lang()))
    return CODE.sub(lambda found: f"“{exclusion(found[1])}”", text)


def exclusion(code: str) -> str:
    """Return why orders were left out, in words."""
    if code.startswith("not_given_"):
        name = code.removeprefix("not_given_")
        return gettext("扣分项未提供：%(name)s") % {"name": words.GIVEN.get(name, name)}
    own = words.EXCLUSIONS.get(code)
    return str(own) if own else rules.label("exclusion", code, lang())
