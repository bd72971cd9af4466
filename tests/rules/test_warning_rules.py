"""Warnings: how urgent a signal is, what joins what, and what opens a closed one again."""

from datetime import UTC, datetime, timedelta

import pytest

from suyuan.analytics.detect.signal import Level
from suyuan.domain import rulebook
from suyuan.domain import warning as rule
from suyuan.domain.vocabulary import Role

TERMS = rulebook.load().figures["warning.grade"][-1].terms
RETURNS = {"days": 14, "still": 7}
CLOSED = datetime(2026, 3, 4, tzinfo=UTC)
DAY = timedelta(days=1)


def test_the_levels_are_those_of_the_detectors():
    assert tuple(level.value for level in Level) == rule.LEVELS


@pytest.mark.parametrize(
    ("level", "behind", "before", "expected"),
    [
        ("general", 0, 0, "general"),
        ("general", 4, 0, "general"),
        ("general", 5, 0, "general"),  # 1 × 1.5
        ("general", 20, 0, "important"),  # 1 × 2
        ("general", 5, 1, "important"),  # 1 × 1.5 × 1.5
        ("general", 20, 3, "urgent"),  # 1 × 2 × 2
        ("important", 0, 1, "important"),  # 2 × 1.5
        ("important", 5, 1, "urgent"),  # 2 × 1.5 × 1.5
        ("urgent", 0, 0, "urgent"),
    ],
)
def test_a_signal_is_graded_by_level_times_spread_times_recidivism(level, behind, before, expected):
    assert rule.grade(level, behind, before, TERMS).level == expected


def test_a_signal_is_never_less_urgent_than_its_detector_says():
    strict = {**TERMS, "floors": {"general": 0, "important": 50, "urgent": 99}}

    assert rule.grade("urgent", 0, 0, strict) == rule.Grade("urgent", 1.0, 1.0)


def test_signals_are_of_one_warning_where_they_share_a_case():
    assert rule.joins(["A", "B"], ["B", "C"])
    assert not rule.joins(["A"], ["B"])
    assert not rule.joins([], [])


def back(days: float, gone: bool = False, level: str = "important", observed: float = 5) -> bool:
    stood = rule.Stood(CLOSED, "important", 5)
    found = rule.Found(level, observed, 2, CLOSED + DAY if gone else None)
    return rule.comes_back(stood, found, CLOSED + days * DAY, RETURNS)


def test_what_was_gone_and_is_back_in_time_opens_its_warning_again():
    assert [back(days, gone=True) for days in (2, 14, 15)] == [True, True, False]


def test_what_is_more_urgent_than_at_its_closing_opens_it_again_at_once():
    assert (back(0.1, level="urgent"), back(0.1, level="general")) == (True, False)


def test_what_never_went_opens_it_again_where_it_is_worse_after_a_while():
    assert [back(days, observed=n) for days, n in ((6, 9), (8, 9), (8, 5), (8, 4))] == [
        False,
        True,
        False,
        False,
    ]
    assert back(8, observed=-3)  # further below what was expected is worse too


def test_an_administrator_and_a_leader_own_no_warning_and_mute_nothing():
    others = {Role.ADMIN, Role.LEADER, Role.AUDIT, Role.PARTY, Role.AGENT}

    assert others & {*rule.OWNERS, *rule.MUTERS, *rule.OPENERS} == set()
