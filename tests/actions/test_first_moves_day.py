"""A day's lists are made once, a tenth is held out over days, and an empty day says why it is empty."""

from datetime import timedelta

import pytest
from scipy.stats import binom

from suyuan.actions import _demo_moves, firstmoves
from suyuan.actions.firstmoves import make
from suyuan.domain.errors import BadInput
from suyuan.store import chain, rules
from suyuan.store.models import Event, FirstMove, FirstMoveList, Schedule
from suyuan.store.queries import firstmoves as queries
from suyuan.store.queries import moves_day, moves_effect, viewer
from tests.factories import NOW, case_at, person, unit
from tests.first_moves import TODAY, customers, made, signal

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MOSTLY = 0.9999
"""The keys of a test are its own, so the draw is another one each time."""


def within(held: int, of: int) -> bool:
    low, high = binom.interval(MOSTLY, of, 0.1)
    return bool(low <= held <= high)


def test_a_tenth_is_held_out_by_customer_and_by_draw_however_often_somebody_is_listed(tmp_path):
    unit()
    people = customers(tmp_path, 280)
    for turn in (0, 40):
        for at in range(35):
            some, day = people[8 * at : 8 * at + 10], (turn + at) * DAY
            made([signal(one) for one in some], TODAY + day, NOW + day)

    drawn = FirstMove.objects.filter(drawn=True)
    so_far, seen = queries.counted(None), FirstMove.objects.values("who_index").distinct().count()

    assert within(drawn.filter(held_out=True).count(), drawn.count())
    assert drawn.count() > seen + 200
    assert so_far["listed"] + so_far["held_out"] == seen
    assert within(so_far["held_out"], seen)
    assert so_far["entries"] > so_far["listed"] + 200  # somebody listed twice is one customer
    assert so_far["undrawn"] == 0


def test_who_is_drawn_again_counts_as_they_were_drawn_first(tmp_path, monkeypatch):
    unit()
    [one] = customers(tmp_path, 1)
    for after, held in ((0, False), (31, True)):
        monkeypatch.setattr(make, "is_held_out", lambda lot, share, held=held: held)
        made([signal(one)], TODAY + after * DAY, NOW + after * DAY)

    found = moves_effect.report(None, NOW + 90 * DAY)

    assert FirstMove.objects.filter(drawn=True).count() == 2
    assert (found.whole.listed.of, found.whole.held.of) == (1, 0)
    assert (found.so_far["listed"], found.so_far["held_out"]) == (1, 0)
    assert [(arms[0].of, arms[1].of) for arms in found.weeks.values()] == [(1, 0)]


def test_a_morning_that_finds_nobody_has_made_its_lists(tmp_path):
    unit()
    [one] = customers(tmp_path, 1)

    first, again = made([]), made([signal(one)], now=NOW + timedelta(hours=3))

    assert (first.lists, first.fresh, again.lists, again.fresh) == (0, True, 0, False)
    assert FirstMoveList.objects.count() == 0
    assert Event.objects.filter(verb=moves_day.MAKING).count() == 1
    assert firstmoves.make_lists(day=TODAY, now=NOW + timedelta(hours=4)).fresh is False
    assert made([signal(one)], TODAY + DAY, NOW + DAY).lists == 1
    assert chain.verify(["register:first-moves"]) == (1, 2)


def test_an_empty_day_says_why_it_is_empty(tmp_path):
    unit()
    office, rest = viewer.of(person("office")), NOW + 4 * DAY
    why = [moves_day.why_empty(office, rules.local_day(at), at) for at in (NOW, rest)]
    assert [one.code for one in why] == ["not_made", "rest_day"]

    soon = NOW + timedelta(hours=2)
    Schedule.objects.create(code="firstmoves", kind="firstmoves", cron="40 7 * * *", tick_at=soon)
    assert moves_day.why_empty(office, TODAY, NOW) == moves_day.Why("not_yet", soon)
    assert moves_day.why_empty(office, TODAY - DAY, NOW).code == "not_made"
    made([])
    assert moves_day.why_empty(office, TODAY, NOW).code == "nobody"
    with pytest.raises(BadInput, match="2026-03-05"):
        moves_day.not_ahead(TODAY + DAY, NOW)


def test_the_demo_has_lists_of_its_last_working_days_and_of_a_month_that_is_over():
    person("station")
    unit("0102")
    for back in range(2, 80, 3):
        case_at("handling", now=NOW - back * DAY)
    saturday = NOW + 3 * DAY

    _demo_moves.before(seed=1, now=saturday, first=saturday)

    days = sorted(set(FirstMoveList.objects.values_list("day", flat=True)))
    assert days[-3:] == [rules.local_day(NOW + at * DAY) for at in (0, 1, 2)]
    assert all(rules.rulebook().calendar.is_workday(one) for one in days)
    assert (days[-4] <= TODAY - 28 * DAY, len(days) > 10) == (True, True)
    found = moves_effect.report(None, saturday)
    assert found.whole.listed.of + found.whole.held.of > 0
    assert found.so_far["called"] > 0
