"""A rectification order as programs are told it: its due date and its sheet of signatures."""

from collections.abc import Callable
from datetime import datetime

from suyuan.domain.sheet import DECISION, Circulation, Node, Place
from suyuan.domain.vocabulary import State
from suyuan.store.models import Case

from . import countersign

Iso = Callable[[datetime | None], str | None]
Told = dict[str, object]


def told(case: Case, iso: Iso) -> Told | None:
    """Return the order a case is, None for every other case; ``iso`` writes a moment."""
    if case.procedure != "rectification":
        return None
    order, found = countersign.order_of(case), countersign.circulation(case)
    nodes = [_node(case, found, node, iso) for node in found.nodes] if found else []
    return {"due_on": order.due_on.isoformat(), "round": order.round, "nodes": nodes}


def _node(case: Case, found: Circulation, node: Node, iso: Iso) -> Told:
    current = found.current if case.state == State.SIGNING else None
    return {
        "node": node.name,
        "quorum": node.quorum,
        "in_order": node.in_order,
        "on_reject": node.on_reject,
        "state": "current" if node is current else "passed" if found.has_passed(node) else "ahead",
        "places": [_place(case, found, node, place, iso) for place in places(found, node)],
    }


def places(found: Circulation, node: Node) -> tuple[Place, ...]:
    """Return the places of a node, with the one that decides where it came to that."""
    decides = found.is_broken(node) or DECISION in found.decided(node)
    return (*node.places, node.decider) if node.decider and decides else node.places


def _place(case: Case, found: Circulation, node: Node, place: Place, iso: Iso) -> Told:
    mark = found.decided(node).get(place.code)
    given = found.delegation(node.name, place.code)
    waited = node is found.current and mark is None
    return {
        "place": place.code,
        "act": mark.act.value if mark else "",
        "by": mark.by if mark else "",
        "on_behalf_of": mark.on_behalf_of if mark else "",
        "at": iso(countersign.signed_at(mark.key)) if mark else None,
        "delegate": given.to if given else "",
        "awaited_since": iso(countersign.since(case).get(place.code)) if waited else None,
    }
