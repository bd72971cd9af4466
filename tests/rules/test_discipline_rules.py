"""Who may do what on a restricted case, and that the accused unit takes part in none."""

from dataclasses import replace

import pytest

from suyuan.domain import procedures
from suyuan.domain.discipline import above, belongs
from suyuan.domain.procedure import refusal
from suyuan.domain.vocabulary import Role
from tests.rules.test_procedures import somebody, specified, willing

AT_THE_DESK = {"register", "void", "dispatch", "classify", "reclassify", "accuse", "recall"}


@pytest.mark.parametrize("name", ["complaint", "report"])
def test_a_restricted_case_is_worked_on_by_audit_and_read_by_leaders_alone(name):
    procedure, rows = procedures.current(name), specified(name)
    may: dict[str, set[str]] = {}
    for verb, state in rows:
        facts = replace(willing(procedure, state, verb), restricted=verb != "restrict")
        found = {str(role) for role in Role if refusal(procedure, facts, verb, somebody(role)) is None}
        may[verb] = may.get(verb, set()) | found

    leaders = {verb for verb, roles in may.items() if "leader" in roles}
    assert {verb for verb, roles in may.items() if roles - {"audit", "leader"}} <= AT_THE_DESK
    assert {verb for verb, roles in may.items() if "audit" not in roles} <= {
        *("issue_card", "file_appeal", "ask_claim_review")
    }
    assert leaders == {"supervise", "judge_item", "review_pass", "review_amend", "review_return"}


@pytest.mark.parametrize("name", sorted(procedures.CURRENT))
def test_nobody_of_the_accused_unit_takes_part(name):
    procedure = procedures.current(name)
    people = [
        replace(somebody(role), home=frozenset({home}))
        for role in Role
        for home in ("/01/0102/", "/01/0102/a/", "/01/")
    ]
    may = set()
    for verb, state in specified(name):
        facts = replace(willing(procedure, state, verb), accused_path="/01/0102/")
        may |= {min(who.home) for who in people if refusal(procedure, facts, verb, who) is None}

    assert may == {"/01/"}


@pytest.mark.parametrize(
    ("accused", "places", "expected"),
    [
        ("/01/0101/", ["/01/0101/"], True),
        ("/01/0101/", ["/01/", "/01/0101/crew/"], True),
        ("/01/0101/", ["/01/"], False),
        ("/01/0101/", ["/01/01011/"], False),
        ("", ["/01/"], False),
        ("/01/0101/", [], False),
    ],
)
def test_who_is_of_the_accused_unit(accused, places, expected):
    assert belongs(accused, places) is expected
    assert (accused in above(places)) is expected
