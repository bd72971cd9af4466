"""Bringing a worksheet back: each filled row does its verb as whoever hands it in, or says why not."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from suyuan.actions._seen import step_of
from suyuan.actions.perform import perform
from suyuan.domain.errors import BadInput, RuleError
from suyuan.gateways.worksheet import Filled, Handed, read
from suyuan.gateways.worksheet.book import address
from suyuan.store import chain, fingerprint, rules
from suyuan.store.fingerprint import Fingerprint
from suyuan.store.queries import cases
from suyuan.store.queries.viewer import Viewer

from . import again
from .cells import Dictionary, blank, form_of
from .columns import chosen_verb, plain, verb_codes

NEEDED = ("row", "number")
"""Columns without which no row can be known."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row; ``wrong`` holds reasons by column, ``spans`` between what a cell may lie."""

    row: int
    number: str = ""
    verb: str = ""
    outcome: str = ""
    """applied already refused, or empty for a row nobody filled in."""
    code: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    wrong: Mapping[int, str] = field(default_factory=dict)
    spans: Mapping[int, Sequence[object]] = field(default_factory=dict)
    state: str = ""
    event: int = 0

    @property
    def cells(self) -> dict[str, str]:
        """Return the reasons by the address of the cell."""
        return {address(self.row, column): reason for column, reason in self.wrong.items()}

    @property
    def allowed(self) -> dict[str, Sequence[object]]:
        """Return between what a value may lie, by the address of the cell it is wrong in."""
        return {address(self.row, column): span for column, span in self.spans.items()}


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a worksheet."""

    rows: tuple[Outcome, ...]

    def count(self, outcome: str) -> int:
        """Return how many rows came out so."""
        return sum(1 for row in self.rows if row.outcome == outcome)


@dataclass(slots=True)
class _Sheet:
    """One worksheet while its rows are done."""

    handed: Handed
    viewer: Viewer
    now: datetime
    words: Dictionary
    verbs: Mapping[str, str] = field(default_factory=verb_codes)
    met: dict[str, int] = field(default_factory=dict)
    """The rows met so far by their marks."""

    def cell(self, row: Filled, key: str) -> tuple[int, str]:
        """Return where a column of ours stands and what a row holds there, as text."""
        place = self.handed.place(key)
        raw = row.cells[place] if place is not None and place < len(row.cells) else ""
        return -1 if place is None else place, plain(str(raw))


def apply(*, path: Path, result: Path, viewer: Viewer, now: datetime) -> Summary:
    """Do what the rows of a worksheet ask, and write it again to ``result`` with what became of each.

    Each row is a transaction of its own: cut off in the middle, the same file goes on where it stopped,
    for a row that was done is known by its mark and not done twice.
    """
    handed = read(path)
    for key in NEEDED:
        if key not in handed.keys:
            raise BadInput("missing_column", file=path.name, column=key)
    verb_key = next((key for key in handed.keys if key == "verb" or key.startswith("verb:")), None)
    if verb_key is None:
        raise BadInput("missing_column", file=path.name, column="verb")
    rules.look(now)
    again.refuse_unknown(handed, path.name)
    sheet = _Sheet(handed, viewer, now, Dictionary(viewer))
    outcomes = tuple(_row(sheet, row, verb_key) for row in handed.rows)
    summary = Summary(outcomes)
    again.write_again(result, handed, outcomes, viewer, now)
    _written(viewer, hashlib.sha256(path.read_bytes()).hexdigest(), summary, now)
    return summary


def _row(sheet: _Sheet, row: Filled, verb_key: str) -> Outcome:
    """Do one row; a row nobody filled in is left alone."""
    place, said = sheet.cell(row, verb_key)
    filled = [
        column
        for column, key in enumerate(sheet.handed.keys)
        if key.startswith("field:")
        and (column in row.formulas or (column < len(row.cells) and not blank(row.cells[column])))
    ]
    number = sheet.cell(row, "number")[1]
    if not said and not filled and place not in row.formulas:
        return Outcome(row.row, number)
    known = _known(sheet, row, number)
    if isinstance(known, Outcome):
        return known
    if place in row.formulas:
        return _refused(row, number, "", BadInput("formula_cell"), {place: "formula_cell"})
    verb = sheet.verbs.get(said, "") if said else chosen_verb(verb_key)
    if not verb:
        code = "unknown_verb" if said else "verb_missing"
        return _refused(row, number, "", BadInput(code), {place: code})
    return _perform(sheet, row, known, (verb, place))


def _known(sheet: _Sheet, row: Filled, number: str) -> Fingerprint | Outcome:
    """Return what the mark of a row says, or why it is not believed."""
    place, mark = sheet.cell(row, "row")
    where, _ = sheet.cell(row, "number")
    if {place, where} & row.formulas:
        return _refused(row, number, "", BadInput("formula_cell"), {where: "formula_cell"})
    if not mark or not number:
        return _refused(row, number, "", BadInput("row_not_ours"), {where: "row_not_ours"})
    found = fingerprint.read(mark, number)
    if found is None:
        return _refused(row, number, "", BadInput("row_forged"), {where: "row_forged"})
    first = sheet.met.setdefault(mark, row.row)
    if first != row.row:
        return _refused(row, number, "", BadInput("row_twice", row=first), {where: "row_twice"})
    return found


def _perform(sheet: _Sheet, row: Filled, seen: Fingerprint, asked: tuple[str, int]) -> Outcome:
    """Do the verb of a row through the door of all verbs; ``asked`` is the verb and its column."""
    verb, place = asked
    places: dict[str, int] = {}
    try:
        case = cases.get(sheet.viewer, seen.number)
        step = step_of(seen, verb)
        step = None if step is None else rules.asked(seen.procedure, step, sheet.now)
        form: dict[str, object] = {}
        if step is not None:
            form, wrong, places = form_of(sheet.handed, row, step, sheet.words)
            if wrong:
                return _refused(row, seen.number, verb, BadInput("bad_form"), wrong)
        done = perform(
            number=case.number,
            verb=verb,
            actor=sheet.viewer.actor,
            now=sheet.now,
            form=form,
            seen=seen,
        )
    except RuleError as error:
        if error.code == "form_used":
            return Outcome(row.row, seen.number, verb, "already", error.code, error.facts)
        wrong, spans = (_by_column(error.facts.get(one), places, place) for one in ("fields", "allowed"))
        return replace(_refused(row, seen.number, verb, error, wrong), spans=spans)
    return Outcome(row.row, done.number, verb, "applied", state=done.state, event=done.event_id)


def _by_column(named: object, places: Mapping[str, int], place: int) -> dict[int, Any]:
    """Return what an error says of fields by their columns; of one without a column at that of the verb."""
    return {places.get(name, place): said for name, said in named.items()} if isinstance(named, dict) else {}


def _refused(row: Filled, number: str, verb: str, error: RuleError, wrong: Mapping[int, str]) -> Outcome:
    facts = {key: value for key, value in error.facts.items() if key != "fields"}
    return Outcome(row.row, number, verb, "refused", error.code, facts, wrong)


@transaction.atomic
def _written(viewer: Viewer, sha256: str, summary: Summary, now: datetime) -> None:
    chain.append(
        stream="register:worksheet",
        at=now,
        actor=viewer.actor.username,
        verb="worksheet_apply",
        objects=[("file", sha256)],
        detail={each: summary.count(each) for each in ("applied", "already", "refused")},
    )
