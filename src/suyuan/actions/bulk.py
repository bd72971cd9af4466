"""Bulk: one verb on the cases somebody ticked, or a signature on entries, each in a transaction of its own.

A case is done and its outcome written in the same transaction, so a run that is cut off goes on with the rest
and does none twice. What was typed is sealed while cases wait, and wiped with the last of them.
"""

import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from suyuan.domain import procedure as table
from suyuan.domain.errors import BadInput, Refused, RuleError
from suyuan.domain.fields import Field
from suyuan.domain.procedure import Actor, Step
from suyuan.domain.procedures import frozen
from suyuan.domain.undo import INVERSE, expired
from suyuan.store import chain, fingerprint, leases, rules, seal
from suyuan.store.models import BulkCase, BulkRun, Case, Person
from suyuan.store.queries import cases, viewer
from suyuan.store.queries.viewer import Viewer

from . import _bulk_entries, _seen, undo
from ._forms import clean
from .perform import Done, perform
from .preferences import look

ENTRIES, ENTRY_FORM, is_entry = _bulk_entries.VERB, _bulk_entries.FORM, _bulk_entries.is_entry
"""The verb of a run that signs entries of the ledger, what it asks for once, what an entry is called."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A verb as it stands for the ticked cases: on how many it is open, and why not on another."""

    verb: str
    open: int
    refusal: str
    steps: tuple[Step, ...]
    """The steps it takes where it is open; cases of other procedures may ask for other fields."""

    @property
    def form(self) -> tuple[Field, ...]:
        """Return every field that one of the steps asks for; required where all of them require it."""
        asked: dict[str, Field] = {}
        for each in (field for step in self.steps for field in step.form):
            asked.setdefault(each.name, each)
        return tuple(
            each if all(each in step.form for step in self.steps) else each.optional
            for each in asked.values()
        )


def offers(asker: Viewer, rows: Sequence[Case], now: datetime) -> list[Offer]:
    """Return the verbs that leave the state of one of the cases, those open on most of them first."""
    found: dict[str, Offer] = {}
    for case in rows:
        procedure = frozen.pinned(case.procedure, case.version)
        facts = cases.facts(case)
        for verb, refusal in table.verbs(procedure, facts, asker.actor):
            step = procedure.step(verb, facts.state)
            assert step is not None
            step = rules.asked(case.procedure, step, now)
            offer = found.get(verb, Offer(verb, 0, "", ()))
            if refusal:
                found[verb] = replace(offer, refusal=offer.refusal or refusal)
            else:
                steps = offer.steps if step in offer.steps else (*offer.steps, step)
                found[verb] = replace(offer, open=offer.open + 1, steps=steps)
    return sorted(found.values(), key=lambda offer: -offer.open)


@transaction.atomic
def ask(
    *, offer: Offer, ticked: Mapping[str, str], form: Mapping[str, object], actor: Actor, now: datetime
) -> int:
    """Keep what is to be done and return the id of its run; ``ticked`` is each case's number and mark."""
    rules.look(now)
    refuse_ticks(ticked)
    clean(offer.form, form, now)
    return _keep(offer.verb, ticked, form, actor, now)


@transaction.atomic
def ask_entries(*, entries: Sequence[str], form: Mapping[str, object], actor: Actor, now: datetime) -> int:
    """Keep that waiting entries of the ledger are to be signed, and return the id of the run."""
    rules.look(now)
    ticked = dict.fromkeys(entries, "")
    refuse_many(ticked)
    if odd := [entry for entry in ticked if not is_entry(entry)]:
        raise BadInput("unknown_value", field="entry", value=odd[0][:60])
    clean(ENTRY_FORM, form, now)
    return _keep(ENTRIES, ticked, form, actor, now)


def _keep(
    verb: str, ticked: Mapping[str, str], form: Mapping[str, object], actor: Actor, now: datetime
) -> int:
    typed = {name: str(value) for name, value in form.items()}
    run = BulkRun.objects.create(
        verb=verb, by=actor.username, asked_at=now, next_at=now, sealed=seal.seal(typed)
    )
    BulkCase.objects.bulk_create(
        BulkCase(run=run, place=place, number=number, mark=mark)
        for place, (number, mark) in enumerate(ticked.items())
    )
    _write(run, "bulk_ask", {"verb": run.verb, "cases": len(ticked)}, now)
    return run.pk


@transaction.atomic
def ask_undo(*, run_id: int, actor: Actor, now: datetime) -> int:
    """Keep that what one's own run did is to be taken back, and return the id of the run that does so."""
    done = BulkRun.objects.select_for_update().filter(pk=run_id, by=actor.username).first()
    if done is None:
        raise Refused("not_found", run=run_id)
    if not may_undo(done, now):
        raise Refused("undo_none", run=run_id)
    run = BulkRun.objects.create(
        verb=INVERSE[done.verb].verb, by=actor.username, asked_at=now, next_at=now, undoes=done
    )
    applied = done.cases.filter(outcome="applied").order_by("place")
    BulkCase.objects.bulk_create(
        BulkCase(run=run, place=place, number=each.number, mark=each.mark)
        for place, each in enumerate(applied)
    )
    _write(run, "bulk_undo", {"verb": run.verb, "undoes": run_id, "cases": len(applied)}, now)
    return run.pk


def may_undo(run: BulkRun, now: datetime) -> bool:
    """Return whether a finished run can still be taken back: its verb has an inverse, and it was not yet."""
    if run.finished_at is None or run.verb not in INVERSE or run.undoes_id is not None:
        return False
    late = expired(run.finished_at, rules.figure("undo.step", "minutes"), now)
    taken = BulkRun.objects.filter(undoes=run).exists()
    return not late and not taken and run.cases.filter(outcome="applied").exists()


def refuse_ticks(ticked: Mapping[str, str]) -> None:
    """Raise BadInput where nothing is ticked, more than the rulebook allows, or a mark is not ours."""
    refuse_many(ticked)
    for number, mark in ticked.items():
        if fingerprint.read(mark, number) is None:
            raise BadInput("row_forged", number=number)


def refuse_many(ticked: Collection[str]) -> None:
    """Raise BadInput where nothing is ticked, or more than the rulebook allows."""
    most = rules.figure("bulk.run", "cases")
    if not ticked:
        raise BadInput("nothing_ticked")
    if len(ticked) > most:
        raise BadInput("too_many_ticked", limit=most, cases=len(ticked))


def go_on(*, run_id: int, actor: Actor, holder: str, now: datetime) -> bool:
    """Do what is left of one's own run; return False where somebody else is at it, or nothing is left."""
    mine = BulkRun.objects.filter(pk=run_id, by=actor.username)
    run = mine.first()
    if run is None:
        raise Refused("not_found", run=run_id)
    if run.state == "aside":
        leases.again(run, now=now)
    claimed = leases.claim(mine, holder=holder, now=now, by=leases.terms("lease.bulk"))
    for row in claimed:
        carry_out(row=row, now=now)
    return bool(claimed)


def carry_out(*, row: BulkRun, now: datetime, going: Callable[[], bool] = lambda: True) -> None:
    """Do every case of a claimed run that still waits, as whoever asked for it holds roles now.

    Given back, to go on where it is, once ``going`` says no.
    """
    began = time.monotonic()
    asker = viewer.named(row.by)
    actor = asker.actor if asker else Actor(row.by, frozenset())
    form = seal.unseal(row.sealed) if row.sealed else {}
    for each in row.cases.filter(outcome="").select_related("run__undoes").order_by("place"):
        at = now + timedelta(seconds=time.monotonic() - began)
        if not going():
            leases.give_back(row, at=at)
            return
        if row.verb == ENTRIES:
            _entry(row, each, asker, form, at)
        else:
            _one(row, each, actor, form, at)
    _finish(row, now)


@transaction.atomic
def _one(row: BulkRun, each: BulkCase, actor: Actor, form: Mapping[str, str], now: datetime) -> None:
    leases.renew(row, now=now, by=leases.terms("lease.bulk"))
    became = _outcome(row.verb, each, actor, form, now)
    BulkCase.objects.filter(pk=each.pk).update(**became)
    if became["outcome"] == "applied":
        _seen_by_asker(each.number, actor.username, now)


@transaction.atomic
def _entry(
    row: BulkRun, each: BulkCase, asker: Viewer | None, form: Mapping[str, str], now: datetime
) -> None:
    leases.renew(row, now=now, by=leases.terms("lease.bulk"))
    BulkCase.objects.filter(pk=each.pk).update(**_bulk_entries.outcome(asker, each.number, form, now))


def _seen_by_asker(number: str, username: str, now: datetime) -> None:
    person = Person.objects.filter(username=username).first()
    if person is not None:
        look(person=person, case=Case.objects.get(number=number), now=now)


def _outcome(
    verb: str, each: BulkCase, actor: Actor, form: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """Do the verb on one case and return what became of it; a refusal changes nothing."""
    try:
        cases.reached(actor, cases.unscoped(each.number))
        undone = each.run.undoes
        if undone is not None:
            done = undo.take_back_last(number=each.number, verb=undone.verb, actor=actor, now=now)
        else:
            done = _done(verb, each, actor, form, now)
    except RuleError as error:
        facts = json.loads(json.dumps(dict(error.facts), default=str))
        return {
            "outcome": "already" if error.code == "form_used" else "refused",
            "code": error.code,
            "facts": facts,
        }
    return {"outcome": "applied", "state": done.state}


def _done(verb: str, each: BulkCase, actor: Actor, form: Mapping[str, str], now: datetime) -> Done:
    seen = fingerprint.read(each.mark, each.number)
    assert seen is not None
    step = _seen.step_of(seen, verb)
    asked = {field.name for field in rules.asked(seen.procedure, step, now).form} if step else set()
    typed = {name: value for name, value in form.items() if name in asked}
    return perform(number=each.number, verb=verb, actor=actor, now=now, form=typed, seen=seen)


@transaction.atomic
def _finish(row: BulkRun, now: datetime) -> None:
    leases.finish(row, sealed=None, finished_at=now)
    outcomes = list(row.cases.values_list("outcome", flat=True))
    counts = {each: outcomes.count(each) for each in ("applied", "already", "refused")}
    _write(row, "bulk_done", {"verb": row.verb, **counts}, now)


def _write(row: BulkRun, verb: str, detail: dict[str, object], now: datetime) -> None:
    chain.append(
        stream="register:bulk",
        at=now,
        actor=row.by,
        verb=verb,
        objects=[("bulk", str(row.pk))],
        detail=detail,
    )
