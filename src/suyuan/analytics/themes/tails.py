"""How surprising is a count of one kind at one place, given the other places and the place's own past?

Of the contacts of a place as many should be about a kind as are elsewhere: E = contacts here × contacts
about it / all contacts, of the days looked at and of the baseline apart. Places differ by more than chance,
so the true ratio θ of a place to that is gamma with mean 1 and variance τ², estimated from all other places
(moments). Then

- against the others the count is negative binomial with mean E₁ and shape 1/τ²;
- against its own past, θ given the baseline is gamma, so the count is negative binomial with mean
  E₁ (1/τ² + n₀) / (1/τ² + E₀) and shape 1/τ² + n₀.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy  # its statistics take a second to load: they are loaded by the first who asks for one
from numpy.typing import NDArray
from scipy.special import gammaincinv

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
ADDED = 5.0
"""So much of ΣE² has the spread of all kinds beside that of one: the estimate of one varies by 2 / ΣE²."""
STEADY = 1e9
"""The shape that stands for places that differ by no more than chance: negative binomial is Poisson there."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Matters by kind (rows) and place (columns), in the days looked at and in the baseline."""

    now: Numbers
    before: Numbers

    @property
    def expected(self) -> tuple[Numbers, Numbers]:
        """Return what each place would have if kinds had the same share everywhere: now, before."""
        return _shared_out(self.now), _shared_out(self.before)


@dataclass(frozen=True, slots=True)
class Held:
    """Each count held against what was expected: the means, the shapes, the chances of so many or more."""

    others: Numbers
    own: Numbers
    shape: Numbers
    p_others: Numbers
    p_own: Numbers


def held(counts: Counts) -> Held:
    """Hold every count of the days looked at against the other places and against its own past."""
    now, before = counts.expected
    shape = shapes(counts.now + counts.before)
    own_shape = shape + counts.before
    with np.errstate(invalid="ignore"):
        own = now * own_shape / (shape + before)
    p_own = np.where(counts.before.sum(0) > 0, tail(counts.now, own, own_shape), 1.0)
    return Held(now, own, shape, tail(counts.now, now, shape), p_own)


def shapes(n: Numbers) -> Numbers:
    """Return the shape 1/τ² for each kind and place, from all places but that one.

    Of counts with mean E θ the variance is E + E² τ², so τ² = Σ((n − E)² − E) / ΣE², no less than 0; E is
    what the kind's share at those places makes of the contacts of each, so the place left out moves neither.
    A rare kind says little of its spread: it is drawn to that of all kinds, by ``ADDED`` beside ΣE².
    """
    contacts = n.sum(0, keepdims=True)

    def others(each: Numbers) -> Numbers:
        found: Numbers = each.sum(1, keepdims=True) - each
        return found

    of = others(np.broadcast_to(contacts, n.shape))
    share = np.divide(others(n), of, out=np.zeros_like(n), where=of > 0)
    squares = share**2 * others(np.broadcast_to(contacts**2, n.shape))
    apart = others(n**2) - 2 * share * others(n * contacts) + squares - share * of
    weight = squares.sum(0)
    of_all = np.divide(apart.sum(0), weight, out=np.zeros_like(weight), where=weight > 0)
    variance = (apart + ADDED * np.maximum(of_all, 0.0)) / (squares + ADDED)
    found: Numbers = 1 / np.maximum(variance, 1 / STEADY)
    return found


def tail(n: Numbers, mean: Numbers, shape: Numbers) -> Numbers:
    """Return the chance of ``n`` or more of a negative binomial of this mean and shape."""
    chance = shape / (shape + mean)
    return np.where(n > 0, scipy.stats.nbinom.sf(n - 1, shape, chance), 1.0)


def interval(n: float, expected: float, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of the ratio of a count to what was expected (Garwood 1936)."""
    spare = (1 - level) / 2
    low = float(gammaincinv(n, spare)) if n else 0.0
    return low / expected, float(gammaincinv(n + 1, 1 - spare)) / expected


def discoveries(chances: Sequence[Numbers]) -> list[Numbers]:
    """Return the Benjamini-Hochberg q-value of each chance, over all that are given together."""
    if not chances:
        return []
    flat = np.concatenate([one.ravel() for one in chances])
    order = np.argsort(flat)
    ranked = flat[order] * len(flat) / np.arange(1, len(flat) + 1)
    least = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    q = np.empty_like(flat)
    q[order] = least
    ends = np.cumsum([one.size for one in chances])[:-1]
    parts = np.split(q, ends)
    return [part.reshape(one.shape) for part, one in zip(parts, chances, strict=True)]


def _shared_out(n: Numbers) -> Numbers:
    whole = n.sum()
    return n.sum(1, keepdims=True) * n.sum(0, keepdims=True) / whole if whole else np.zeros_like(n)
