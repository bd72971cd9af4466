"""A log as tracing takes it: read from a file, with the rules it goes by. Nothing of it is kept."""

import functools
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from suyuan.analytics.trace import causality, eventlog
from suyuan.analytics.trace.causality import Rules, fits
from suyuan.analytics.trace.eventlog import EventLog, Names, Promised, Relations
from suyuan.analytics.trace.promised import EVER, promised
from suyuan.domain.errors import BadInput, RulebookError

from . import _logged
from ._log_roles import settled as settled

if TYPE_CHECKING:  # a command on an index reads no log: what reads one takes as long to import as the answer
    from suyuan.analytics.detect.watched import Watched
    from suyuan.analytics.trace.handover import HandOvers
    from suyuan.gateways.eventlog import Columns

SHIPPED = "causality.toml"


@functools.cache
def shipped() -> Mapping[str, Any]:
    """Return the tables of the rulebook that tracing reads: what may cause what, and what numbers are."""
    text = resources.files("suyuan.rulebook").joinpath(SHIPPED).read_text("utf-8")
    return tomllib.loads(text)


@functools.cache
def _looked_for() -> dict[str, Any]:
    text = resources.files("suyuan.rulebook").joinpath("watched.toml").read_text("utf-8")
    return tomllib.loads(text)


@functools.cache
def watched() -> "Watched":
    """Return what detectors look for in a log, as the rulebook names it."""
    from suyuan.analytics.detect.watched import watched as made

    document = {name: said for name, said in _looked_for().items() if name != "kinds"}
    return made(document, rules().roles, shipped()["orders"]["done"])


def classes() -> Mapping[str, str]:
    """Return the class of customer that limits know, by the kind the register has."""
    return dict(_looked_for()["kinds"])


def rules(path: Path | None = None) -> Rules:
    """Return the rules of tracing, the rulebook's or an office's own; raise BadInput or RulebookError."""
    if path is None:
        return causality.rules(shipped(), SHIPPED)
    try:
        return parsed(path.read_text("utf-8"), path.name)
    except UnicodeDecodeError:
        raise RulebookError(file=path.name, key="", problem="not UTF-8") from None
    except OSError:
        raise BadInput("no_such_file", file=path.name) from None


def parsed(text: str, name: str) -> Rules:
    """Return the rules a text says; raise RulebookError naming the file and the key that is wrong."""
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is no TOMLDecodeError
        raise RulebookError(file=name, key="", problem=f"is not TOML: {error}") from None
    return causality.rules(document, name)


def traceable(columns: "Columns", given: Rules) -> EventLog:
    """Return a log as tracing takes it, with what its complaints are about and units that attributes name."""
    columns = _logged.ordered(_logged.with_units(_logged.completed(columns), given.roles))
    log = eventlog.log(
        (
            causality.with_due(columns.activities, given),
            columns.types,
            Names(columns.event_ids),
            Names(columns.object_ids),
        ),
        columns.activity,
        columns.at,
        columns.type,
        Relations(columns.touch_event, columns.touch_object, columns.link_source, columns.link_target),
        _about(columns, given),
    )
    return replace(log, group=_groups(columns, given), promised=_promised(columns, given))


def _promised(columns: "Columns", given: Rules) -> Promised | None:
    """Return the moments by which something was promised, of the attributes that rules name."""
    from suyuan.gateways.eventlog import micros

    named = {pattern for rule in given.due for pattern in rule.by}
    table = columns.attributes_of_objects
    if not named or not len(table):
        return None
    names = [one for one in pc.unique(table["name"].cast("string")).to_pylist() if fits(one, tuple(named))]
    chosen = pc.and_(
        pc.is_in(table["name"].cast("string"), pa.array(names, pa.string())),
        pc.equal(table["kind"].cast("string"), "time"),
    )
    said = table.filter(chosen)
    ats = micros(said["value"].cast("string").to_pylist())
    rows = zip(
        said["object"].to_pylist(), said["name"].cast("string").to_pylist(), ats,
        said["at"].fill_null(EVER).to_pylist(), strict=True,
    )  # fmt: skip
    found = [(thing, name, at, since) for thing, name, at, since in rows if at is not None]
    return promised(found) if found else None


def _about(columns: "Columns", given: Rules) -> dict[int, str]:
    """Return what each complaint is about, as the first of the attributes named for it first says."""
    complaints = sorted(causality.codes(columns.types, given.roles.complaints))
    is_complaint, found = np.isin(columns.type, complaints), dict[int, str]()
    table = columns.attributes_of_objects
    names = table.column("name").cast("string")
    for name in given.about:
        said = table.filter(pc.equal(names, name))
        rows = zip(said.column("object").to_pylist(), said.column("value").to_pylist(), strict=True)
        for thing, value in rows:
            if value and is_complaint[thing]:
                found.setdefault(thing, value)
    return found


def _groups(columns: "Columns", given: Rules) -> NDArray[np.int32] | None:
    """Return the class of customer of each object, by the first attribute named for it; None without any."""
    table = columns.attributes_of_objects
    said = table.filter(pc.is_in(table.column("name").cast("string"), pa.array(given.classes, pa.string())))
    if not len(said):
        return None
    value = said.column("value").cast("string").combine_chunks().dictionary_encode()
    found = np.zeros(len(columns.type), np.int32)
    # The first that is said of an object holds: what comes last is written over.
    thing = said.column("object").to_numpy()[::-1]
    found[thing] = value.indices.fill_null(-1).to_numpy(zero_copy_only=False)[::-1] + 1
    return found


def hand_overs(columns: "Columns", by: str, types: Collection[str] = ()) -> "HandOvers":
    """Return the hand-overs between what an attribute of events, or a type of objects, names.

    A case is an object of some types; without any, of the one that most events are of, other than what is
    asked by.
    """
    from suyuan.analytics.trace import handover

    kinds = columns.type[columns.touch_object]
    count = np.bincount(kinds, minlength=len(columns.types))
    if by in columns.types:
        count[columns.types.index(by)] = 0
    if not count.any():
        raise BadInput("no_cases")
    chosen = [n for n, name in enumerate(columns.types) if name in types] or [int(np.argmax(count))]
    case = np.flatnonzero(np.isin(kinds, chosen))
    event = columns.touch_event[case]
    names, team = _teams(columns, by)
    cases = np.flatnonzero(np.isin(columns.type, chosen))
    place = np.full(len(columns.type), -1, np.int64)
    place[cases] = np.arange(len(cases))
    whose = place[columns.touch_object[case]]
    order = np.lexsort((event, whose))
    return handover.hand_overs(whose[order], team[event][order], names, len(cases))


def _teams(columns: "Columns", by: str) -> tuple[list[str], NDArray[np.int64]]:
    """Return the names of teams, and of each event the one it names, -1 for none."""
    team = np.full(len(columns.at), -1, np.int64)
    if by in columns.types:
        mine = np.flatnonzero(columns.type[columns.touch_object] == columns.types.index(by))[::-1]
        things, code = np.unique(columns.touch_object[mine], return_inverse=True)
        team[columns.touch_event[mine]] = code
        return columns.object_ids.take(pa.array(things)).to_pylist(), team
    table = columns.attributes_of_events
    said = table.filter(pc.equal(table.column("name").cast("string"), by))
    if not len(said):
        raise BadInput("unknown_value", field="by", value=by[:60])
    value = said.column("value").cast("string").combine_chunks().dictionary_encode()
    team[said.column("event").to_numpy()] = value.indices.to_numpy(zero_copy_only=False)
    return value.dictionary.to_pylist(), team
