"""Countersign 会签: who may sign now, and what a signature, a rejection or a delegation does to the sheet."""

from collections.abc import Callable
from dataclasses import replace

from .errors import Refused
from .sheet import DECISION, TO_NODE, Act, Circulation, Hand, Mark, Node, Place


def own(circulation: Circulation, username: str) -> Mark | None:
    """Return the last signature or rejection of somebody that counts."""
    mine = [m for m in circulation.standing() if m.by == username and m.act is not Act.DELEGATED]
    return mine[-1] if mine else None


def place_for(circulation: Circulation, hand: Hand) -> Place | None:
    """Return the place somebody may sign or reject at now, their own before one delegated to them."""
    node = circulation.current
    if node is None or _spent(circulation, node, hand.username):
        return None
    own_places = [place for place in circulation.awaited if place.is_for(hand)]
    given = [
        place
        for place in circulation.awaited
        if (mark := circulation.delegation(node.name, place.code)) and mark.to == hand.username
    ]
    return next(iter((*own_places, *given)), None)


def _spent(circulation: Circulation, node: Node, username: str) -> bool:
    """Return whether somebody had their say: once in a circulation, and to decide on a node, once in it."""
    marks = [m for m in circulation.standing() if m.act is not Act.DELEGATED and m.by == username]
    if any(place.code == DECISION for place in circulation.awaited):
        return any(mark.node == node.name for mark in marks)
    return any(mark.place != DECISION for mark in marks)


def refusal(circulation: Circulation | None, hand: Hand) -> str | None:
    """Return why somebody may not sign or reject now, None if they may."""
    if circulation is None:
        return "not_circulated"
    if place_for(circulation, hand) is not None:
        return None
    mine = own(circulation, hand.username)
    return "not_awaited" if mine is None else "signed_already"


def delegation_refusal(circulation: Circulation | None, hand: Hand) -> str | None:
    """Return why somebody may not let another sign, None if they may: a delegate passes nothing on."""
    why = refusal(circulation, hand)
    if why or circulation is None:
        return why
    place = place_for(circulation, hand)
    return None if place is not None and place.is_for(hand) else "delegates_no_further"


def sign(circulation: Circulation, hand: Hand, *, agreed: bool = True) -> Circulation:
    """Return the circulation once somebody has signed or rejected; raise Refused if they may not.

    A rejection that a rule sends back to an earlier node opens that node and all after it again.
    """
    node, place = _turn(circulation, hand, refusal(circulation, hand))
    given = None if place.is_for(hand) else circulation.delegation(node.name, place.code)
    mark = Mark(
        node.name,
        place.code,
        Act.SIGNED if agreed else Act.REJECTED,
        hand.username,
        on_behalf_of=given.by if given else "",
        digest=circulation.digest,
    )
    after = replace(circulation, marks=(*circulation.marks, mark))
    if not agreed and after.is_broken(node) and node.on_reject.startswith(TO_NODE):
        return _reopen(after, node.on_reject.removeprefix(TO_NODE))
    return after


def _turn(circulation: Circulation, hand: Hand, why: str | None) -> tuple[Node, Place]:
    """Return whose turn it is; raise Refused with the reason there is."""
    node, place = circulation.current, place_for(circulation, hand)
    if why or node is None or place is None:
        raise Refused(why or "not_awaited")
    return node, place


def _reopen(circulation: Circulation, name: str) -> Circulation:
    names = [node.name for node in circulation.nodes]
    later = set(names[names.index(name) :])
    return _end(circulation, "sent_back", lambda mark: mark.node in later)


def _end(circulation: Circulation, why: str, chosen: Callable[[Mark], bool]) -> Circulation:
    marks = tuple(
        replace(mark, ended=why) if not mark.ended and chosen(mark) else mark for mark in circulation.marks
    )
    return replace(circulation, marks=marks)


def withdraw(circulation: Circulation, username: str) -> Circulation:
    """Return the circulation without somebody's last signature or rejection; raise Refused for none."""
    mine = own(circulation, username)
    if mine is None:
        raise Refused("nothing_signed")
    return _end(circulation, "withdrawn", lambda mark: mark is mine)


def delegate(circulation: Circulation, hand: Hand, to: str) -> Circulation:
    """Return the circulation once somebody lets another sign for them; raise Refused if they may not."""
    node, place = _turn(circulation, hand, delegation_refusal(circulation, hand))
    if to == hand.username:
        raise Refused("delegate_to_oneself")
    if own(circulation, to) is not None:
        raise Refused("delegate_has_signed")
    before = circulation.delegation(node.name, place.code)
    after = _end(circulation, "delegated_anew", lambda mark: mark is before)
    mark = Mark(node.name, place.code, Act.DELEGATED, hand.username, to=to)
    return replace(after, marks=(*after.marks, mark))


def amend(circulation: Circulation, digest: str) -> Circulation:
    """Return the circulation over what the paper says now: who signed what it said before signs again."""
    changed = replace(circulation, digest=digest)
    return _end(
        changed, "content_changed", lambda mark: mark.act is not Act.DELEGATED and mark.digest != digest
    )


def returned(circulation: Circulation, why: str = "returned") -> Circulation:
    """Return the sheet of a paper that went back to its draft: what was agreed to stands while unchanged."""
    return _end(circulation, why, lambda mark: mark.act is not Act.SIGNED)
