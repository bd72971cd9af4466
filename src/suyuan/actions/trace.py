"""Trace: logs of other systems are taken over into one, without a number that leads to a person.

Cases are traced by their own numbers; accounts meet the cases' and the register's by the same keyed index, so
nothing has to be opened, and a shredding finds what the log knows.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from django.db import transaction

from suyuan.domain import masking, trace_verdict
from suyuan.domain.characters import storable
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM, Actor
from suyuan.domain.vocabulary import Role
from suyuan.gateways import eventlog, kept_log
from suyuan.store import chain, event_log, rows, tray
from suyuan.store.models import Event, Note, TraceVerdict
from suyuan.store.queries import cases, org

from . import _foreign, traced
from ._change import written
from ._forms import clean

STREAM, PRIVACY = "register:trace", "register:privacy"
Answer = TypeVar("Answer")
MAY_TAKE = frozenset({Role.ADMIN, Role.OFFICE})
LONGEST = 60
PLACES = 20
"""So many places at most are named of what was not taken for one reason."""


@dataclass(frozen=True, slots=True)
class How:
    """How a file is taken over. Empty: as its content and its name say."""

    source: str = ""
    """Which system it is of: events are known by it and by their ids there."""
    layout: str = ""
    """csv, XES: which column is what; a name of the rulebook's, or a file."""
    replace: bool = False
    """Whether what the file no longer has goes from the log."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What of a file was not taken for one reason: how much, and where, so many places at most."""

    why: str
    count: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a log."""

    source: str
    new: int
    changed: int
    unchanged: int
    removed: int
    """Events of the source that its file no longer has, gone where all of it was replaced."""
    referenced: int
    """Objects of the file whose number became a keyed reference."""
    left_out: int
    """Cases that were shredded here: the log may not bring them back."""
    events: int
    objects: int
    """How much the log holds now, of all sources."""
    mixed: int = 0
    """Orders that another source knows too, with other accounts or areas: perhaps not the same ones."""
    quarantined: tuple[Aside, ...] = ()

    @property
    def nothing_new(self) -> bool:
        """Tell whether all of it was known."""
        return not (self.new or self.changed or self.removed)


def take_log(*, path: Path, actor: Actor, now: datetime, zone: str = "", how: How | None = None) -> Taken:
    """Merge a log into the one that is kept: what is known changes nothing, what has changed is replaced.

    ``zone`` says where the log was written if its moments do not. The merged log is made beside the kept one
    and put in its place with its event; a shredding or another log meanwhile makes it anew.
    """
    _allowed(actor, "event_log_take")
    how = how or How()
    read, form = _read(path, zone, how)
    told = kept_log.Told(read.source, _digest(path), form, now.isoformat(), actor.username)
    aside = _asides(read.columns.quarantined)

    def make(target: Path) -> tuple[Taken, dict[str, object]]:
        log, referenced, left_out = _foreign.incoming(read)
        counts = kept_log.merge(target, log, told, _foreign.kinds(), replace=how.replace)
        taken = Taken(
            read.source,
            counts.new,
            counts.changed,
            counts.unchanged,
            counts.removed,
            referenced,
            left_out,
            counts.events,
            counts.objects,
            counts.mixed,
            aside,
        )
        if counts.nothing:
            target.unlink()
        return taken, _detail(taken, told)

    return _kept(make, "event_log_take", actor, now)


def forget_source(*, name: str, actor: Actor, now: datetime) -> int:
    """Remove everything that came from a source alone; return how many events it had."""
    _allowed(actor, "event_log_forget")

    def make(target: Path) -> tuple[int, dict[str, object]]:
        events = kept_log.drop(target, name, _foreign.kinds())
        if events is None:
            raise BadInput("unknown_value", field="source", value=name[:LONGEST])
        return events, {"source": name, "removed": events}

    return _kept(make, "event_log_forget", actor, now)


def _allowed(actor: Actor, verb: str) -> None:
    if actor is not SYSTEM and not MAY_TAKE & {role for role, _ in actor.grants}:
        raise Refused("not_your_role", verb=verb)


def _kept(
    make: Callable[[Path], tuple[Answer, dict[str, object]]], verb: str, actor: Actor, now: datetime
) -> Answer:
    """Change a copy of the log and put it in place with its event; anew where the log changed meanwhile."""
    kept_log.upgrade(event_log.path(), _foreign.kinds())
    with tray.room() as room:
        while True:
            before = _last_shredding(), event_log.state()
            target = room / event_log.NAME
            event_log.copy(target)
            answer, detail = make(target)
            if _put(target, before, verb, (actor, now, detail)):
                return answer


@transaction.atomic
def _put(made: Path, before: object, verb: str, said: tuple[Actor, datetime, dict[str, object]]) -> bool:
    """Put a log in place and write it down, unless it would undo what happened since it was made."""
    actor, now, detail = said
    chain.append(stream=STREAM, at=now, actor=actor.username, verb=verb, objects=[], detail=detail)
    if (_last_shredding(), event_log.state()) != before:
        transaction.set_rollback(True)
        return False
    if made.exists():
        event_log.put(made)
    return True


def _last_shredding() -> int:
    rows = Event.objects.filter(stream=PRIVACY).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def _read(path: Path, zone: str, how: How) -> tuple[_foreign.Read, str]:
    """Return what a file says, and what it is: a form or a layout."""
    form = eventlog.form_of(path)
    name = how.layout or (eventlog.layout_of(path) if form == "text" else "")
    layout = eventlog.layout_named(name) if name else None
    columns = eventlog.read(path, layout, zone)
    known = Path(name).stem if name else ""
    steps = [each.activity for each in layout.steps] if layout else []
    return _foreign.Read(columns, _source(how.source or known or path.name), steps), known or form


def _source(said: str) -> str:
    """Return the name of a source; of a file it is its name without its ending and the day in it."""
    name = masking.mask(re.split(r"\.(?=[A-Za-z])", said)[0].rstrip(" 0123456789-_.T") or said)
    if not name or len(name) > LONGEST or not storable(name) or not name.isprintable():
        raise BadInput("unknown_value", field="source", value=said[:LONGEST])
    return name


def _asides(quarantined: list[eventlog.SetAside]) -> tuple[Aside, ...]:
    """Return by reason how much was not taken and where; what it was may say who somebody is."""
    count = Counter(each.why for each in quarantined)
    places: dict[str, list[str]] = {}
    for each in quarantined:
        if len(places.setdefault(each.why, [])) < PLACES:
            places[each.why].append(each.where)
    return tuple(Aside(why, number, tuple(places[why])) for why, number in count.most_common())


def _detail(taken: Taken, told: kept_log.Told) -> dict[str, object]:
    names = (
        "source",
        "new",
        "changed",
        "unchanged",
        "removed",
        "referenced",
        "left_out",
        "events",
        "objects",
        "mixed",
    )
    aside = sum(each.count for each in taken.quarantined)
    more = {"quarantined": aside, "digest": told.digest, "form": told.form}
    return {name: getattr(taken, name) for name in names} | more


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ---- what a person says of a trace ----


@transaction.atomic
def judge(*, number: str, actor: Actor, now: datetime, form: Mapping[str, object]) -> TraceVerdict:
    """Write down what a person says of the trace of a case: right, another source, or none."""
    case = cases.locked(number)
    cases.reached(actor, case)
    if not trace_verdict.may_judge(actor.over_case(case.unit.path), restricted=case.restricted):
        raise Refused("not_your_role", verb=trace_verdict.VERB)
    answer = traced.traced_of(number)
    if answer is None:
        raise Refused("nothing_traced", number=number)
    said = clean(trace_verdict.FORM, form, now)
    first = answer.traced.chains[0] if answer.traced.chains else None
    if wrong := trace_verdict.problems(said, silent=first is None):
        raise BadInput("bad_form", fields=wrong)
    detail = written(case, trace_verdict.FORM, said)
    activity, source = "", ""
    if first is not None:
        detail["confidence"] = round(first.weight, 4)
        activity, unit = answer.log.activities[first.nodes[0].activity], first.nodes[0].unit
        source = answer.log.objects[unit] if unit >= 0 else ""
    kept = TraceVerdict.objects.create(
        case=case,
        verdict=str(said["trace_verdict"]),
        activity=activity,
        source=source,
        node=str(said.get("liability_node", "")),
        unit=org.unit(str(said["unit"])) if said.get("unit") else None,
        note=Note.objects.get(case=case, ref=detail["form"]["note"]["note"]),  # type: ignore[index]
        judged_by=actor.username,
        judged_at=now,
    )
    case.changed_event = chain.append(
        stream=f"case:{case.number}",
        at=now,
        actor=actor.username,
        verb=trace_verdict.VERB,
        objects=[("case", case.number), ("unit", case.unit.code)],
        detail=detail,
    )
    rows.update(case, ("changed_event",))
    return kept
