"""Everything that deviates in a whole log, with its moment: what is counted by month, step and unit.

``deviations`` asks what lies before one complaint; this asks of all orders at once, with the same borders.
What never came counts from when it was overdue. Contacts are no deviation and are not counted.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from . import bounces, precedence
from .causality import Due, Mode, Sign
from .courses import Courses
from .deviations import DAY, GOES_ON, HOUR, LATE, LONG, SELDOM
from .profile import Ints, Passages
from .promised import EVER_AFTER, Promises
from .sources import MODES
from .tracer import Tracer

MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Deviating:
    """Deviations by columns: the type of the order or place, the step, the unit, how, and when."""

    kind: Ints
    activity: Ints
    unit: Ints
    mode: Ints
    """A number into ``sources.MODES``."""
    at: Ints

    def by_units(self, units: Ints) -> "Deviating":
        """Return the same with other units: of each object which, last of none."""
        return replace(self, unit=units[self.unit])


def deviating(tracer: Tracer, steps: Passages) -> Deviating:
    """Return everything that deviates, in no order."""
    bounced, fro = _bounced(tracer.courses, steps)
    skipped, instead = _skipped(tracer, steps)
    parts = [
        _late(tracer, steps, fro | instead),
        _repeated(tracer.courses, steps),
        bounced,
        _turned(tracer, steps),
        skipped,
        _missing(tracer, steps),
        *(_shown(tracer, *sign) for sign in tracer.finder.signs.codes),
    ]
    return Deviating(*(np.concatenate(column) for column in zip(*parts, strict=True)))


Part = tuple[Ints, Ints, Ints, Ints, Ints]
Any = NDArray[np.integer]


def _part(kind: Any, activity: Any, unit: Any, mode: Mode, at: Any) -> Part:
    code = np.full(len(kind), MODES.index(mode), np.int64)
    return kind.astype(np.int64), activity.astype(np.int64), unit.astype(np.int64), code, at.astype(np.int64)


def _late(tracer: Tracer, steps: Passages, told: NDArray[np.bool_]) -> Part:
    """Return the steps done much longer than usual after what really came before, but those ``told``."""
    log, wide = tracer.log, len(tracer.log.activities)
    last = np.maximum(steps.preceded, 0)
    code = (steps.kind * wide + np.asarray(log.activity[last], np.int64)) * wide + steps.activity
    keys, number = np.unique(code, return_inverse=True)
    known = [(int(key) // wide // wide, int(key) // wide % wide, int(key) % wide) for key in keys]
    waits = [tracer.courses.after.get(one) for one in known]
    middle = np.array([wait.middle if wait else np.inf for wait in waits], float)[number]
    spread = np.array([wait.spread if wait else 1.0 for wait in waits], float)[number]
    took = np.where(steps.preceded >= 0, steps.at - np.asarray(log.at[last], np.int64), 0)
    over = (np.log(np.maximum(took, 0) / MINUTE + 1) - middle) / spread
    usual = (np.exp(middle) - 1) * MINUTE
    here = (steps.preceded >= 0) & (over > LATE) & (took > usual + HOUR) & ~told
    return _part(steps.kind[here], steps.activity[here], steps.unit[here], Mode.LATE, steps.at[here])


def _repeated(courses: Courses, steps: Passages) -> Part:
    """Return the steps done over where few orders do."""
    at = np.flatnonzero(steps.again)
    seldom = [
        courses.share_repeated.get(pair, 0.0) < SELDOM
        for pair in zip(steps.kind[at].tolist(), steps.activity[at].tolist(), strict=True)
    ]
    at = at[np.array(seldom, bool)]
    return _part(steps.kind[at], steps.activity[at], steps.unit[at], Mode.REPEATED, steps.at[at])


def _bounced(courses: Courses, steps: Passages) -> tuple[Part, NDArray[np.bool_]]:
    """Return the first unusual return of each order that went to and fro oftener than its kind does.

    Beside that: which steps are to and fro, or directly after it; their wait is no other deviation.
    """
    known = np.flatnonzero(steps.unit >= 0)
    back = known[bounces.back(steps.process[known], steps.unit[known])]
    usual = [
        courses.returns.share.get(pair, 0.0) >= bounces.USUAL
        for pair in zip(steps.kind[back].tolist(), steps.activity[back].tolist(), strict=True)
    ]
    back = back[~np.array(usual, bool)]
    _, first, times = np.unique(steps.process[back], return_index=True, return_counts=True)
    kinds = steps.kind[back[first]].tolist()
    rare = [courses.returns.unusual(*pair) for pair in zip(kinds, times.tolist(), strict=True)]
    first, times = first[np.array(rare, bool)], times[np.array(rare, bool)]
    at, last = back[first], back[first + times - 1]
    fro = np.zeros(len(steps.process) + 2, np.int64)
    np.add.at(fro, at - 1, 1)
    np.add.at(fro, last + 2, -1)
    # What comes after the last step of an order is the first of another, which is never late.
    within: NDArray[np.bool_] = np.cumsum(fro)[: len(steps.process)] > 0
    part = _part(steps.kind[at], steps.activity[at], steps.unit[at], Mode.BOUNCED, steps.at[at])
    return part, within


def _turned(tracer: Tracer, steps: Passages) -> Part:
    """Return the steps done after one they nearly always come before.

    Looked at are the orders in which two steps, one directly after the other, stand so.
    """
    before, wide = tracer.courses.before, len(tracer.log.activities)
    wrong = [
        (kind * wide + after) * wide + first
        for kind, first, after in before
        if precedence.comes_before(before, kind, first, after)
    ]
    code = (steps.kind * wide + np.maximum(steps.before, 0)) * wide + steps.activity
    held = (steps.before >= 0) & np.isin(code, np.array(wrong, np.int64))
    starts = np.flatnonzero(np.append(True, steps.process[1:] != steps.process[:-1])[: len(steps.process)])
    ends = np.append(starts[1:], len(steps.process))
    found: list[int] = []
    for order in np.unique(np.searchsorted(starts, np.flatnonzero(held), side="right") - 1).tolist():
        start, end = int(starts[order]), int(ends[order])
        done, at = steps.activity[start:end].tolist(), steps.at[start:end].tolist()
        pairs = precedence.turned(before, int(steps.kind[start]), done, at, tracer.rules.skew)
        found += [start + late for late, _ in pairs]
    row = np.array(found, np.int64)
    return _part(steps.kind[row], steps.activity[row], steps.unit[row], Mode.TURNED, steps.at[row])


def _skipped(tracer: Tracer, steps: Passages) -> tuple[Part, NDArray[np.bool_]]:
    """Return the steps left out between two that were done one after the other.

    Beside that: which steps were done in place of such, where that is not usual.
    """
    wide, courses = int(max(steps.activity.max(initial=0), len(tracer.log.activities))), tracer.courses
    codes = (steps.kind * wide + np.maximum(steps.before, 0)) * wide + steps.activity
    wanted = {(kind * wide + a) * wide + b: out for (kind, a, b), out in courses.left_out.items()}
    seldom = [(k * wide + a) * wide + b for k, a, b in courses.left_out if not courses.is_usual(k, a, b)]
    by_step = ~courses.is_sign[tracer.log.activity[np.maximum(steps.preceded, 0)]]
    held = (steps.before >= 0) & by_step
    at = np.flatnonzero(held & np.isin(codes, np.array(sorted(wanted), np.int64)))
    did = np.sort(steps.process * wide + steps.activity)
    rows = [(one, step) for one in at.tolist() for step in wanted[int(codes[one])]]
    place, step = np.array(rows, np.int64).reshape(-1, 2).T
    asked = steps.process[place] * wide + step
    spot = np.minimum(np.searchsorted(did, asked), max(len(did) - 1, 0))
    missing = did[spot] != asked if len(did) else np.zeros(0, bool)
    place, step = place[missing], step[missing]
    whose = _who(tracer, step, steps.process[place], steps.unit[place])
    instead = np.zeros(len(steps.process), bool)
    instead[place] = np.isin(codes[place], np.array(seldom, np.int64))
    return _part(steps.kind[place], step, whose, Mode.SKIPPED, steps.at[place]), instead


def _missing(tracer: Tracer, steps: Passages) -> Part:
    """Return the steps that were not done when they were due, each of an order once, from when overdue."""
    owed = [_stopped(tracer, steps), *(_overdue(steps, *rule) for rule in tracer.finder.dues.codes)]
    same = [False, *(rule.by_same for rule, _, _ in tracer.finder.dues.codes)]
    promises = tracer.finder.dues.promises
    owed += [_unkept(promises, steps, *rule) for rule in promises.rules]
    same += [rule.by_same for rule, _ in promises.rules]
    by_same = np.repeat(same, [len(one[0]) for one in owed])
    last, step, since = (np.concatenate(column) for column in zip(*owed, strict=True))
    end = int(tracer.log.at[-1]) if len(tracer.log.at) else 0
    order = np.lexsort((since, step, steps.process[last]))
    last, step, since, by_same = (column[order] for column in (last, step, since, by_same))
    first = np.append(True, (np.diff(steps.process[last]) != 0) | (np.diff(step) != 0))[: len(last)]
    here = first & (since < end)
    last, step, since, by_same = last[here], step[here], since[here], by_same[here]
    whose = np.where(by_same, steps.unit[last], 0)
    whose[~by_same] = _who(tracer, step[~by_same], steps.process[last[~by_same]], steps.unit[last[~by_same]])
    return _part(steps.kind[last], step, whose, Mode.MISSING, since)


Owed = tuple[Ints, Ints, Ints]
"""Where in the steps something was owed, which step, since when."""


def _stopped(tracer: Tracer, steps: Passages) -> Owed:
    """Return the steps that usually come next and never did."""
    courses = tracer.courses
    last: Ints = np.flatnonzero(
        np.append(steps.process[1:] != steps.process[:-1], True)[: len(steps.process)]
    )
    wide = len(tracer.log.activities)
    then = np.full(len(tracer.log.types) * wide, -1, np.int64)
    wait = np.zeros(len(then))
    for (kind, activity), after in courses.next.items():
        went_on, stood = sum(n for _, n in after), courses.last.get((kind, activity), 0)
        if went_on >= GOES_ON * (went_on + stood) and (kind, after[0][0]) in courses.waits:
            then[kind * wide + activity] = after[0][0]
            wait[kind * wide + activity] = LONG * courses.wait(kind, activity, after[0][0]).usual
    code = steps.kind[last] * wide + steps.activity[last]
    since = steps.at[last] + wait[code].astype(np.int64)
    held = then[code] >= 0
    last, since = last[held], since[held]
    step: Ints = then[code][held]
    did = np.isin(steps.process[last] * wide + step, steps.process * wide + steps.activity)
    return last[~did], step[~did], since[~did]


def _overdue(steps: Passages, rule: Due, after: frozenset[int], then: frozenset[int]) -> Owed:
    """Return what a rule asks for and was not done by its day."""
    began = np.flatnonzero(np.isin(steps.activity, sorted(after)))
    _, first = np.unique(steps.process[began], return_index=True)
    began = began[first]
    done = np.flatnonzero(np.isin(steps.activity, sorted(then)))
    ended = dict(zip(steps.process[done].tolist(), done.tolist(), strict=True))
    since = steps.at[began] + int(rule.within_days * DAY)
    # What was done after the day was overdue all the same, until then.
    closed = np.array([ended.get(one, -1) for one in steps.process[began].tolist()], np.int64)
    kept = (closed >= began) & (steps.at[np.maximum(closed, 0)] <= since)
    return began[~kept], np.full(int((~kept).sum()), min(then), np.int64), since[~kept]


def _unkept(promises: Promises, steps: Passages, rule: Due, then: frozenset[int]) -> Owed:
    """Return the promises of orders not kept by their moment, beside the last step of each."""
    said = promises.log.promised
    ends = np.flatnonzero(np.append(steps.process[1:] != steps.process[:-1], True)[: len(steps.process)])
    last = dict(zip(steps.process[ends].tolist(), ends.tolist(), strict=True))
    done = np.flatnonzero(np.isin(steps.activity, sorted(then)))[::-1]
    first = dict(zip(steps.process[done].tolist(), steps.at[done].tolist(), strict=True))
    rows = []
    for thing in (one for one in (np.unique(said.thing).tolist() if said else ()) if one in last):
        due = promises.due(rule, thing, EVER_AFTER)
        mine = promises.mine(int(promises.log.type[thing]), then)
        if due is not None and len(mine) and first.get(thing, EVER_AFTER) > due:
            rows.append((last[thing], promises.step(thing, int(steps.activity[last[thing]]), mine), due))
    row, step, since = np.array(rows, np.int64).reshape(-1, 3).T
    return row, step, since


def _shown(tracer: Tracer, sign: Sign, wanted: NDArray[np.bool_], ends: NDArray[np.bool_]) -> Part:
    """Return the events that a sign is seen in: the last of so many in so many days on one object."""
    log, kinds = tracer.log, tracer.kinds
    activity = log.activity[log.happened.item]
    held = np.flatnonzero((wanted | ends)[activity])
    thing, event = log.happened.left[held], np.asarray(log.happened.item[held])
    on = kinds.is_order[thing] | kinds.is_place[thing]
    thing, event = thing[on].astype(np.int64), event[on]
    is_sign = wanted[log.activity[event]]
    run = np.cumsum(ends[log.activity[event]])
    span = thing * (int(run.max(initial=0)) + 1) + run
    thing, event, span = thing[is_sign], event[is_sign], span[is_sign]
    back = sign.at_least - 1
    same = np.zeros(len(event), bool)
    near = np.zeros(len(event), bool)
    before = max(len(event) - back, 0)
    same[back:] = span[back:] == span[:before]
    at = np.asarray(log.at[event], np.int64)
    near[back:] = at[back:] - at[:before] <= sign.within_days * DAY
    _, once = np.unique(event[same & near], return_index=True)
    thing, event = thing[same & near][once], event[same & near][once]
    return _part(
        log.type[thing], log.activity[event], kinds.unit_of[event], sign.mode, np.asarray(log.at[event])
    )


def _who(tracer: Tracer, step: Ints, process: Ints, last: Ints) -> Ints:
    """Return who does a step that was not done: nearby, else anywhere, else who had the order last."""
    found = np.empty(len(step), np.int64)
    known: dict[tuple[int, tuple[int, ...]], int] = {}
    for at, (one, thing) in enumerate(zip(step.tolist(), process.tolist(), strict=True)):
        asked = one, tracer.reach.places(thing)
        if asked not in known:
            known[asked] = tracer.finder.doers.of(*asked)
        found[at] = known[asked] if known[asked] >= 0 else int(last[at])
    return found
