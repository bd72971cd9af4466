"""Where and how long a filing counts, and for how long a false one suspends."""

from datetime import UTC, datetime, timedelta

import pytest

from suyuan.domain.errors import BadInput
from suyuan.domain.filing import Span, counts_at, suspended_until

NOW = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("line", "area", "at", "counts"),
    [
        ("", "", ("", "", True), True),
        ("", "", ("东一线", "", False), False),
        ("东一线", "", ("东一线", "3号", False), True),
        ("东一线", "", ("东二线", "3号", True), False),
        ("东一线", "", ("", "", True), False),
        ("", "3号", ("东一线", "3号", True), True),
        ("东一线", "3号", ("东一线", "4号", True), False),
    ],
)
def test_a_filing_counts_at_its_feeder_and_area_or_in_its_whole_unit(line, area, at, counts):
    of_line, of_area, within = at

    assert counts_at(line, area, of_line=of_line, of_area=of_area, within=within) is counts


@pytest.mark.parametrize(
    ("first", "until", "wrong"),
    [
        (NOW, NOW + 7 * DAY, None),
        (NOW - DAY, NOW + DAY, None),
        (NOW - 2 * DAY, NOW, "filing_over"),
        (NOW + DAY, NOW + DAY, "filing_over"),
        (NOW, NOW + 7 * DAY + timedelta(seconds=1), "out_of_order"),
    ],
)
def test_a_filing_ends_after_now_and_within_what_its_kind_may_last(first, until, wrong):
    found = None
    try:
        Span(first, until).check(NOW, 7)
    except BadInput as bad:
        found = bad.facts["fields"]["counts_until"]

    assert found == wrong


@pytest.mark.parametrize(
    ("now", "months", "until"),
    [
        ((2026, 3, 4), 1, (2026, 4, 4)),
        ((2026, 11, 30), 3, (2027, 2, 28)),
        ((2025, 12, 31), 2, (2026, 2, 28)),
    ],
)
def test_a_suspension_runs_whole_months(now, months, until):
    assert suspended_until(datetime(*now, tzinfo=UTC), months, (1, 3)) == datetime(*until, tzinfo=UTC)


@pytest.mark.parametrize("months", [0, 4, -1])
def test_a_suspension_outside_the_rule_is_refused_with_the_rule(months):
    with pytest.raises(BadInput) as no:
        suspended_until(NOW, months, (1, 3))

    assert no.value.facts == {
        "fields": {"suspended_months": "out_of_range"},
        "allowed": {"suspended_months": [1, 3]},
    }
