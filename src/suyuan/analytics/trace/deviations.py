"""What a deviation is, and from when on something is one: ``finder`` looks for them.

Each is told with the object, the step, the unit that owes it, and the numbers of the events that show it.
What was done after the moment is not looked at.
"""

from dataclasses import dataclass

from .causality import Mode
from .eventlog import Ints

DAY = 86_400_000_000
BACK = 400 * DAY
"""How long before a complaint what happened still counts."""
LONG = 1.5
"""From how many times the usual wait a step counts as not done."""
LONG_AFTER = 4.0
"""The same after steps that were done over just before."""
LONGEST = 12
"""What is not done for so many powers of the root of two times the usual wait is not told from longer."""
LATE, SOON = 2.5, 30 * DAY
"""From how many deviations a wait that is over counts as long, and for how long it is remembered."""
HOUR = DAY // 24
"""What is later by less than that is not late, however short the usual wait."""
SELDOM, OVER = 0.3, 40 * DAY
"""A step is repeated where fewer processes do it twice, and for how long that is remembered."""
GOES_ON = 0.03
"""A process that goes on after a step at least so often is waited for."""
OPTIONAL = 0.15
"""A step that comes after another at least so often was left out where the one after it is done."""
MOST = 100
"""Of a process with more steps than that the last before the moment are looked at: a campaign, a contract."""
MET = 7 * DAY
"""For how long it is remembered that somebody met the customer."""
AGES = (DAY, 3 * DAY, 10 * DAY)
"""Borders of how long ago something was."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that went otherwise than usual."""

    mode: Mode
    thing: int
    activity: int
    unit: int
    events: tuple[int, ...]
    since: int
    """When it began, microseconds of UTC."""
    size: int
    """How large it is, or how long ago: what is alike in that is counted together."""
    rule: str = ""
    place: int = -1
    """The place it was found on."""
    named: bool = False
    """Whether the complaint itself names the object."""

    def kind(self, types: Ints) -> tuple[int, int, Mode]:
        """Return what is counted together whatever its size: the type of the object, the step, the mode.

        Whoever met the customer twice on one order cannot be told apart: those steps are counted as one.
        """
        step = -1 if self.mode is Mode.CONTACT else self.activity
        return int(types[self.thing]), step, self.mode


def age(micros: int) -> int:
    """Return how long ago something was, as the number of borders it lies within: 0 for long ago."""
    return sum(micros <= border for border in AGES)
