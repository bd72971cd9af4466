"""Complaints by step and unit over a whole log, and hand-overs between teams: golden cases worked by hand."""

import numpy as np
import pytest

from bench import elsewhere
from bench import trace as bench
from suyuan.analytics.trace.handover import Pair, hand_overs
from suyuan.analytics.trace.population import population
from suyuan.analytics.trace.tracer import Tracer

TEAMS = ["a", "b", "c"]


def test_hand_overs_are_counted_by_case_and_by_who_gives_to_whom():
    """Case 0: a b a; case 1: c c; case 2: a, nobody, b; case 3 has no event."""
    case = np.array([0, 0, 0, 1, 1, 2, 2, 2])
    team = np.array([0, 1, 0, 2, 2, 0, -1, 1])

    found = hand_overs(case, team, TEAMS, 4)

    assert (found.cases, found.mean, found.most, found.share_many) == (4, 0.75, 2, 0.0)
    assert found.pairs == (Pair("a", "b", 2, 0), Pair("b", "a", 1, 1))
    assert {one.name: (one.had, one.passed_on) for one in found.teams} == {
        "a": (2, 2),
        "b": (2, 1),
        "c": (1, 0),
    }


def test_a_log_without_events_has_no_hand_overs():
    none = np.zeros(0, int)

    found = hand_overs(none, none, TEAMS, 2)

    assert (found.mean, found.most, found.pairs, found.teams) == (0.0, 0, (), ())


def test_a_crew_that_was_made_careless_stands_above_every_other_step_and_unit():
    made = elsewhere.build(7)
    rude = {"visit paid"}
    log, rules, truth = bench.town(7)
    rows = population(Tracer(log, rules))

    told = {(log.activities[row.activity], log.objects[row.unit]): row for row in rows if row.unit >= 0}
    first = told["visit paid", "crew field"]
    beside = [told["visit booked", "crew front"], told["visit noted", "crew field"]]
    assert first.exposed == sum(done in rude for _, done, _ in made.events)
    assert first.complaints == pytest.approx(sum(one.front for one in truth), rel=0.15)
    assert [row.relative_risk < first.relative_risk / 4 for row in beside] == [True, True]
    assert first.low > 1.5
    assert first.q < 0.01


def test_another_towns_tickets_are_traced_as_surely_as_is_said():
    """Measured here: first 0.99, within three 1.0 of 169, nobody innocent, error of confidence 0.02."""
    found = bench.measure(*bench.town(4))

    assert found["complaints"] > 150
    assert found["first"] >= 0.95
    assert found["within_three"] >= 0.98
    assert found["innocent_blamed"] <= 0.05
    assert found["calibration_error"] <= 0.05
