"""A person's data are removed only when two people, an export, and nothing held or open allow it."""

import pytest

from suyuan.domain.shredding import Standing, refusal
from suyuan.domain.vocabulary import Role

AUDIT = frozenset({Role.AUDIT})
READY = {"by": "audit", "roles": AUDIT, "exported": True}


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (READY, None),
        (READY | {"asked_by": "office"}, None),
        (READY | {"asked_by": "audit"}, "second_person_needed"),
        (READY | {"holds": 1}, "legal_hold"),
        (READY | {"open_cases": 2}, "case_still_open"),
        (READY | {"exported": False}, "not_exported"),
        (READY | {"changed_since": True}, "changed_since_export"),
        (READY | {"roles": frozenset({Role.OFFICE})}, None),
        (READY | {"roles": frozenset({Role.OFFICE}), "asked_by": "lead"}, "only_to_ask"),
        (READY | {"roles": frozenset({Role.AGENT, Role.STATION, Role.LEADER})}, "not_your_role"),
        (READY | {"roles": frozenset()}, "not_your_role"),
    ],
)
def test_what_stands_in_the_way_is_said(standing, reason):
    assert refusal(Standing(**standing)) == reason
