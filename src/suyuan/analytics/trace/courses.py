"""How a kind of process usually goes: which step follows which, after how long, how often; who does it.

All of it is read from the log itself. What deviates is a small part of what there is, and makes things
slower, never faster: so the usual wait is taken from the quicker half.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from . import bounces, precedence
from .bounces import Returns
from .causality import Rules, codes
from .eventlog import EventLog, Ints
from .precedence import Before

MINUTE = 60_000_000
QUICK, QUICKER = 0.3, 0.1
"""Quantiles the usual wait is taken from, and how many standard deviations of a normal lie between them."""
FROM_MIDDLE, BETWEEN = 0.524, 0.757
NARROWEST = 0.25
"""The least spread of the logarithm of a wait that is believed."""


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


@dataclass(frozen=True)
class Courses:
    """How each kind of process usually goes."""

    waits: Mapping[Key, Wait]
    next: Mapping[Key, tuple[tuple[int, int], ...]]
    """Of a step, which other steps came next and how often, the most usual first."""
    last: Mapping[Key, int]
    """How often a process stood at a step as its last."""
    is_sign: NDArray[np.bool_]
    """Of each activity, whether it shows a deviation by itself: it is no step."""
    is_done: NDArray[np.bool_]
    """Of each activity, whether anybody ever did it."""
    share_repeated: Mapping[Key, float]
    """In which part of the processes that did a step it was done more than once."""
    before: Before
    """Which step is done before which."""
    returns: Returns
    """How often processes come back to a unit that had them before."""


def learn(kinds: Kinds) -> Courses:
    """Return how the processes of a log usually go."""
    log = kinds.log
    whose = log.happened.left
    mine = kinds.is_order[whose]
    is_sign = np.zeros(len(log.activities), bool)
    for sign in kinds.rules.signs:
        is_sign[list(codes(log.activities, sign.activities))] = True
    mine &= ~is_sign[log.activity[log.happened.item]]
    whose, event = whose[mine], log.happened.item[mine]
    kind, done, at = log.type[whose].astype(np.int64), log.activity[event].astype(np.int64), log.at[event]
    wide = len(log.activities)
    key = kind * wide + done
    follows = np.flatnonzero(whose[1:] == whose[:-1]) + 1
    ends = np.flatnonzero(np.append(whose[1:] != whose[:-1], True)) if len(whose) else np.array([], int)
    return Courses(
        waits=_waits(key[follows], at[follows] - at[follows - 1], wide),
        next=_next(key[follows - 1], done[follows], wide),
        last={_key(k, wide): int(n) for k, n in zip(*np.unique(key[ends], return_counts=True), strict=True)},
        is_sign=is_sign,
        is_done=np.bincount(log.activity, minlength=wide) > 0,
        share_repeated=_repeated(whose, key, wide),
        before=precedence.learn(whose, kind, done, at, wide),
        returns=bounces.learn(whose, kind, done, kinds.unit_of[event], wide),
    )


def _key(code: int, wide: int) -> Key:
    return int(code) // wide, int(code) % wide


def _waits(key: Ints, micros: Ints, wide: int) -> dict[Key, Wait]:
    length = np.log(np.maximum(micros, 0) / MINUTE + 1)
    order = np.lexsort((length, key))
    key, length = key[order], length[order]
    found, start, count = np.unique(key, return_index=True, return_counts=True)
    waits = {}
    for code, first, n in zip(found.tolist(), start.tolist(), count.tolist(), strict=True):
        low, high = np.quantile(length[first : first + n], (QUICKER, QUICK))
        spread = max(float(high - low) / BETWEEN, NARROWEST)
        waits[_key(code, wide)] = Wait(float(high) + FROM_MIDDLE * spread, spread, n)
    return waits


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
