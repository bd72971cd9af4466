"""Every word a procedure can put on a screen has both labels; released tables stay as they were."""

import importlib.util
import json
import tomllib
from pathlib import Path

import pytest

import suyuan.rulebook
from suyuan.domain import procedures
from suyuan.domain.errors import BadInput
from suyuan.domain.procedures import frozen
from suyuan.domain.vocabulary import Role

ROOT = Path(__file__).parents[2]
LABELS = tomllib.loads((Path(suyuan.rulebook.__path__[0]) / "labels.toml").read_text(encoding="utf-8"))
STEPS = [step for procedure in procedures.CURRENT.values() for step in procedure.steps]
WORDS = {
    "verb": {step.verb for step in STEPS},
    "state": {state for procedure in procedures.CURRENT.values() for state in procedure.states},
    "role": set(Role),
    "procedure": set(procedures.CURRENT),
    "milestone": {mark for step in STEPS for mark in step.marks},
    "field": {field.name for step in STEPS for field in step.form},
}


@pytest.mark.parametrize("kind", WORDS)
def test_every_word_of_the_procedures_has_both_labels(kind):
    missing = [w for w in sorted(WORDS[kind]) if not {"zh", "en"} <= LABELS.get(kind, {}).get(w, {}).keys()]

    assert missing == []


@pytest.fixture(scope="module")
def release():
    spec = importlib.util.spec_from_file_location(
        "release_procedures", ROOT / "scripts/release_procedures.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_released_table_has_changed(release):
    assert release.changed() == []


def test_a_released_table_that_changed_is_named(release, tmp_path, monkeypatch):
    for procedure in procedures.CURRENT.values():
        (tmp_path / release.path_of(procedure).name).write_text(release.frozen(procedure), encoding="utf-8")
    monkeypatch.setattr(release, "RELEASED", tmp_path)
    assert release.changed() == []

    frozen = release.path_of(procedures.current("complaint"))
    frozen.write_text(frozen.read_text(encoding="utf-8").replace('"station"', '"agent"', 1), encoding="utf-8")

    assert release.changed() == [f"complaint changed after its release as {frozen.name}: raise its version"]


@pytest.mark.parametrize("name", procedures.CURRENT)
def test_a_frozen_table_thaws_to_the_one_it_was(name):
    procedure = procedures.current(name)

    assert frozen.thaw(json.loads(json.dumps(frozen.freeze(procedure)))) == procedure


@pytest.mark.parametrize("name", procedures.CURRENT)
def test_a_case_gets_the_version_it_pinned(name):
    assert frozen.pinned(name, procedures.current(name).version) == procedures.current(name)


def test_a_version_that_was_never_released_is_an_error():
    with pytest.raises(BadInput) as bad:
        frozen.pinned("complaint", 99)

    assert (bad.value.code, bad.value.facts) == (
        "unknown_procedure_version",
        {"name": "complaint", "version": 99},
    )


def test_the_states_that_a_new_version_dropped_are_named():
    complaint, enquiry = procedures.current("complaint"), procedures.current("enquiry")

    assert frozen.unmapped(complaint, enquiry) == ("reviewing",)
    assert frozen.unmapped(enquiry, complaint) == ()
