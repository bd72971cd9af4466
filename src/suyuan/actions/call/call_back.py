"""Calling back whoever hung up: an attempt closes every call of the number, or counts for all of them."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from suyuan.domain import missed_call as rule
from suyuan.domain.errors import Refused
from suyuan.store import chain, rules, seal
from suyuan.store.models import MissedCall
from suyuan.store.queries import missed_calls
from suyuan.store.queries.viewer import Viewer

from .._forms import clean
from ._since import STREAM


@transaction.atomic
def return_call(*, viewer: Viewer, call: int, form: Mapping[str, object], now: datetime) -> str:
    """Write down that a caller was called back; return what became of the calls of the number."""
    rules.look(now)
    given = clean(rule.FORM, form, now)
    found = missed_calls.one(viewer, call)
    rows = MissedCall.objects.select_for_update(of=("self",)).filter(
        state=rule.OPEN, number_index=found.number_index
    )
    calls = {row.pk: row for row in rows.order_by("pk")}
    if call not in calls:
        raise Refused("call_closed", call=call)
    reached, why = bool(given["reached"]), str(given.get("unreached_reason", ""))
    attempts = max(row.attempts for row in calls.values()) + 1
    most = rules.figure("calls.attempts", "times")
    state = rule.after(reached=reached, why=why, attempts=attempts, most=most)
    changed: dict[str, object] = {"attempts": attempts, "outcome": why, "state": state}
    if state != rule.OPEN:
        changed |= {"closed_at": now, "closed_by": viewer.actor.username}
    MissedCall.objects.filter(pk__in=calls).update(**changed)
    said = {"calls": list(calls), "reached": reached, "reason": why, "attempts": attempts, "to": state}
    _write(found, viewer, "return_call", now, said)
    return state


@transaction.atomic
def reveal_call(*, viewer: Viewer, call: int, form: Mapping[str, object], now: datetime) -> str:
    """Return the number of a caller in clear, and write down who looked at it and why."""
    purpose = str(clean(rule.PURPOSE, form, now)["purpose"])
    found = missed_calls.one(viewer, call)
    said: dict[str, object] = {"call": call, "personal_field": "phone", "purpose": purpose}
    _write(found, viewer, "reveal", now, said)
    return seal.unseal(found.sealed)["phone"]


def _write(of: MissedCall, viewer: Viewer, verb: str, now: datetime, detail: dict[str, object]) -> None:
    actor, objects = viewer.actor.username, [("unit", of.unit.code)]
    chain.append(stream=STREAM, at=now, actor=actor, verb=verb, objects=objects, detail=detail)
