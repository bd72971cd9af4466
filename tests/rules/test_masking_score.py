"""On thousands of sentences whose personal pieces are known, hardly one is missed or hidden in vain."""

from pathlib import Path

import pytest

from suyuan.domain.masking import find, mask
from suyuan.simulate.personal import sentences
from suyuan.simulate.personal_clauses import HARMLESS, TELLING
from suyuan.simulate.personal_score import marked, score

SEED, COUNT = 20260301, 4000
TEXTS = sentences(SEED, COUNT)
FOLDER = Path(__file__).parent / "complaints"
PERSONAL, HARMLESS_LINES, HARD, HARD_HARMLESS = (
    (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    for name in ("personal", "harmless", "hard_personal", "hard_harmless")
)
SCORES = {row.kind: row for row in score(TEXTS, find)}


def test_every_kind_was_planted_often():
    planted = {kind: row.planted for kind, row in SCORES.items() if kind not in ("all", "number")}

    assert set(planted) == {
        "phone",
        "identity",
        "card",
        "account",
        "name",
        "address",
        "plate",
        "email",
        "chat",
    }
    assert min(planted.values()) > 100


@pytest.mark.parametrize("kind", SCORES)
def test_of_what_is_personal_hardly_a_piece_is_missed(kind):
    assert SCORES[kind].recall >= 0.99


@pytest.mark.parametrize("kind", SCORES)
def test_of_what_is_hidden_hardly_a_piece_was_harmless(kind):
    assert SCORES[kind].precision >= 0.98


def test_of_complaints_written_by_hand_as_much_is_found_as_before():
    """The second half is the honest one: no rule was written by looking at it."""
    seen, unseen = (by_kind(first) for first in (0, 1))

    assert (len(PERSONAL) >= 300, len(HARMLESS_LINES) >= 150) == (True, True)
    assert (seen["all"].recall >= 0.95, seen["all"].precision >= 0.985) == (True, True)
    assert (unseen["all"].recall >= 0.92, unseen["all"].precision >= 0.975) == (True, True)
    assert (unseen["name"].recall >= 0.895, unseen["address"].recall >= 0.9) == (True, True)
    assert {kind for kind, row in unseen.items() if row.recall == 1.0} >= {
        "phone",
        "identity",
        "card",
        "account",
        "email",
        "plate",
        "chat",
    }


def test_of_hard_names_as_much_is_found_as_before():
    """Names that few people have or that are words, in many turns of speech; rules were written on them."""
    texts = [marked(line) for line in (*HARD, *HARD_HARMLESS)]
    found = {row.kind: row for row in score(texts, find)}

    assert (len(HARD) >= 150, len(HARD_HARMLESS) >= 150) == (True, True)
    assert (found["name"].recall >= 0.81, found["all"].recall >= 0.83) == (True, True)
    assert (found["name"].precision >= 0.985, found["all"].precision >= 0.985) == (True, True)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("户主姓熊名国庆，常年在外", "户主姓*名**，常年在外"),
        ("毛小平、毛小安两户合用一表", "***、***两户合用一表"),
        ("濮阳朔签字，申屠建平到场", "***签字，****到场"),
        ("机关向公司父母官反映", "机关向公司父母官反映"),
        ("住市政府一楼，全小区26栋楼", "住市政府一楼，全小区26栋楼"),
    ],
)
def test_names_in_lists_and_words_that_only_look_like_names(text, masked):
    assert mask(text) == masked


def by_kind(first):
    """Return the scores of every second text, from the first or the second on."""
    texts = [marked(line) for line in (*PERSONAL[first::2], *HARMLESS_LINES[first::2])]
    return {row.kind: row for row in score(texts, find)}


def test_the_same_seed_gives_the_same_sentences():
    assert sentences(7, 50) == sentences(7, 50)
    assert sentences(7, 50) != sentences(8, 50)


def test_nothing_is_found_twice_in_what_is_masked():
    assert [each.text for each in TEXTS[:500] if find(mask(each.text))] == []


def test_the_score_sees_what_is_missed_and_what_is_hidden_in_vain():
    blind = score(TEXTS[:50], lambda text: [])
    greedy = score(TEXTS[:50], lambda text: [find("电话13912345678")[0]._replace(start=0, end=len(text))])

    assert (blind[-1].recall, blind[-1].precision) == (0.0, 1.0)
    assert (greedy[-1].recall, greedy[-1].precision < 0.2) == (1.0, True)


def test_there_is_plenty_of_both():
    assert (len(TELLING) > 50, len(HARMLESS) > 50) == (True, True)
