"""The models that are shipped: nothing that happens or is said after a moment changes a feature before it."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from suyuan.actions.risk import asked as shipped
from suyuan.actions.risk import reading
from suyuan.analytics.risk import learned as models
from suyuan.analytics.risk.features import features
from suyuan.analytics.risk.moments import moments
from suyuan.analytics.risk.outcome import due, due_known, outcome
from suyuan.analytics.risk.recipe import recipe
from suyuan.analytics.risk.timeline import Asked
from suyuan.gateways.eventlog.making import Making
from suyuan.store import rules

START, DAY, HOUR = 1_760_000_000, 86_400, 3_600
MOMENT = START + 90 * DAY
NAMES = ("complaint", "order_complaint", "overdue", "unsatisfied", "again")
STEPS = ("受理", "登记", "派单", "催办", "二次处理", "归档", "重新打开")
WAYS = {"channel": ("95598", "hall"), "category": ("fee", "meter", "service"), "business_type": ("a", "b")}


@cache
def log(after="same"):
    """Return a log of 150 days; what comes after the moment stays, is gone, or is something else."""
    chance, other, made = np.random.default_rng(3), np.random.default_rng(9), Making()
    orders = np.sort(chance.integers(START, START + 150 * DAY, 500)).tolist()
    for number, begun in enumerate(orders):
        kind = ("投诉工单", "服务申请单", "换表单")[number % 3]
        drawn = [(STEPS[int(chance.integers(len(STEPS)))], int(one)) for one in chance.integers(1, 400, 6)]
        steps = [
            ("受理", begun),
            *[(name, begun + hours * HOUR) for name, hours in sorted(drawn, key=_hours)],
        ]
        said = [(name, ways[int(chance.integers(len(ways)))], begun) for name, ways in WAYS.items()]
        said += [("category", "fee", begun + int(chance.integers(400)) * HOUR)]
        said += [("due", _iso(begun + days * DAY), begun + at * DAY) for days, at in ((3, 0), (6, 2), (9, 5))]
        if chance.random() < 0.8:
            stopped = begun + int(chance.integers(20, 300)) * HOUR
            said.append(("stopped", _iso(stopped), stopped))
        if chance.random() < 0.3:
            said.append(("satisfaction", "dissatisfied", begun + int(chance.integers(400)) * HOUR))
        steps, said = _cut(steps, said, after, other)
        if steps:
            _put(made, number, kind, steps, said)
    return made.columns()


def _hours(step):
    return step[1]


def _iso(at):
    return str(np.datetime64(at, "s")) + "+00:00"


def _cut(steps, said, after, other):
    """Return what is known of an order, and what has become of the rest."""
    if after == "same":
        return steps, said
    known = [one for one in steps if one[1] <= MOMENT], [one for one in said if one[2] <= MOMENT]
    if after == "gone":
        return known
    for name, _ in [one for one in steps if one[1] > MOMENT]:
        known[0].append((STEPS[int(other.integers(len(STEPS)))], MOMENT + int(other.integers(1, 60 * DAY))))
        known[1].append(("satisfaction", "dissatisfied" if name == "受理" else "satisfied", MOMENT + DAY))
    for name, _, at in [one for one in said if one[2] > MOMENT]:
        value = _iso(at + int(other.integers(40 * DAY))) if name in ("due", "stopped") else "scrambled"
        known[1].append((name, value, at))
    return known


def _put(made, number, kind, steps, said):
    thing, account = made.object(kind, f"o{number}"), made.object("户号", f"~{number % 90}")
    team = made.object("单位", f"u{number % 4}")
    for name, value, at in said:
        made.say(thing, name, value, at * 1_000_000)
    for at, (name, when) in enumerate(steps):
        made.event(f"e{number}-{at}", name, when * 1_000_000, (thing, account, team))


def told(question, after):
    return replace(reading.told(log(after), question), end=MOMENT)


def numbers(question, after):
    """Return the features of every question asked up to the moment, of the subjects known by then."""
    known = told(question, "gone")
    rows = moments(known, question)
    made = replace(recipe(known, question, MOMENT), prior=0.1)
    here = told(question, after)
    place = {name: at for at, name in enumerate(here.subjects)}
    subject = np.array([place[known.subjects[one]] for one in rows.subject.tolist()])
    asked = Asked(subject, rows.at)
    return features(here, made, models.known_outcomes(here, question), asked, question)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_after_a_moment_changes_a_feature_of_a_shipped_model(name):
    question = shipped.asked(rules.rulebook(), name, date(2026, 1, 1)).question
    seen = {after: numbers(question, after) for after in ("gone", "same", "other")}

    values = seen["gone"].values
    assert len(values) > 200
    assert (values.std(0) > 0).sum() > 15
    assert seen["same"].names == seen["other"].names == seen["gone"].names
    assert_array_equal(seen["same"].values, values)
    assert_array_equal(seen["other"].values, values)


def test_the_names_are_all_that_are_shipped():
    assert tuple(shipped.names(rules.rulebook())) == NAMES


def test_a_limit_is_used_as_it_was_known_and_judged_by_the_first_that_ran_out():
    made = Making()
    for name in ("moved", "ran out"):
        thing = made.object("服务申请单", name)
        made.event(name, "受理", START * 1_000_000, (thing,))
        made.say(thing, "due", _iso(START + 3 * DAY), START * 1_000_000)
        later = START + (2 if name == "moved" else 4) * DAY
        made.say(thing, "due", _iso(START + 9 * DAY), later * 1_000_000)
        made.say(thing, "stopped", _iso(START + 5 * DAY), (START + 5 * DAY) * 1_000_000)
    question = shipped.asked(rules.rulebook(), "overdue", date(2026, 1, 1)).question
    known = reading.told(made.columns(), question)
    asked = Asked(np.array([0, 0, 1, 1]), START + np.array([1, 2, 1, 4]) * DAY)

    by = (due_known(known, question, asked) - START) // DAY
    became = outcome(known, asked, question)
    assert by.tolist() == [3, 9, 3, 9]
    assert ((due(known, question) - START) // DAY).tolist() == [9, 3]
    assert became.happened.tolist() == [False, False, True, True]
    assert became.open.tolist() == [True, True, True, False]
