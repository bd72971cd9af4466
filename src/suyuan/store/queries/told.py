"""A case as programs are told it: the same words at the command line and at the door over HTTP."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Protocol

from suyuan.domain.fields import Field, Type
from suyuan.store import clauses, rules
from suyuan.store.models import Case

from . import former, history, inquiry, interactions, listing, parts, people, personal, sheet
from . import proof as proofs

Told = dict[str, object]

UNTOLD = "account"
"""An object of old events: the keyed index of an account, by which a customer could be followed."""


def iso(moment: datetime | None) -> str | None:
    """Return a moment as ISO 8601 in the utility's zone."""
    return None if moment is None else moment.astimezone(rules.rulebook().calendar.zone).isoformat()


def page(shown: listing.Page) -> Told:
    """Return one page of a list."""
    rows = [
        {
            "number": row.number,
            "procedure": row.procedure,
            "business_type": row.business_type,
            "state": row.state,
            "unit": row.unit.code,
            "accepted": iso(row.accepted_at),
            "due": iso(row.next_due_at),
            "light": shown.lights[row.pk],
            "brief": row.brief,
        }
        for row in shown.rows
    ]
    return {"page": shown.page, "has_next": shown.has_next, "cut": shown.cut, "cases": rows}


class Done(Protocol):
    """What a verb did."""

    @property
    def number(self) -> str: ...
    @property
    def verb(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def event_id(self) -> int: ...


def done(did: Done, undo_until: datetime | None) -> Told:
    """Return what a verb did, and until when whoever did it may take it back."""
    return {
        "number": did.number,
        "verb": did.verb,
        "state": did.state,
        "event": did.event_id,
        "undo_until": iso(undo_until),
    }


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb as programs are told of it: what shuts it, what its form asks for."""

    verb: str
    refusal: str | None
    form: tuple[Field, ...]


def case(found: Case, verbs: Iterable[Verb], now: datetime, undo_until: datetime | None = None) -> Told:
    """Return one case: where it stands, its clocks, the verbs with what shuts them, its events.

    It was found in the reach of whoever asks. ``undo_until`` is until when they may take the last step back.
    """
    return {
        "number": found.number,
        "procedure": found.procedure,
        "version": found.version,
        "state": found.state,
        "unit": found.unit.code,
        "roles": {
            "owner": found.owner,
            "handler": found.handler,
            "desk": found.desk.code if found.desk else "",
        },
        **_inquiry(found),
        "parts": _parts(found),
        "clocks": [_clock(line) for line in history.clocks(found, now)],
        "open_verbs": _verbs(found, list(verbs), rules.local_day(now)),
        "undo_until": iso(undo_until),
        "rectification": sheet.told(found, iso),
        "events": [
            {
                "seq": event.seq,
                "at": iso(event.at),
                "actor": event.actor,
                "verb": event.verb,
                "objects": [[kind, key] for kind, key in event.objects_json if kind != UNTOLD],
                "digest": event.digest,
            }
            for event in history.events(found)
        ],
    }


def _inquiry(found: Case) -> Told:
    """Return the items of a case and its sheets: what is asked for, what stands, what is missing."""
    known = inquiry.of(found)
    items = [
        {
            "item": item.seq,
            "category": item.category,
            "statement": personal.statement(found, item),
            "finding": item.finding,
            "stands": known.stands(item),
            "clause": item.clause,
            "clause_words": clauses.words(item.clause) if item.clause else "",
            "evidence": item.evidence,
            "decided_by": item.decided_by,
            "decided_at": iso(item.decided_at),
        }
        for item in known.items
    ]
    sheets = {
        "required": list(known.asked.required),
        "advised": list(known.asked.advised),
        "standing": sorted(known.sheets),
        "missing": list(known.missing),
    }
    return {"finding": found.finding, "items": items, "sheets": sheets, "doubts": list(found.doubts)}


def _parts(found: Case) -> list[Told]:
    """Return who answers for a case, each with the verbs that are open to them now."""
    return [
        {
            "part": one.part.value,
            "unit": one.unit.code if one.unit else "",
            "people": list(one.people),
            "more": one.more,
            "owes": list(one.owes),
        }
        for one in parts.of(found)
    ]


def _verbs(found: Case, verbs: list[Verb], on: date) -> list[Told]:
    """Return the verbs of a case, each with what the form on its page begins with."""
    last = former.of(found, [one.verb for one in verbs if one.refusal is None])
    return [
        {
            "verb": one.verb,
            "refusal": one.refusal,
            "form": [_field(asked, found, on) for asked in one.form],
            "begins_with": former.begins(last[one.verb], one.form) if one.verb in last else {},
        }
        for one in verbs
    ]


def _field(asked: Field, case: Case, on: date) -> Told:
    """Return one field of a form with the choices that have not ended; of clauses those that fit the case."""
    gone = rules.ended(asked, on)
    choices = asked.choices
    if asked.type is Type.CLAUSE:
        fitting = (clauses.fitting(case.procedure, each, on) for each in inquiry.matters(case))
        choices = tuple(dict.fromkeys(chain.from_iterable(fitting)))
    return {
        "name": asked.name,
        "title": rules.label("field", asked.name),
        "type": asked.type.value,
        "required": asked.required,
        "choices": [code for code in choices if code not in gone],
        "reasons": asked.reasons,
    }


def _clock(line: history.ClockLine) -> Told:
    clock = line.clock
    pauses: list[datetime] = [e["at"] for e in line.entries if e["kind"] in ("pause", "resume")]  # type: ignore[misc]
    return {
        "limit": clock.limit,
        "start": iso(clock.started_at),
        "due": iso(clock.due_at),
        "stopped": iso(clock.stopped_at),
        "state": clock.state,
        "provisional": clock.provisional,
        "certainty": line.certainty,
        "suspensions": [
            [iso(first), iso(second)]
            for first, second in zip(pauses[::2], [*pauses[1::2], None], strict=False)
        ],
    }


def refusal(facts: Mapping[str, object]) -> Told:
    """Return the facts of a refusal, each step of somebody's in them with the name of who did it."""
    since = facts.get("since")
    steps = [facts.get("last_step"), *(since if isinstance(since, list) else [])]
    who = people.names({one["by"] for one in steps if isinstance(one, Mapping)})
    called = {name: _called(told, who) for name, told in facts.items() if name in ("last_step", "since")}
    return {**facts, **called}


def _called(step: object, who: Mapping[str, str]) -> object:
    if isinstance(step, list):
        return [_called(one, who) for one in step]
    return {**step, "name": who.get(step["by"], "")} if isinstance(step, Mapping) else step


def interaction(line: interactions.Line) -> Told:
    """Return one thing that passed between a customer and the house."""
    return {
        "at": iso(line.at),
        "number": line.number,
        "kind": line.kind,
        "verb": line.verb,
        "door": line.door,
        "who": line.who,
        "text": line.text,
        "form": dict(line.form),
        "mark": line.mark,
    }


def proof(found: proofs.Proof) -> Told:
    """Return what proves an answer, with the events of the chain that hold it."""
    return {
        "received": iso(found.received_at),
        "answered": iso(found.answered_at),
        "statement": found.statement,
        "sha256": found.sha256,
        "event": found.event,
        "digest": found.digest,
        "given": [
            {"at": iso(one.at), "way": one.way, "event": one.event, "digest": one.digest}
            for one in found.given
        ],
    }
