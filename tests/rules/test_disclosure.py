"""Who sees what of a customer: by role, by relation to the case, by what the reporter asked."""

from pathlib import Path

import pytest

from suyuan.domain.disclosure import FIELDS, WHO, WORDS, Relation, Standing, masked, open_fields, refusal
from suyuan.domain.vocabulary import Role

OPENED = {
    "customer": "张三丰",
    "phone": "13912345678",
    "account": "3300012345678",
    "address": "人民路12号3栋",
    "text": "请回电13912345678",
    "handling": "已致电客户李四",
}


def standing(*roles: Role, working: bool = False, secrecy: str = "", restricted: bool = False) -> Standing:
    return Standing(frozenset(roles), working, secrecy, restricted)


@pytest.mark.parametrize(
    ("role", "working", "fields"),
    [
        (Role.AGENT, False, ("customer", "phone")),
        (Role.AGENT, True, FIELDS),
        (Role.OFFICE, False, FIELDS),
        (Role.MARKETING, False, ("account", "address", "text")),
        (Role.STATION, False, ()),
        (Role.STATION, True, FIELDS),
        (Role.AUDIT, False, FIELDS),
        (Role.LEADER, True, ()),
        (Role.ADMIN, True, ()),
        (Role.PARTY, True, ()),
    ],
)
def test_a_role_sees_in_clear_what_the_table_allows(role, working, fields):
    assert open_fields(standing(role, working=working)) == fields


def test_without_a_role_over_the_unit_nothing_is_open():
    assert open_fields(standing(working=True)) == ()
    assert refusal("phone", standing()) == "not_your_role"


def test_two_roles_see_what_either_sees():
    assert open_fields(standing(Role.AGENT, Role.MARKETING)) == (
        "customer",
        "phone",
        "account",
        "address",
        "text",
    )


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", WHO)
def test_an_anonymous_reporter_is_shown_to_nobody(role, name):
    assert refusal(name, standing(role, working=True, secrecy="anonymous")) == "anonymous_reporter"


def test_a_confidential_reporter_is_shown_to_audit_alone():
    assert refusal("phone", standing(Role.OFFICE, working=True, secrecy="confidential")) == "secret_reporter"
    assert refusal("text", standing(Role.OFFICE, secrecy="confidential")) is None
    assert open_fields(standing(Role.AUDIT, secrecy="confidential")) == FIELDS


def test_a_restricted_case_stays_with_audit():
    assert open_fields(standing(Role.OFFICE, working=True, restricted=True)) == ()
    assert refusal("text", standing(Role.LEADER, restricted=True)) == "secret_reporter"
    assert open_fields(standing(Role.AUDIT, restricted=True)) == FIELDS


def test_without_a_purpose_everything_is_masked():
    assert masked(OPENED, standing(Role.OFFICE)) == {
        "customer": "张**",
        "phone": "139******78",
        "account": "330********78",
        "address": "人民路***",
        "text": "请回电139******78",
        "handling": "已致电客户**",
    }


@pytest.mark.parametrize(
    ("role", "secrecy", "fields"),
    [
        (Role.OFFICE, "anonymous", WORDS),
        (Role.AUDIT, "anonymous", WORDS),
        (Role.OFFICE, "confidential", WORDS),
        (Role.AUDIT, "confidential", FIELDS),
    ],
)
def test_of_a_reporter_kept_secret_not_even_the_mask_is_shown(role, secrecy, fields):
    assert tuple(masked(OPENED, standing(role, secrecy=secrecy))) == fields


def test_the_page_draws_every_row_of_the_table():
    page = (Path(__file__).parents[2] / "docs/privacy.md").read_text("utf-8")

    assert page.count("\n| station | working |") == page.count("\n| station | reach |") == 1
    assert {str(each) for each in Relation} == {"working", "reach"}
