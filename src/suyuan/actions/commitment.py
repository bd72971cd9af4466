"""Commitments: what was promised to a customer is written down, kept or moved, and nobody forgets its day."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from suyuan.domain.commitment import OPEN, ended, moved
from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.vocabulary import Role, State
from suyuan.store import bulk, chain, rules
from suyuan.store.models import Case, Commitment, Message, Note

from ._change import Change, not_between
from ._tell import Notice, tell

STREAM, TOLD = "register:commitments", "promise_due"
WHEN = ("before", "day", "broken")
"""What somebody is reminded of, each once: the day draws near, has come, is over."""


def promise(change: Change) -> State | None:
    """Write down what is promised and by which day."""
    day = _day(change, "promised_on")
    change.detail["commitment"] = _add(change, change.note("promise"), day)
    return None


def keep_promise(change: Change) -> State | None:
    """Say that a promise was fulfilled: kept, or broken where its day is over."""
    found = _open_one(change)
    _close(change, found, ended(found.promised_on, rules.local_day(change.now)))
    change.case.promises -= 1
    return None


def move_promise(change: Change) -> State | None:
    """Give a promise another day, with the reason; the first one stays on the register."""
    found, day = _open_one(change), _day(change, "promised_on")
    if day <= found.promised_on:
        raise not_between("promised_on", found.promised_on + timedelta(days=1))
    _close(change, found, moved(found.promised_on, rules.local_day(change.now)))
    change.case.promises -= 1
    change.detail["commitment"] = _add(change, found.what, day)
    return None


def _day(change: Change, name: str) -> date:
    day, today = change.form[name], rules.local_day(change.now)
    assert isinstance(day, date)
    if day < today:
        raise not_between(name, today)
    return day


def _add(change: Change, what: Note, day: date) -> int:
    case = change.case
    seq = case.promised.count() + 1
    Commitment.objects.create(
        case=case,
        seq=seq,
        what=what,
        made_by=change.actor.username,
        made_at=change.now,
        promised_on=day,
        state=OPEN,
    )
    case.promises += 1
    return seq


def _open_one(change: Change) -> Commitment:
    found = change.case.promised.filter(seq=change.text("commitment")).first()
    if found is None:
        raise BadInput("bad_form", fields={"commitment": "unknown_commitment"})
    if found.state != OPEN:
        raise BadInput("bad_form", fields={"commitment": "commitment_closed"})
    return found


def _close(change: Change, found: Commitment, state: str) -> None:
    found.state = state
    found.why = change.note("note") if change.text("note") else None
    found.closed_by, found.closed_at = change.actor.username, change.now
    found.save()
    change.detail["was_promised"] = {"state": state, "on": found.promised_on.isoformat()}


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Tell of each promise whose day draws near, has come or is over, once each; return of how many."""
    rules.look(now)
    bulk.one_at_a_time("promises")
    today = rules.local_day(now)
    ahead = timedelta(days=rules.figure("commitment.remind", "days_before"))
    due = Commitment.objects.filter(state=OPEN, promised_on__lte=today + ahead)
    notices = _missing(_notices(due.select_related("case__unit").order_by("pk"), today))
    if not notices:
        return 0
    tell(notices, now)
    numbers = sorted({one.case_number for one in notices})
    chain.append(
        stream=STREAM,
        at=now,
        actor=SYSTEM.username,
        verb="promise_remind",
        objects=[("case", number) for number in numbers],
        detail={"notices": len(notices)},
    )
    return len(numbers)


def _notices(due: Iterable[Commitment], today: date) -> list[Notice]:
    roles = rules.rulebook().figures["commitment.remind"][-1].terms["roles"]
    return [
        Notice(
            key=f"promise:{one.pk}:{_when(one, today)}:{who}",
            template=TOLD,
            recipient=who,
            unit_id=one.case.unit_id,
            case_number=one.case.number,
            facts={"day": one.promised_on.isoformat()},
            restricted=one.case.restricted,
        )
        for one in due
        for who in _recipients(one.case, roles)
    ]


def _when(one: Commitment, today: date) -> str:
    if one.promised_on > today:
        return WHEN[0]
    return WHEN[1] if one.promised_on == today else WHEN[2]


def _recipients(case: Case, roles: Iterable[str]) -> list[str]:
    told = [Role.AUDIT.value] if case.restricted else roles
    return [f"{role}@{case.unit.code}" for role in told]


def _missing(notices: Iterable[Notice]) -> list[Notice]:
    """Leave out what was queued before."""
    every = {one.key: one for one in notices}
    known = set(Message.objects.filter(key__in=every).values_list("key", flat=True))
    return [one for key, one in every.items() if key not in known]
