"""Traces complaints on one log: learns from it once, then answers for any complaint.

Learned are how processes usually go and what oftener lies before complaints than around others at the same
times. Both are estimated from a sample where there is much: what is asked later costs milliseconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from . import chains, courses, support
from .causality import Rules
from .chains import Traced
from .courses import Courses, Kinds
from .deviations import DAY, Deviation
from .doers import Doers
from .eventlog import EventLog
from .finder import Finder
from .reach import Reach
from .signs import Signs
from .support import Feature, Support

LEARNED_FROM = 1_500
"""So many complaints at most are learned from, drawn at random."""
CONTROLS, APART = 6, 3
"""So many controls stand for one complaint, so many days from it at most."""
LEAST_CONTROLS, MOST_CONTROLS = 6_000, 60
"""Of few complaints there are more controls each: so many in all, so many of one at most."""
SEED = 20
"""Where the drawing begins: a log is always traced alike."""
THIN = 0.9
"""From which part of its rate that nothing explains a complaint is not traced."""


@dataclass(frozen=True)
class Tracer:
    """Answers where complaints of one log come from."""

    log: EventLog
    rules: Rules

    @cached_property
    def kinds(self) -> Kinds:
        """Return what the objects of the log are."""
        return Kinds(self.log, self.rules)

    @cached_property
    def reach(self) -> Reach:
        """Return what lies around what."""
        return Reach(self.kinds)

    @cached_property
    def courses(self) -> Courses:
        """Return how processes usually go."""
        return courses.learn(self.kinds)

    @cached_property
    def finder(self) -> Finder:
        """Return what looks for deviations."""
        doers, signs = Doers(self.kinds, self.reach), Signs(self.kinds, self.reach)
        return Finder(self.kinds, self.rules, self.courses, self.reach, doers, signs)

    @cached_property
    def support(self) -> Support:
        """Return what deviations add to the rate of complaints."""
        complaints = self.complaints()
        draw = np.random.default_rng(SEED)
        if len(complaints) > LEARNED_FROM:
            complaints = np.sort(draw.choice(complaints, LEARNED_FROM, replace=False))
        cases = [
            (one, self.features(self.before(one)), self.log.label.get(one, "")) for one in complaints.tolist()
        ]
        return support.learn(cases, [self.features(found) for found in self._controls(complaints, draw)])

    def _controls(self, complaints: NDArray[np.int64], draw: np.random.Generator) -> list[list[Deviation]]:
        """Return what deviates around others of the kind that complains, at about the times of complaints."""
        own = [self.reach.places(one)[:1] for one in complaints.tolist()]
        of_kind = {int(self.log.type[place[0]]) for place in own if place}
        others = np.flatnonzero(np.isin(self.log.type, sorted(of_kind)))
        if not len(others):
            return []
        found = []
        for one in complaints.tolist():
            at = chains.moment(self.log, one)
            for _ in range(max(CONTROLS, min(MOST_CONTROLS, LEAST_CONTROLS // len(complaints)))):
                moment = at + int(draw.integers(-APART, APART + 1)) * DAY
                found.append(self.finder.before(int(draw.choice(others)), moment))
        return found

    def complaints(self) -> NDArray[np.int64]:
        """Return the complaints that have an event, by number."""
        held = np.diff(self.log.happened.start) > 0
        return np.flatnonzero(self.kinds.is_complaint & held)

    def before(self, complaint: int) -> list[Deviation]:
        """Return what deviates around a complaint before it was made."""
        return self.finder.before(complaint, chains.moment(self.log, complaint))

    def features(self, found: Sequence[Deviation]) -> frozenset[Feature]:
        """Return deviations as what is counted."""
        return frozenset((one.kind(self.log.type), one.size) for one in found)

    def trace(self, complaint: int) -> Traced:
        """Return the chains to a complaint, none where the evidence is too thin."""
        found = self.before(complaint)
        traced = chains.chains(self.log, complaint, found, self.support, self.rules)
        if traced.unexplained > THIN:
            return Traced(complaint, (), traced.unexplained)
        return traced
