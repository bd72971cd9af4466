"""The proposal page's words: fields, why a header was taken, twenty rows, what a gap costs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext

from suyuan.actions import imports
from suyuan.domain import masking
from suyuan.domain.order import MILESTONES
from suyuan.gateways.layout import Layout, Outcome, Proposal
from suyuan.gateways.layout.evidence import likeness
from suyuan.gateways.layout.files import shipped
from suyuan.gateways.layout.proposal import PATTERN, REQUIRED, SURE_ENOUGH
from suyuan.gateways.lists import Kind
from suyuan.store import rules

from . import errors, shown, words
from .templatetags.ui import lang, local

NEEDS: dict[str, tuple[str, ...]] = {
    "registration_rate": ("received_at", "registered_at"),
    "timely_rate": ("answered_at",),
    "reply_rate": ("answered_at",),
    "closure_rate": ("archived_at", "state_text", "closed"),
    "reply_satisfaction": ("satisfaction",),
    "verified_rate": ("finding",),
    "arrival_rate": ("arrived_at",),
    "fault_again_rate": ("restored_at",),
    "repeat_rate": ("account", "phone"),
    "complaints_per_10k": ("unit", "unit_code", "unit_name"),
}
"""What a measure lives on: without any of these columns nothing can be said."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field and the header proposed for it."""

    field: str
    title: str
    header: str
    confidence: int
    why: str
    required: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the preview: what was read from it, or what is wrong with it."""

    row: int
    cells: tuple[str, ...]
    faults: tuple[str, ...]
    raw: str = ""
    """The row as it stands in the file, masked, where nothing could be read from it."""


def field_title(field: str) -> str:
    """Return what a field is called."""
    for shelf in ("field", "milestone"):
        if (known := rules.label(shelf, field, lang())) != field:
            return known
    if field.startswith("extra."):
        return gettext("附加列：%(name)s") % {"name": field.removeprefix("extra.")}
    return str(words.FIELDS.get(field, field))


def lines(proposal: Proposal) -> list[Line]:
    """Return every field a file may give, with the header proposed for it."""
    taken = {guess.field: guess for guess in proposal.mapping}
    fields = [column.field for column in shipped()[PATTERN].columns]
    fields += [name for name in taken if name not in fields]
    found = []
    for name in fields:
        guess = taken.get(name)
        found.append(
            Line(
                field=name,
                title=field_title(name),
                header=guess.header if guess else "",
                confidence=round(guess.confidence * 100) if guess else 0,
                why=why(guess.why) if guess else "",
                required=name in REQUIRED,
            )
        )
    return sorted(found, key=lambda line: not (line.header or line.required))


def chosen_lines(proposal: Proposal, chosen: Mapping[str, str]) -> list[Line]:
    """Return the lines of a proposal with the headers that somebody chose instead."""
    return [
        line if _same(line.header, chosen.get(line.field, "")) else _said(line, proposal, chosen)
        for line in lines(proposal)
    ]


def _said(line: Line, proposal: Proposal, chosen: Mapping[str, str]) -> Line:
    """Return a line with the header chosen for it, spelt as the file spells it."""
    said = chosen.get(line.field, "")
    header = next((each for each in headers(proposal) if _same(each, said)), "")
    return replace(line, header=header, confidence=100 if header else 0, why="")


def agrees(proposal: Proposal, chosen: Mapping[str, str]) -> bool:
    """Return whether the headers chosen are those proposed."""
    return chosen_lines(proposal, chosen) == lines(proposal)


def _same(header: str, sent: str) -> bool:
    """Return whether a browser sends this for a header: it folds what is blank."""
    return header.split() == sent.split()


def list_lines(kind: Kind, heads: Sequence[str], chosen: Mapping[str, str]) -> list[Line]:
    """Return every field a list may give, with the header chosen or proposed for it."""
    found: dict[str, tuple[float, str]] = {}
    offers = sorted(
        ((likeness(head, column), column.field, head) for head in heads for column in kind.columns),  # type: ignore[arg-type]
        key=lambda offer: -offer[0],
    )
    for like, name, head in offers:
        if like >= SURE_ENOUGH and name not in found and head not in {each for _, each in found.values()}:
            found[name] = like, head
    found = {name: (1.0, head) for name, head in chosen.items()} if chosen else found
    lines = []
    for column in kind.columns:
        like, head = found.get(column.field, (0.0, ""))
        said = "" if chosen or not head else why("header" if like == 1.0 else "similar_header")
        title = column_title(kind, column.field)
        lines.append(Line(column.field, title, head, round(like * 100), said, column.required))
    return lines


def column_title(kind: Kind, field: str) -> str:
    """Return what a column of a list is called."""
    return rules.label("list_column", f"{kind.name}.{field}", lang())


def why(code: str) -> str:
    """Return why a header was taken for a field."""
    return {
        "header": gettext("表头相同"),
        "similar_header": gettext("表头相近"),
        "values": gettext("看取值"),
        "header and values": gettext("表头相同，取值相符"),
        "similar_header and values": gettext("表头相近，取值相符"),
    }.get(code, code)


def headers(proposal: Proposal) -> list[str]:
    """Return every header of the file."""
    return list(dict.fromkeys([*(guess.header for guess in proposal.mapping), *proposal.unused]))


HEADS = ("number", "business_type", "category", "accepted_at", "unit", "finding", "satisfaction", "text")


def rows(outcomes: Sequence[Outcome], now: datetime) -> list[Row]:
    """Return the preview rows; texts and numbers of customers masked."""
    found = []
    read = [outcome.record for outcome in outcomes if outcome.record]
    no_unit = imports.foreseen(read, now)
    for outcome in outcomes:
        faults = tuple(
            f"{fault.column}：{masking.mask(fault.value)[:30]} — {errors.words_for(fault.rule)}"
            for fault in outcome.faults
        )
        if outcome.record and (rule := no_unit.get(outcome.record.number)):
            named = f"{outcome.record.unit_code} {outcome.record.unit_name}".strip()
            faults = (f"{field_title('unit')}：{named[:60]} — {errors.words_for(rule)}",)
        raw = " | ".join(masking.mask(cell)[:40] for cell in outcome.raw if cell) if faults else ""
        found.append(Row(outcome.row, _cells(outcome), faults, raw))
    return found


def reasons(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return the rules that rows break in words, the most frequent first."""
    return [(errors.words_for(rule), count) for rule, count in Counter(counted).most_common()]


def layouts(known: Mapping[str, Layout]) -> list[tuple[str, str]]:
    """Return the layouts to choose from, each with what it is called."""
    return [(name, _called(known[name])) for name in sorted(known)]


def _called(layout: Layout) -> str:
    title = layout.title.get(lang(), layout.name)
    return title if title == layout.name else f"{title}（{layout.name}）"


def _cells(outcome: Outcome) -> tuple[str, ...]:
    record = outcome.record
    if record is None:
        return ()
    return (
        record.number,
        rules.label("business_type", record.business_type, lang()),
        rules.label("category", record.category, lang()),
        local(record.accepted_at),
        record.unit_name or record.unit_code,
        rules.label("finding", record.finding, lang()),
        rules.label("satisfaction", record.satisfaction, lang()),
        masking.mask(record.text)[:40],
    )


def disabled(layout: Layout | None, taken: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the measures a file cannot feed, each with the columns that would."""
    constants = layout.constants if layout else {}
    given = {*taken, *constants}
    if constants.get("business_type") == "unknown" and "answered_at" in taken:
        given.add("closed")  # an order of unknown type is over once it is answered
    return [
        (shown.title(measure), " / ".join(field_title(name) for name in needs))
        for measure, needs in NEEDS.items()
        if not given & set(needs)
    ]


def needed(proposal: Proposal) -> list[str]:
    """Return the required fields the file has no column for."""
    return [field_title(name) for name in REQUIRED if name in proposal.missing]


def missing(proposal: Proposal) -> list[str]:
    """Return the fields the file has no column for, milestones in their order."""
    order = {name: at for at, name in enumerate(MILESTONES)}
    return [field_title(name) for name in sorted(proposal.missing, key=lambda name: order.get(name, -1))]
