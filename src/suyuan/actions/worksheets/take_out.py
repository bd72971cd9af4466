"""Taking a worksheet out: the cases of a list on which the viewer may do something now."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from suyuan.domain import procedure as table
from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import Step
from suyuan.domain.procedures import frozen
from suyuan.gateways.worksheet import Book, Column, Line, write
from suyuan.gateways.worksheet.book import MOST_ROWS
from suyuan.store import chain, fingerprint, rules
from suyuan.store.models import Case
from suyuan.store.queries import cases, listing
from suyuan.store.queries.listing import Filters
from suyuan.store.queries.viewer import Viewer

from ..exports import code_of_export
from .columns import columns, known_verb, title_of, word

Found = tuple[Case, list[Step]]


def export(*, path: Path, viewer: Viewer, filters: Filters, verb: str, now: datetime) -> int:
    """Write the worksheet of a list to ``path`` and return how many cases stand on it.

    With ``verb`` it holds the cases on which that verb is open, without one those on which any is.
    """
    known_verb(verb)
    rows = open_steps(viewer, filters, verb, now)
    steps = [step for _, open_ in rows for step in open_]
    cols = columns(viewer, steps, verb, rules.local_day(now))
    lines = [line(cols, case, open_) for case, open_ in rows]
    code = code_of_export()
    write(path, book(viewer, cols, lines, steps, now, code))
    _written(viewer, verb, [case.number for case, _ in rows], now, code)
    return len(rows)


def open_steps(viewer: Viewer, filters: Filters, verb: str, now: datetime) -> list[Found]:
    """Return the cases of a list with the steps open to the viewer; raise BadInput if there are too many."""
    found = []
    for case in listing.found(viewer, filters, now)[: 4 * MOST_ROWS].iterator(chunk_size=1000):
        open_ = [step for step in steps_of(viewer, case, now) if verb in ("", step.verb)]
        if open_:
            found.append((case, open_))
        if len(found) > MOST_ROWS:
            raise BadInput("too_many_cases", limit=MOST_ROWS)
    return found


def steps_of(viewer: Viewer, case: Case, now: datetime) -> list[Step]:
    """Return the steps of a case that are open to the viewer, with the fields the office adds."""
    procedure, facts = frozen.pinned(case.procedure, case.version), cases.facts(case)
    verbs = (verb for verb, refusal in table.verbs(procedure, facts, viewer.actor) if refusal is None)
    steps = (procedure.step(verb, facts.state) for verb in verbs)
    return [rules.asked(case.procedure, step, now) for step in steps if step is not None]


def line(cols: Sequence[Column], case: Case, steps: Sequence[Step]) -> Line:
    """Return the row of a case, nothing filled in yet."""
    shown = stands(case)
    verbs = tuple(rules.label("verb", step.verb) for step in steps)
    return Line([shown.get(column.key, "") for column in cols], verbs)


def stands(case: Case) -> dict[str, object]:
    """Return what stands of a case in its row, by column."""
    return {
        "row": fingerprint.of(case),
        "number": case.number,
        "business_type": rules.label("business_type", case.business_type),
        "state": rules.label("state", case.state),
        "unit": case.unit.name,
        "accepted_at": case.accepted_at.astimezone(cases.LOCAL),
        "due": case.next_due_at.astimezone(cases.LOCAL) if case.next_due_at else "",
        "brief": case.brief,
    }


def book(
    viewer: Viewer,
    cols: Sequence[Column],
    lines: Sequence[Line],
    steps: Iterable[Step],
    now: datetime,
    code: str = "",
) -> Book:
    """Return a worksheet with the mark of who took it out and the sheet that explains it."""
    at = now.astimezone(cases.LOCAL).strftime("%Y-%m-%d %H:%M")
    name = viewer.person.name or viewer.actor.username
    mark = word("mark").format(who=f"{name}（{viewer.actor.username}）", at=at)
    mark = f"{mark} · {code}" if code else mark
    names = (word("sheet_cases"), word("sheet_guide"), word("sheet_lists"))
    return Book(word("title"), mark, names, cols, lines, _guide(steps))


def _guide(steps: Iterable[Step]) -> list[list[str]]:
    rows = [[word("title")], *([word(f"guide_{number}")] for number in range(1, 7)), [""]]
    rows.append([word("guide_verb"), word("guide_field"), word("guide_how")])
    for step in dict.fromkeys(steps):
        verb = rules.label("verb", step.verb)
        if not step.form:
            rows.append([verb, "—", word("no_fields")])
        for field in step.form:
            need = word("needed") if field.required else word("not_needed")
            rows.append([verb, title_of(field), f"{need}　{word(f'type_{field.type.value}')}"])
    return [list(row) for row in dict.fromkeys(map(tuple, rows))]


@transaction.atomic
def _written(viewer: Viewer, verb: str, numbers: list[str], now: datetime, code: str) -> None:
    chain.append(
        stream="register:worksheet",
        at=now,
        actor=viewer.actor.username,
        verb="worksheet_export",
        objects=[("export", code), *(("case", number) for number in numbers)],
        detail={"verb": verb, "cases": len(numbers), "code": code},
    )
