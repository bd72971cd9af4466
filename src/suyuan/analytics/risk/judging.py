"""How good are scores on rows that nothing was learned on, and how good would a trivial rule be?"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .timeline import Floats, Ints

Hit = NDArray[np.bool_]
ROUNDS, LEVEL = 200, 0.95
PARTS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval: 95 % of resamples of the subjects, a subject with all its rows."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bin:
    """One part of the rows by probability: how many, what was said, what came."""

    many: int
    said: float
    came: float


@dataclass(frozen=True)
class Judged:
    """What scores were worth."""

    rows: int
    subjects: int
    hits: int
    prevalence: float
    precision_recall: Figure
    """The area under the curve of precision by recall: its mean precision."""
    recall: Figure
    """Of the hits, those among the share of rows with the highest scores that can be looked at."""
    precision: Figure
    """Of the rows looked at, the hits."""
    workload: float
    found: Figure
    """Of the subjects that came to it, those that were ever looked at beforehand, where so large a share of
    the subjects can be looked at, each by its highest score."""
    error: Figure
    """Calibration: how far what was said is from what came, mean over ten parts."""
    brier: float
    bins: tuple[Bin, ...]
    lead_hours: tuple[float, float, float] | None
    """From the score to what happened, of the hits found: a quarter, a half, three quarters at most."""
    silent: float
    """Share of the rows of which nothing is said."""
    rules: dict[str, "Rule"]

    @property
    def best_rule(self) -> str:
        """Return the trivial rule with the highest mean precision."""
        return max(self.rules, key=lambda name: self.rules[name].precision_recall)

    @property
    def is_worth_it(self) -> bool:
        """Return whether the model is clearly above every trivial rule."""
        return all(rule.above.low > 0 for rule in self.rules.values())


@dataclass(frozen=True, slots=True)
class Rule:
    """A trivial rule on the same rows, and how far the model is above it."""

    precision_recall: float
    recall: float
    above: Figure
    """Precision-recall of the model less that of the rule, resampled together."""


@dataclass(frozen=True)
class Given:
    """What is judged: by row."""

    score: Floats
    chance: Floats
    hit: Hit
    subject: Ints
    ahead: Ints
    """Seconds from the score to what happened, 0 where nothing did."""
    silent: Hit
    rules: dict[str, Floats]


def mean_precision(score: Floats, hit: Hit, weight: Floats) -> float:
    """Return the area under precision by recall; rows of one score are taken together."""
    order = np.argsort(-score, kind="stable")
    hits, rows = np.cumsum((hit * weight)[order]), np.cumsum(weight[order])
    last = np.append(np.flatnonzero(np.diff(score[order])), len(order) - 1)
    hits, rows = hits[last], rows[last]
    if hits[-1] == 0:
        return 0.0
    gained = np.diff(hits, prepend=0.0)
    return float((gained * hits / np.maximum(rows, 1e-12)).sum() / hits[-1])


def looked_at(score: Floats, weight: Floats, workload: float) -> Floats:
    """Return the share of each row that is looked at, the highest scores first; ties share what is left."""
    order = np.argsort(-score, kind="stable")
    _, tie = np.unique(-score[order], return_inverse=True)
    group = np.bincount(tie, weights=weight[order])
    room = workload * weight.sum() - np.append(0.0, np.cumsum(group)[:-1])
    share = np.clip(room / np.maximum(group, 1e-12), 0.0, 1.0)
    found = np.empty(len(score))
    found[order] = share[tie]
    return found


def judged(given: Given, workload: float, seed: int) -> Judged:
    """Return the figures, each with an interval by resampling subjects."""
    subjects, whose = np.unique(given.subject, return_inverse=True)
    chance = np.random.default_rng(seed)
    weights = [np.ones(len(given.hit))]
    for _ in range(ROUNDS):
        drawn = np.bincount(chance.integers(0, len(subjects), len(subjects)), minlength=len(subjects))
        weights.append(drawn[whose].astype(np.float64))
    weights = [weights[0], *(one for one in weights[1:] if (one * given.hit).sum() > 0)]

    def resampled(figure: Callable[[Floats], float]) -> Floats:
        return np.array([figure(one) for one in weights])

    mine = resampled(lambda w: mean_precision(given.score, given.hit, w))
    rules = {}
    for name, score in given.rules.items():
        other = resampled(lambda w, score=score: mean_precision(score, given.hit, w))  # type: ignore[misc]
        caught = _recall(looked_at(score, weights[0], workload), given.hit, weights[0])
        rules[name] = Rule(float(other[0]), caught, _figure(mine - other))
    looked = [looked_at(given.score, one, workload) for one in weights]
    bins = _bins(given.chance, given.hit)
    return Judged(
        len(given.hit), len(subjects), int(given.hit.sum()), float(given.hit.mean()), _figure(mine),
        _figure(np.array([_recall(a, given.hit, w) for a, w in zip(looked, weights, strict=True)])),
        _figure(np.array([_precision(a, given.hit, w) for a, w in zip(looked, weights, strict=True)])),
        workload, _figure(_found(given, weights, workload)),
        _figure(resampled(lambda w: _error(given.chance, given.hit, w))),
        float(((given.chance - given.hit) ** 2).mean()), bins,
        _lead(given, looked[0]), float(given.silent.mean()), rules,
    )  # fmt: skip


def _found(given: Given, weights: list[Floats], workload: float) -> Floats:
    """Return the recall by subject of each resample; rows of a subject that comes to it lie before that."""
    order = np.lexsort((-given.score, ~given.hit, given.subject))
    first = order[np.append(True, np.diff(given.subject[order]) != 0)]
    score, hit = given.score[first], given.hit[first]
    return np.array([_recall(looked_at(score, one[first], workload), hit, one[first]) for one in weights])


def _figure(resamples: Floats) -> Figure:
    if len(resamples) == 1:
        return Figure(float(resamples[0]), float(resamples[0]), float(resamples[0]))
    low, high = np.quantile(resamples[1:], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Figure(float(resamples[0]), float(low), float(high))


def _recall(looked: Floats, hit: Hit, weight: Floats) -> float:
    return float((looked * hit * weight).sum() / (hit * weight).sum())


def _precision(looked: Floats, hit: Hit, weight: Floats) -> float:
    return float((looked * hit * weight).sum() / max((looked * weight).sum(), 1e-12))


def _parts(chance: Floats) -> Ints:
    edges = np.unique(np.quantile(chance, np.arange(1, PARTS) / PARTS))
    return np.searchsorted(edges, chance, side="right")


def _error(chance: Floats, hit: Hit, weight: Floats) -> float:
    part = _parts(chance)
    many = np.bincount(part, weights=weight)
    apart = np.abs(np.bincount(part, weights=(chance - hit) * weight))
    return float(apart.sum() / many.sum())


def _bins(chance: Floats, hit: Hit) -> tuple[Bin, ...]:
    part = _parts(chance)
    return tuple(
        Bin(int((part == one).sum()), float(chance[part == one].mean()), float(hit[part == one].mean()))
        for one in np.unique(part)
    )


def _lead(given: Given, looked: Floats) -> tuple[float, float, float] | None:
    found = given.hit & (looked > 0.5)
    if not found.any():
        return None
    quarter, half, three = np.quantile(given.ahead[found] / 3_600, [0.25, 0.5, 0.75])
    return float(quarter), float(half), float(three)
