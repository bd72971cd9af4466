"""The desks around a case: what the remote workstation passes on, and what comes back."""

from suyuan.domain.errors import BadInput
from suyuan.domain.vocabulary import State
from suyuan.store.models import Case, Relay

from ._change import Change, not_between


def relay(change: Change) -> State | None:
    """Pass something on to one of those the workstation is linked to."""
    case = change.case
    seq = case.relayed.count() + 1
    Relay.objects.create(
        case=case,
        seq=seq,
        to=change.text("relay_to"),
        message=change.note("message"),
        sent_by=change.actor.username,
        sent_at=change.at,
    )
    case.relays += 1
    change.detail["relay"] = seq
    return None


def relay_answer(change: Change) -> State | None:
    """Write down what came back; a message is answered once."""
    found = _open_one(change.case, change.text("relay"))
    if change.at < found.sent_at:
        raise not_between("at", found.sent_at, change.now)
    found.came_back = change.note("came_back")
    found.answered_by, found.answered_at = change.actor.username, change.at
    found.save()
    change.case.relays -= 1
    return None


def _open_one(case: Case, seq: str) -> Relay:
    found = case.relayed.filter(seq=seq).first()
    if found is None:
        raise BadInput("bad_form", fields={"relay": "unknown_relay"})
    if found.answered_at is not None:
        raise BadInput("bad_form", fields={"relay": "relay_answered"})
    return found
