"""What counts as done already, by the same person, verb and words alone; and what a refused row says."""

import pytest

from tests.factories import case_at
from tests.worksheet_files import at, bring, fill, outcomes, result_of, taken

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


def test_a_moment_out_of_order_comes_back_with_those_that_are_allowed(tmp_path):
    case_at("handling")
    filled = {
        "verb": "联系客户",
        "field:reached": "是",
        "field:contact_note": "已联系",
        "field:at": "2030-01-01 10:00",
    }
    path = fill(taken(tmp_path), filled)

    (row,) = bring(path).rows

    back = result_of(path)
    span = "（2026-03-04 10:30 至 2026-03-04 10:30）"
    assert (row.code, list(row.wrong.values())) == ("bad_form", ["out_of_order"])
    assert back.rows[0].cells[at(back, "outcome")].endswith(f"时间先后不合{span}")
