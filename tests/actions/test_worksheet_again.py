"""What counts as done already: the same person, the same verb, the same words, and nothing else."""

import pytest

from tests.factories import case_at
from tests.worksheet_files import bring, fill, outcomes, taken

pytestmark = pytest.mark.django_db


def test_a_row_somebody_else_filled_in_too_is_refused_and_not_taken_for_done(tmp_path):
    case_at("registered")
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir(), theirs.mkdir()
    mine = fill(taken(ours), {"verb": "补充记录", "field:note": "已核对"})
    other = fill(taken(theirs, role="lead"), {"verb": "补充记录", "field:note": "客户已撤诉"})

    assert outcomes(bring(mine)) == [("applied", "")]
    assert outcomes(bring(other, role="lead")) == [("refused", "moved_on")]


def test_another_verb_or_another_word_is_no_row_that_was_done(tmp_path):
    case_at("registered")
    path = taken(tmp_path)
    note, urge, longer = (
        fill(path, row, name=name)
        for name, row in (
            ("note.xlsx", {"verb": "补充记录", "field:note": "已核对"}),
            ("urge.xlsx", {"verb": "催办", "field:note": "已核对"}),
            ("longer.xlsx", {"verb": "补充记录", "field:note": "已核对两次"}),
        )
    )

    assert outcomes(bring(note)) == [("applied", "")]
    assert [outcomes(bring(each)) for each in (urge, longer)] == [[("refused", "moved_on")]] * 2
    assert outcomes(bring(note)) == [("already", "form_used")]
