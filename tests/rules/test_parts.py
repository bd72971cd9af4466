"""Who answers for a case, and what each of them owes."""

import pytest

from suyuan.domain import procedures
from suyuan.domain.parts import Part, owes, roles_of
from suyuan.domain.procedure import Facts
from suyuan.domain.vocabulary import Role, State


def facts(state: State, procedure: str = "complaint", **given: object) -> Facts:
    return Facts(
        procedure=procedure,
        state=state,
        unit_path="/01/0101/",
        business_type="complaint",
        specialty="marketing",
        finding="unverified",
        attempts_needed=3,
        **given,
    )


def owed(state: State, procedure: str = "complaint", **given: object) -> dict[str, list[str]]:
    table = procedures.current(procedure)
    return {part.value: owes(table, facts(state, procedure, **given), part) for part in Part}


@pytest.mark.parametrize(
    ("specialty", "role"),
    [
        ("marketing", Role.MARKETING),
        ("operations", Role.OPERATIONS),
        ("dispatching", Role.OFFICE),
        ("construction", Role.OFFICE),
        ("", Role.OFFICE),
    ],
)
def test_a_matter_is_owned_by_its_department_and_by_the_office_where_there_is_none(specialty, role):
    assert roles_of(Part.SPECIALTY, specialty) == {role}


def test_nobody_of_the_accused_unit_stands_for_a_part_of_a_restricted_case():
    found = {
        role
        for part in (Part.LEAD, Part.SPECIALTY, Part.UNIT)
        for role in roles_of(part, "", restricted=True)
    }

    assert found == {Role.AUDIT, Role.LEADER}


def test_a_case_in_hand_is_the_units_turn():
    assert owed(State.HANDLING, moments=frozenset({"contacted_at"})) == {
        "lead": ["contact"],
        "specialty": [],
        "unit": ["contact", "submit_finding"],
        "owner": [],
    }


def test_a_sheet_that_is_missing_is_owed_before_the_finding():
    said = owed(State.HANDLING, moments=frozenset({"contacted_at"}), missing=("write_report",))

    assert said["unit"] == ["contact", "write_report"]


def test_a_reply_under_review_is_the_turn_of_the_specialty_and_of_nobody_below():
    assert owed(State.REVIEWING) == {
        "lead": ["review_pass", "review_amend", "review_return"],
        "specialty": ["review_pass", "review_amend", "review_return"],
        "unit": [],
        "owner": [],
    }


def test_the_callback_is_owed_by_the_customers_one_face():
    assert owed(State.CALLBACK)["owner"] == ["call_back"]
    assert owed(State.CALLBACK)["unit"] == []


def test_nobody_owes_anything_on_a_closed_case():
    assert owed(State.ARCHIVED) == {"lead": [], "specialty": [], "unit": [], "owner": []}
