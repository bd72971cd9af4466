"""What is owed to a channel that passed a case on, and when it can be filed."""

from datetime import date

import pytest

from suyuan.domain import returns
from suyuan.domain.errors import BadInput
from suyuan.domain.returns import Standing
from suyuan.domain.rulebook import load

OWED = returns.owed(load())
NEW, REGISTERED, CLOSED = Standing(False, False), Standing(True, False), Standing(True, True)


def test_each_channel_is_owed_by_limits_there_are():
    assert {one.channel: set(one.limits) for one in OWED.values()} == {
        "12398": {"accept", "close"},
        "12345": {"close"},
        "media": {"close"},
    }
    assert {limit for one in OWED.values() for limit in one.limits.values()} <= set(load().limits)


@pytest.mark.parametrize(
    ("kind", "channel", "case", "code"),
    [
        ("accept", "12398", NEW, "not_registered_yet"),
        ("accept", "12398", REGISTERED, None),
        ("close", "12398", REGISTERED, "still_open"),
        ("close", "12398", CLOSED, None),
        ("close", "12398", Standing(True, True, frozenset({"close"})), "return_filed"),
        ("extension", "12398", REGISTERED, None),
        ("extension", "12398", Standing(True, True, frozenset({"close"})), "return_filed"),
        ("extension", "12345", REGISTERED, "no_extension_here"),
        ("accept", "12345", REGISTERED, "no_return_owed"),
        ("close", "95598", CLOSED, "no_return_owed"),
    ],
)
def test_a_return_is_filed_once_and_when_what_it_says_is_true(kind, channel, case, code):
    assert returns.refusal(kind, OWED.get(channel), case) == code


@pytest.mark.parametrize("days", [0, 31])
def test_an_extension_is_of_a_day_at_least_and_of_as_many_as_the_rulebook_allows(days):
    returns.check_days(30, OWED["12398"])

    with pytest.raises(BadInput) as wrong:
        returns.check_days(days, OWED["12398"])
    assert wrong.value.facts["allowed"] == {"extension_days": ["1", "30"]}


def test_a_return_is_of_a_known_kind_and_of_a_day_that_has_been():
    assert returns.known("close") == "close"
    with pytest.raises(BadInput):
        returns.known("later")
    first, last = date(2026, 3, 4), date(2026, 3, 6)
    returns.check_day(last, first, last)
    with pytest.raises(BadInput):
        returns.check_day(date(2026, 3, 7), first, last)
