"""Which layout fits a file? A known one, or a new one put together from what headers and values say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from suyuan.domain.errors import BadInput

from ..tablefile import Sheet, open_table
from .evidence import Evidence, likeness
from .files import available, shipped
from .header import SEARCHED, Fit, choose, fit, texts
from .reader import read_orders
from .record import Column, Layout
from .rows import Outcome

PATTERN = "office_95598"
"""The layout whose words and lists a new one is made of."""
PREVIEW = 20
SAMPLE = 200
"""Rows whose values are looked at."""
SURE_ENOUGH = 0.45
REQUIRED = ("number", "business_type", "accepted_at", "text")
HEADER_ALONE = 0.3
"""How sure a required field's own header is where the values speak against it."""
BY_VALUES_ALONE = 0.5
"""How far values count where the header says nothing."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One field, the header proposed for it, and why: ``header``, ``similar_header``, ``values`` or both."""

    field: str
    header: str
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file seems to be. ``layout`` is None where a required field was not found."""

    layout: Layout | None
    known: bool
    mapping: tuple[Guess, ...]
    problems: tuple[str, ...] = ()
    """Codes: no_header, missing_column, layouts_fit_equally."""
    sheet: str = ""
    preview: tuple[Outcome, ...] = ()
    missing: tuple[str, ...] = ()
    """Fields of the layout for which the file has no column."""
    unused: tuple[str, ...] = ()
    """Headers that no field takes."""


def propose(path: Path, home: Path, layout: Layout | None = None, *, now: datetime | None = None) -> Proposal:
    """Return the known layout that fits ``path`` best, or a new one; raise BadInput if it is no table.

    With ``layout`` no other is tried, and a file it does not fit is BadInput.
    """
    if layout is not None:
        sheet, laid = choose(open_table(path, quoting=layout.quoting), layout, path.name)
        return _by(path, layout, sheet, laid, (), now)
    opened = {quoting: _opened(path, quoting) for quoting in ("standard", "none")}
    found = [
        (known, _fits(sheets, known, path.name))
        for known in available(home).values()
        if (sheets := opened[known.quoting])
    ]
    fits = [(known, *placed) for known, placed in found if placed]
    if not fits:
        return _new(path, open_table(path), now, available(home))
    most = max(_used(laid) for _, _, laid in fits)
    best = [one for one in fits if _used(one[2]) == most]
    own = [one for one in best if one[0].name not in shipped()] or best
    problems = ("layouts_fit_equally",) if len(own) > 1 else ()
    return _by(path, *own[0], problems, now)


def _by(
    path: Path, layout: Layout, sheet: Sheet, laid: Fit, problems: tuple[str, ...], now: datetime | None
) -> Proposal:
    """Return the proposal to read ``path`` by a layout that fits it."""
    guesses = tuple(Guess(field, laid.headers[at], 1.0, "header") for field, at in laid.places.items())
    return _told(path, Proposal(layout, True, guesses, problems, sheet.name), laid.headers, now)


def layout_from(mapping: dict[str, str], name: str, **facts: Any) -> Layout:
    """Return a layout in which every field of ``mapping`` is read from the header given for it."""
    pattern = shipped()[PATTERN]
    columns = []
    for field, header in mapping.items():
        known = pattern.column(field) or Column(field, (header,))
        columns.append(
            replace(known, headers=(header,), instead=(), required=known.required or field in REQUIRED)
        )
    used = {column.code_list for column in columns} | {"category"}
    return replace(
        pattern,
        name=name,
        title={"zh": name, "en": name},
        columns=tuple(columns),
        codes={key: table for key, table in pattern.codes.items() if key in used},
        constants={k: v for k, v in pattern.constants.items() if k not in mapping},
        **facts,
    )


def _opened(path: Path, quoting: str) -> list[Sheet]:
    """Return the sheets of ``path``, none where its quotation marks are not meant as such."""
    try:
        return open_table(path, quoting=quoting)
    except BadInput as error:
        if error.code == "broken_quotes":
            return []
        raise


def _fits(sheets: list[Sheet], layout: Layout, file: str) -> tuple[Sheet, Fit] | None:
    try:
        sheet, laid = choose(sheets, layout, file)
    except BadInput as error:
        if error.code in ("no_header", "missing_column"):
            return None
        raise
    return (sheet, laid) if set(layout.signature) <= set(laid.places) else None


def _used(laid: Fit) -> int:
    return len(set(laid.places.values()))


def _told(path: Path, draft: Proposal, headers: Iterable[str], now: datetime | None) -> Proposal:
    """Return ``draft`` with what follows from it: the preview, what is missing and what is not used."""
    fields = {guess.field for guess in draft.mapping}
    wanted = draft.layout if draft.layout and draft.known else shipped()[PATTERN]
    preview = islice(read_orders(path, draft.layout, now=now), PREVIEW) if draft.layout else ()
    return replace(
        draft,
        preview=tuple(preview),
        missing=tuple(c.field for c in wanted.columns if c.field not in fields),
        unused=_unused(headers, draft.mapping),
    )


def _new(path: Path, sheets: list[Sheet], now: datetime | None, known: dict[str, Layout]) -> Proposal:
    """Return a proposal for a file that no known layout fits."""
    pattern = shipped()[PATTERN]
    found = [
        (sheet, rows, _header_row(rows, pattern))
        for sheet in sheets
        if (rows := sheet.head(SEARCHED + SAMPLE))
    ]
    placed = [(sheet, rows, at) for sheet, rows, at in found if at is not None]
    if not placed:
        return _told(path, Proposal(None, False, (), ("no_header",)), (), now)
    sheet, rows, at = max(placed, key=lambda one: len(set(texts(one[1][one[2]]))))
    headers = texts(rows[at])
    guesses = _by_header(_guesses(headers, rows[at + 1 :], pattern), rows, pattern)
    fields = {guess.field for guess in guesses}
    if set(REQUIRED) - fields:
        told = _told(path, Proposal(None, False, guesses, ("missing_column",), sheet.name), headers, now)
        return _nearest(told, rows, known)
    name = re.sub(r"[^\w-]+", "_", path.name.split(".")[0]).strip("_")[:40] or "layout"
    layout = layout_from({guess.field: guess.header for guess in guesses}, name)
    return _told(path, Proposal(layout, False, guesses, (), sheet.name), headers, now)


def _by_header(guesses: tuple[Guess, ...], rows: list[list[Any]], pattern: Layout) -> tuple[Guess, ...]:
    """Give the required fields their own headers back where the values alone spoke against them."""
    laid = fit(rows, pattern)
    if laid is None:
        return guesses
    fields = {guess.field for guess in guesses}
    own = {
        laid.headers[laid.places[name]]: name
        for name in REQUIRED
        if name in laid.places and name not in fields
    }
    kept = [guess for guess in guesses if guess.header not in own]
    added = [Guess(name, header, HEADER_ALONE, "header") for header, name in own.items()]
    found = {guess.field: guess for guess in (*kept, *added)}
    return tuple(found[column.field] for column in pattern.columns if column.field in found)


def _nearest(told: Proposal, rows: list[list[Any]], known: dict[str, Layout]) -> Proposal:
    """Return ``told`` with what is missing of the layout whose headers the file has most of."""
    fits = [(layout, laid) for layout in known.values() if (laid := fit(rows, layout))]
    if not fits:
        return told
    layout, laid = max(fits, key=lambda one: (_used(one[1]), one[0].name == PATTERN))
    if layout.name == PATTERN or not set(laid.missing) & set(REQUIRED):
        return told
    guesses = tuple(Guess(field, laid.headers[at], 1.0, "header") for field, at in laid.places.items())
    absent = tuple(column.field for column in layout.columns if column.field not in laid.places)
    return replace(told, mapping=guesses, missing=absent, unused=_unused(laid.headers, guesses))


def _unused(headers: Iterable[str], guesses: Iterable[Guess]) -> tuple[str, ...]:
    taken = {guess.header for guess in guesses}
    return tuple(header for header in headers if header and header not in taken)


def _header_row(rows: list[list[Any]], pattern: Layout) -> int | None:
    """Return the row most like a header: the pattern's best fit, else the first with four different texts."""
    laid = fit(rows, pattern)
    if laid and len(laid.places) >= 2:
        return laid.row - 1
    for index, row in enumerate(rows[:SEARCHED]):
        cells = [cell for cell in row if isinstance(cell, str) and cell.strip()]
        if len(set(cells)) >= 4 and len(cells) == len([c for c in row if c not in ("", None)]):
            return index
    return None


def _guesses(headers: list[str], rows: list[list[Any]], pattern: Layout) -> tuple[Guess, ...]:
    """Return the best pairing of fields and headers, surest first; a header serves one field, a state two."""
    evidence = Evidence(pattern)
    offers: list[tuple[float, str, int, str]] = []
    for at, name in enumerate(headers):
        if not name:
            continue
        cells = [row[at] for row in rows[:SAMPLE] if at < len(row)]
        for column in pattern.columns:
            confidence, why = _weigh(likeness(name, column), evidence.share(column, cells), column)
            if confidence >= SURE_ENOUGH:
                offers.append((confidence, column.field, at, why))
    taken: dict[str, Guess] = {}
    served: set[int] = set()
    for confidence, field, at, why in sorted(offers, key=lambda offer: (-offer[0], offer[2])):
        if field in taken or (at in served and field not in ("state_text", "closed")):
            continue
        taken[field] = Guess(field, headers[at], round(confidence, 2), why)
        served.add(at)
    return tuple(taken[c.field] for c in pattern.columns if c.field in taken)


def _weigh(like: float, share: float | None, column: Column) -> tuple[float, str]:
    """Return how sure the pair is; values that contradict the header weigh more than none."""
    if share is None:
        return (like if like == 1.0 else 0.8 * like), "header" if like == 1.0 else "similar_header"
    if like == 1.0 and share > 0.5:
        return 0.9 + 0.1 * share, "header and values"
    if like >= 0.3:
        return 0.55 * like + 0.4 * share if share >= 0.5 else 0.3 * like, "similar_header and values"
    alone = column.field in REQUIRED and share >= 0.9
    return (BY_VALUES_ALONE * share if alone else 0.0), "values"
