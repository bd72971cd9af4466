"""Waits, rework and hand-overs of real event logs, where SUYUAN_DATA says they lie; else skipped."""

import tomllib
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from suyuan.actions import eventlogs
from suyuan.analytics.trace import causality, profile
from suyuan.analytics.trace.survey import Survey
from suyuan.analytics.trace.tracer import Tracer
from suyuan.domain import worktime
from suyuan.domain.rulebook import load
from suyuan.gateways import eventlog
from tests.real.test_real_event_logs import file

RULES = '[roles]\ncomplaints = ["none"]\nplaces = ["none"]\nunits = ["org:group"]\nactors = ["org:group"]\n'
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def survey(name: str) -> Survey:
    """Return a real log looked over; it has no complaints."""
    rules = causality.rules(tomllib.loads(RULES), "here.toml")
    columns = eventlog.read(file(f"event_logs/{name}"))
    return Survey(Tracer(eventlogs.traceable(columns, rules), rules), load().calendar)


@pytest.mark.parametrize("name", ["receipt.csv.gz", "helpdesk_rich_attributes.csv.gz"])
def test_waits_of_a_real_log_are_those_deadlines_are_counted_by(name):
    found = survey(name)
    steps, calendar = found.steps, found.calendar
    drawn = np.random.default_rng(1).choice(np.flatnonzero(steps.before >= 0), 300, replace=False)

    for at in drawn.tolist():
        start, end = (EPOCH + timedelta(microseconds=int(steps.at[n])) for n in (at - 1, at))
        minutes = worktime.worked(start, end, calendar) / timedelta(minutes=1)
        assert abs(int(steps.waited[at]) - minutes) <= 1


def test_tickets_are_closed_after_three_working_weeks():
    found = survey("helpdesk_rich_attributes.csv.gz")
    closed = found.tracer.log.activities.index("Closed")

    [one] = [one for one in found.profiles() if one.activity == closed]

    assert (one.followed, one.p50) == (4574, pytest.approx(21 * 24, abs=0.5))


def test_what_is_lost_on_receipts_is_told_by_step():
    found = survey("receipt.csv.gz")
    log = found.tracer.log

    rows = profile.bottlenecks(found.profiles())

    by_step: dict[str, float] = {}
    for one in rows:
        by_step[log.activities[one.activity]] = by_step.get(log.activities[one.activity], 0) + one.lost_share
    assert max(by_step, key=by_step.__getitem__) == "T06 Determine necessity of stop advice"
    assert sum(by_step.values()) == pytest.approx(1.0)


def test_incidents_change_hands_and_teams_are_ranked_by_what_can_be_told_of_them():
    columns = eventlog.read(file("event_logs/bpi_challenge_2013_incidents.xes.gz"))

    found = eventlogs.hand_overs(columns, "org:group")

    assert (found.cases, round(found.mean, 2), found.most) == (7554, 1.25, 31)
    assert round(100 * found.share_many, 1) == 14.3
    assert [team.name for team in found.teams[:3]] == ["D4", "N18 2nd", "V37 2nd"]
    raw = max(found.teams, key=lambda team: team.passed_on / team.had)
    assert (raw.name, raw.had) == ("G378 2nd", 1)
    assert raw.rate < found.teams[0].rate
