"""Reporters who are kept secret: handed a code, they ask with it what became of it, and may say more."""

from datetime import datetime

from django.db import transaction

from suyuan.domain import reporter as rule
from suyuan.domain.characters import storable
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.fields import FURTHER
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import Role
from suyuan.store import chain, rows, rules
from suyuan.store.models import Case, ReporterCode
from suyuan.store.queries import cases, people
from suyuan.store.queries import reporter as queries

from . import signin
from ._change import written
from ._tell import Notice, tell

DOOR = "reporter"
"""What wrong codes of an address are counted as."""
LONGEST = 20_000


@transaction.atomic
def hand_out(*, number: str, actor: Actor, now: datetime) -> str:
    """Return a code for the reporter of a case: told once, kept as a digest; an earlier one ends with it."""
    case = cases.locked(number)
    if not cases.may_see(actor, case):
        raise Refused("not_found", number=number)
    if reason := rule.refusal(cases.facts(case), actor):
        raise Refused(reason, verb="give_code")
    code = queries.drawn()
    given = {"digest": queries.digest(code), "given_at": now, "given_by": actor.username, "statements": 0}
    _, first = ReporterCode.objects.update_or_create(case=case, defaults=given)
    _write(case, "give_code", {"again": not first}, now, actor)
    return code


@transaction.atomic
def hand_out_at_intake(*, number: str, actor: Actor, now: datetime) -> str | None:
    """Return a code for the reporter of a case just taken in; None where none is due, or not any more."""
    case = cases.locked(number)
    if not cases.may_see(actor, case) or rule.refusal(cases.facts(case), actor):
        return None
    return hand_out(number=number, actor=actor, now=now)


def ask(*, code: str, address: str, now: datetime) -> tuple[Case, queries.Answer | None]:
    """Return the case of a code and its answer; that the answer was shown is written down, once.

    A wrong code and an address that tried too often are refused alike.
    """
    row = _known(code, address, now)
    said = queries.answer(row.case)
    if said is not None and said.ref != row.seen:
        _shown(row.pk, said, now)
    return row.case, said


def say_more(*, code: str, text: str, address: str, now: datetime) -> None:
    """Add what a reporter says later to the case of the code, and tell whoever works on it."""
    if not text.strip() or len(text) > LONGEST or not storable(text):
        bad = "required" if not text.strip() else "too_long" if len(text) > LONGEST else "bad_characters"
        raise BadInput("bad_form", fields={FURTHER.name: bad})
    _add(_known(code, address, now).pk, text, now)


def _known(code: str, address: str, now: datetime) -> ReporterCode:
    row = None if signin.is_shut(what=DOOR, address=address, now=now) else queries.found(code)
    if row is None:
        signin.missed(what=DOOR, address=address, now=now)
        raise Refused("reporter_code_unknown")
    return row


@transaction.atomic
def _shown(code_id: int, said: queries.Answer, now: datetime) -> None:
    number = ReporterCode.objects.values_list("case__number", flat=True).get(pk=code_id)
    case = cases.locked(number)
    row = ReporterCode.objects.get(pk=code_id)
    if row.seen == said.ref:  # asked twice at once: the other one wrote it down
        return
    row.seen = said.ref
    row.save(update_fields=["seen"])
    _write(case, "read_answer", {"answer": said.ref, "episode": case.episode}, now)


@transaction.atomic
def _add(code_id: int, text: str, now: datetime) -> None:
    rules.look(now)
    row = ReporterCode.objects.select_related("case").get(pk=code_id)
    case = cases.locked(row.case.number)
    row = ReporterCode.objects.select_for_update().get(pk=code_id)
    if row.statements >= rules.figure("reporter.statements", "times"):
        raise Refused("statements_used")
    row.statements += 1
    row.save(update_fields=["statements"])
    event = _write(case, "say_more", written(case, (FURTHER,), {FURTHER.name: text}), now)
    told = (f"{Role.AUDIT.value}@{case.unit.code}",) if case.restricted else _working(case)
    facts = {"verb": "say_more", "state": case.state}
    notices = [
        Notice(f"{event}:{who}", "say_more", who, case.unit_id, case.number, facts, case.restricted)
        for who in told
    ]
    tell(notices, now)


def _working(case: Case) -> tuple[str, ...]:
    """Return who is told of an open case: whoever faces the customer, and the unit that handles it."""
    owner = f"person:{case.owner}" if people.is_at_work(case.owner) else f"office@{case.unit.code}"
    return (owner, f"station@{case.unit.code}") if case.handler else (owner,)


def _write(case: Case, verb: str, detail: dict[str, object], now: datetime, actor: Actor = SYSTEM) -> int:
    case.changed_event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=actor.username,
        verb=verb,
        objects=[("case", case.number), ("unit", case.unit.code)],
        detail=detail,
    )
    rows.update(case, ("changed_event",))
    return case.changed_event
