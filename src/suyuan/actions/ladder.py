"""Ladder: a customer's urges climb it, what is supervised is acknowledged, reported on and closed."""

from suyuan.domain import ladder, masking
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.vocabulary import Role, State
from suyuan.store import chain, rows, rules, seal
from suyuan.store.models import Case, Contact, Supervision, Urge
from suyuan.store.queries import cases, hidden, pressing
from suyuan.store.queries import ladder as queries

from . import handle
from ._change import Change
from ._open_child import open_child, tell_of

PROCEDURE = "supervision"
FOLLOWS = "follow"
"""The event of an order that went along with its case."""
URGED_AGAIN, GRAVE = "urged_again", "grave"
"""What tells the handler's superior of urges, and leaders of a level."""


def urge(change: Change) -> State | None:
    """Count one more urge with the contact it came by, and climb the rungs it reaches.

    The case is locked, so that of a storm of urges each counts once and each rung is reached once.
    """
    case = change.case
    case.urges += 1
    last = queries.last_order(case.number)
    is_open = last is not None and last.case.is_open
    counts = pressing.counts()
    rungs = ladder.reached(
        case.urges, counts, ordered_at=last.urges if last is not None else 0, is_open=is_open
    )
    Urge.objects.create(
        case=case,
        seq=case.urges,
        at=change.now,
        by=change.actor.username,
        contact=None if case.is_child else _contact(change),
        rungs=list(rungs),
    )
    if last is not None and is_open:
        Supervision.objects.filter(pk=last.pk).update(urges=case.urges)
    if ladder.SUPERIOR in rungs:
        change.also += [(URGED_AGAIN, f"{role}@{case.unit.code}") for role in queries.superiors()]
    if ladder.SUPERVISION in rungs:
        _issue(change, ladder.BY_URGES)
    if rungs:
        change.detail["ladder"] = list(rungs)
    return None


def _contact(change: Change) -> Contact:
    """Write the call or message down by which a customer urged."""
    case, text = change.case, change.text("note")
    _, sealed = seal.noted({"text": text})
    said = {"masked": hidden.masks(case)(text), "masked_by": masking.VERSION, "sealed": sealed}
    contact = Contact(case=case, channel=change.text("channel"), at=change.now, **said)
    rows.insert(contact)
    return contact


def supervise(change: Change) -> State | None:
    """Put the case under supervision from above: issue an order, or write to the one that is open."""
    last = queries.last_order(change.case.number)
    if last is not None and last.case.is_open:
        change.case.supervised = True
        change.detail["supervision"] = last.case.number
        change.objects.append(("case", last.case.number))
    else:
        _issue(change, ladder.BY_HAND)
    return None


def _issue(change: Change, opened_by: str) -> None:
    """Issue a supervision order on the case at work; by urges it is the system that does."""
    system = opened_by == ladder.BY_URGES
    number = open_child(
        change, PROCEDURE, form={"note": change.text("note")}, actor=SYSTEM if system else None
    )
    Supervision.objects.create(
        case=Case.objects.get(number=number),
        opened_by=opened_by,
        issued_by=SYSTEM.username if system else change.actor.username,
        urges=change.case.urges,
    )
    change.case.supervised = True
    change.detail["opened"] = number


def follow(change: Change) -> None:
    """Let an open order go along where the case has just gone to another unit: it owes the order from now on.

    The clocks of the order run on, and its new unit is told; an order that was sent elsewhere stays there.
    """
    left = int(str(change.before["unit_id"]))
    if not change.case.supervised or change.case.unit_id == left:
        return
    going = Case.objects.filter(
        parent_number=change.case.number, procedure=PROCEDURE, is_open=True, unit_id=left
    )
    for number in going.order_by("number").values_list("number", flat=True):
        _move(change, cases.locked(number))


def _move(change: Change, order: Case) -> None:
    was, order.unit = order.unit, change.case.unit
    order.handler = ""
    order.changed_event = chain.append(
        stream=f"case:{order.number}",
        at=change.now,
        actor=change.actor.username,
        verb=FOLLOWS,
        objects=[("case", order.number), ("unit", order.unit.code), ("case", change.case.number)],
        detail={"was": {"unit": was.code}, "to": order.state},
    )
    rows.update(order, ("unit_id", "handler", "changed_event"))
    tell_of(order, (Role.STATION,), change.now)


def acknowledge(change: Change) -> State | None:
    """Acknowledge an order: the receipt whoever issued it waits for."""
    handle.accept(change)
    Supervision.objects.filter(case=change.case).update(acknowledged_by=change.actor.username)
    _tell_issuer(change)
    return None


def report(change: Change) -> State | None:
    """Report what was done about what is supervised."""
    handle.work(change)
    _tell_issuer(change)
    return None


def give_back(change: Change) -> State | None:
    """Have more reported: the clock of the report runs on, that of the closing waits."""
    change.keep_before("answered_at")
    change.case.answered_at = None
    return None


def _tell_issuer(change: Change) -> None:
    issued_by = Supervision.objects.get(case=change.case).issued_by
    if issued_by != SYSTEM.username:
        change.also.append((change.step.verb, f"person:{issued_by}"))


def tell_level(change: Change, before: str) -> None:
    """Tell at once whom the rulebook names for a level that a case has just been given."""
    case = change.case
    if case.level != before:
        told = rules.rulebook().figures["ladder.level"][-1].terms.get(case.level, ())
        change.also += [(GRAVE, f"{role}@{case.unit.code}") for role in told]
