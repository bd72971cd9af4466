"""Opening a case by a verb: its first event, its clocks, whom it tells, and the link both ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from suyuan.domain import procedures
from suyuan.domain.fields import Field
from suyuan.domain.procedure import Actor
from suyuan.domain.vocabulary import Role, State
from suyuan.store import chain, rows, rules, search
from suyuan.store.models import Case, Unit
from suyuan.store.queries import cases, hidden, org

from . import _clocks
from ._change import Change, objects_of, written
from ._tell import Notice, tell

OPEN = "open"
"""The verb of the first event of a case that a verb opened."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a case begins with that no contact led to: of which procedure, what its form says, by whom."""

    procedure: str
    business_type: str
    fields: Sequence[Field]
    form: Mapping[str, object]
    actor: Actor
    now: datetime
    level: str = ""
    """How urgent it is from the start, where that is known: its clocks may depend on it."""


def open_child(
    change: Change,
    procedure: str,
    business_type: str = "",
    form: Mapping[str, object] | None = None,
    tells: Sequence[Role] = (Role.STATION,),
    actor: Actor | None = None,
) -> str:
    """Open a case of ``procedure`` from the one at work and return its number.

    ``form`` is what it begins with: the verb's own form unless given. ``unit`` in it is the unit that owes
    the case, else the parent's. ``actor`` is who opens it: whoever does the verb unless it is the system. Who
    complained does not go along.
    """
    given = change.form if form is None else form
    kind = business_type or procedure
    opened = Opened(procedure, kind, change.step.form, given, actor or change.actor, change.now)
    unit = org.unit(str(given["unit"])) if given.get("unit") else change.case.unit
    case = begin(opened, unit, tells, change.case)
    change.objects.append(("case", case.number))
    return case.number


def begin(
    opened: Opened, unit: Unit, tells: Sequence[Role] = (Role.STATION,), parent: Case | None = None
) -> Case:
    """Open a case that a unit owes, from another one or from none, and tell its people."""
    case = _case(opened, unit)
    detail: dict[str, Any] = {"to": case.state}
    parents: list[tuple[str, str]] = []
    if parent is not None:
        _inherit(case, parent)
        detail["parent"] = parent.number
        parents = [("case", parent.number)]
    case.level = opened.level or case.level
    case.brief = hidden.masks(case)(_first(opened))[:120]
    rows.insert(case)
    search.add([(case.pk, case.brief)])
    detail |= written(case, [field for field in opened.fields if field.name in opened.form], opened.form)
    if started := _clocks.keep(case, rules.rulebook(), opened.now, source=State.RECEIVED):
        detail["clocks"] = started
    case.changed_event = chain.append(
        stream=f"case:{case.number}",
        at=opened.now,
        actor=opened.actor.username,
        verb=OPEN,
        objects=[("case", case.number), ("unit", case.unit.code), *parents, *objects_of(case)],
        detail=detail,
    )
    rows.update(case, ("changed_event", "next_due_at"))
    tell_of(case, tells, opened.now)
    return case


def _case(opened: Opened, unit: Unit) -> Case:
    table, now = procedures.current(opened.procedure), opened.now
    return Case(
        number=cases.next_number(now),
        origin="live",
        procedure=table.name,
        version=table.version,
        edition=rules.edition(rules.rulebook(), now),
        state=table.initial,
        is_open=True,
        business_type=opened.business_type,
        unit=unit,
        is_child=True,
        owner=opened.actor.username,
        registered_at=now,
        accepted_at=now,
        dispatched_at=now if table.initial is State.DISPATCHED else None,
    )


def _first(opened: Opened) -> str:
    """Return the first text a case begins with: the line it is listed by."""
    said = (opened.form.get(field.name) for field in opened.fields if field.personal)
    return next((str(text) for text in said if text), "")


INHERITED = ("category", "level", "restricted", "accused", "secrecy", "desk", "specialty", "line", "area")
"""What a case takes over from the one it was opened from: what it is about, never whose it is.

Whoever asked there to be kept secret is so here too: the same words go on.
"""


def _inherit(case: Case, parent: Case) -> None:
    for name in INHERITED:
        setattr(case, name, getattr(parent, name))
    case.parent_number = parent.number


def tell_of(case: Case, tells: Sequence[Role], now: datetime) -> None:
    """Tell people of the unit of a case that it is theirs now, as of its last event."""
    notices = [
        Notice(
            key=f"{case.changed_event}:{role.value}",
            template=OPEN,
            recipient=f"{role.value}@{case.unit.code}",
            unit_id=case.unit_id,
            case_number=case.number,
            facts={"verb": OPEN, "state": case.state},
            restricted=case.restricted,
        )
        for role in tells
    ]
    tell(notices, now)
