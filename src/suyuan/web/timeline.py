"""What happened on a case, in words, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from suyuan.domain.fields import EVIDENCE, Field
from suyuan.domain.warning import pieces
from suyuan.store import handed_in, rules
from suyuan.store.queries import evidence, history, org
from suyuan.store.queries.viewer import Viewer

from .names import Named, named
from .templatetags.ui import lang


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the timeline in words."""

    at: datetime
    who: Named | None
    what: str
    milestone: bool
    moved: str
    lines: list[tuple[str, str]]


def of(viewer: Viewer, case) -> tuple[list[Told], Named | None]:
    """Return what happened, newest first, in words, and who has the case in hand."""
    fields = history.asked(case)
    units = {unit.code: unit.name for unit in org.units(viewer)}
    lines = history.timeline(viewer, case)
    who = named([case.handler, *(line.actor for line in lines if not line.milestone)])
    told = [_told(line, fields, units, who.get(line.actor)) for line in lines][::-1]
    return _with_files(viewer, case, told), who.get(case.handler)


def _with_files(viewer: Viewer, case, told: list[Told]) -> list[Told]:  # type: ignore[no-untyped-def]
    """Return the same with files by their name, where a line names them by digest; others stay."""
    said = rules.label("field", EVIDENCE.name, lang())
    if not any(title == said and pieces(value) for one in told for title, value in one.lines):
        return told
    names = {one.sha256: one.name for one in evidence.pieces(viewer, case)}

    def worded(title: str, value: str) -> str:
        found = pieces(value) if title == said else []
        return "、".join(names.get(digest, digest[:12]) for digest in found) or value

    return [replace(one, lines=[(title, worded(title, value)) for title, value in one.lines]) for one in told]


NEWEST, SPARE = 10, 2
"""How many lines stand open; so many more are not worth a fold."""


def folded(told: list[Told]) -> dict[str, list[Told]]:
    """Return what happened as the page has it: the newest lines open, the earlier ones folded away."""
    shown = len(told) if len(told) <= NEWEST + SPARE else NEWEST
    return {"timeline": told[:shown], "before": told[shown:]}


def _told(
    line: history.Line,
    fields: Mapping[tuple[str, str], Field],
    units: Mapping[str, str],
    who: Named | None,
) -> Told:
    if line.milestone:
        return Told(line.at, None, rules.label("milestone", line.milestone, lang()), True, "", [])
    source, target = str(line.facts.get("from", "")), str(line.facts.get("to", ""))
    moved = ""
    if source and source != target:
        moved = f"{rules.label('state', source, lang())} → {rules.label('state', target, lang())}"
    lines = [
        (
            rules.label("field", name, lang()),
            handed_in.words(fields.get((line.verb, name)), name, value, units, lang()),
        )
        for name, value in line.form
    ]
    lines += handed_in.results(line.facts, lang())
    return Told(line.at, who, rules.label("verb", line.verb, lang()), False, moved, lines)
