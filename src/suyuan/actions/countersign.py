"""Countersign: an order goes round, is signed or rejected node by node, and its sheet is kept."""

from collections.abc import Callable

from suyuan.domain import countersign as rule
from suyuan.domain import guards
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.rulebook import Figure
from suyuan.domain.sheet import Circulation, Hand, Node, Outcome, Place, check
from suyuan.domain.vocabulary import Role, State
from suyuan.store import rules
from suyuan.store.models import Awaited, Case, Signature
from suyuan.store.queries import cases, org, viewer
from suyuan.store.queries import countersign as sheets

from . import _order
from ._change import Change

PREFIX = "countersign."
"""Figures of the rulebook under it are nodes: ``countersign.SHEET.NODE``."""


TO_SIGN = "to_sign"
"""The message that tells somebody that a paper waits for their signature."""


def circulate(change: Change) -> State | None:
    """Send an order round: its nodes are laid down as the rulebook has them today."""
    case, order = change.case, sheets.order_of(change.case)
    if not (change.text("measures") or sheets.said(case, "measures")):
        raise BadInput("bad_form", fields={"measures": "required"})
    nodes = laid_down(case, change)
    order.digest = _order.content_digest(change, order.due_on)
    order.nodes, order.round = sheets.plain(nodes), order.round + 1
    order.save()
    before = Circulation(nodes, order.digest, sheets.marks(case))
    state = _moved(change, before, rule.amend(rule.returned(before, "new_round"), order.digest))
    if state is State.RECTIFYING:  # every signature the nodes of today want stood already
        case.reviewed_at = case.taken_at = change.now
    return state


def laid_down(case: Case, change: Change) -> tuple[Node, ...]:
    """Return the nodes the rulebook has for a case on the day of a change."""
    sheet = "restricted" if case.restricted else "rectification"
    book, day = rules.rulebook(), rules.local_day(change.now)
    named = [name for name in book.figures if name.startswith(f"{PREFIX}{sheet}.")]
    found = [figure for name in named if (figure := book.figure(name, day)) is not None]
    nodes = tuple(_node(figure, case) for figure in sorted(found, key=lambda one: one.terms["order"]))
    check(nodes)
    return nodes


def _node(figure: Figure, case: Case) -> Node:
    places = {place.code: place for place in (_place(code, case) for code in figure.terms["signers"])}
    return Node(
        figure.id.rpartition(".")[2],
        tuple(places.values()),
        str(figure.terms["quorum"]),
        str(figure.terms["on_reject"]),
        bool(figure.terms["in_order"]),
    )


def _place(code: str, case: Case) -> Place:
    """Return the place a signer of the rulebook has: a role, a role at a unit, a person, or the specialty."""
    kind, _, person = code.partition(":")
    if kind == "person" and person:
        return Place(code, person=person)
    if code == "specialty":
        code = case.specialty if case.specialty in ("marketing", "operations") else Role.OFFICE.value
    role, _, unit = code.partition("@")
    if role not in set(Role):
        raise BadInput("bad_circulation", node=code, problem="places")
    return Place(code, role, org.unit(unit).path if unit else "")


def sign(change: Change) -> State | None:
    """Sign; the last signature that was waited for lets the order be carried out."""
    return _turn(change, lambda sheet: rule.sign(sheet, _hand(change)))


def reject(change: Change) -> State | None:
    """Reject; what that leads to is the rule of the node."""
    return _turn(change, lambda sheet: rule.sign(sheet, _hand(change), agreed=False))


def withdraw(change: Change) -> State | None:
    """Take back one's own signature or rejection while the order goes round."""
    return _turn(change, lambda sheet: rule.withdraw(sheet, change.actor.username))


def delegate(change: Change) -> State | None:
    """Let somebody of the same unit sign in one's stead."""
    to = change.text("delegate")
    _check_delegate(change, to)
    change.also.append((TO_SIGN, f"person:{to}"))
    return _turn(change, lambda sheet: rule.delegate(sheet, _hand(change), to))


def _check_delegate(change: Change, to: str) -> None:
    me, other = viewer.named(change.actor.username), viewer.named(to)
    if me is None or other is None or other.person.unit_id != me.person.unit_id:
        raise BadInput("bad_form", fields={"delegate": "not_of_the_unit"})
    if not cases.may_see(other.actor, change.case):
        raise BadInput("bad_form", fields={"delegate": "case_out_of_reach"})


def pull_back(change: Change) -> State | None:
    """Call an order in that goes round; what was signed stands as long as the order reads the same."""
    sheet = _sheet(change)
    _moved(change, sheet, rule.returned(sheet, "pulled_back"), out=False)
    _back_to_draft(change)
    return None


def _back_to_draft(change: Change) -> None:
    """Take back that an order was sent round: its draft's clock runs on, that of the signatures waits."""
    change.keep_before("dispatched_at")
    change.case.dispatched_at = None


def revise(change: Change) -> State | None:
    """Change what an order says; whoever has signed what it said before signs again."""
    order = sheets.order_of(change.case)
    change.detail["was"] = {"unit": change.case.unit.code, "due_on": order.due_on.isoformat()}
    if change.form.get("due_on"):
        order.due_on = _order.due_on(change)
        _order.run_to(change.case, order.due_on, change.rules, change.now)
    if unit := change.text("unit"):
        change.case.unit = org.unit(unit)
    digest = _order.content_digest(change, order.due_on)
    if order.round and change.case.state == State.SIGNING:
        order.digest = digest
        sheet = _sheet(change)
        _moved(change, sheet, rule.amend(sheet, digest))
    order.save()
    return None


def _hand(change: Change) -> Hand:
    return guards.hand_of(cases.facts(change.case), change.actor)


def _sheet(change: Change) -> Circulation:
    sheet = sheets.circulation(change.case)
    if sheet is None:
        raise Refused("not_circulated")
    return sheet


def _turn(change: Change, turn: Callable[[Circulation], Circulation]) -> State:
    before = _sheet(change)
    return _moved(change, before, turn(before))


def _moved(change: Change, before: Circulation, after: Circulation, *, out: bool = True) -> State:
    """Keep a sheet as a turn left it, and return where that leads the order; ``out``: it still goes round."""
    if after.outcome is Outcome.RETURNED:
        after = rule.returned(after)
        state = State.DRAFTED
        _back_to_draft(change)
    else:
        state = State.RECTIFYING if after.outcome is Outcome.AGREED else State.SIGNING
    if state is not State.RECTIFYING:
        change.detail["unmarked"] = ("reviewed_at", "taken_at")
    _keep(change, before, after)
    if out and state is State.SIGNING:
        _keep_awaited(change, after)
        _tell(change, before, after)
    else:
        Awaited.objects.filter(case=change.case).delete()
    return state


def _tell(change: Change, before: Circulation, after: Circulation) -> None:
    """Tell those whose turn it is now and was not before."""
    waited = set(before.awaited) if before.marks or change.step.verb != "circulate" else set()
    for place in after.awaited:
        if place not in waited:
            change.also.append((TO_SIGN, _recipient(change, after, place)))


def _recipient(change: Change, sheet: Circulation, place: Place) -> str:
    given = sheet.delegation(sheet.current.name, place.code) if sheet.current else None
    if given is not None or place.person:
        return f"person:{given.to if given else place.person}"
    unit = org.at(place.path).code if place.path else change.case.unit.code
    return f"{place.role}@{unit}"


def _keep(change: Change, before: Circulation, after: Circulation) -> None:
    """Write what a turn changed on the sheet: lines that ended, and the one that is new."""
    for old, now in zip(before.marks, after.marks, strict=False):
        if old.ended != now.ended:
            Signature.objects.filter(pk=old.key).update(ended=now.ended, ended_at=change.now)
    order = sheets.order_of(change.case)
    for mark in after.marks[len(before.marks) :]:
        Signature.objects.create(
            case=change.case,
            round=order.round,
            node=mark.node,
            place=mark.place,
            act=mark.act.value,
            by=mark.by,
            on_behalf_of=mark.on_behalf_of,
            to=mark.to,
            digest=mark.digest,
            at=change.now,
            ended=mark.ended,
            ended_at=change.now if mark.ended else None,
        )
        change.detail["place"] = [mark.node, mark.place]


def _keep_awaited(change: Change, sheet: Circulation) -> None:
    """Keep who is waited for, each since the moment it became their turn."""
    since = dict(Awaited.objects.filter(case=change.case).values_list("place", "since"))
    Awaited.objects.filter(case=change.case).delete()
    node = sheet.current.name if sheet.current else ""
    waited = [(place, place.person) for place in sheet.awaited]
    waited += [
        (place, given.to)
        for place in sheet.awaited
        if (given := sheet.delegation(node, place.code)) is not None
    ]
    Awaited.objects.bulk_create(
        Awaited(
            case=change.case,
            node=node,
            place=place.code,
            role="" if person else place.role,
            path=place.path,
            person=person,
            since=since.get(place.code, change.now),
        )
        for place, person in waited
    )
