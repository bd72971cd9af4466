"""The home's own events as an object-centric log: what happened on cases, when, by whom, to what.

An activity is the verb by its label; of an imported order it is the verb that reaches each milestone.
Accounts and telephones stand there by the keyed reference that the log taken over has for them, so that both
are one object; people by a reference too. No text and no name is read.
"""

import functools
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from suyuan.domain.commitment import BROKEN, MOVED
from suyuan.domain.procedure import knows
from suyuan.domain.procedures import CURRENT
from suyuan.domain.rulebook.records import OPENED_BY_A_VERB
from suyuan.domain.rulebook.words import labels
from suyuan.gateways.eventlog import Columns
from suyuan.gateways.eventlog.making import Making
from suyuan.store import event_log, own_log, rules
from suyuan.store.chain import BY_THE_MACHINE
from suyuan.store.models.audit import LOOKS
from suyuan.store.own_log import NEVER, Cases, Promise

IMPORTS = ("import", "import_update")
"""Say when a file was read, not when something happened: milestones stand for them."""
LOOKED = (*LOOKS, *(f"evidence_{how}" for how in ("open", "small", "view", "play", "download", "export")))
"""Somebody looked: the audit trail's affair, nothing that happened to a case."""
DESK = ("register", "review_pass", "archive", "close")
"""Steps at a desk that no customer meets: each may stand beside a complaint by chance alone."""
DESK_AT = ("registered_at", "reviewed_at", "archived_at")
NOTES = ("note", "attach", "print", "relay", "relay_answer", "judge_trace", "promise_remind")
BESIDE = (*BY_THE_MACHINE, *DESK, *NOTES)
"""No step that may cause anything: left out where it is traced."""
CATEGORISED = ("register", "classify", "reclassify")
PLAIN = ("business_type", "channel", "level")
SINCE = {"finding": "answered_at", "satisfaction": "called_back_at"}
"""Attributes, and from which milestone on they hold; plain ones hold from the beginning."""
BY_UNIT = ("taken_at", "contacted_at", "arrived_at", "restored_at", "answered_at")
"""Milestones reached by the unit that handles the case; the others are its desk's."""
IN_CALL = "close_in_call"
OURS = "own-"
"""How the ids of our own events begin."""
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Scope:
    """What of the home a log is made of."""

    units: Collection[int] | None = None
    """Units whose cases are taken, by key; None: all."""
    unseen: Collection[str] = ()
    """Numbers of cases that are left out."""
    only: Collection[str] | None = None
    """Numbers of the cases that are read alone; None: all."""
    secret: bool = False
    """Whether restricted cases, and those of whoever stays secret, are there: without account or people."""
    traced: bool = False
    """For tracing in the home: steps alone, no people, and every complaint, as who asks reaches it."""


def columns(scope: Scope, now: datetime) -> Columns:
    """Return the home's own log up to ``now``."""
    making = _Log(scope, own_log.cases(scope.units, scope.only), Making(), own_log.units())
    making.cases()
    making.events()
    if not scope.traced:  # tracing asks the cases
        making.attributes()
    making.promises(now)
    return making.made.columns()


def word(kind: str, code: str) -> str:
    """Return the Chinese label of a code, the code itself where it has none."""
    return labels()[kind].get(code, {}).get("zh", code)


def kinds_of_case() -> frozenset[str]:
    """Return what the types of our own cases are called in the log."""
    return frozenset(word("log_type", name) for name in CURRENT)


@functools.cache
def milestones(procedure: str, *, in_call: bool) -> dict[str, tuple[str, str]]:
    """Return by milestone the verb that reaches it, empty where none does, and what the activity is called.

    ``in_call`` is for an order nobody was given: it was closed in the call that brought it. A verb that
    reaches several milestones stands for the last of them.
    """
    table = CURRENT.get(procedure)
    steps = [step for step in (table.steps if table else ()) if step.verb != IN_CALL]
    verbs = {mark: step.verb for step in reversed(steps) for mark in step.marks} | {"received_at": "receive"}
    if in_call and table and knows(table, IN_CALL):
        verbs["answered_at"] = IN_CALL
    found: dict[str, tuple[str, str]] = {}
    for name in reversed(own_log.MOMENTS):
        verb = verbs.get(name, "")
        if verb in {other for other, _ in found.values()}:
            verb = ""
        found[name] = verb, word("verb", verb) if verb else word("milestone", name)
    return dict(reversed(found.items()))


@dataclass(frozen=True, slots=True)
class _Row:
    """One case as its events need it: what it is in the log, who has it, what they stand on."""

    thing: int
    unit: int
    place: int
    secret: bool


class _Log:
    """A log that is being made."""

    def __init__(self, scope: Scope, read: Cases, made: Making, units: dict[int, str]) -> None:
        self.scope, self.read, self.made, self.units = scope, read, made, units
        self.row: dict[str, _Row] = {}
        self.told: dict[str, set[str]] = {}
        """Of an imported case, the verbs that an event of its own tells."""
        self.parent: dict[str, str] = {}
        self.areas, self.lines = own_log.codes_of("area"), own_log.codes_of("line")

    def cases(self) -> None:
        """Take the cases with what they are about, and the links between them."""
        for one in self._rows():
            secret = bool(one["restricted"] or one["secrecy"])
            if one["number"] in self.scope.unseen:
                continue
            if secret and not (self.scope.secret or (self.scope.traced and one["procedure"] == "complaint")):
                continue
            thing = self.made.object(word("log_type", one["procedure"]), one["number"])
            hidden = secret and not self.scope.traced
            place = self._places(thing, one, hidden=hidden)
            unit = self.unit(self.units[one["unit_id"]])
            self.row[one["number"]] = _Row(thing, unit, place, hidden)
            if one["origin"] != "live":
                self.told[one["number"]] = set()
            if not (hidden or self.scope.traced):
                for name in PLAIN:
                    self.made.say(thing, name, one[name])
        rows = self.read.rows
        self.parent = dict(zip(rows["number"], rows["parent_number"], strict=True))
        for number, procedure in zip(rows["number"], rows["procedure"], strict=True):
            parent = self.row.get(self.parent[number])
            if parent is not None and number in self.row:
                how = "opened_from" if procedure in OPENED_BY_A_VERB else "merged_into"
                self.made.link(self.row[number].thing, parent.thing, word("log_link", how))

    def _rows(self) -> Iterator[dict[str, Any]]:
        names = list(self.read.rows)
        for values in zip(*self.read.rows.values(), strict=True):
            yield dict(zip(names, values, strict=True))

    def unit(self, code: str) -> int:
        """Return a unit, -1 for none."""
        return self.made.object(word("log_type", "unit"), code) if code else -1

    def _places(self, thing: int, one: dict[str, Any], *, hidden: bool) -> int:
        """Join a case to what it is about and that upwards; return the nearest of it, -1 for nothing."""
        found = []
        about, of = word("log_link", "about"), word("log_link", "of")
        for kind, name in (
            ("account", event_log.meeting(one["account_index"]) if one["account_index"] else ""),
            ("area", self.areas.get(one["area"], one["area"])),
            ("line", self.lines.get(one["line"], one["line"])),
        ):
            if name and not (hidden and kind == "account"):
                found.append(self.made.object(word("log_type", kind), name))
        if one["phone_index"] and not hidden:
            phone = self.made.object(word("log_type", "phone"), event_log.meeting(one["phone_index"]))
            self.made.link(thing, phone, about)
        for lower, upper in zip([thing, *found], found, strict=False):
            self.made.link(lower, upper, about if lower == thing else of)
        return found[0] if found else -1

    def events(self) -> None:
        """Take what happened on the cases, and of imported ones the milestones nothing else tells."""
        left_out = (*IMPORTS, *LOOKED, *(BESIDE if self.scope.traced else ()))
        staff, beside = word("log_type", "staff"), word("log_link", "beside")
        for chunk in own_log.events(left_out, self.scope.only):
            joined = functools.cache(_joined)  # most events of a case name the same
            for pk, number, at, actor, verb, said in zip(*chunk._replace(at=chunk.at.tolist()), strict=True):
                row = self.row.get(number)
                if row is None:
                    continue
                unit, others = joined(said)
                who = -1
                if not (self.scope.traced or row.secret) and actor and actor != "system":
                    who = self.made.object(staff, event_log.reference("account", actor))
                things = (row.thing, self.unit(unit) if unit else row.unit, row.place, who)
                self.made.event(f"{OURS}{pk}", word("verb", verb), at, things)
                for other in others:
                    if other in self.row and self._is_beside(number, other):
                        self.made.link(row.thing, self.row[other].thing, beside)
                if number in self.told:
                    self.told[number] |= {verb}
        self._milestones()

    def _is_beside(self, one: str, other: str) -> bool:
        """Tell whether two cases are joined by nothing closer."""
        return other not in (one, self.parent[one]) and one != self.parent[other]

    def _milestones(self) -> None:
        moments = {name: self.read.moments[name].tolist() for name in own_log.MOMENTS}
        rows = self.read.rows
        for n, (number, desk) in enumerate(zip(rows["number"], rows["desk_id"], strict=True)):
            if number not in self.told:
                continue
            row, told = self.row[number], self.told[number]
            front = self.unit(self.units.get(desk, ""))
            in_call = moments["dispatched_at"][n] == NEVER
            for name, (verb, activity) in milestones(rows["procedure"][n], in_call=in_call).items():
                at = moments[name][n]
                if self.scope.traced and name in DESK_AT:
                    continue
                if at == NEVER or (verb and verb in told) or _said_by(name, moments, n):
                    continue
                unit = row.unit if name in BY_UNIT else front
                self.made.event(f"{OURS}{rows['id'][n]}-{name}", activity, at, (row.thing, unit, row.place))

    def attributes(self) -> None:
        """Say what cases are about, since when each time, and what was found and how it was rated."""
        last: dict[str, str] = {}
        for number, at, category in own_log.categories(CATEGORISED):
            row = self.row.get(number)
            if row is not None and not row.secret and last.get(number) != category:
                self.made.say(row.thing, "category", category, at)
                last[number] = category
        for n, one in enumerate(self._rows()):
            row = self.row.get(one["number"])
            if row is None or row.secret:
                continue
            if one["number"] not in last:
                self.made.say(row.thing, "category", one["category"])
            for name, since in SINCE.items():
                at = int(self.read.moments[since][n])
                if at != NEVER:
                    self.made.say(row.thing, name, one[name], at)

    def promises(self, now: datetime) -> None:
        """Take every promise as an object of its own: made, over without being kept, kept, moved."""
        every = list(own_log.promises(self.scope.only))
        again = {(one.number, one.made_at) for one in every}
        for one in every:
            row = self.row.get(one.number)
            if row is None:
                continue
            thing = self.made.object(word("log_type", "promise"), f"{one.number}-{one.seq}")
            self.made.link(thing, row.thing, word("log_link", "opened_from"))
            self.made.link(thing, row.place, word("log_link", "about"))
            moved = one.state == MOVED or (one.state == BROKEN and (one.number, one.closed_at) in again)
            for n, (at, what) in enumerate(_of_promise(one, now, moved=moved)):
                name = f"{OURS}{one.number}-{one.seq}-{n}"
                self.made.event(name, word("log_activity", what), at, (thing, row.unit, row.place, row.thing))


def _joined(said: str) -> tuple[str, tuple[str, ...]]:
    """Return the unit that the objects of an event name, the last of several, and the cases."""
    pairs = json.loads(said)
    units = [key for kind, key in pairs if kind == "unit"]
    return units[-1] if units else "", tuple(key for kind, key in pairs if kind == "case")


def _said_by(name: str, moments: dict[str, list[int]], n: int) -> bool:
    """Tell whether a milestone is another one's moment once more."""
    if name == "accepted_at":
        return moments["received_at"][n] != NEVER
    return name == "reviewed_at" and moments["answered_at"][n] == moments[name][n]


def _of_promise(one: Promise, now: datetime, *, moved: bool) -> Iterator[tuple[int, str]]:
    """Yield what became of a promise when: it is over once the day after it begins where the office is."""
    yield one.made_at, "promised"
    ends = datetime.combine(
        date.fromisoformat(one.promised_on) + timedelta(days=1), time(), rules.rulebook().calendar.zone
    )
    over = (ends - _START) // timedelta(microseconds=1)
    closed = one.closed_at if one.closed_at != NEVER else None
    if over <= (now - _START) // timedelta(microseconds=1) and (closed is None or closed >= over):
        yield over, "promise_over"
    if closed is not None:
        yield closed, "promise_moved" if moved else "promise_kept"
