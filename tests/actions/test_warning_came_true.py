"""A signal whose limit broke stands, more urgent; its end then is no proof, and its detector was right."""

from dataclasses import replace

import pytest

from suyuan.analytics.detect.signal import Level
from suyuan.store.models import Clock, KeptSignal
from suyuan.store.queries import detector_scores
from suyuan.web import signal_words
from tests.evidence_files import add
from tests.factories import NOW, case_at, do
from tests.warned import DAY, HOUR, OVERDUE, keep, kept, opened, refused, signal

pytestmark = pytest.mark.django_db
FACTS = {"case": "SY1", "limit": "complaint.answer", "due": "2026-03-02 20:00"}
NEAR = signal(why="clock_near", facts=FACTS)
OVER = replace(NEAR, why="clock_over", level=Level.URGENT, observed=-0.1)


def gone(first: int) -> list[int]:
    return [keep(now=NOW + n * HOUR).over for n in range(first, first + 3)]


def test_a_broken_limit_keeps_its_signal_more_urgent_and_its_end_is_no_proof():
    case = opened(one=NEAR)
    keep(OVER, now=NOW + HOUR)
    assert (kept().state, kept().level, kept().came_true_at) == ("open", "urgent", NOW + HOUR)
    gone(2)
    assert kept().history[-1]["what"] == "came_true"

    case = do(case, "acknowledge_warning", "station", NOW + 5 * HOUR)
    case = do(case, "record_act", "station", NOW + 5 * HOUR, measures="已致歉")
    with refused("proof_missing"):
        do(case, "propose_closing", "station", NOW + 5 * HOUR, proof="已答复")
    shown = add(case, now=NOW + 5 * HOUR)
    closing = do(case, "propose_closing", "station", NOW + 5 * HOUR, proof="已答复", evidence=shown)
    assert closing.state == "reviewing"
    assert detector_scores.lived(NOW + DAY)[OVERDUE].came_true == 1


@pytest.mark.parametrize(("late", "what"), [(HOUR, "came_true"), (-HOUR, "over")])
def test_a_limit_that_broke_between_two_looks_came_true_too(late, what):
    case = case_at("handling")
    clock = Clock.objects.filter(case=case).first()
    about = signal(
        f"case:{case.number}", why="clock_near", facts=FACTS | {"limit": clock.limit}, cases=(case.number,)
    )
    keep(about)
    Clock.objects.filter(pk=clock.pk).update(due_at=NOW + HOUR, stopped_at=NOW + HOUR + late, state="stopped")
    gone(1)

    row = kept(about.object)
    assert (row.state, row.history[-1]["what"]) == ("over", what)
    assert (row.came_true_at is not None) is (what == "came_true")


def test_what_was_near_when_last_seen_says_that_its_due_is_over_once_it_is():
    keep(NEAR)
    assert "时限 2026-03-02 20:00 已过" in signal_words.headline(kept())
    KeptSignal.objects.update(facts=FACTS | {"due": "2999-01-01 00:00"})
    assert "将于 2999-01-01 00:00 到时限" in signal_words.headline(kept())
