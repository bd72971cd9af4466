"""Opening a case from another: its first event, its clocks, whom it tells, and the link both ways."""

from collections.abc import Mapping, Sequence
from typing import Any

from suyuan.domain import masking, procedures
from suyuan.domain.vocabulary import Role, State
from suyuan.store import chain, rows, rules, search
from suyuan.store.models import Case
from suyuan.store.queries import cases, org

from . import _clocks
from ._change import Change, objects_of, written
from ._tell import Notice, tell

OPEN = "open"
"""The verb of the first event of a case that was opened from another."""


def open_child(
    change: Change,
    procedure: str,
    business_type: str = "",
    form: Mapping[str, object] | None = None,
    tells: Sequence[Role] = (Role.STATION,),
) -> str:
    """Open a case of ``procedure`` from the one at work and return its number.

    ``form`` is what it begins with: the verb's own form unless given. ``unit`` in it is the unit that owes
    the case, else the parent's. Who complained does not go along.
    """
    given = change.form if form is None else form
    case = _case(change, procedure, business_type or procedure, given)
    rows.insert(case)
    search.add([(case.pk, case.brief)])
    detail: dict[str, Any] = {"parent": change.case.number, "to": case.state}
    detail |= written(case, [field for field in change.step.form if field.name in given], given)
    if started := _clocks.keep(case, change.rules, change.now, source=State.RECEIVED):
        detail["clocks"] = started
    parents = [("case", change.case.number), *objects_of(case)]
    case.changed_event = chain.append(
        stream=f"case:{case.number}",
        at=change.now,
        actor=change.actor.username,
        verb=OPEN,
        objects=[("case", case.number), ("unit", case.unit.code), *parents],
        detail=detail,
    )
    rows.update(case, ("changed_event", "next_due_at"))
    change.objects.append(("case", case.number))
    _tell(case, tells, change)
    return case.number


def _case(change: Change, procedure: str, business_type: str, form: Mapping[str, object]) -> Case:
    parent, table = change.case, procedures.current(procedure)
    texts = (str(form[field.name]) for field in change.step.form if field.personal and form.get(field.name))
    return Case(
        number=cases.next_number(change.now),
        origin="live",
        procedure=table.name,
        version=table.version,
        edition=rules.edition(rules.rulebook(), change.now),
        state=table.initial,
        is_open=True,
        business_type=business_type,
        category=parent.category,
        level=parent.level,
        restricted=parent.restricted,
        accused=parent.accused,
        unit=org.unit(str(form["unit"])) if form.get("unit") else parent.unit,
        desk=parent.desk,
        specialty=parent.specialty,
        line=parent.line,
        area=parent.area,
        is_child=True,
        parent_number=parent.number,
        brief=masking.mask(next(texts, ""))[:120],
        owner=change.actor.username,
        registered_at=change.now,
        accepted_at=change.now,
    )


def _tell(case: Case, tells: Sequence[Role], change: Change) -> None:
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
    tell(notices, change.now)
