"""How orders of one kind go from step to step: which step directly follows which, and how often."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from .profile import NEVER, Passages

MAIN = 0.95
"""The main flow holds so much of all passages."""
DRAWN, MOST = 60, 400
"""So many edges at most are drawn of the main flow, and of all: nobody can read more."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One step directly after another."""

    before: int
    after: int
    times: int


@dataclass(frozen=True, slots=True)
class Flow:
    """The steps of one kind of order and what follows what."""

    done: dict[int, int]
    """How often each step was done; in the order of the flow."""
    passages: tuple[Passage, ...]
    """The most frequent first."""
    whole: int
    """All passages, those left out too."""

    @property
    def shown(self) -> float:
        """Return which part of all passages is here; 1 where there are none."""
        return sum(one.times for one in self.passages) / self.whole if self.whole else 1.0


def flow(steps: Passages, kind: int) -> Flow:
    """Return how orders of a kind go; steps in the order in which orders come to them on average."""
    mine = steps.only(steps.kind == kind)
    if not len(mine.process):
        return Flow({}, (), 0)
    first = np.flatnonzero(np.append(True, mine.process[1:] != mine.process[:-1]))
    place = np.arange(len(mine.process)) - np.repeat(first, np.diff(np.append(first, len(mine.process))))
    done = np.bincount(mine.activity)
    mean = np.bincount(mine.activity, place) / np.maximum(done, 1)
    order = sorted(np.flatnonzero(done).tolist(), key=lambda one: (mean[one], one))
    follows = mine.before != NEVER
    # Of a period, what came before its first step is no step of it.
    follows &= np.isin(mine.before, mine.activity)
    wide = len(done)
    code, times = np.unique(mine.before[follows] * wide + mine.activity[follows], return_counts=True)
    found = [Passage(c // wide, c % wide, n) for c, n in zip(code.tolist(), times.tolist(), strict=True)]
    passages = tuple(sorted(found, key=lambda one: (-one.times, one.before, one.after)))
    return Flow({one: int(done[one]) for one in order}, passages, sum(one.times for one in passages))


def main_part(whole: Flow, keep: Collection[int] = (), most: int = DRAWN, part: float = MAIN) -> Flow:
    """Return the main flow: the most frequent passages, until they hold so much of all of them.

    Steps that have to be kept stay, with their most frequent passage in and out.
    """
    left: list[Passage] = []
    held = 0
    for one in whole.passages:
        if held >= part * whole.whole or len(left) == most:
            break
        left.append(one)
        held += one.times
    for step in keep:
        for end in ("before", "after"):
            near = next((one for one in whole.passages if getattr(one, end) == step), None)
            if near is not None and near not in left:
                left.append(near)
    there = {end for one in left for end in (one.before, one.after)} | set(keep)
    lone = not whole.passages
    done = {step: times for step, times in whole.done.items() if step in there or lone}
    return replace(whole, done=done, passages=tuple(left))


def with_owed(whole: Flow, owed: Mapping[int, Collection[int]]) -> Flow:
    """Return a flow with steps that nobody did in it, each after the last of those it is due after."""
    done, added = dict(whole.done), []
    for step, after in owed.items():
        known = [one for one in whole.done if one in after] or list(whole.done)
        added += [Passage(one, step, 0) for one in known[-1:]]
        done[step] = 0
    return replace(whole, done=done, passages=(*whole.passages, *added))
