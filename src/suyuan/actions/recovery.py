"""Recording what was done for a customer who is not content: an event of the case, beside its procedure."""

from datetime import datetime

from django.db import transaction

from suyuan.domain.errors import Refused
from suyuan.domain.procedure import Actor
from suyuan.domain.recovery import FORM, MAY, RECOVER
from suyuan.store import chain, rows, rules
from suyuan.store.queries import cases

from ._change import objects_of, written
from ._forms import clean

ENDED = ("void", "merged")


@transaction.atomic
def recover(*, number: str, actor: Actor, form: dict[str, object], now: datetime) -> int:
    """Record what was done about a customer's discontent; return the event's id."""
    rules.look(now)
    given = clean(FORM, form, now)
    case = cases.locked(number)
    if not actor.over_case(case.unit.path) & MAY or case.restricted:
        raise Refused("not_your_role", roles=sorted(MAY))
    if case.state in ENDED:
        raise Refused("not_from_here", state=case.state)
    case.changed_event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=actor.username,
        verb=RECOVER,
        objects=[("case", case.number), ("unit", case.unit.code), *objects_of(case)],
        detail=written(case, FORM, given),
    )
    rows.update(case, ("changed_event",))
    return case.changed_event
