"""How the cards of a case stand to the telephone, all its handlings together."""

import pytest

from suyuan.domain.card import matched


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ([], ""),
        ([("", "")], "alone"),
        ([("", "satisfied")], "alone"),
        ([("satisfied", "")], "alone"),
        ([("satisfied", "satisfied")], "agrees"),
        ([("not_rated", "satisfied")], "differs"),
        ([("satisfied", "dissatisfied"), ("", "satisfied")], "differs"),
        ([("satisfied", "dissatisfied"), ("satisfied", "satisfied")], "differs"),
        ([("satisfied", ""), ("satisfied", "satisfied")], "agrees"),
    ],
)
def test_one_card_that_differs_from_the_answer_in_its_own_handling_decides(said, stands):
    assert matched(said) == stands
