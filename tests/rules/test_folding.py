"""A long text begins on the page, cut behind a sentence, and nothing of it is lost."""

from datetime import UTC, datetime

from suyuan.store.models import Clock
from suyuan.store.queries.history import ClockLine
from suyuan.web.folding import VISIBLE, by_handling, folded

DONE = datetime(2026, 3, 4, tzinfo=UTC)


def clock(episode: int, state: str) -> ClockLine:
    """Return a clock of a handling as the page shows it."""
    stopped = None if state == "running" else DONE
    return ClockLine(
        Clock(episode=episode, state=state, stopped_at=stopped), "title", "", "S", True, "", None, ()
    )


SENTENCE = "客户反映连续三个月未抄表。"


def test_a_text_a_little_longer_than_what_is_visible_is_shown_whole():
    text = "表" * (VISIBLE + VISIBLE // 2)

    assert (folded(text).head, folded(text).rest) == (text, "")


def test_a_long_text_is_cut_behind_the_last_sentence_that_fits_and_keeps_every_character():
    text = SENTENCE * 800

    cut = folded(text)

    assert cut.head == SENTENCE * (VISIBLE // len(SENTENCE))
    assert cut.head + cut.rest == text
    assert cut.left == len(text) - len(cut.head)


def test_a_text_without_an_end_is_cut_all_the_same():
    assert [len(part) for part in (folded("表" * 1000).head, folded("表" * 1000).rest)] == [VISIBLE, 600]


def test_what_a_former_handling_has_done_with_is_folded_and_what_runs_stands_open():
    former_done, former_runs, here = clock(1, "met"), clock(1, "running"), clock(2, "met")

    shown = by_handling([former_done, former_runs, here], 2)

    assert shown == {"clocks": [former_runs, here], "former_clocks": [former_done]}
