"""Another system's log under the names it has here: masked, keyed, without what leads to anybody."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import numpy as np
import pyarrow.compute as pc

from suyuan.analytics.trace.causality import Roles, fits
from suyuan.analytics.trace.numbers import Numbers, Orders, numbers, orders
from suyuan.domain import masking
from suyuan.gateways.eventlog import Columns, micros
from suyuan.gateways.kept_log import Incoming, Kinds, Promise, signed
from suyuan.store import event_log, rules, seal
from suyuan.store.models import Case, Event

from . import eventlogs

SHREDDED = ("shred", "shred_again", "retention_shred")
"""The events of a case after which nothing may say again whose it was."""
_CHUNK = 500
LAST = 86_399_000_000
"""Microseconds from the first second of a day to its last."""
_COUNTED = re.compile(r"(?:[A-Za-z][A-Za-z_:. -]{0,20}(?=[0-9]{1,9}$)|(?=0?[0-9]{1,7}$))([0-9]+)")
"""Ids of events that are a word and a number, or a number too short for anybody's: they put events of one
moment in order."""


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read, with what is said of it."""

    columns: Columns
    source: str
    steps: Sequence[str] = ()
    """The activities of its layout in their order, where its rows are orders."""


def kinds_of_number() -> Numbers:
    """Return what the rulebook says of the numbers of a log, by the type of object they name."""
    return numbers(eventlogs.shipped()["numbers"], eventlogs.SHIPPED)


def _orders() -> Orders:
    return orders(eventlogs.shipped()["orders"], eventlogs.SHIPPED)


def kinds() -> Kinds:
    """Return what the names of a log mean for lists of orders."""
    given, said, rules = kinds_of_number(), _orders(), eventlogs.rules()
    roles, shown = rules.roles, tuple(name for one in rules.signs for name in one.activities)

    def role(name: str) -> str:
        if fits(name, roles.units):
            return "unit"
        if fits(name, roles.places) and not fits(name, given.meters):
            return "place"
        return "order" if fits(name, given.kept) and not _told(name, roles, given) else ""

    return Kinds(role, lambda activity: fits(activity, said.done), lambda activity: fits(activity, shown))


def _told(name: str, roles: Roles, given: Numbers) -> bool:
    """Tell whether a type of objects is something else than an order."""
    others = (roles.complaints, roles.cases, roles.actors, roles.places, roles.events)
    return any(fits(name, patterns) for patterns in (*others, given.phones, given.meters))


def incoming(read: Read) -> tuple[Incoming, int, int]:
    """Return a log as it is merged, how many objects became references, how many cases stay out."""
    log = read.columns
    ids, codes = log.object_ids.to_pylist(), log.type.tolist()
    things = [(thing, log.types[code]) for thing, code in zip(ids, codes, strict=True)]
    names = _names(things, kinds_of_number())
    place = np.full(len(things), -1, np.int64)
    left = np.array([thing in names for thing in ids], np.bool_)
    place[left] = np.arange(int(left.sum()))
    called = [names[thing] for thing in ids if thing in names]
    touch = left[log.touch_object]
    alone = np.zeros(len(log.at), np.bool_)  # events that happened to nobody but somebody who was shredded
    alone[log.touch_event[~touch]] = True
    alone[log.touch_event[touch]] = False
    events = np.cumsum(~alone) - 1
    touches = (events[log.touch_event[touch]], place[log.touch_object[touch]])
    link = left[log.link_source] & left[log.link_target]
    found = Incoming(
        [masking.mask(name) for name in log.activities],
        [masking.mask(name) for name in log.types],
        called,
        log.type[left].astype(np.int64),
        _numbers(read)[~alone],
        log.activity[~alone].astype(np.int64),
        log.at[~alone],
        _ranks(read)[~alone],
        touches,
        (place[log.link_source[link]], place[log.link_target[link]]),
        _promises(log, place),
        adds=bool(read.steps),
    )
    return found, sum(event_log.is_reference(name) for name in called), len(ids) - len(called)


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


# ---- events ----


def _numbers(read: Read) -> Any:
    """Return the number of each event: a keyed digest of its source and its id there, or of all it says."""
    own = _contents(read.columns) if read.columns.numbered else read.columns.event_ids.to_pylist()
    begin = f"event\n{read.source}\n"
    return np.array([signed(seal.reference(begin + each)) for each in own], np.int64)


def _contents(log: Columns) -> list[str]:
    """Return what each event says: the same one twice is one event, wherever it stands in a file."""
    said: list[list[str]] = [[] for _ in range(len(log.at))]
    objects = log.object_ids.to_pylist()
    for event, thing in zip(log.touch_event.tolist(), log.touch_object.tolist(), strict=True):
        said[event].append(f"o{log.types[log.type[thing]]}\t{objects[thing]}")
    table = log.attributes_of_events
    names, values = (table[name].cast("string").to_pylist() for name in ("name", "value"))
    for event, name, value in zip(table["event"].to_pylist(), names, values, strict=True):
        said[event].append(f"a{name}\t{value}")
    heads = zip(log.activity.tolist(), log.at.tolist(), said, strict=True)
    return ["\n".join((log.activities[code], str(at), *sorted(rest))) for code, at, rest in heads]


def _ranks(read: Read) -> Any:
    """Return what puts events of one moment in order: the number in their ids, or that of their steps."""
    log = read.columns
    if read.steps:
        step = {name: at for at, name in enumerate(read.steps)}
        return np.array([step.get(name, 0) for name in log.activities] or [0], np.int64)[log.activity]
    if log.numbered:
        return np.zeros(len(log.at), np.int64)
    return np.array([_rank(name) for name in log.event_ids.to_pylist()], np.int64)


def _rank(name: str) -> int:
    counted = _COUNTED.fullmatch(name)
    return int(counted.group(1)) if counted else 0


def _whole_day(at: int) -> int:
    """Return the last second of the day that a moment begins: a date alone promises until its day ends."""
    moment = datetime.fromtimestamp(at / 1e6, rules.rulebook().calendar.zone)
    return at + LAST if moment.time() == time() else at


def _promises(log: Columns, place: Any) -> list[Promise]:
    """Return the moments by which orders were to be done, as what was said of each last has it."""
    table, said = log.attributes_of_objects, _orders().promises
    rows = table.filter(pc.equal(table["kind"].cast("string"), "time"))
    last = np.zeros(len(log.object_ids), np.int64)
    np.maximum.at(last, log.touch_object, log.at[log.touch_event])
    meaning, found = kinds(), dict[tuple[int, str], tuple[int, int]]()
    names, values = (rows[column].cast("string").to_pylist() for column in ("name", "value"))
    ats = [None if at is None else _whole_day(at) for at in micros(values)]
    since = rows["at"].fill_null(-(2**62)).to_pylist()
    for thing, name, at, begin in zip(rows["object"].to_pylist(), names, ats, since, strict=True):
        if at is None or place[thing] < 0 or not fits(name, said):
            continue
        if meaning.role(log.types[log.type[thing]]) == "order":
            before = found.get((thing, name))
            found[thing, name] = max(before, (begin, at)) if before else (begin, at)
    return [
        Promise(int(place[thing]), masking.mask(name), at, int(last[thing]))
        for (thing, name), (_, at) in found.items()
    ]
