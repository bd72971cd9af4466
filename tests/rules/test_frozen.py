"""A released table is kept as it was: what a case pinned refuses exactly what it refused on its day."""

import json
from dataclasses import replace
from importlib import resources

import pytest

from suyuan.domain import guards, procedures
from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import Actor, Facts, refusal
from suyuan.domain.procedures import complaint, frozen
from suyuan.domain.vocabulary import Role, State

NAMES = sorted(procedures.CURRENT)


def released():
    """Return the name and version of every released table."""
    files = resources.files("suyuan.domain.procedures").joinpath("released").iterdir()
    return sorted(
        file.name.removesuffix(".json").rsplit("-", 1) for file in files if file.name.endswith(".json")
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_table_frozen_and_thawed_is_the_same(name):
    table = procedures.current(name)

    assert frozen.thaw(frozen.freeze(table)) == table


@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_table_is_plain_json(name):
    content = frozen.freeze(procedures.current(name))

    assert json.loads(json.dumps(content)) == content


@pytest.mark.parametrize(("name", "version"), released())
def test_every_released_table_still_thaws_and_freezes_to_its_file(name, version):
    path = resources.files("suyuan.domain.procedures").joinpath("released", f"{name}-{version}.json")

    content = json.loads(path.read_text("utf-8"))

    assert frozen.freeze(frozen.thaw(content)) == content
    assert (content["name"], content["version"]) == (name, int(version))


@pytest.mark.parametrize("name", NAMES)
def test_the_current_table_is_released_under_its_number_unchanged(name):
    table = procedures.current(name)
    path = resources.files("suyuan.domain.procedures").joinpath("released", f"{name}-{table.version}.json")

    assert json.loads(path.read_text("utf-8")) == frozen.freeze(table)


def test_the_version_a_case_pinned_is_found_when_the_table_has_moved_on(monkeypatch):
    pinned = complaint.PROCEDURE.version
    newer = replace(complaint.PROCEDURE, version=pinned + 1, steps=complaint.STEPS[:-1])
    monkeypatch.setitem(procedures.CURRENT, "complaint", newer)

    assert frozen.pinned("complaint", pinned) == complaint.PROCEDURE
    assert frozen.pinned("complaint", pinned + 1) is newer


@pytest.mark.parametrize(("name", "version"), [("complaint", 0), ("complaint", 99), ("none", 1), ("../x", 1)])
def test_a_version_that_was_never_released_is_bad_input(name, version):
    with pytest.raises(BadInput) as wrong:
        frozen.pinned(name, version)

    assert (wrong.value.code, wrong.value.facts) == (
        "unknown_procedure_version",
        {"name": name, "version": version},
    )


def test_a_thawed_guard_refuses_what_it_refused():
    table = frozen.thaw(frozen.freeze(complaint.PROCEDURE))
    station = Actor("li", frozenset({(Role.STATION, "/01/")}))
    facts = Facts("complaint", State.HANDLING, "/01/0101/")

    assert refusal(table, facts, "submit_finding", station) == "customer_not_contacted"


def test_every_guard_a_released_table_names_is_known():
    named = {
        guard
        for name, version in released()
        for step in frozen.freeze(frozen.pinned(name, int(version)))["steps"]
        for guard in step["guards"]
    }

    assert named <= set(guards.GUARDS)


@pytest.mark.parametrize(("name", "version"), released())
def test_every_table_that_was_released_lets_an_objection_be_answered_once_where_the_newest_does(
    name, version
):
    newest, old = procedures.current(name), frozen.pinned(name, int(version))
    by_objection = {
        (step.verb, step.source)
        for step in newest.steps
        if {guards.objected, guards.objection_open} & set(step.guards)
    }

    rows = [(step.verb, step.source) for step in old.steps]

    assert {row: rows.count(row) for row in by_objection} == dict.fromkeys(by_objection, 1)
    assert len(by_objection) == {"complaint": 2, "report": 2}.get(
        name, name in ("repair", "opinion", "enquiry", "application")
    )


def test_states_a_new_table_lacks_are_named():
    without = tuple(
        replace(step, source=tuple(state for state in step.source if state is not State.REVIEWING))
        for step in complaint.STEPS
        if step.target != State.REVIEWING
    )

    assert frozen.unmapped(complaint.PROCEDURE, replace(complaint.PROCEDURE, steps=without)) == (
        State.REVIEWING,
    )
    assert frozen.unmapped(complaint.PROCEDURE, complaint.PROCEDURE) == ()
