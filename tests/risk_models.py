"""A model of risk that is worth more than trivial rules, kept in a folder, and what it said of cases."""

from dataclasses import asdict, replace
from datetime import timedelta

from suyuan.actions.risk import asked, reading, scoring, training
from suyuan.analytics.risk.judging import Figure
from suyuan.store import risk as files
from tests.factories import NOW, actor
from tests.risk_log import TERMS, columns

DAY = timedelta(days=1)


def trained(name="overdue", now=NOW - 3 * DAY):
    """Learn a small model of a log with a truth of its own, under the name of one of the rulebook."""
    given = asked.of_table(name, TERMS)
    told = reading.told(columns(), given.question)
    return training.train(name=name, told=told, given=given, actor=actor("admin"), now=now)


def no_better(name="overdue"):
    """Make a kept model no better than what became of those alike."""
    content = files.get(name, files.MODEL)
    content["card"]["judged"]["rules"]["alike"]["above"] = asdict(Figure(0.01, -0.02, 0.04))
    files.put(name, files.MODEL, content)


def off(name="overdue"):
    """Make a kept model one whose chances are off."""
    content = files.get(name, files.MODEL)
    content["card"]["judged"]["error"] = asdict(Figure(0.2, 0.15, 0.25))
    files.put(name, files.MODEL, content)


def score(number, chance=0.31, **changes):
    """Return what a model says of a case."""
    why = (("alike", 1.2), ("idle", 0.4), ("hands", -0.3), ("when", 0.1))
    made = scoring.Score(number, chance, chance - 0.05, chance + 0.05, "high", "", why)
    return replace(made, **changes)


def said(*scores, name="overdue", as_of=NOW):
    """Keep what a model said at a moment."""
    found = scoring.Scores(name, as_of.isoformat(), (NOW - 3 * DAY).isoformat(), len(scores), scores)
    files.put(name, files.SCORES, asdict(found))
