"""What one process has done so far, and what of it is unlike its kind whenever it is asked for.

It hangs on the steps alone, so it is worked out once: a log is learned from by looking at the same processes
again and again, at other moments and from other places.
"""

from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from . import bounces, precedence
from .deviations import GOES_ON, HOUR, LATE, SELDOM

if TYPE_CHECKING:
    from .finder import Finder


@dataclass(frozen=True)
class Past:
    """The steps of one process so far, in the order of time, and when they were done.

    Of a very long one they are the last; what was done ``earlier`` is known to be done.
    """

    finder: "Finder"
    process: int
    events: list[int]
    steps: list[int]
    at: list[int]
    preceded: list[int]
    """Of each step the event before it, be it a step or a sign of the process's own; -1 before the first."""
    earlier: Set[int] = frozenset()

    @cached_property
    def kind(self) -> int:
        """Return what type of process it is."""
        return int(self.finder.kinds.log.type[self.process])

    @cached_property
    def usual_next(self) -> tuple[int, float] | None:
        """Return the step that usually follows now and how long that takes; None where none does."""
        courses, last = self.finder.courses, (self.kind, self.steps[-1])
        after = courses.next.get(last, ())
        went_on = sum(n for _, n in after)
        if not after or went_on < GOES_ON * (went_on + courses.last.get(last, 0)):
            return None
        step = after[0][0]
        return None if step in (*self.steps, *self.earlier) else (step, courses.wait(*last, step).usual)

    @cached_property
    def slow(self) -> list[int]:
        """Return the places of the steps done much longer than usual after what really came before them."""
        log, courses = self.finder.kinds.log, self.finder.courses
        found = []
        for n in range(1, len(self.steps)):
            last = self.preceded[n]
            wait = courses.wait(self.kind, int(log.activity[last]), self.steps[n])
            took = self.at[n] - int(log.at[last])
            if took > wait.usual + HOUR and wait.over(took) > LATE:
                found.append(n)
        return found

    @cached_property
    def back(self) -> list[int]:
        """Return where it came back to units that had it before, oftener than its kind does."""
        units = self.finder.kinds.unit_of[self.events].tolist()
        return bounces.found(self.finder.courses.returns, self.kind, self.steps, units)

    @cached_property
    def again(self) -> list[list[int]]:
        """Return the places of each step that was done over and seldom is, in the order of the second."""
        places: dict[int, list[int]] = {}
        for n, step in enumerate(self.steps):
            places.setdefault(step, []).append(n)
        seldom = self.finder.courses.share_repeated
        again = sorted((did[1], step) for step, did in places.items() if len(did) > 1)
        return [places[step] for _, step in again if seldom[self.kind, step] < SELDOM]

    @cached_property
    def left_out(self) -> list[tuple[int, int]]:
        """Return the steps that were left out, each with the place of the one it usually comes after."""
        left_out, did = self.finder.courses.left_out, {*self.steps, *self.earlier}
        return [
            (n, step)
            for n in range(len(self.steps) - 1)
            for step in left_out.get((self.kind, self.steps[n], self.steps[n + 1]), ())
            # A sign between the two stands in the place of what usually comes there.
            if step not in did and self.preceded[n + 1] == self.events[n]
        ]

    @cached_property
    def inverted(self) -> list[tuple[int, int]]:
        """Return the places of steps that were done after one they nearly always come before."""
        before, apart = self.finder.courses.before, self.finder.rules.skew
        return list(precedence.turned(before, self.kind, self.steps, self.at, apart))

    @cached_property
    def met(self) -> list[int]:
        """Return the places of the steps in which somebody met the customer."""
        return [n for n, step in enumerate(self.steps) if step in self.finder.contact_codes]
