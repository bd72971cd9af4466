"""How many are to be expected on a day, but for the size of the node: weekday, holiday, season, trend.

A Poisson regression with priors (ridge), fitted to the days before: what is not known yet stays at nothing.
Days with far more than expected count as a little more, so that yesterday's outbreak is no season.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .figures import Figures

Floats = NDArray[np.float64]
_TURNS, _SETTLED, _CLOSE, _STEP = 15, 4, 1e-4, 2.0
_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Days:
    """What kind of day each is, the first to the last without a gap."""

    weekday: NDArray[np.int64]
    """0 to 6, Monday first."""
    rest: NDArray[np.bool_]
    """No work though it is no weekend."""
    makeup: NDArray[np.bool_]
    """Work though it is a weekend."""

    def __len__(self) -> int:
        return len(self.weekday)

    @property
    def kind(self) -> NDArray[np.int64]:
        """Return a number that days of the same kind share."""
        return np.where(self.rest, 7, np.where(self.makeup, 8, self.weekday))


def season(counts: Floats, days: Days, figures: Figures) -> tuple[Floats, float]:
    """Return of every day how many were to be expected, from the first ``len(counts)`` of them, and how much
    they scatter beside chance (variance by mean, 1 and more).
    """
    means, scatter = seasons(counts[None], days, figures)
    return means[0], float(scatter[0])


def seasons(counts: Floats, days: Days, figures: Figures) -> tuple[Floats, Floats]:
    """Return the same of several rows of counts (rows, days known), each for itself, found at one go."""
    known = counts.shape[1]
    columns, prior = _columns(days, known, figures)
    seen = columns[:known]
    weight = np.zeros((len(counts), columns.shape[1]))
    weight[:, 0] = np.log(np.maximum(counts.mean(1), 1e-3))
    capped, scatter, open_ones = counts.copy(), np.ones(len(counts)), np.arange(len(counts))
    for turn in range(_TURNS):
        mean = np.exp(np.clip(weight[open_ones] @ seen.T, -20, 20))
        if turn >= _SETTLED:
            had, spread = counts[open_ones], scatter[open_ones, None]
            apart = (had - mean) ** 2 / np.maximum(mean, 0.1)
            spread = np.maximum(1.0, np.minimum(apart, figures.outlier**2 * spread).mean(1, keepdims=True))
            scatter[open_ones] = spread[:, 0]
            capped[open_ones] = np.minimum(had, mean + figures.outlier * np.sqrt(spread * mean) + 1)
        spread = scatter[open_ones, None]
        gradient = ((capped[open_ones] - mean) / spread) @ seen - prior * weight[open_ones]
        curve = (seen.T * (mean / spread)[:, None, :]) @ seen + np.diag(prior)
        step = np.linalg.solve(curve, gradient[:, :, None])[:, :, 0]
        weight[open_ones] += np.clip(step, -_STEP, _STEP)
        if turn > _SETTLED:
            open_ones = open_ones[np.abs(step).max(1) >= _CLOSE]
            if not len(open_ones):
                break
    return np.exp(np.clip(weight @ columns.T, -20, 20)), scatter


def _columns(days: Days, known: int, figures: Figures) -> tuple[Floats, Floats]:
    """Return what a day is described by, and how strongly each is drawn to nothing."""
    day = np.arange(len(days))
    columns: list[Floats] = [np.ones(len(days))]
    spread = [1e3]
    for weekday in range(1, 7):
        columns.append((days.weekday == weekday).astype(np.float64))
        spread.append(figures.spread_of_days)
    for of in (days.rest, days.makeup):
        columns.append(of.astype(np.float64))
        spread.append(figures.spread_of_days)
    columns.append((day - known) / _YEAR)
    spread.append(figures.spread_of_trend)
    if known >= figures.season_from:
        for wave in (1, 2):
            turn = 2 * np.pi * wave * day / _YEAR
            columns += [np.cos(turn), np.sin(turn)]
            spread += [figures.spread_of_season] * 2
    prior = 1 / np.array(spread) ** 2
    prior[0] = 0.0
    return np.stack(columns, 1), prior
