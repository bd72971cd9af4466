"""What the detectors are told of a home holds at the moment asked for, and nothing later."""

from datetime import timedelta

import pytest

from suyuan.actions import detecting
from suyuan.actions.detecting import frames
from suyuan.actions.hotspots import own
from suyuan.analytics.detect.index import ALL
from suyuan.domain.errors import BadInput
from suyuan.store import rules
from suyuan.store.models import Case, Clock
from tests.factories import NOW, case_at, do
from tests.lakes import fresh_lake
from tests.repeat_cases import promised

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def limits(at):
    return sorted(frames.load({"clocks"}, at)["clocks"].column("limit").to_pylist())


def test_clocks_are_those_that_ran_then_with_the_due_of_then():
    case = case_at("handling")
    Clock.objects.exclude(stopped_at=None).delete()
    running = sorted(Clock.objects.values_list("limit", flat=True))
    clock = Clock.objects.get(case=case, limit=running[0])
    due = clock.due_at
    Clock.objects.filter(pk=clock.pk).update(due_at=due + DAY)
    clock.entries.create(kind="retarget", at=NOW + 2 * DAY, due_before=due, due_after=due + DAY)
    Clock.objects.filter(case=case).exclude(pk=clock.pk).update(state="stopped", stopped_at=NOW + DAY)

    table = frames.load({"clocks"}, NOW + DAY)["clocks"]
    assert (limits(NOW - DAY), limits(NOW + HOUR)) == ([], running)
    assert [(row["limit"], row["due"]) for row in table.to_pylist()] == [(clock.limit, due)]
    late = frames.load({"clocks"}, NOW + 3 * DAY)["clocks"]
    assert late.column("due").to_pylist() == [due + DAY]


def test_a_paused_clock_is_not_told_while_the_pause_lasts():
    clock = Clock.objects.filter(case=case_at("handling"), stopped_at=None).first()
    Clock.objects.exclude(pk=clock.pk).delete()
    clock.entries.create(kind="pause", at=NOW + DAY, reason="weather", due_before=clock.due_at)
    clock.entries.create(kind="resume", at=NOW + 2 * DAY, due_before=clock.due_at)

    told = [len(limits(NOW + n * DAY - HOUR)) for n in (1, 2, 3)]
    assert told == [1, 0, 1]


def test_what_is_restricted_or_kept_secret_is_in_no_frame():
    case = promised()
    Case.objects.filter(pk=case.pk).update(restricted=True)
    assert {len(frames.FRAMES[name](NOW + HOUR)) for name in ("clocks", "commitments")} == {0}
    Case.objects.filter(pk=case.pk).update(restricted=False, secrecy="anonymous")
    assert {len(frames.FRAMES[name](NOW + HOUR)) for name in ("clocks", "commitments")} == {0}


def test_a_promise_is_told_from_when_it_was_made_until_it_was_kept():
    case = promised()
    do(case, "keep_promise", "office", NOW + 5 * DAY, commitment="1")

    told = [len(detecting.find(["commitment_breaking"], as_of=NOW + n * DAY)) for n in range(7)]
    assert told == [0, 0, 1, 1, 1, 0, 0]


def test_the_most_urgent_comes_first_with_its_sentence():
    promised()
    told = detecting.find(as_of=NOW + 8 * DAY)
    first = next(one for one in told if one.detector == "commitment_breaking")

    ranks = [one.level.rank for one in told]
    assert ranks == sorted(ranks, reverse=True)
    number = first.cases[0]
    assert detecting.sentence(first, "zh") == f"工单 {number} 承诺已过期：应在 2026-03-10 前办到，尚未兑现"
    english = f"Order {number}: the promise is broken, it was to be met by 2026-03-10 and is not fulfilled"
    assert detecting.sentence(first, "en") == english


def test_an_unknown_name_is_refused_with_those_there_are():
    with pytest.raises(BadInput) as wrong:
        detecting.find(["comitment_breaking"], as_of=NOW)
    assert (wrong.value.code, wrong.value.facts["near"][0]) == ("unknown_detector", "commitment_breaking")


@pytest.mark.parametrize("detector", ALL, ids=lambda one: one.name)
def test_every_detector_has_a_figure_a_loader_for_each_frame_and_finds_nothing_in_an_empty_home(detector):
    fresh_lake()
    own.forget()
    assert set(detector.needs) <= set(frames.FRAMES)
    told = rules.rulebook().figures[f"detect.{detector.name}"][-1]
    assert told.basis
    assert told.note
    assert detecting.find([detector.name], as_of=NOW) == []
