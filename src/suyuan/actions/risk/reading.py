"""An event log as a risk model takes it: subjects, their events, what is said of them, their customers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from suyuan.analytics.risk.course import with_course
from suyuan.analytics.risk.question import Question
from suyuan.analytics.risk.timeline import Ints, Timeline, timeline
from suyuan.analytics.risk.told import Told, Trait
from suyuan.analytics.trace.causality import Patterns, fits
from suyuan.domain.errors import BadInput

if TYPE_CHECKING:
    from suyuan.gateways.eventlog import Columns

MICROS = 1_000_000
TEAM = "team"
"""The trait that says who had a subject last."""
SAID = "="
"""Between the name and the value of what is said: such an outcome is no activity."""


@dataclass(frozen=True)
class _Rows:
    """Events of one kind of objects: whose, which event."""

    whose: Ints
    event: Ints


def told(columns: "Columns", given: Question, zone: int = 0) -> Told:
    """Return what a log says of the subjects of a question; raise BadInput where it has none."""
    place, things = _objects(columns, given.subjects)
    if not len(things):
        known = sorted(columns.types)[:20]
        raise BadInput("unknown_value", field="subjects", value=", ".join(given.subjects)[:60], known=known)
    at = columns.at // MICROS
    columns = told_apart(columns, given.orders)
    rows = _touching(columns, place)
    team = _teams(columns, given.team)
    said = _said(columns, given, place)
    names = [*columns.activities, *said.names]
    events = timeline(
        np.append(rows.whose, said.whose),
        np.append(at[rows.event], said.at),
        len(things),
        activity=np.append(columns.activity[rows.event], said.code + len(columns.activities)).astype(
            np.int64
        ),
        team=np.append(team[rows.event], np.full(len(said.whose), -1)).astype(np.int64),
    )
    above, customers, people = _customers(columns, given, rows, len(things))
    return Told(
        columns.object_ids.take(pa.array(things)).to_pylist(),
        with_course(events),
        names,
        _traits(columns, given, place, rows) | _by_team(columns, team, rows, len(things)),
        _dues(columns, given.due, place, len(things)),
        _moment(columns, given.done_at, place, len(things)),
        above,
        customers,
        columns.object_ids.take(pa.array(people)).to_pylist(),
        int(at.max()) if len(at) else 0,
        zone,
    )


def told_apart(columns: "Columns", patterns: Patterns) -> "Columns":
    """Return a log whose activities say of what kind of order they are a step."""
    codes = [code for code, name in enumerate(columns.types) if fits(name, patterns)]
    if not codes:
        return columns
    kind = np.full(len(columns.at), -1, np.int64)
    mine = np.flatnonzero(np.isin(columns.type[columns.touch_object], codes))[::-1]
    kind[columns.touch_event[mine]] = columns.type[columns.touch_object[mine]]
    both = (kind + 1) * len(columns.activities) + columns.activity
    used, activity = np.unique(both, return_inverse=True)
    names = []
    for one in used.tolist():
        of, what = divmod(one, len(columns.activities))
        names.append(
            f"{columns.types[of - 1]}/{columns.activities[what]}" if of else columns.activities[what]
        )
    return columns._replace(activities=names, activity=activity.astype(np.int32))


def _objects(columns: "Columns", patterns: Patterns) -> tuple[Ints, Ints]:
    """Return of each object its number among those of some types, -1 for others; and those objects."""
    codes = [code for code, name in enumerate(columns.types) if fits(name, patterns)]
    things = np.flatnonzero(np.isin(columns.type, codes)).astype(np.int64)
    place = np.full(len(columns.type), -1, np.int64)
    place[things] = np.arange(len(things))
    return place, things


def _touching(columns: "Columns", place: Ints) -> _Rows:
    whose = place[columns.touch_object]
    keep = whose >= 0
    return _Rows(whose[keep], columns.touch_event[keep].astype(np.int64))


def _teams(columns: "Columns", patterns: Patterns) -> Ints:
    """Return of each event who did it by the first type or attribute that fits; -1 for nobody."""
    found = np.full(len(columns.at), -1, np.int64)
    if not patterns:
        return found
    codes = [code for code, name in enumerate(columns.types) if fits(name, patterns)]
    mine = np.flatnonzero(np.isin(columns.type[columns.touch_object], codes))[::-1]
    found[columns.touch_event[mine]] = columns.touch_object[mine]
    event, code, _ = _attribute(columns.attributes_of_events, "event", patterns)
    free = found[event] < 0
    found[event[free]] = len(columns.type) + code[free]
    return found


def _attribute(table: pa.Table, key: str, patterns: Patterns) -> tuple[Ints, Ints, list[str]]:
    """Return whose, which value and the values of the attributes whose names fit."""
    names = table.column("name").cast("string")
    fitting = [name for name in pc.unique(names).to_pylist() if name and fits(name, patterns)]
    rows = table.filter(pc.is_in(names, pa.array(fitting, pa.string())))
    value = rows.column("value").cast("string").combine_chunks()
    coded = value.fill_null("").dictionary_encode()
    whose = rows.column(key).to_numpy().astype(np.int64)
    return whose, coded.indices.to_numpy(zero_copy_only=False).astype(np.int64), coded.dictionary.to_pylist()


@dataclass(frozen=True)
class _Said:
    """What is said of subjects that a question waits for, as events."""

    names: list[str]
    whose: Ints
    at: Ints
    code: NDArray[np.int64]


def _said(columns: "Columns", given: Question, place: Ints) -> _Said:
    """Return what is said of subjects, or on their events, that one of the awaited outcomes is."""
    names: list[str] = []
    whose, at, code = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for pattern in given.activities:
        name, sign, value = pattern.partition(SAID)
        if not sign:
            continue
        names.append(pattern)
        for who, when in (_of_objects(columns, name, value, place), _of_events(columns, name, value, place)):
            whose.append(who)
            at.append(when)
            code.append(np.full(len(who), len(names) - 1, np.int64))
    return _Said(names, np.concatenate(whose), np.concatenate(at), np.concatenate(code))


def _of_objects(columns: "Columns", name: str, value: str, place: Ints) -> tuple[Ints, Ints]:
    table = columns.attributes_of_objects
    chosen = table.filter(pc.and_(pc.equal(table.column("name").cast("string"), name),
                                  pc.is_valid(table.column("at"))))  # fmt: skip
    keep = np.array(
        [bool(text) and fits(text, (value,)) for text in chosen.column("value").to_pylist()], bool
    )
    whose = place[chosen.column("object").to_numpy()]
    at = chosen.column("at").to_numpy() // MICROS
    keep = keep & (whose >= 0) & (at > 0) if len(keep) else np.zeros(len(whose), bool)
    return whose[keep], at[keep]


def _of_events(columns: "Columns", name: str, value: str, place: Ints) -> tuple[Ints, Ints]:
    event, code, values = _attribute(columns.attributes_of_events, "event", (name,))
    fitting = np.array([fits(text, (value,)) for text in values] + [False], bool)
    hit = np.zeros(len(columns.at), bool)
    hit[event[fitting[code]]] = True
    rows = _touching(columns, place)
    keep = hit[rows.event]
    return rows.whose[keep], columns.at[rows.event[keep]] // MICROS


def _traits(columns: "Columns", given: Question, place: Ints, rows: _Rows) -> dict[str, Trait]:
    """Return what is said of subjects under the names that may be used, since when."""
    found: dict[str, Trait] = {}
    table = columns.attributes_of_objects
    names = [one for one in pc.unique(table.column("name").cast("string")).to_pylist() if one]
    for name in names:
        if fits(name, given.traits):
            some = table.filter(pc.equal(table.column("name").cast("string"), name))
            thing, code, values = _attribute(some, "object", (name,))
            whose, since = place[thing], some.column("at").fill_null(0).to_numpy() // MICROS
            mine = whose >= 0
            lines = timeline(whose[mine], since[mine], int(place.max()) + 1, code=code[mine])
            found[name] = Trait(lines, values)
    for name in pc.unique(columns.attributes_of_events.column("name").cast("string")).to_pylist():
        if name and name not in found and fits(name, given.traits):
            found[name] = _event_trait(columns, name, place, rows)
    return found


def _by_team(columns: "Columns", team: Ints, rows: _Rows, size: int) -> dict[str, Trait]:
    """Return who had each subject last, as a trait: how it went with them before."""
    keep = team[rows.event] >= 0
    if not keep.any():
        return {}
    used, code = np.unique(team[rows.event[keep]], return_inverse=True)
    at = columns.at[rows.event[keep]] // MICROS
    lines = timeline(rows.whose[keep], at, size, code=code.astype(np.int64))
    return {TEAM: Trait(lines, [str(one) for one in used.tolist()])}


def _event_trait(columns: "Columns", name: str, place: Ints, rows: _Rows) -> Trait:
    event, code, values = _attribute(columns.attributes_of_events, "event", (name,))
    said = np.full(len(columns.at), -1, np.int64)
    said[event] = code
    keep = said[rows.event] >= 0
    at = columns.at[rows.event[keep]] // MICROS
    lines = timeline(rows.whose[keep], at, int(place.max()) + 1, code=said[rows.event[keep]])
    return Trait(lines, values)


def _moment(columns: "Columns", name: str, place: Ints, size: int) -> Ints | None:
    """Return the moment that an attribute says of each subject, the first one said; None without a name."""
    from suyuan.gateways.eventlog import micros

    if not name:
        return None
    table = columns.attributes_of_objects
    some = table.filter(pc.equal(table.column("name").cast("string"), name))
    found = np.zeros(size, np.int64)
    if len(some):
        whose = place[some.column("object").to_numpy()]
        said = micros(some.column("value").cast("string").to_pylist())
        for thing, moment in reversed(list(zip(whose.tolist(), said, strict=True))):
            if thing >= 0 and moment is not None:
                found[thing] = moment // MICROS
    return found


def _dues(columns: "Columns", name: str, place: Ints, size: int) -> Timeline | None:
    """Return by when each subject had to be done, since when; of two since the same the first one said."""
    from suyuan.gateways.eventlog import micros

    if not name:
        return None
    table = columns.attributes_of_objects
    some = table.filter(pc.equal(table.column("name").cast("string"), name))
    due = [one or 0 for one in micros(some.column("value").cast("string").to_pylist())] if len(some) else []
    whose = place[some.column("object").to_numpy()][::-1]
    by = np.array(due, np.int64)[::-1] // MICROS
    since = some.column("at").fill_null(0).to_numpy()[::-1] // MICROS
    mine = (whose >= 0) & (by > 0)
    return timeline(whose[mine], since[mine], size, due=by[mine])


def _customers(
    columns: "Columns", given: Question, rows: _Rows, size: int
) -> tuple[Ints | None, Timeline | None, Ints]:
    """Return whose each subject is, who is touched by its events first; what happened to each; and who."""
    if not given.customer:
        return None, None, np.zeros(0, np.int64)
    place, things = _objects(columns, given.customer)
    mine = _touching(columns, place)
    of_event = np.full(len(columns.at), -1, np.int64)
    of_event[mine.event[::-1]] = mine.whose[::-1]
    above = np.full(size, -1, np.int64)
    named = of_event[rows.event] >= 0
    order = np.argsort(-rows.event[named], kind="stable")
    above[rows.whose[named][order]] = of_event[rows.event[named]][order]
    at = columns.at[mine.event] // MICROS
    activity = columns.activity[mine.event].astype(np.int64)
    return above, timeline(mine.whose, at, len(things), activity=activity), things
