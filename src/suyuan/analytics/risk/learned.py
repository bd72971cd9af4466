"""A model from a log in one go: asked, split by the calendar, learned, calibrated, judged."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from suyuan.domain.errors import Refused

from .calibrated import Calibrated, calibrated
from .doubt import Support, doubts, support
from .features import Earlier, Matrix, earlier, features, same_as_last
from .fitting import Scorer, fitted
from .judging import Given, Judged, judged
from .moments import asked_at, moments
from .outcome import Outcome, outcome
from .question import Question
from .recipe import Recipe, recipe
from .split import Split, split
from .timeline import Asked, Floats, Ints
from .told import Told

AT_ONCE = 250_000
"""Questions whose features are made at once."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The figures of the rulebook that every model goes by."""

    learn: float
    calibrate: float
    """Shares of the questions, by the calendar, from which a model learns and is calibrated."""
    workload: float
    """Share that can be looked at."""
    positives: int
    """Fewer hits than this in learning, or a third of it later: no model."""
    outside: int
    events: int
    wide: float
    """See ``doubt.Support``."""
    apart: float
    """From this calibration error on chances are said to be off."""


@dataclass(frozen=True)
class Model:
    """Everything that scores and explains."""

    question: Question
    features: tuple[str, ...]
    recipe: Recipe
    kind: str
    scorer: Scorer
    curve: Calibrated
    support: Support
    cut: float
    """The score from which on a row is among the share that can be looked at."""


@dataclass(frozen=True)
class Card:
    """What a model was made from and what it is worth."""

    borders: tuple[int, int, int, int]
    """Moments: begin of the log, end of learning, end of calibrating, end of the log."""
    rows: tuple[int, int, int]
    hits: tuple[int, int, int]
    """By part: learning, calibrating, judging."""
    seed: int
    judged: Judged


@dataclass(frozen=True)
class Scored:
    """What a model says of each question."""

    asked: Asked
    score: Floats
    chance: Floats
    low: Floats
    high: Floats
    doubt: NDArray[np.int64]
    """A number into ``doubt.KINDS``; 0: something is said."""
    matrix: Matrix


def learned(told: Told, given: Question, terms: Terms, seed: int) -> tuple[Model, Card]:
    """Return a model and its card; raise Refused with figures where there is too little to learn from."""
    asked = moments(told, given)
    known = outcome(told, asked, given)
    parts = split(asked, known, told.end, (terms.learn, terms.calibrate))
    hits = tuple(int(known.happened[rows].sum()) for rows in (parts.learn, parts.calibrate, parts.judge))
    rows = (len(parts.learn), len(parts.calibrate), len(parts.judge))
    _enough(given, rows, hits, terms.positives, parts)
    made = replace(recipe(told, given, parts.borders[0]), prior=hits[0] / rows[0])
    alike = earlier(told, asked, known)
    each = [features(told, made, alike, asked.some(part), given)
            for part in (parts.learn, parts.calibrate, parts.judge)]  # fmt: skip
    kind, scorer = fitted(each[0].values, known.happened[parts.learn], seed)
    later = scorer.scores(each[1].values)
    curve = calibrated(later, known.happened[parts.calibrate])
    held = support(each[0], terms.outside, terms.events, terms.wide)
    cut = float(np.quantile(later, 1 - terms.workload))
    model = Model(given, each[0].names, made, kind, scorer, curve, held, cut)
    worth = judged(
        _judging(
            model,
            each[2],
            _rules(model, each[2], told, alike, asked.some(parts.judge)),
            (asked, known, parts),
        ),
        terms.workload,
        seed,
    )
    first = int(asked.at.min())
    return model, Card((first, *parts.borders), rows, hits, seed, worth)  # type: ignore[arg-type]


def _enough(given: Question, rows: tuple[int, ...], hits: tuple[int, ...], least: int, parts: Split) -> None:
    needed = (least, least // 3, least // 3)
    lacking = any(hit < need or many - hit < need for hit, many, need in zip(hits, rows, needed, strict=True))
    if lacking:
        raise Refused(
            "risk_too_little", model=given.name, learn=f"{hits[0]}/{rows[0]}",
            calibrate=f"{hits[1]}/{rows[1]}", judge=f"{hits[2]}/{rows[2]}", least=least,
            days=parts.days, days_needed=parts.days_needed,
        )  # fmt: skip


def _judging(
    model: Model, matrix: Matrix, rules: dict[str, Floats], which: tuple[Asked, Outcome, Split]
) -> Given:
    asked, known, parts = which
    became, subject = known.some(parts.judge), asked.some(parts.judge)
    score = model.scorer.scores(matrix.values)
    return Given(
        score,
        model.curve.chances(score),
        became.happened,
        subject.subject,
        np.where(became.happened, became.at - subject.at, 0),
        doubts(model.support, matrix, model.curve, score) > 0,
        rules,
    )


def _rules(model: Model, matrix: Matrix, told: Told, alike: Earlier, asked: Asked) -> dict[str, Floats]:
    """Return what trivial rules say: the prior share, how much happened, and what became of others alike."""
    rules = {"prior": np.zeros(len(asked)), "count": _count(matrix)}
    name = model.question.rule
    if name in told.traits:
        rules["last"] = same_as_last(told, alike, asked, name)
        rules["alike"] = matrix.column(f"alike.{name}").astype(np.float64)
    return rules


def _count(matrix: Matrix) -> Floats:
    """Return how much happened in the last 90 days: to the customer where one is known."""
    name = "customer.90d" if "customer.90d" in matrix.names else "course.90d"
    return matrix.column(name).astype(np.float64)


def known_outcomes(told: Told, given: Question) -> Earlier:
    """Return what became of earlier ones, for the features of a model that is used."""
    asked = moments(told, given)
    return earlier(told, asked, outcome(told, asked, given))


def scored(model: Model, told: Told, alike: Earlier, asked: Asked) -> Scored:
    """Return what a model says of questions; so many at once that their numbers fit in memory."""
    parts = [
        features(told, model.recipe, alike, asked.some(np.arange(begin, min(begin + AT_ONCE, len(asked)))),
                 model.question)
        for begin in range(0, max(len(asked), 1), AT_ONCE)
    ]  # fmt: skip
    matrix = Matrix(parts[0].names, np.concatenate([one.values for one in parts]))
    if matrix.names != model.features:
        raise Refused("risk_other_log", model=model.question.name)
    score = model.scorer.scores(matrix.values)
    low, high = model.curve.intervals(score)
    doubt = doubts(model.support, matrix, model.curve, score)
    return Scored(asked, score, model.curve.chances(score), low, high, doubt, matrix)


def open_now(model: Model, told: Told, at: int) -> Asked:
    """Return the subjects that can be asked about at a moment."""
    asked = asked_at(told, model.question, at)
    return asked.some(np.flatnonzero(outcome(told, asked, model.question).open))


def added(model: Model, matrix: Matrix) -> tuple[list[str], Floats, float]:
    """Return groups of features, what each adds to the log odds of each row, and what all begin with."""
    parts, base = model.scorer.parts(matrix.values)
    named = [name.split("=")[0].split(".")[0] for name in matrix.names]
    groups = sorted(set(named))
    place: Ints = np.array([groups.index(name) for name in named])
    found = np.zeros((len(parts), len(groups)))
    for at in range(len(groups)):
        found[:, at] = parts[:, place == at].sum(1)
    return groups, found, base
