"""The ladder of a case: which rung an urge reaches, whom a rung of a clock tells, how pressing a case is."""

from datetime import UTC, datetime, timedelta

import pytest

from suyuan.domain import ladder
from suyuan.domain.ladder import Counts
from suyuan.domain.rulebook import load

COUNTS = Counts(notify_superior=2, open_supervision=3)
ROLES = ("station", "office", "leader")
START = datetime(2026, 3, 4, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_of_ten_urges_the_second_tells_the_superior_and_the_third_opens_an_order():
    climbed = [ladder.reached(n, COUNTS, ordered_at=3 if n > 3 else 0, is_open=n > 3) for n in range(1, 11)]

    assert climbed == [(), ("superior",), ("supervision",), *[()] * 7]


@pytest.mark.parametrize(
    ("urges", "ordered_at", "is_open", "found"),
    [
        (3, 0, True, ()),
        (3, 1, False, ()),
        (4, 1, False, ("supervision",)),
        (8, 7, False, ()),
        (10, 7, False, ("supervision",)),
        (6, 0, False, ("supervision",)),
    ],
    ids=["one is open", "issued by hand at one", "three after it", "just closed", "three more", "older case"],
)
def test_an_order_is_opened_where_none_is_open_and_as_many_urges_came_since_the_last(
    urges, ordered_at, is_open, found
):
    assert ladder.reached(urges, COUNTS, ordered_at=ordered_at, is_open=is_open) == found


def test_one_urge_can_reach_both_rungs_where_the_rulebook_says_so():
    assert ladder.reached(1, Counts(1, 1)) == ("superior", "supervision")


@pytest.mark.parametrize(
    ("urges", "supervised", "found"),
    [(0, False, "normal"), (1, False, "raised"), (2, False, "high"), (0, True, "high")],
)
def test_a_case_presses_more_the_more_it_is_urged(urges, supervised, found):
    assert ladder.priority(urges, COUNTS, supervised=supervised) == found


def test_a_clock_nobody_answers_climbs_one_role_a_rung_from_the_due_on():
    rungs = ladder.rungs_of("supervision.acknowledge", START, START + 2 * HOUR, load())

    assert [
        (one.code, one.at - START, ladder.told(ROLES, ladder.step(one.code, rungs))) for one in rungs
    ] == [
        ("warn_50", HOUR, ("station",)),
        ("due", 2 * HOUR, ("station", "office")),
        ("over_2h", 4 * HOUR, ROLES),
        ("over_6h", 8 * HOUR, ROLES),
    ]


def test_a_limit_nobody_knows_has_the_ladder_all_share():
    rungs = ladder.rungs_of("file", START, START + 10 * HOUR, load())

    assert [one.code for one in rungs] == ["warn_50", "warn_80", "due", "over_24h", "over_72h"]


def test_a_rung_is_of_a_kind():
    assert [ladder.kind(one) for one in ("warn_50", "due", "over_2h")] == ["warn", "due", "over"]


def test_who_climbs_is_named_by_roles_there_are_and_limits_there_are():
    book = load()

    for name in (ladder.ESCALATES, ladder.URGENT):
        assert set(book.figures[name][-1].terms) <= set(book.limits)
    climbs = book.figures[ladder.ESCALATES][-1].terms.values()
    assert {role for roles in climbs for role in roles} == {"station", "office", "leader"}


def test_a_limit_that_climbs_nowhere_tells_the_station_and_from_the_due_on_the_office():
    book = load()

    assert [ladder.roles_of("complaint.answer", step, book) for step in (0, 1, 2)] == [
        ("station",),
        ("station", "office"),
        ("station", "office"),
    ]
    assert ladder.roles_of("improvement.plan", 0, book) == ("office",)
    assert ladder.roles_of("regulator.12398", 2, book) == ROLES
    assert ladder.is_urgent("supervision.acknowledge", "over_2h", book)
    assert not ladder.is_urgent("complaint.answer", "over_24h", book)
