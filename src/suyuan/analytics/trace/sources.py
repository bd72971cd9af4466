"""What all complaints of a log came from, as columns: each source of each complaint, with its weight.

Where there are very many, some are drawn at random and stand for all.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suyuan.analytics import intervals

from . import chains
from .causality import Mode
from .tracer import SEED, Tracer

MOST = 20_000
"""So many complaints at most are traced, drawn at random; they stand for all."""
MODES = tuple(Mode)
UNSURE = -1
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sources:
    """Every source of the complaints that were traced, and the complaints themselves."""

    complaint: Ints
    """Of each source the complaint, a number into ``made`` and ``sure``."""
    thing: Ints
    """The object that deviates."""
    kind: Ints
    """Its type."""
    activity: Ints
    unit: Ints
    mode: Ints
    """A number into ``MODES``."""
    weight: NDArray[np.float64]
    things: Ints
    """Of each complaint that was traced, its object."""
    made: Ints
    """When, microseconds of UTC."""
    sure: Ints
    """How its source deviates, a number into ``MODES``; ``UNSURE`` where none is believed."""
    stands_for: float = 1.0
    """So many complaints each stands for."""

    @property
    def at(self) -> Ints:
        """Return of each source when its complaint was made."""
        return self.made[self.complaint]

    def only(self, keep: NDArray[np.bool_]) -> "Sources":
        """Return what is left with some of the complaints alone."""
        place = np.cumsum(keep) - 1
        left = self.sources_only(keep[self.complaint])
        return replace(
            left,
            complaint=place[left.complaint],
            things=self.things[keep],
            made=self.made[keep],
            sure=self.sure[keep],
        )

    def sources_only(self, keep: NDArray[np.bool_]) -> "Sources":
        """Return all complaints with some of the sources alone."""
        return replace(
            self,
            complaint=self.complaint[keep],
            thing=self.thing[keep],
            kind=self.kind[keep],
            activity=self.activity[keep],
            unit=self.unit[keep],
            mode=self.mode[keep],
            weight=self.weight[keep],
        )


@dataclass(frozen=True, slots=True)
class Part:
    """How many of all complaints have something in common, with Wilson's interval."""

    name: str
    n: int
    of: int
    low: float | None
    high: float | None


def sources(tracer: Tracer) -> Sources:
    """Return what the complaints of a log came from."""
    every = drawn = tracer.complaints()
    if len(every) > MOST:
        drawn = np.sort(np.random.default_rng(SEED).choice(every, MOST, replace=False))
    rows: list[tuple[int, int, int, int, int, int, float]] = []
    sure = np.full(len(drawn), UNSURE, np.int64)
    for at, complaint in enumerate(drawn.tolist()):
        traced = tracer.trace(complaint)
        for chain in traced.chains:
            one = chain.nodes[0]
            kind = int(tracer.log.type[one.thing])
            mode = MODES.index(one.mode)
            rows.append((at, one.thing, kind, one.activity, one.unit, mode, chain.weight))
        believed = chains.sure(traced)
        if believed is not None:
            sure[at] = MODES.index(believed.nodes[0].mode)
    table = np.array(rows, np.float64).reshape(-1, 7)
    whole = table[:, :6].astype(np.int64)
    return Sources(
        *(whole[:, 0], whole[:, 1], whole[:, 2], whole[:, 3], whole[:, 4], whole[:, 5]),
        weight=table[:, 6],
        things=drawn.astype(np.int64),
        made=np.array([chains.moment(tracer.log, one) for one in drawn.tolist()], np.int64),
        sure=sure,
        stands_for=len(every) / len(drawn) if len(drawn) else 1.0,
    )


CONTACT, UPSTREAM, THIN = "contact", "upstream", "unsure"


def axis(found: Sources) -> list[Part]:
    """Return where complaints came from: contact with the customer, steps before it by mode, not known.

    The three parts add up to all complaints that were traced; the modes add up to what came from before.
    """
    met = MODES.index(Mode.CONTACT)
    known = found.sure != UNSURE
    parts = [(CONTACT, found.sure == met), (UPSTREAM, known & (found.sure != met))]
    parts += [(mode.value, found.sure == at) for at, mode in enumerate(MODES) if at != met]
    parts.append((THIN, ~known))
    of = len(found.sure)
    return [_part(name, int(which.sum()), of) for name, which in parts if which.any() or name in _ALWAYS]


_ALWAYS = (CONTACT, UPSTREAM, THIN)


def _part(name: str, n: int, of: int) -> Part:
    return Part(name, n, of, *(intervals.wilson(n, of) or (None, None)))
