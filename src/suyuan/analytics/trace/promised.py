"""Moments by which orders were promised, as attributes of theirs say; what was not done by then."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .causality import Due, Mode, codes
from .courses import Courses
from .deviations import DAY, SOON, age
from .eventlog import EventLog, Ints, Promised

EVER = -(2**62)
"""Since when what is said from the beginning is known."""
EVER_AFTER = 2**62


def promised(rows: Iterable[tuple[int, str, int, int]]) -> Promised:
    """Return promises of rows: the object, the attribute, the moment, since when that is said."""
    ordered = sorted(rows)
    names = sorted({name for _, name, _, _ in ordered})
    place = {name: at for at, name in enumerate(names)}
    table = [(thing, place[name], at, since) for thing, name, at, since in ordered]
    thing, code, at, since = np.array(table, np.int64).reshape(-1, 4).T
    return Promised(tuple(names), thing, code, at, since)


@dataclass(frozen=True)
class Promises:
    """What rules hold against promised moments."""

    log: EventLog
    courses: Courses
    rules: Sequence[tuple[Due, frozenset[int]]]
    """Each with the activities that keep it."""

    def of_order(
        self, process: int, events: Sequence[int], moment: int
    ) -> Iterator[tuple[Mode, int, tuple[int, ...], int, int, str]]:
        """Yield the promises of an order not kept before a moment: ``dues.Owed``, as plain values."""
        for rule, then in self.rules:
            due, mine = self.due(rule, process, moment), self.mine(int(self.log.type[process]), then)
            if due is None or not len(mine):
                continue
            steps = self.log.activity[list(events)].tolist()
            done = [event for event, step in zip(events, steps, strict=True) if step in then]
            if not done and due < moment:
                size = int(np.log2(max((moment - due) / DAY, 1)))
                yield Mode.MISSING, self.step(process, steps[-1], mine), (events[-1],), due, size, rule.id
            elif done and self.log.at[done[0]] > due:
                ago = moment - int(self.log.at[done[0]])
                if ago < SOON:
                    late = int(self.log.activity[done[0]])
                    yield Mode.LATE, late, (done[0],), due, age(ago), rule.id

    def due(self, rule: Due, process: int, moment: int) -> int | None:
        """Return by when an order was promised, as what was said last before a moment has it; the first."""
        all_of = self.log.promised
        if all_of is None:
            return None
        low, high = np.searchsorted(all_of.thing, (process, process + 1)).tolist()
        wanted, last = codes(all_of.names, rule.by), dict[int, tuple[int, int]]()
        for code, at, since in zip(
            *(column[low:high].tolist() for column in (all_of.code, all_of.at, all_of.since)), strict=True
        ):
            if code in wanted and since < moment:
                last[code] = max(last.get(code, (EVER, EVER)), (since, at))
        return min((at for _, at in last.values()), default=None)

    def step(self, process: int, last: int, mine: Ints) -> int:
        """Return what is missing of an order: what comes next if that keeps it, else the usual one."""
        kind = int(self.log.type[process])
        after = [step for step, _ in self.courses.next.get((kind, last), ()) if step in mine]
        return after[0] if after else int(mine[0])

    def mine(self, kind: int, then: frozenset[int]) -> Ints:
        """Return the activities that keep a promise and that a kind of order does, the most usual first."""
        often = {step: self.courses.last.get((kind, step), 0) for step in then}
        for step in then:
            often[step] += sum(n for _, n in self.courses.next.get((kind, step), ()))
        return np.array([step for step in sorted(then, key=lambda one: (-often[one], one)) if often[step]])
