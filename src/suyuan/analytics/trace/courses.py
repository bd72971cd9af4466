"""How a kind of process usually goes: which step follows which, after how long, how often; who does it.

All of it is read from the log itself. What deviates is a small part of what there is, and makes things
slower, never faster: so the usual wait is taken from the quicker half.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from . import bounces, precedence
from .bounces import Returns
from .causality import Rules, codes
from .deviations import OPTIONAL
from .eventlog import EventLog, Ints
from .precedence import Before

MINUTE = 60_000_000
QUICK, QUICKER = 0.3, 0.1
"""Quantiles the usual wait is taken from, and how many standard deviations of a normal lie between them."""
FROM_MIDDLE, BETWEEN = 0.524, 0.757
NARROWEST = 0.25
"""The least spread of the logarithm of a wait that is believed."""
FEW = 8
"""So many waits after any step are added to those after one step: where these are few they say little."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a step usually comes after the one before it, log-normal."""

    middle: float
    """Logarithm of minutes, plus one minute."""
    spread: float
    seen: int

    def over(self, micros: float) -> float:
        """Return by how many standard deviations a wait is longer than usual."""
        return (float(np.log(micros / MINUTE + 1)) - self.middle) / self.spread

    @property
    def usual(self) -> float:
        """Return the usual wait in microseconds."""
        return (float(np.exp(self.middle)) - 1) * MINUTE


@dataclass(frozen=True)
class Kinds:
    """What the types of a log's objects are, by the rules, as flags of objects."""

    log: EventLog
    rules: Rules

    def _flag(self, patterns: Sequence[str]) -> NDArray[np.bool_]:
        """Return of each type whether it fits."""
        flag = np.zeros(len(self.log.types), bool)
        flag[list(codes(self.log.types, tuple(patterns)))] = True
        return flag

    @cached_property
    def is_place(self) -> NDArray[np.bool_]:
        """Return of each object whether it is what orders are about."""
        return self._flag(self.rules.roles.places)[self.log.type]

    @cached_property
    def is_unit(self) -> NDArray[np.bool_]:
        """Return of each object whether it is a unit."""
        return self._flag(self.rules.roles.all_units)[self.log.type]

    @cached_property
    def is_complaint(self) -> NDArray[np.bool_]:
        """Return of each object whether it is a complaint."""
        return self._flag(self.rules.roles.complaints)[self.log.type]

    @cached_property
    def is_event(self) -> NDArray[np.bool_]:
        """Return of each object whether it is something that befell a place."""
        return self._flag(self.rules.roles.events)[self.log.type]

    @cached_property
    def is_order(self) -> NDArray[np.bool_]:
        """Return of each object whether it is an order that goes through steps: what it is nothing else."""
        roles = self.rules.roles
        other = self._flag((*roles.places, *roles.actors, *roles.all_units, *roles.cases, *roles.complaints))
        return ~(other | self._flag(roles.events))[self.log.type]

    @cached_property
    def unit_of(self) -> Ints:
        """Return of each event the unit that did it, -1 where none is named."""
        pairs = self.log.touched
        of_unit = self.is_unit[pairs.item]
        found = np.full(len(self.log.at), -1, np.int32)
        found[pairs.left[of_unit][::-1]] = pairs.item[of_unit][::-1]
        return found


Key = tuple[int, int]
"""A type and an activity."""
After = tuple[int, int, int]
"""A type, and two activities, the second directly after the first."""


@dataclass(frozen=True)
class Courses:
    """How each kind of process usually goes."""

    waits: Mapping[Key, Wait]
    """Of a step, after whatever really came before it; a sign of the process's own counts as that."""
    after: Mapping[After, Wait]
    """The same after one activity, drawn to ``waits``."""
    next: Mapping[Key, tuple[tuple[int, int], ...]]
    """Of a step, which other steps came next and how often, the most usual first."""
    last: Mapping[Key, int]
    """How often a process stood at a step as its last."""
    is_sign: NDArray[np.bool_]
    """Of each activity, whether it shows a deviation by itself: it is no step."""
    sign_of: Ints
    """Of each activity that is a sign the type of process it happens to, else -1."""
    is_done: NDArray[np.bool_]
    """Of each activity, whether anybody ever did it."""
    share_repeated: Mapping[Key, float]
    """In which part of the processes that did a step it was done more than once."""
    before: Before
    """Which step is done before which."""
    returns: Returns
    """How often processes come back to a unit that had them before."""

    def wait(self, kind: int, before: int, step: int) -> Wait:
        """Return how long a step usually comes after an activity; after any, where it never followed it."""
        return self.after.get((kind, before, step)) or self.waits[kind, step]

    def is_own(self, kind: Ints, activity: Ints) -> NDArray[np.bool_]:
        """Tell of which activities on processes of a type that they are a step, or a sign of their own."""
        found: NDArray[np.bool_] = ~self.is_sign[activity] | (self.sign_of[activity] == kind)
        return found

    @cached_property
    def left_out(self) -> dict[After, list[int]]:
        """Return of two activities, one directly after the other, which are usual between them."""
        found: dict[After, list[int]] = {}
        for (kind, first), after in self.next.items():
            every = sum(count for _, count in after)
            usual = [step for step, count in after if count >= OPTIONAL * every]
            leads = {step: dict(self.next.get((kind, step), ())) for step in usual}
            for then, _ in after:
                between = [step for step in usual if step not in (first, then) and then in leads[step]]
                between = [one for one in between if precedence.comes_before(self.before, kind, one, then)]
                if between:
                    found[kind, first, then] = between
        return found

    def is_usual(self, kind: int, before: int, step: int) -> bool:
        """Tell whether a step often comes directly after another."""
        after = self.next.get((kind, before), ())
        return dict(after).get(step, 0) >= OPTIONAL * sum(count for _, count in after)


def learn(kinds: Kinds) -> Courses:
    """Return how the processes of a log usually go."""
    log = kinds.log
    whose = log.happened.left
    mine = kinds.is_order[whose]
    is_sign = np.zeros(len(log.activities), bool)
    for sign in kinds.rules.signs:
        is_sign[list(codes(log.activities, sign.activities))] = True
    sign_of = _sign_of(kinds, is_sign)
    activity = log.activity[log.happened.item]
    mine &= ~is_sign[activity] | (sign_of[activity] == log.type[whose])
    waits, after = _waits(kinds, mine, is_sign)
    mine &= ~is_sign[activity]
    whose, event = whose[mine], log.happened.item[mine]
    kind, done, at = log.type[whose].astype(np.int64), log.activity[event].astype(np.int64), log.at[event]
    wide = len(log.activities)
    key = kind * wide + done
    follows = np.flatnonzero(whose[1:] == whose[:-1]) + 1
    ends = np.flatnonzero(np.append(whose[1:] != whose[:-1], True)) if len(whose) else np.array([], int)
    return Courses(
        waits=waits,
        after=after,
        next=_next(key[follows - 1], done[follows], wide),
        last={_key(k, wide): int(n) for k, n in zip(*np.unique(key[ends], return_counts=True), strict=True)},
        is_sign=is_sign,
        sign_of=sign_of,
        is_done=np.bincount(log.activity, minlength=wide) > 0,
        share_repeated=_repeated(whose, key, wide),
        before=precedence.learn(whose, kind, done, at, wide),
        returns=bounces.learn(whose, kind, done, kinds.unit_of[event], wide),
    )


def _sign_of(kinds: Kinds, is_sign: NDArray[np.bool_]) -> Ints:
    """Return of each sign the type of process most of its events name; of several that there is most of."""
    log = kinds.log
    thing, activity = log.happened.left, log.activity[log.happened.item]
    held = kinds.is_order[thing] & is_sign[activity]
    of, wide = log.type[thing[held]].astype(np.int64), len(log.types)
    code, named = np.unique(activity[held] * wide + of, return_counts=True)
    there = np.bincount(log.type, minlength=wide)
    found = np.full(len(log.activities), -1, np.int32)
    for one in np.lexsort((there[code % wide], named)).tolist():
        found[code[one] // wide] = code[one] % wide
    return found


def _key(code: int, wide: int) -> Key:
    return int(code) // wide, int(code) % wide


def _waits(
    kinds: Kinds, mine: NDArray[np.bool_], is_sign: NDArray[np.bool_]
) -> tuple[dict[Key, Wait], dict[After, Wait]]:
    """Return how long steps come after what came before them, whatever it was and by what it was."""
    log = kinds.log
    whose, event = log.happened.left[mine], log.happened.item[mine]
    done, at, wide = log.activity[event].astype(np.int64), log.at[event], len(log.activities)
    follows = np.flatnonzero((whose[1:] == whose[:-1]) & ~is_sign[done[1:]]) + 1
    kind, before, step = log.type[whose[follows]].astype(np.int64), done[follows - 1], done[follows]
    length = np.log(np.maximum(at[follows] - at[follows - 1], 0) / MINUTE + 1)
    waits = {_key(code, wide): wait for code, wait in _usual(kind * wide + step, length)}
    found = {}
    for code, own in _usual((kind * wide + before) * wide + step, length):
        first, then = _key(code // wide, wide), code % wide
        found[*first, then] = _drawn(own, waits[first[0], then])
    return waits, found


def _usual(key: Ints, length: NDArray[np.float64]) -> Iterator[tuple[int, Wait]]:
    """Yield the usual wait of each key."""
    order = np.lexsort((length, key))
    key, length = key[order], length[order]
    found, start, count = np.unique(key, return_index=True, return_counts=True)
    for code, first, n in zip(found.tolist(), start.tolist(), count.tolist(), strict=True):
        low, high = np.quantile(length[first : first + n], (QUICKER, QUICK))
        spread = max(float(high - low) / BETWEEN, NARROWEST)
        yield code, Wait(float(high) + FROM_MIDDLE * spread, spread, n)


def _drawn(own: Wait, to: Wait) -> Wait:
    """Return a wait drawn to another by how often it was seen; where it is all of that, it is that."""
    part = 1.0 if own.seen == to.seen else own.seen / (own.seen + FEW)
    middle = to.middle + part * (own.middle - to.middle)
    return Wait(middle, to.spread + part * (own.spread - to.spread), own.seen)


def _next(key: Ints, then: Ints, wide: int) -> dict[Key, tuple[tuple[int, int], ...]]:
    moved = key % wide != then
    pairs, count = np.unique((key * wide + then)[moved], return_counts=True)
    found: dict[Key, list[tuple[int, int]]] = {}
    for pair, n in sorted(
        zip(pairs.tolist(), count.tolist(), strict=True), key=lambda one: (-one[1], one[0])
    ):
        found.setdefault(_key(pair // wide, wide), []).append((pair % wide, n))
    return {step: tuple(after) for step, after in found.items()}


def _repeated(whose: Ints, key: Ints, wide: int) -> dict[Key, float]:
    span = int(key.max(initial=0)) + 1
    each, times = np.unique(whose.astype(np.int64) * span + key, return_counts=True)
    code = each % span
    did = np.bincount(code, minlength=span)
    again = np.bincount(code[times > 1], minlength=span)
    return {_key(k, wide): float(again[k] / did[k]) for k in np.flatnonzero(did).tolist()}


def mode_of(values: Iterable[int]) -> int:
    """Return the value there is most of, -1 where there is none."""
    found = np.array([value for value in values if value >= 0], np.int64)
    if not len(found):
        return -1
    value, count = np.unique(found, return_counts=True)
    return int(value[np.argmax(count)])
