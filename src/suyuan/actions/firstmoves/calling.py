"""An entry of a first-move list: taken on, its number seen for a purpose, its outcome written down."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from suyuan.domain import disclosure, first_move
from suyuan.domain.errors import Refused
from suyuan.store import chain, rules, seal
from suyuan.store.models import ContactWay, Event, FirstMove
from suyuan.store.queries import firstmoves, personal
from suyuan.store.queries.moves_day import STREAM
from suyuan.store.queries.viewer import Viewer

from .._change import not_between
from .._forms import clean


@transaction.atomic
def take_move(*, viewer: Viewer, move: int, now: datetime) -> None:
    """Take an entry on: its number may be seen by whoever did, and nobody else calls meanwhile."""
    _take(_open(viewer, move), viewer, now)


def _take(found: FirstMove, viewer: Viewer, now: datetime) -> None:
    if found.taken_by == viewer.actor.username:
        return
    found.state, found.taken_by, found.taken_at = first_move.TAKEN, viewer.actor.username, now
    found.save()
    _write(found, viewer, "take_first_move", now, {})


@transaction.atomic
def reveal_number(*, viewer: Viewer, move: int, form: Mapping[str, object], now: datetime) -> str:
    """Return the telephone number of an entry in clear, and write down who looked at it and why."""
    purpose = str(clean(first_move.PURPOSE, form, now)["purpose"])
    return _seen(_open(viewer, move), viewer, purpose, now)


@transaction.atomic
def call_number(*, viewer: Viewer, move: int, form: Mapping[str, object], now: datetime) -> str:
    """Take an entry on and return its number for a purpose: what somebody does who is about to call."""
    purpose = str(clean(first_move.PURPOSE, form, now)["purpose"])
    found = _open(viewer, move)
    _take(found, viewer, now)
    return _seen(found, viewer, purpose, now)


@transaction.atomic
def number_to_register(*, viewer: Viewer, move: int, now: datetime) -> str:
    """Return the number of who complained on a call, for the contact that is written down of it."""
    found = firstmoves.one(viewer, move)
    if found.outcome != first_move.COMPLAINED:
        raise Refused("move_without_complaint")
    return _seen(found, viewer, "call_back", now)


def _seen(found: FirstMove, viewer: Viewer, purpose: str, now: datetime) -> str:
    if found.customer is not None and found.customer.opted_out_at is not None:
        raise Refused("customer_opted_out")
    working = found.taken_by == viewer.actor.username
    roles = viewer.actor.over_case(found.list.unit.path)
    case = found.case
    secrecy, restricted = (case.secrecy, case.restricted) if case else ("", False)
    standing = disclosure.Standing(roles, working, secrecy, restricted)
    if reason := disclosure.refusal("phone", standing):
        raise Refused(reason, field="phone")
    number = _number(found)
    if not number:
        raise Refused("nothing_kept", field="phone")
    _write(found, viewer, "reveal", now, {"personal_field": "phone", "purpose": purpose})
    return number


@transaction.atomic
def record_outcome(*, viewer: Viewer, move: int, form: Mapping[str, object], now: datetime) -> str:
    """Write down what came of a call and return it; whoever does so without taking it on first has now.

    Raise BadInput where somebody is said to have been spoken to whose number nobody here saw, unless it is
    said how.
    """
    rules.look(now)
    given = clean(first_move.FORM, form, now)
    outcome, again = str(given["move_outcome"]), given.get("again_on")
    first_move.check_outcome(outcome, again)
    today = rules.local_day(now)
    if isinstance(again, date) and again < today:
        raise not_between("again_on", today)
    found = _open(viewer, move)
    by, contacted = viewer.actor.username, str(given.get("contacted") or "")
    first_move.check_contact(outcome, contacted, seen=_was_seen(found))
    if not found.taken_by:
        found.taken_by, found.taken_at = by, now
    found.state, found.outcome, found.again_on = first_move.DONE, outcome, again or None  # type: ignore[assignment]
    found.done_by, found.done_at = by, now
    found.save()
    said = {"outcome": outcome} | ({"contacted": contacted} if contacted else {})
    said |= {"again_on": again.isoformat()} if isinstance(again, date) else {}
    _write(found, viewer, "record_first_move", now, said)
    return outcome


def _was_seen(found: FirstMove) -> bool:
    """Return whether the number of an entry was seen since it was taken on."""
    if found.taken_at is None:
        return False
    events = Event.objects.filter(stream=STREAM, verb="reveal", at__gte=found.taken_at)
    return events.filter(detail__move=found.pk).exists()


def _open(viewer: Viewer, move: int) -> FirstMove:
    """Return an entry in reach with its row locked; raise Refused where nothing can be written down of it."""
    firstmoves.one(viewer, move)
    found = FirstMove.objects.select_for_update(of=("self",)).get(pk=move)
    if refused := first_move.closed_refusal(found.state, found.taken_by, viewer.actor.username):
        raise refused
    return found


def _number(move: FirstMove) -> str:
    """Return the number a customer prefers, or the one the case came from."""
    if move.customer_id is not None:
        ways = ContactWay.objects.filter(customer=move.customer_id, kind="phone", valid_until=None)
        if way := ways.order_by("-preferred", "pk").first():
            return seal.unseal(way.sealed)["phone"]
    return personal.opened(move.case).get("phone", "") if move.case else ""


def _write(of: FirstMove, viewer: Viewer, verb: str, now: datetime, detail: Mapping[str, object]) -> None:
    objects = [("unit", of.list.unit.code)]
    told = {"move": of.pk, **detail}
    chain.append(stream=STREAM, at=now, actor=viewer.actor.username, verb=verb, objects=objects, detail=told)
