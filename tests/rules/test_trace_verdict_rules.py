"""Who may say whether a trace is right, and what has to be said with it."""

import pytest

from suyuan.domain.trace_verdict import Verdict, may_judge, problems
from suyuan.domain.vocabulary import Role


@pytest.mark.parametrize(("restricted", "who"), [
    (False, {Role.OFFICE, Role.MARKETING, Role.OPERATIONS}),
    (True, {Role.AUDIT}),
])  # fmt: skip
def test_the_desks_judge_and_audit_what_is_restricted(restricted, who):
    assert {role for role in Role if may_judge({role}, restricted=restricted)} == who


def test_a_source_is_named_where_it_is_another_one_and_only_there():
    source = {"liability_node": "file.address", "unit": "0102"}

    assert problems({"trace_verdict": Verdict.CORRECTED, **source}) == {}
    assert problems({"trace_verdict": Verdict.CONFIRMED}) == {}
    assert problems({"trace_verdict": Verdict.CORRECTED, "unit": "0102"}) == {"liability_node": "required"}
    assert problems({"trace_verdict": Verdict.REJECTED, **source}) == {
        "liability_node": "only_when_corrected", "unit": "only_when_corrected"
    }  # fmt: skip
