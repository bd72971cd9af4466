"""Missed ticks are made up for by one run; a clock that is set back, or was ahead, does no harm."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from suyuan.domain import schedule
from suyuan.domain.errors import BadInput
from suyuan.gateways import cron

LOCAL = ZoneInfo("Asia/Shanghai")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 3, 2, 6, 30, tzinfo=LOCAL)


def weekly(moment):
    """Return the first Monday 06:30 after a moment."""
    return cron.next_after("30 6 * * 1", moment, LOCAL)


def test_ticks_are_read_in_the_utilitys_zone():
    assert weekly(datetime(2026, 3, 1, 22, 29, 59, tzinfo=UTC)) == MONDAY
    assert weekly(MONDAY) == MONDAY + 7 * DAY


def test_a_tick_is_a_moment_in_utc():
    assert weekly(MONDAY).tzinfo is UTC


@pytest.mark.parametrize("expression", ["", "30 6 * *", "* * * * * *", "61 0 * * *", "0 0 31 2 *", "daily"])
def test_what_is_no_expression_or_never_comes_is_an_error_that_names_it(expression):
    with pytest.raises(BadInput) as wrong:
        cron.next_after(expression, MONDAY, LOCAL)

    assert (wrong.value.code, wrong.value.facts) == ("bad_cron", {"cron": expression})


@pytest.mark.parametrize(
    ("now", "tick", "then"),
    [
        pytest.param(MONDAY, MONDAY, MONDAY + 7 * DAY, id="in time"),
        pytest.param(MONDAY + 24 * DAY, MONDAY, MONDAY + 28 * DAY, id="three missed: not made up"),
        pytest.param(MONDAY - HOUR, MONDAY, MONDAY + 7 * DAY, id="the clock set back: not twice"),
        pytest.param(MONDAY + HOUR, None, MONDAY + 7 * DAY, id="never carried out"),
    ],
)
def test_the_next_tick(now, tick, then):
    assert schedule.next_tick(now, tick, weekly) == then


@pytest.mark.parametrize(
    ("ran_at", "ahead"),
    [(None, False), (MONDAY + DAY, False), (MONDAY + DAY + timedelta(seconds=1), True)],
)
def test_a_run_more_than_a_day_ahead_was_a_wrong_clocks(ran_at, ahead):
    assert schedule.ran_ahead(ran_at, MONDAY, DAY) is ahead
