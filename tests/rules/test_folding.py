"""A long text begins on the page, cut behind a sentence, and nothing of it is lost."""

from suyuan.web.folding import VISIBLE, folded

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
