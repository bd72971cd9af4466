"""Trace: the event log of other systems is taken over without a number that leads to a person.

Cases are traced by their own numbers; accounts meet the cases' and the register's by the same keyed index, so
nothing has to be opened, and a shredding finds what the log knows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from suyuan.analytics.trace.causality import fits
from suyuan.analytics.trace.numbers import Numbers, numbers
from suyuan.domain import masking, trace_verdict
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import Role
from suyuan.gateways import ocel_taking
from suyuan.store import chain, event_log, rows, tray
from suyuan.store.models import Case, Event, Note, TraceVerdict
from suyuan.store.queries import cases, org

from . import eventlogs, traced
from ._change import written
from ._forms import clean

STREAM, PRIVACY = "register:trace", "register:privacy"
MAY_TAKE = frozenset({Role.ADMIN, Role.OFFICE})
SHREDDED = ("shred", "shred_again", "retention_shred")
"""The events of a case after which nothing may say again whose it was."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a log."""

    events: int
    objects: int
    referenced: int
    """Objects whose number became a keyed reference."""
    left_out: int
    """Cases that were shredded here: the log may not bring them back."""


def take_log(*, path: Path, actor: Actor, now: datetime, zone: str = "") -> Taken:
    """Take a log over in the place of the one before, and remove it where it lies in the home in clear.

    ``zone`` says where the log was written if its moments do not. It is made beside the database and put in
    place with its event; a shredding meanwhile makes it anew.
    """
    if actor is not SYSTEM and not MAY_TAKE & {role for role, _ in actor.grants}:
        raise Refused("not_your_role", verb="event_log_take")
    there = _zone(zone)
    with tray.room() as room:
        while True:
            before = _last_shredding()
            made, taken = _made(path, room / event_log.NAME, there)
            if _put(made=made, taken=taken, before=before, actor=actor, now=now):
                return taken


@transaction.atomic
def _put(*, made: Path, taken: Taken, before: int, actor: Actor, now: datetime) -> bool:
    """Put a log in place and write it down, unless somebody was shredded since it was made."""
    detail: dict[str, object] = {
        "events": taken.events,
        "objects": taken.objects,
        "referenced": taken.referenced,
        "left_out": taken.left_out,
    }
    chain.append(
        stream=STREAM, at=now, actor=actor.username, verb="event_log_take", objects=[], detail=detail
    )
    if _last_shredding() != before:
        transaction.set_rollback(True)
        return False
    event_log.put(made)
    return True


def _last_shredding() -> int:
    rows = Event.objects.filter(stream=PRIVACY).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput("unknown_value", field="zone", value=name[:60]) from None


def _made(path: Path, target: Path, zone: ZoneInfo | None) -> tuple[Path, Taken]:
    target.unlink(missing_ok=True)
    things = ocel_taking.things(path)
    names = _names(things, kinds_of_number())
    counts = ocel_taking.rewrite(path, target, names, masking.mask, zone)
    referenced = sum(event_log.is_reference(name) for name in names.values())
    return target, Taken(counts["events"], counts["objects"], referenced, len(dict(things)) - len(names))


def kinds_of_number() -> Numbers:
    """Return what the rulebook says of the numbers of a log, by the type of object they name."""
    return numbers(eventlogs.shipped()["numbers"], eventlogs.SHIPPED)


def _names(things: Sequence[tuple[str, str]], given: Numbers) -> dict[str, str]:
    """Return what each object is called here; a case that was shredded is called nothing."""
    kept = [thing for thing, kind in things if fits(kind, given.kept)]
    ours, shredded = _known(kept), _shredded(kept)
    names = {}
    for thing, kind in things:
        if thing in shredded:
            continue
        plain = fits(kind, given.kept) and (thing in ours or masking.mask(thing) == thing)
        plain = plain and not event_log.is_reference(thing)
        names[thing] = thing if plain else event_log.reference(_kind(kind, given), thing)
    return names


def _kind(kind: str, given: Numbers) -> str:
    """Return what a number is, as the keyed indexes of cases and customers call it."""
    if fits(kind, given.phones):
        return "phone"
    return "meter" if fits(kind, given.meters) else "account"


def _chunks(things: Sequence[str]) -> Iterable[Sequence[str]]:
    return (things[start : start + _CHUNK] for start in range(0, len(things), _CHUNK))


def _known(things: Sequence[str]) -> set[str]:
    """Return which of these are cases here, whose numbers stand here anyway."""
    return {
        number
        for part in _chunks(things)
        for number in Case.objects.filter(number__in=part).values_list("number", flat=True)
    }


def _shredded(things: Sequence[str]) -> set[str]:
    return {
        stream.removeprefix("case:")
        for part in _chunks(things)
        for stream in Event.objects.filter(
            stream__in=[f"case:{thing}" for thing in part], verb__in=SHREDDED
        ).values_list("stream", flat=True)
    }


# ---- what a person says of a trace ----


@transaction.atomic
def judge(*, number: str, actor: Actor, now: datetime, form: Mapping[str, object]) -> TraceVerdict:
    """Write down what a person says of the trace of a case: right, another source, or none."""
    case = cases.locked(number)
    cases.reached(actor, case)
    if not trace_verdict.may_judge(actor.over_case(case.unit.path), restricted=case.restricted):
        raise Refused("not_your_role", verb=trace_verdict.VERB)
    answer = traced.traced_of(number)
    if answer is None or not answer.traced.chains:
        raise Refused("nothing_traced", number=number)
    said = clean(trace_verdict.FORM, form, now)
    if wrong := trace_verdict.problems(said):
        raise BadInput("bad_form", fields=wrong)
    detail = written(case, trace_verdict.FORM, said)
    detail["confidence"] = round(answer.traced.chains[0].weight, 4)
    source = answer.traced.chains[0].nodes[0]
    kept = TraceVerdict.objects.create(
        case=case,
        verdict=str(said["trace_verdict"]),
        activity=answer.log.activities[source.activity],
        source=answer.log.objects[source.unit] if source.unit >= 0 else "",
        node=str(said.get("liability_node", "")),
        unit=org.unit(str(said["unit"])) if said.get("unit") else None,
        note=Note.objects.get(case=case, ref=detail["form"]["note"]["note"]),  # type: ignore[index]
        judged_by=actor.username,
        judged_at=now,
    )
    objects = [("case", case.number), ("unit", case.unit.code)]
    case.changed_event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=actor.username,
        verb=trace_verdict.VERB,
        objects=objects,
        detail=detail,
    )
    rows.update(case, ("changed_event",))
    return kept
