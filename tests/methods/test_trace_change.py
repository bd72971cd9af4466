"""What deviates in a whole log, whether it becomes more, what is new: small logs worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.analytics.ranking import discoveries
from suyuan.analytics.trace import change, sources
from suyuan.analytics.trace.causality import Mode
from suyuan.analytics.trace.survey import Survey
from suyuan.analytics.trace.tracer import Tracer
from suyuan.analytics.trace.working import month_named
from suyuan.domain.rulebook import load
from tests.trace_logs import RULES, Step, log_of

CALENDAR = load().calendar
SIGN = """
[[cause]]
kind = "sign"
id = "no"
mode = "refused"
activities = ["turned down"]

[[cause]]
kind = "due"
id = "sent"
after = ["paid"]
then = ["sent"]
within_days = 2
"""


def survey(*steps: Step, rules: str = RULES) -> Survey:
    """Return a survey of orders."""
    return Survey(Tracer(*log_of(*steps, rules=rules)), CALENDAR)


def told(found: Survey) -> list[tuple[str, str, str, str]]:
    """Return what deviates: mode, activity, unit, month."""
    log, every = found.tracer.log, found.deviating
    months = found.working.months(every.at).tolist()
    rows = zip(every.mode.tolist(), every.activity.tolist(), every.unit.tolist(), months, strict=True)
    return sorted(
        (
            sources.MODES[mode].value,
            log.activities[step],
            log.objects[unit],
            month_named(at),
        )
        for mode, step, unit, at in rows
    )


def usual(n: int, day: int, month: int = 3, unit: str = "office") -> list[Step]:
    """Return an order that goes as most do."""
    date = f"2025-{month:02}-{day:02}"
    return [
        (f"o{n}", "asked", "front", f"{date}T08:00"),
        (f"o{n}", "paid", unit, f"{date}T09:00"),
        (f"o{n}", "sent", unit, f"{date}T10:00"),
    ]


MANY = [step for n in range(20) for step in usual(n, n + 1)]


def test_orders_that_go_as_most_do_deviate_in_nothing():
    assert told(survey(*MANY)) == []


def test_a_step_that_never_came_counts_from_when_it_was_overdue():
    late = [("x", "asked", "front", "2025-03-02T08:00"), ("x", "paid", "office", "2025-03-02T09:00")]

    assert told(survey(*MANY, *late)) == [("missing", "sent", "office", "2025-03")]


def test_what_a_rule_and_the_usual_course_both_ask_for_is_missing_once():
    late = [("x", "asked", "front", "2025-03-02T08:00"), ("x", "paid", "office", "2025-03-02T09:00")]

    assert told(survey(*MANY, *late, rules=RULES + SIGN)) == [("missing", "sent", "office", "2025-03")]


def test_a_step_left_out_done_twice_done_late_or_refused_is_found():
    odd = [
        *(("s", "asked", "front", "2025-03-02T08:00"), ("s", "sent", "office", "2025-03-02T10:00")),
        *usual(50, 3),
        ("o50", "sent", "office", "2025-03-03T11:00"),
        *(("l", "asked", "front", "2025-03-04T08:00"), ("l", "paid", "branch", "2025-03-09T08:00")),
        ("l", "sent", "branch", "2025-03-09T09:00"),
        ("o50", "turned down", "branch", "2025-03-03T12:00"),
    ]

    assert told(survey(*MANY, *odd, rules=RULES + SIGN)) == [
        ("late", "paid", "branch", "2025-03"),
        ("refused", "turned down", "branch", "2025-03"),
        ("repeated", "sent", "office", "2025-03"),
        ("skipped", "paid", "office", "2025-03"),
    ]


def test_an_order_out_of_order_and_one_that_went_to_and_fro_are_found():
    odd = [
        *(("t", "paid", "office", "2025-03-02T08:00"), ("t", "asked", "front", "2025-03-02T09:00")),
        ("t", "sent", "office", "2025-03-02T10:00"),
        *(("b", "asked", "front", "2025-03-04T08:00"), ("b", "paid", "office", "2025-03-04T09:00")),
        *(("b", "sent", "branch", "2025-03-04T09:30"), ("b", "sent", "office", "2025-03-04T09:40")),
    ]

    found = told(survey(*MANY, *odd))

    assert ("bounced", "sent", "office", "2025-03") in found
    assert ("out_of_order", "asked", "front", "2025-03") in found


def months_of(*, now: int, before: int) -> Survey:
    """Return a log of seven months in which a unit skips a step, so often before and in the last month."""
    rows: list[Step] = []
    for month in range(1, 8):
        rows += [step for n in range(20) for step in usual(100 * month + n, n + 1, month)]
        skips = now if month == 7 else before if month == 6 else 0
        for n in range(skips):
            name, date = f"s{month}-{n}", f"2025-{month:02}-{n + 1:02}"
            rows += [(name, "asked", "office", f"{date}T12:00"), (name, "sent", "office", f"{date}T13:00")]
    return survey(*rows)


def test_what_was_not_there_before_is_new_and_sure_only_where_it_is_much():
    one, many = (months_of(now=n, before=0).fresh() for n in (1, 8))

    assert [(row.is_new, row.is_more, row.now, row.before) for row in one[0]] == [(True, False, 1, 0)]
    assert [(row.is_new, row.is_more, row.now, row.before) for row in many[0]] == [(True, True, 8, 0)]
    assert (one[1], many[1]) == (6, 6)


def test_what_is_more_than_before_is_told_by_the_binomial_given_the_total():
    found = months_of(now=9, before=1)
    [row], _ = found.fresh()

    # The office does 40 steps a month, 42 in June and 58 in July: 58 of 300.
    part = 58 / (5 * 40 + 42 + 58)
    assert row.expected == pytest.approx(10 * part)
    assert row.p == pytest.approx(10 * part**9 * (1 - part) + part**10)
    assert (row.is_new, row.is_more, sources.MODES[row.mode]) == (False, True, Mode.SKIPPED)


def test_what_is_as_before_is_not_told():
    assert months_of(now=2, before=2).fresh()[0] == []


def test_a_log_of_one_month_holds_it_against_nothing():
    assert survey(*MANY).fresh() == ([], 0)


def test_a_slope_is_the_factor_from_month_to_month():
    found = change.slope(np.array([100.0, 200.0, 400.0, 800.0]), np.full(4, 1000.0))

    assert found.factor == pytest.approx(2.0)
    assert found.low < 2.0 < found.high
    assert (found.p < 0.01, found.spread) == (True, 1.0)


def test_months_that_differ_more_than_chance_make_the_interval_wider():
    exposure = np.full(6, 1000.0)
    calm = change.slope(np.array([100.0, 110, 121, 133, 146, 161]), exposure)
    wild = change.slope(np.array([100.0, 150, 90, 170, 110, 200]), exposure)

    assert wild.spread > 5
    assert np.log(wild.high / wild.low) > 3 * np.log(calm.high / calm.low)


def test_two_months_are_no_trend():
    assert change.slope(np.array([1.0, 2.0]), np.array([10.0, 10.0])) is None
    assert change.slope(np.zeros(5), np.full(5, 10.0)) is None


def test_a_trend_begins_with_the_first_month_that_has_a_complaint():
    months = [
        change.Month(n, 1000, 10, complaints, complaints)
        for n, complaints in enumerate([0.0, 0, 0, 20, 20, 20, 20])
    ]

    assert change.trend(months).complaints.factor == pytest.approx(1.0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_false_names_are_held_in_the_order_of_chance(chances):
    q = discoveries(chances)

    order = sorted(range(len(chances)), key=lambda at: chances[at])
    assert [q[at] for at in order] == sorted(q)
    assert all(chance - 1e-9 <= value <= 1 for chance, value in zip(chances, q, strict=True))
