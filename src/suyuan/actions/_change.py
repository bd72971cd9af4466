"""What every verb does around its own work: lock, ask, move, keep the clocks, write down, tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from suyuan.domain import masking
from suyuan.domain import procedure as table
from suyuan.domain.errors import BadInput
from suyuan.domain.fields import Field
from suyuan.domain.order import MILESTONES
from suyuan.domain.procedure import Actor, Facts, Procedure, Step
from suyuan.domain.procedures import frozen
from suyuan.domain.rulebook import Rulebook
from suyuan.domain.vocabulary import Role, State
from suyuan.store import chain, rows, rules, seal
from suyuan.store.models import Case, Note
from suyuan.store.queries import cases, hidden, people

from . import _clocks
from ._tell import Notice, tell, withdrawn


@dataclass(slots=True)
class Change:
    """A verb at work on a locked case."""

    case: Case
    procedure: Procedure
    step: Step
    actor: Actor
    now: datetime
    form: Mapping[str, object]
    rules: Rulebook
    detail: dict[str, object] = field(default_factory=dict)
    objects: list[tuple[str, str]] = field(default_factory=list)
    also: list[tuple[str, str]] = field(default_factory=list)
    """Who else is told, and by which template: what depends on the case, beside the roles of the step."""
    notes: dict[str, Note] = field(default_factory=dict)
    """The texts an effect had to seal before the event is written, by field."""
    before: dict[str, object] = field(init=False)
    """The case as it was found, so that only what changed is written."""

    def __post_init__(self) -> None:
        self.before = dict(_columns(self.case))

    @property
    def at(self) -> datetime:
        """Return when it happened: the moment the form gives, or now."""
        given = self.form.get("at")
        return given if isinstance(given, datetime) else self.now

    def keep_before(self, *names: str) -> None:
        """Keep in the event what the case said before, so that the step can be taken back."""
        self.detail["was"] = {name: _plain(getattr(self.case, name)) for name in names}

    def note(self, name: str) -> Note:
        """Return the note of a text of the form, sealed now: something is to point at it."""
        if name not in self.notes:
            asked = next(one for one in self.step.form if one.name == name)
            self.notes[name] = _seal_note(self.case, asked, self.text(name), hidden.masks(self.case))
        return self.notes[name]

    def text(self, name: str) -> str:
        """Return a form value as text, empty when it was left out."""
        value = self.form.get(name)
        return "" if value is None else str(value)


NONE: Mapping[str, Note] = MappingProxyType({})


def _columns(case: Case) -> list[tuple[str, object]]:
    return [(name, getattr(case, name)) for name in _NAMES]


_NAMES = [column.attname for column in Case._meta.concrete_fields if not column.primary_key]


def open_change(number: str, other: object = None) -> tuple[Case, Procedure]:
    """Return the case locked, with the procedure version it pinned; raise Refused if there is none."""
    if isinstance(other, str) and other < number and cases.exists(other):
        cases.locked(other)  # two cases are always locked in the order of their numbers
    case = cases.locked(number)
    return case, frozen.pinned(case.procedure, case.version)


def ask(
    case: Case,
    procedure: Procedure,
    verb: str,
    actor: Actor,
    form: Mapping[str, object] | None,
    *,
    undoing: bool = False,
) -> tuple[Step, State]:
    """Return the step and where it leads; raise Refused with the reason if it is not open.

    Without a form it is asked whether a form may be handed in at all.
    """
    facts: Facts = replace(cases.facts(case, form), undoing=undoing)
    return table.advance(procedure, facts, verb, actor)


APART = timedelta(minutes=15)
"""How far two machines' clocks, or two people on one case, may be apart."""


def in_order(change: Change) -> None:
    """Refuse a moment before the case was accepted, before what was last done on it, or in the future."""
    last = chain.last_by_a_person(f"case:{change.case.number}")
    earliest = max(filter(None, (change.case.accepted_at, last))) - APART
    if change.now < earliest:
        raise BadInput("before_the_last_event", at=change.now.isoformat(), last=earliest.isoformat())
    if change.at > change.now or change.at < change.case.accepted_at - APART:
        raise not_between("at", change.case.accepted_at, change.now)


def not_between(name: str, first: date, last: date | None = None) -> BadInput:
    """Return the error of a field whose moment or day lies outside what is allowed, and what that is."""
    allowed = [first.isoformat(), last.isoformat() if last else None]
    return BadInput("bad_form", fields={name: "out_of_order"}, allowed={name: allowed})


def commit(change: Change, target: State) -> int:
    """Move the case, keep its clocks, write the event, queue the messages; return the event's id."""
    case = change.case
    source = case.state
    _mark(change)
    if target.value != source:
        case.state_before, case.state = source, target.value
        case.is_open = table.is_open(target)
    moved = _clocks.keep(case, change.rules, change.now, source=source)
    change.detail |= {
        "from": source,
        "to": case.state,
        **written(case, change.step.form, change.form, change.notes),
    }
    if moved:
        change.detail["clocks"] = [*change.detail.get("clocks", ()), *moved]  # type: ignore[misc]
    event = chain.append(
        stream=f"case:{case.number}",
        at=change.now,
        actor=change.actor.username,
        verb=change.step.verb,
        objects=[("case", case.number), ("unit", case.unit.code), *change.objects, *objects_of(case)],
        detail=change.detail,
    )
    case.changed_event = event
    rows.update(case, [name for name, value in _columns(case) if value != change.before[name]])
    _tell(change, event)
    return event


def _mark(change: Change) -> None:
    skipped = change.detail.pop("unmarked", ())
    for milestone in change.step.marks:
        assert milestone in MILESTONES, milestone
        if milestone not in skipped:  # type: ignore[operator]
            setattr(change.case, milestone, change.at)
            if milestone == "answered_at" and change.case.first_answered_at is None:
                change.case.first_answered_at = change.at


def written(
    case: Case, fields: Iterable[Field], form: Mapping[str, object], notes: Mapping[str, Note] = NONE
) -> dict[str, object]:
    """Return a form as an event keeps it: personal text sealed in a note and named by reference.

    ``notes`` are those texts of the form that are sealed already.
    """
    kept: dict[str, object] = {}
    mask: hidden.Mask | None = None  # asked for once, and only where there is a text to hide somebody in
    for asked in fields:
        value = form.get(asked.name)
        if value is None or value == "":
            continue
        if asked.personal:
            if (note := notes.get(asked.name)) is None:
                mask = mask or hidden.masks(case)
                note = _seal_note(case, asked, str(value), mask)
            kept[asked.name] = {"note": note.ref}
        else:
            kept[asked.name] = _plain(value)
    return {"form": kept} if kept else {}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _seal_note(case: Case, asked: Field, text: str, mask: hidden.Mask) -> Note:
    ref, sealed = seal.noted({"text": text})
    shown = {"masked": mask(text), "masked_by": masking.VERSION}
    return Note.objects.create(case=case, field=asked.name, ref=ref, **shown, sealed=sealed)


def objects_of(case: Case) -> list[tuple[str, str]]:
    """Return what a case is about beside its unit: the line and the area, never whose case it is."""
    pairs = (("line", case.line), ("area", case.area))
    return [(kind, key) for kind, key in pairs if key]


def _tell(change: Change, event_id: int) -> None:
    case = change.case
    roles = (Role.AUDIT,) if case.restricted and change.step.tells else change.step.tells
    told = [(role.value, change.step.verb, _recipient(case, role)) for role in roles]
    told += [(f"{template}:{recipient}", template, recipient) for template, recipient in change.also]
    notices = [
        Notice(
            key=f"{event_id}:{key}",
            template=template,
            recipient=recipient,
            unit_id=case.unit_id,
            case_number=case.number,
            facts={"verb": change.step.verb, "state": case.state},
            restricted=case.restricted,
        )
        for key, template, recipient in told
    ]
    undone = change.detail.get("undoes")
    if isinstance(undone, int):
        notices += withdrawn(case, undone, event_id)
    tell(notices, change.now)


def _recipient(case: Case, role: Role) -> str:
    """Return who is told as a role: what is for agents, the one who faces the customer."""
    if role is Role.AGENT and people.is_at_work(case.owner):
        return f"person:{case.owner}"
    return f"{role.value}@{case.unit.code}"


def rules_of(case: Case) -> Rulebook:
    """Return the rulebook edition the case pinned, with today's calendar."""
    return rules.pinned(case.edition_id)
