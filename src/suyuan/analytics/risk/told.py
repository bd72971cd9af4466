"""A whole log as a model takes it: subjects, what happened to them, and what was said of them since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .timeline import Ints, Timeline


@dataclass(frozen=True)
class Trait:
    """What is said of subjects under one name, since when; ``code`` of a row is a number into ``values``."""

    rows: Timeline
    values: Sequence[str]


@dataclass(frozen=True)
class Told:
    """What a log says of the subjects of one question."""

    subjects: Sequence[str]
    """Their ids."""
    events: Timeline
    """Columns ``activity`` and ``team``, numbers into the lists below, -1 for no team."""
    activities: Sequence[str]
    traits: Mapping[str, Trait] = field(default_factory=dict)
    due: Timeline | None = None
    """By when each has to be done, since when: column ``due``, seconds."""
    done: Ints | None = None
    """When each was done by what the log says of it beside its events; 0 for not said."""
    above: Ints | None = None
    """The customer of each subject, a number into the customers' timeline; -1 for none."""
    customers: Timeline | None = None
    """What happened to whatever belongs to each customer; column ``activity``."""
    customer_names: Sequence[str] = ()
    """The id of each customer."""
    end: int = 0
    """The moment up to which the log tells."""
    zone: int = 0
    """Seconds that the clock of the place is ahead of UTC."""

    def customer_of(self, subject: int) -> str:
        """Return the id of the customer of a subject, empty where none is known."""
        place = -1 if self.above is None else int(self.above[subject])
        return self.customer_names[place] if place >= 0 else ""

    @property
    def begun(self) -> Ints:
        """Return the first event of each subject, 0 where it has none."""
        start, at = self.events.start, self.events.at
        found = np.zeros(len(start) - 1, np.int64)
        some = np.diff(start) > 0
        found[some] = at[start[:-1][some]]
        return found


def numbered(names: Sequence[str], chosen: Sequence[str]) -> NDArray[np.int64]:
    """Return, of each of ``chosen``, its number in ``names``; -1 where it is not there."""
    at = {name: number for number, name in enumerate(names)}
    return np.array([at.get(name, -1) for name in chosen], np.int64)
