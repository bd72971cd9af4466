"""A worksheet written again after it was brought in: the same rows and columns, refusals in colour."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Procedure, Step
from suyuan.domain.procedures import CURRENT, frozen
from suyuan.gateways.worksheet import Column, Filled, Handed, Line, write
from suyuan.gateways.worksheet.book import address
from suyuan.store import fingerprint, rules
from suyuan.store.models import Case
from suyuan.store.queries import cases
from suyuan.store.queries.viewer import Viewer

from .columns import columns, field_column, fields, own_steps, plain, verb_column, word
from .take_out import book, stands, steps_of

if TYPE_CHECKING:
    from .bring_in import Outcome

STALE = frozenset({"moved_on", "not_from_here"})
"""Refusals after which the row stands for the case as it is now, to be looked at and sent again."""


def refuse_unknown(handed: Handed, name: str) -> None:
    """Raise BadInput naming the cell of a column code nobody knows; columns without one are the office's."""
    for place, key in enumerate(handed.keys):
        ours = key in {"", "row", "number", "business_type", "state", "unit", "accepted_at", "due", "brief"}
        ours = ours or key == "outcome" or key == "verb" or key.startswith("verb:") or key in _fields(handed)
        if not ours:
            raise BadInput("unknown_column", file=name, cell=address(1, place), column=key[:60])


def _fields(handed: Handed):  # type: ignore[no-untyped-def]
    """Return every field the cases of a worksheet may be asked for, by column."""
    steps = [step for procedure in _procedures(handed) for step in procedure.steps]
    return fields([*steps, *own_steps()])


def _procedures(handed: Handed) -> list[Procedure]:
    """Return the procedures in use and the older versions that rows were made under."""
    place, number = handed.place("row"), handed.place("number")
    found = dict(CURRENT)
    for row in handed.rows:
        cells = [
            plain(str(row.cells[at])) if at is not None and at < len(row.cells) else ""
            for at in (place, number)
        ]
        seen = fingerprint.read(*cells) if all(cells) else None
        if seen is not None:
            pinned = frozen.pinned(seen.procedure, seen.version)
            found.setdefault(f"{pinned.name}-{pinned.version}", pinned)
    return list(found.values())


def write_again(
    path: Path, handed: Handed, outcomes: Sequence["Outcome"], viewer: Viewer, now: datetime
) -> None:
    """Write the worksheet with what became of each row."""
    cols = _columns(handed, viewer, rules.local_day(now))
    rows = zip(handed.rows, outcomes, strict=True)
    steps: list[Step] = []
    lines = [_line(row, outcome, cols, (viewer, now), steps) for row, outcome in rows]
    write(path, book(viewer, cols, lines, steps, now))


def _columns(handed: Handed, viewer: Viewer, on: date) -> list[Column]:
    """Return the columns as they came, ours with what they may hold."""
    asked, plain_ones = _fields(handed), {column.key: column for column in columns(viewer, (), "", on)}
    found = []
    width = max([len(handed.keys), len(handed.titles), *(len(row.cells) for row in handed.rows)])
    for place in range(width):
        key = handed.keys[place] if place < len(handed.keys) else ""
        title = handed.titles[place] if place < len(handed.titles) else ""
        if key in asked:
            column = field_column(viewer, key, asked[key], on)
        elif key == "verb" or key.startswith("verb:"):
            column = verb_column(key)
        elif key:
            column = plain_ones[key]
        else:
            column = Column("", title)
        found.append(column)
    if "outcome" not in handed.keys:
        found.append(plain_ones["outcome"])
    return found


def _line(
    row: Filled, outcome: "Outcome", cols: Sequence[Column], asker: tuple[Viewer, datetime], steps: list[Step]
) -> Line:
    viewer, now = asker
    cells = [row.cells[place] if place < len(row.cells) else "" for place in range(len(cols))]
    case = _case(viewer, outcome.number)
    verbs: tuple[str, ...] = ()
    if case is not None:
        open_ = steps_of(viewer, case, now)
        steps += [step for step in open_ if step not in steps]
        verbs = tuple(rules.label("verb", step.verb) for step in open_)
        fresh: Mapping[str, object] = stands(case)
        keep = () if outcome.code in STALE else ("row", "number")
        if outcome.code != "row_forged":
            cells = [
                fresh[column.key] if column.key in fresh and column.key not in keep else cell
                for column, cell in zip(cols, cells, strict=True)
            ]
    reasons = dict(outcome.wrong)
    if outcome.outcome == "refused" and (formulas := _formulas(row, cols)):
        reasons = dict.fromkeys(formulas, "formula_cell") | reasons
        cells = [_emptied(place, cells[place], column, formulas) for place, column in enumerate(cols)]
    said = {place: rules.why(reason) + _span(outcome, place) for place, reason in reasons.items()}
    if outcome.outcome:
        cells = [
            told(outcome, cols) if column.key == "outcome" else cell
            for column, cell in zip(cols, cells, strict=True)
        ]
    return Line(cells, verbs, outcome.outcome, said)


def _formulas(row: Filled, cols: Sequence[Column]) -> list[int]:
    """Return where a formula stands in a column whose cells are read when the row is brought in."""
    return [
        place
        for place in sorted(row.formulas)
        if place < len(cols) and cols[place].key.startswith(("row", "number", "verb", "field:"))
    ]


def _emptied(place: int, cell: object, column: Column, formulas: Sequence[int]) -> object:
    """Return a cell of a row with formulas: what they show is not kept, or it would count as typed next time.

    The verb is asked for again, also where the worksheet is for one: what is left must not be done by itself.
    """
    if column.kind == "verb":
        return word("verb_again")
    return "" if place in formulas else cell


def _case(viewer: Viewer, number: str) -> Case | None:
    try:
        return cases.get(viewer, number) if number else None
    except Refused:
        return None


def told(outcome: "Outcome", cols: Sequence[Column]) -> str:
    """Return what became of a row, in words: what was wrong in which cell, or what happened meanwhile."""
    verb = rules.label("verb", outcome.verb)
    if outcome.outcome == "applied":
        return f"{word('applied')}：{verb} → {rules.label('state', outcome.state)}"
    parts = [f"{word(outcome.outcome)}：{rules.why(outcome.code)}"]
    if outcome.outcome == "already":
        parts.append(_happened(outcome.facts))
    since = outcome.facts.get("since")
    parts += [_happened(each) for each in since] if isinstance(since, list) else []
    if isinstance(last := outcome.facts.get("last_step"), Mapping):
        parts.append(_happened(last))
    if outcome.code == "row_twice":
        parts.append(str(outcome.facts.get("row", "")))
    for place, reason in outcome.wrong.items():
        if reason != outcome.code:
            why = rules.why(reason) + _span(outcome, place)
            parts.append(f"{address(outcome.row, place)} {cols[place].title}：{why}")
    return "\n".join(parts)


def _span(outcome: "Outcome", place: int) -> str:
    """Return between which moments or days what stands in a cell may lie, nothing where nobody says."""
    if place not in outcome.spans:
        return ""
    first, last = (one and _local(str(one)) for one in outcome.spans[place])
    return word("between" if last else "not_before").format(first=first, last=last)


def _local(text: str) -> str:
    """Return a moment as people here write it; a day, or an amount, stands as it is."""
    if "T" not in text:
        return text
    return datetime.fromisoformat(text).astimezone(cases.LOCAL).strftime("%Y-%m-%d %H:%M")


def _happened(facts: Mapping[str, object]) -> str:
    """Return one thing that was done: when, by whom, what, and where the case went."""
    at = _local(str(facts["at"]))
    verb, state = rules.label("verb", str(facts["verb"])), rules.label("state", str(facts["state"]))
    return f"{at} {facts['by']} {verb}" + (f" → {state}" if state else "")
