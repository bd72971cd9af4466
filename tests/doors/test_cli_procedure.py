"""``suyuan procedure show``, ``procedures migrate`` and ``schema``."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import SCHEMAS, of
from suyuan.domain import procedures
from tests.factories import case_at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", procedures.CURRENT)
def test_show_tells_the_whole_table(suyuan, name):
    code, out, err = suyuan("procedure", "show", name, "--json")

    answer, table = json.loads(out), procedures.current(name)
    jsonschema.validate(answer, of("procedure show"))
    assert (code, err) == (0, "")
    assert list(answer) == ["procedure", "version", "states", "steps"]
    assert (answer["procedure"], answer["version"]) == (name, table.version)
    assert answer["states"] == [state.value for state in table.states]
    assert [(s["verb"], s["source"], s["target"], s["roles"]) for s in answer["steps"]] == [
        (s.verb, [state.value for state in s.source], str(s.target), [role.value for role in s.roles])
        for s in table.steps
    ]


def test_a_step_says_its_guards_its_form_and_the_limits_it_starts_and_stops(suyuan):
    answer = json.loads(suyuan("procedure", "show", "complaint", "--json")[1])

    steps = {step["verb"]: step for step in answer["steps"]}
    assert steps["contact"] == {
        "verb": "contact",
        "source": ["handling"],
        "target": "handling",
        "roles": ["station", "office", "agent", "lead"],
        "guards": ["unit_contacts", "caller_reachable", "restricted_hands"],
        "when_restricted": ["station", "office", "agent", "lead", "audit", "marketing", "operations"],
        "form": [
            {"name": "reached", "type": "bool", "required": True, "choices": []},
            {"name": "contact_note", "type": "longtext", "required": True, "choices": []},
            {"name": "at", "type": "datetime", "required": False, "choices": []},
        ],
        "marks": ["contacted_at"],
        "starts": [],
        "stops": ["complaint.contact", "complaint.contact.public"],
    }
    assert steps["submit_finding"]["guards"] == [
        "contacted_or_anonymous",
        "sheets_complete",
        "restricted_hands",
    ]
    assert "complaint.answer" in steps["register"]["starts"]
    assert "complaint.answer" in steps["review_pass"]["stops"]
    assert "customer" in steps["pause"]["form"][0]["choices"]


def test_a_procedure_nobody_knows_is_bad_input(suyuan):
    code, out, err = suyuan("procedure", "show", "none", "--json")

    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "unknown_procedure" in err


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_migrate_with_everything_up_to_date_reports_nothing(suyuan, options):
    case_at("handling")

    code, out, err = suyuan("procedures", "migrate", *options, "--json")

    jsonschema.validate(json.loads(out), of("procedures migrate"))
    assert (code, json.loads(out), err) == (0, {"procedures": []}, "")


@pytest.mark.parametrize("command", SCHEMAS)
def test_every_schema_is_one(suyuan, command):
    code, out, _ = suyuan("schema", *command.split())

    schema = json.loads(out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert (code, schema["title"]) == (0, f"suyuan {command}")


def test_schema_without_a_command_prints_all(suyuan):
    assert sorted(json.loads(suyuan("schema")[1])) == sorted(SCHEMAS)


def test_a_schema_nobody_knows_is_bad_input(suyuan):
    code, out, err = suyuan("schema", "fly")

    assert (code, out, "unknown_command" in err) == (2, "", True)
