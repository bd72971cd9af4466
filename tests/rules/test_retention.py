"""How long something is kept: which periods there are, when they are over, and which figures say so."""

from datetime import date

import pytest

from suyuan.domain.retention import Period, figures_of, period, problem


@pytest.mark.parametrize(
    ("terms", "today", "before"),
    [
        ({"years": 3}, date(2026, 3, 4), date(2023, 3, 4)),
        ({"years": 1}, date(2028, 2, 29), date(2027, 2, 28)),
        ({"months": 6}, date(2026, 3, 4), date(2025, 9, 4)),
        ({"months": 1}, date(2026, 3, 31), date(2026, 2, 28)),
        ({"months": 14}, date(2026, 1, 15), date(2024, 11, 15)),
        ({"days": 30}, date(2026, 3, 4), date(2026, 2, 2)),
        ({"permanent": True}, date(2026, 3, 4), None),
    ],
)
def test_a_period_is_over_for_what_ended_before(terms, today, before):
    assert period(terms).over_before(today) == before


def test_a_period_says_what_it_is():
    said = [str(each) for each in (Period(3, "years"), Period(1, "months"), Period())]

    assert said == ["3 years", "1 month", "permanent"]


@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"years": 0},
        {"years": -1},
        {"years": 2.5},
        {"years": True},
        {"years": 101},
        {"years": "3"},
        {"weeks": 3},
        {"years": 1, "months": 6},
        {"permanent": False},
    ],
)
def test_anything_else_is_no_period(terms):
    with pytest.raises(ValueError, match="permanent"):
        period(terms)


@pytest.mark.parametrize(
    ("figure", "terms", "key"),
    [
        ("retention.contact", {"years": 5}, None),
        ("retention.evidence.major", {"years": 7}, None),
        ("retention.contacts", {"years": 5}, "id"),
        ("retention.evidence", {"years": 5}, "id"),
        ("retention.evidence.major", {"months": 60}, "terms"),
        ("retention.contact", {"years": "5"}, "terms"),
        ("retention.audit", {"years": 30}, "terms"),
        ("retention.audit", {"permanent": True}, None),
    ],
)
def test_a_figure_of_retention_is_checked(figure, terms, key):
    wrong = problem(figure, terms)

    assert (wrong[0] if wrong else None) == key


def test_evidence_is_kept_by_the_level_of_its_case():
    assert figures_of("evidence") == ("retention.evidence.general", "retention.evidence.major")
    assert figures_of("contact") == ("retention.contact",)
