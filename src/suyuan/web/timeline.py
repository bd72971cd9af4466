"""What happened on a case, in words, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from suyuan.actions.card import RATE
from suyuan.domain.fields import RATING, Field
from suyuan.domain.procedure import Procedure
from suyuan.store import rules
from suyuan.store.queries import history, org
from suyuan.store.queries.viewer import Viewer

from . import forms, inquiry
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


def of(viewer: Viewer, case, procedure: Procedure) -> tuple[list[Told], Named | None]:
    """Return what happened, newest first, in words, and who has the case in hand."""
    fields = {(step.verb, field.name): field for step in procedure.steps for field in step.form}
    fields[RATE, RATING.name] = RATING
    own = (one[-1] for one in rules.rulebook().form_fields.values() if one[-1].procedure == case.procedure)
    fields |= {(one.verb, one.name): one.field for one in own}
    for field in [one for (_, name), one in fields.items() if name in ("unit", "due_on")]:
        fields["open", field.name] = field  # the first step of a case that was opened from another
    units = {unit.code: unit.name for unit in org.units(viewer)}
    lines = history.timeline(viewer, case)
    who = named([case.handler, *(line.actor for line in lines if not line.milestone)])
    return [_told(line, fields, units, who.get(line.actor)) for line in lines][::-1], who.get(case.handler)


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
        (rules.label("field", name, lang()), forms.shown(fields.get((line.verb, name)), name, value, units))
        for name, value in line.form
    ]
    lines += inquiry.results(line.facts)
    return Told(line.at, who, rules.label("verb", line.verb, lang()), False, moved, lines)
