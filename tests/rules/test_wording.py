"""Words searched for: said in other ways, and marked where they stand in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suyuan.domain import wording

GROUPS = (("停电", "没电", "断电"), ("电表", "电能表"))


@pytest.mark.parametrize(
    ("word", "ways"),
    [
        ("停电", ["停电", "没电", "断电"]),
        ("没电", ["没电", "停电", "断电"]),
        ("频繁停电", ["频繁停电", "频繁没电", "频繁断电"]),
        ("电能表", ["电能表", "电表"]),
        ("抄表", ["抄表"]),
        ("停电换电表", ["停电换电表", "没电换电表", "断电换电表", "停电换电能表"]),
    ],
)
def test_a_word_is_said_in_other_ways(word, ways):
    assert wording.ways(word, GROUPS) == ways


def test_a_word_with_many_ways_is_cut_off():
    groups = [[f"甲{n}" for n in range(20)]]

    assert (
        wording.ways("甲3", groups) == ["甲3", *[f"甲{n}" for n in range(20) if n != 3]][: wording.MOST_WAYS]
    )


@pytest.mark.parametrize(
    ("query", "words"),
    [("", []), ("  停电  抄表 ", ["停电", "抄表"]), ("停电 ！ 抄表", ["停电", "抄表"]), ("ＡＢ", ["ab"])],
)
def test_a_query_is_words_between_spaces(query, words):
    assert wording.words(query) == words


def said(text: str, *hits: str, longest: int = 120) -> str:
    """Return a marked text with its hits in brackets."""
    return "".join(f"[{piece}]" if hit else piece for piece, hit in wording.marked(text, hits, longest))


@pytest.mark.parametrize(
    ("text", "hits", "shown"),
    [
        ("家中停电，又停电", ("停电",), "家中[停电]，又[停电]"),
        ("家中停电", (), "家中停电"),
        ("家中停电", ("抄表",), "家中停电"),
        ("电能表坏", ("电表", "电能表"), "[电能表]坏"),
        ("ＡＢＣ小区", ("abc",), "[ＡＢＣ]小区"),
        ("", ("停电",), ""),
    ],
)
def test_hits_are_marked_where_they_stand(text, hits, shown):
    assert said(text, *hits) == shown


def test_a_late_hit_is_shown_with_what_stands_around_it():
    text = "甲" * 200 + "停电" + "乙" * 200

    assert said(text, "停电") == "…" + "甲" * 40 + "[停电]" + "乙" * 78 + "…"


def test_an_early_hit_shows_the_beginning():
    assert said("停电" + "乙" * 200, "停电") == "[停电]" + "乙" * 118 + "…"


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_marking_leaves_the_text_as_it_is(text, hits):
    assert "".join(piece for piece, _ in wording.marked(text, hits, longest=1000)) == text


@given(st.text(max_size=60))
def test_places_in_the_plain_text_are_places_in_the_text(text):
    assert len(wording.plain(text)) == len(text)
