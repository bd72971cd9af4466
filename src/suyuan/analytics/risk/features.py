"""The numbers of each question, all of them from what was known at its moment.

Nothing here sees a log but through ``Timeline.past``. A feature is called ``group.what``; the group is
what an explanation adds up and says in words.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .outcome import Outcome, due_known
from .question import Question
from .recipe import HOUR, Recipe
from .timeline import NEVER, Asked, Floats, Ints, Past, Timeline, timeline
from .told import Told, numbered

DAY = 86_400
WINDOWS = (7, 30, 90, 365)
"""Days over which events are counted."""
LIKE = 20.0
"""The share of earlier ones alike is drawn to the prior as by so many of them."""
LATELY = 30
"""Days that count as of late."""
Named = Iterator[tuple[str, NDArray[np.generic]]]


@dataclass(frozen=True)
class Matrix:
    """Numbers by question and feature."""

    names: tuple[str, ...]
    values: NDArray[np.float32]

    def some(self, rows: NDArray[np.generic]) -> "Matrix":
        """Return some of the questions."""
        return Matrix(self.names, self.values[rows])

    def column(self, name: str) -> NDArray[np.float32]:
        """Return one feature."""
        return self.values[:, self.names.index(name)]


@dataclass(frozen=True)
class Earlier:
    """What became of earlier ones alike, by trait: rows by value, at the moment it was certain."""

    by: dict[str, Timeline]


def earlier(told: Told, asked: Asked, known: Outcome) -> Earlier:
    """Return the outcomes to go by, of the first question about each subject; each counts once certain."""
    _, first = np.unique(asked.subject, return_index=True)
    first = first[known.open[first] & (known.certain[first] > 0)]
    some, became = asked.some(first), known.some(first)
    found = {}
    for name, trait in told.traits.items():
        code = trait.rows.past(some).read("code", none=-1).astype(np.int64)
        there = code >= 0
        lines = timeline(code[there], became.certain[there], len(trait.values), hit=became.happened[there])
        running = np.cumsum(lines.columns["hit"].astype(np.float64))
        before = np.append(0.0, running)[lines.start[:-1]]
        running -= np.repeat(before, np.diff(lines.start))
        found[name] = Timeline(lines.start, lines.at, {"sum": running, "hit": lines.columns["hit"]})
    return Earlier(found)


def features(told: Told, recipe: Recipe, alike: Earlier, asked: Asked, given: Question) -> Matrix:
    """Return the numbers of each question."""
    parts = [
        *_elapsed(told, recipe, asked),
        *_course(told, asked),
        *_steps(told, recipe, asked),
        *_limit(told, recipe, asked, given),
        *_traits(told, recipe, alike, asked),
        *_customer(told, recipe, asked),
        *_when(told, asked),
    ]
    values = np.column_stack([np.asarray(column, np.float32) for _, column in parts])
    return Matrix(tuple(name for name, _ in parts), values)


def _hours(seconds: Ints) -> Floats:
    return np.log1p(seconds / HOUR)


def _elapsed(told: Told, recipe: Recipe, asked: Asked) -> Named:
    past = told.events.past(asked)
    last = past.read("activity", none=-1).astype(np.int64)
    usual = np.array([recipe.waits.get(name, 0.0) for name in told.activities] + [0.0])[last]
    idle = past.since_last()
    yield "age.hours", _hours(past.since_first())
    yield "idle.hours", _hours(idle)
    yield "idle.over", np.where(usual > 0, np.minimum(idle / HOUR / np.maximum(usual, 0.05), 10.0), 0.0)


def _course(told: Told, asked: Asked) -> Named:
    """How it went: how many events, again what was done before, from hand to hand and back."""
    past = told.events.past(asked)
    count = past.count()
    yield "course.events", np.minimum(count, 200)
    yield "course.again", count - past.read("fresh")
    yield "hands.moves", past.read("moves")
    yield "hands.back", past.read("back")
    for days in WINDOWS:
        yield f"course.{days}d", np.minimum(past.within(days * DAY), 200)


def _steps(told: Told, recipe: Recipe, asked: Asked) -> Named:
    last = told.events.past(asked).read("activity", none=-1)
    codes = numbered(told.activities, recipe.activities)
    for name, code in zip(recipe.activities, codes.tolist(), strict=True):
        past = told.events.of(told.events.columns["activity"] == code).past(asked)
        yield f"step.{name}", np.minimum(past.count(), 20)
        yield f"since.{name}", _hours(past.since_last())
        yield f"last.{name}", (last == code) & (code >= 0)


def _limit(told: Told, recipe: Recipe, asked: Asked, given: Question) -> Named:
    if not recipe.limited:
        return
    by = due_known(told, given, asked)
    age = told.events.past(asked).since_first()
    left = np.where(by > 0, np.clip(by - asked.at, -NEVER, NEVER), NEVER)
    yield "limit.left", np.sign(left) * np.log1p(np.abs(left) / HOUR)
    yield "limit.used", np.where(by > 0, np.minimum(age / np.maximum(age + left, 60), 5.0), 0.0)


def _traits(told: Told, recipe: Recipe, alike: Earlier, asked: Asked) -> Named:
    """What became of earlier ones alike. No value has a weight of its own that would outlive its time."""
    for name in recipe.traits:
        trait = told.traits.get(name)
        if trait is None:
            yield from ((f"{part}.{name}", np.zeros(len(asked))) for part in ("alike", "lately"))
            continue
        code = trait.rows.past(asked).read("code", none=-1).astype(np.int64)
        yield from _rates(name, recipe.prior, alike.by[name].past(Asked(code, asked.at)))


def _rates(name: str, prior: float, past: Past) -> Named:
    """Return the log odds of the share of all earlier ones alike, and what those of late differ from it."""
    many, hits = past.count(), past.read("sum")
    ever = (hits + LIKE * prior) / (many + LIKE)
    old = past.before(LATELY * DAY)
    late, late_hits = many - old.count(), hits - old.read("sum")
    yield f"alike.{name}", _odds(ever)
    yield f"lately.{name}", _odds((late_hits + LIKE * ever) / (late + LIKE)) - _odds(ever)


def same_as_last(told: Told, alike: Earlier, asked: Asked, name: str) -> Floats:
    """Return what became of the last one alike whose outcome was certain; a half where there was none."""
    code = told.traits[name].rows.past(asked).read("code", none=-1).astype(np.int64)
    return alike.by[name].past(Asked(code, asked.at)).read("hit", none=0.5)


def _odds(share: Floats) -> Floats:
    share = np.clip(share, 1e-4, 1 - 1e-4)
    return np.log(share / (1 - share))


def _customer(told: Told, recipe: Recipe, asked: Asked) -> Named:
    """What else happened to the customer, the subject's own events with it."""
    if told.customers is None or told.above is None:
        return
    whose = Asked(told.above[asked.subject], asked.at)
    past = told.customers.past(whose)
    for days in WINDOWS:
        yield f"customer.{days}d", np.minimum(past.within(days * DAY), 200)
    codes = numbered(told.activities, recipe.above)
    for name, code in zip(recipe.above, codes.tolist(), strict=True):
        past = told.customers.of(told.customers.columns["activity"] == code).past(whose)
        yield f"customer.{name}", np.minimum(past.count(), 20)
        yield f"customer.since.{name}", _hours(past.since_last())


def _when(told: Told, asked: Asked) -> Named:
    local = asked.at + told.zone
    yield "when.hour", local // 3_600 % 24
    yield "when.weekday", (local // DAY + 3) % 7
