"""Duties by post: every step has its row, and no row says what the tables of the procedures deny."""

from datetime import date
from pathlib import Path

import pytest

from suyuan.domain import parts, procedures
from suyuan.domain.errors import RulebookError
from suyuan.domain.procedure import Facts
from suyuan.domain.rulebook import load
from suyuan.domain.rulebook.duties import Letter, of_step, unsaid
from suyuan.domain.rulebook.office import in_force_all
from suyuan.domain.rulebook.posts import roles_of
from suyuan.domain.vocabulary import Role, State

TODAY = date(2026, 3, 4)
SHIPPED = in_force_all(load().duties, TODAY)
ONE = {
    "id": "own",
    "title": {"zh": "接单", "en": "Take on"},
    "procedures": ["complaint"],
    "verbs": ["note"],
    "responsible": [
        "agent",
        "shift-lead",
        "office-clerk",
        "station-head",
        "marketing-clerk",
        "operations-clerk",
        "auditor",
    ],
    "accountable": "office-clerk",
    "basis": "本单位岗位责任制 2026-1",
    "certainty": "Q",
}


def with_row(**changed: object):
    return load(entries=[{"duty": [ONE | changed]}])


@pytest.mark.parametrize("name", sorted(procedures.CURRENT))
def test_each_step_on_the_way_of_a_procedure_has_a_duty(name):
    table = procedures.current(name)

    assert parts.stages(table)
    assert unsaid(SHIPPED, table, parts.stages(table)) == []


def test_a_step_without_a_duty_is_seen():
    left = [one for one in SHIPPED if one.id != "accept"]

    assert unsaid(left, procedures.current("complaint"), ("register", "accept")) == ["accept"]


def test_the_posts_of_the_five_bodies_are_known_with_their_roles():
    assert {code: set(roles) for code, roles in roles_of().items() if code in ("auditor", "hall-clerk")} == {
        "auditor": {Role.AUDIT},
        "hall-clerk": {Role.AGENT},
    }


def test_one_post_can_do_and_answer_for_the_same_step():
    accept = of_step(SHIPPED, "complaint", "accept")

    assert accept.letters(["station-head"]) == (Letter.R, Letter.A)
    assert accept.letters(["area-manager"]) == (Letter.R,)
    assert accept.letters(["leader"]) == ()


def test_an_own_row_stands_beside_the_shipped_ones():
    assert with_row().duties["own"][0].posts[Letter.A] == ("office-clerk",)


@pytest.mark.parametrize(
    ("changed", "key", "problem"),
    [
        ({"accountable": "boss"}, "accountable", "names the unknown post 'boss'"),
        ({"responsible": []}, "responsible", "is empty"),
        ({"procedures": ["praise"]}, "procedures", "names the unknown procedure 'praise'"),
        ({"verbs": ["arrive"]}, "verbs", "names the unknown step 'complaint.arrive'"),
        (
            {"consulted": ["office-clerk"]},
            "consulted",
            "names 'office-clerk', which stands there already",
        ),
        (
            {"responsible": [*ONE["responsible"], "leader"]},
            "responsible",
            "names 'leader', whose roles may not do 'complaint.note'",
        ),
        (
            {"responsible": ONE["responsible"][:-1]},
            "responsible",
            "leaves out 'audit', a role that may do 'complaint.note'",
        ),
    ],
)
def test_a_row_that_is_wrong_names_the_key_and_what_is_wrong(changed, key, problem):
    with pytest.raises(RulebookError) as wrong:
        with_row(**changed)

    assert (wrong.value.facts["key"], wrong.value.facts["problem"]) == (key, problem)


def test_no_second_row_speaks_of_a_step_on_the_same_day():
    again = {"verbs": ["accept"], "responsible": ["station-head"], "accountable": "station-head"}

    with pytest.raises(RulebookError) as wrong:
        with_row(**again)

    assert wrong.value.facts["problem"] == "names 'complaint', of which 'accept' says the step already"


def test_a_row_with_a_second_accountable_post_cannot_be_written(tmp_path: Path):
    file = tmp_path / "own.toml"
    file.write_text('[[duty]]\nid = "own"\naccountable = ["leader", "office-clerk"]\n', "utf-8")

    with pytest.raises(RulebookError):
        load(file)


@pytest.mark.parametrize(
    ("state", "moments", "verb"),
    [
        (State.RECEIVED, set(), "register"),
        (State.HANDLING, set(), "contact"),
        (State.HANDLING, {"contacted_at"}, "submit_finding"),
        (State.CALLBACK, set(), "call_back"),
        (State.CALLBACK, {"called_back_at"}, "archive"),
        (State.ARCHIVED, set(), ""),
    ],
)
def test_a_case_waits_for_the_first_step_it_has_not_passed(state, moments, verb):
    facts = Facts("complaint", state, "/01/", moments=frozenset(moments))

    assert parts.next_stage(procedures.current("complaint"), facts) == verb
