"""``suyuan shred`` and ``suyuan person-data``: a person's data handed out, then removed by two."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import Case, SignIn
from tests.evidence_files import add
from tests.factories import NOW, case_at, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_files_handed_in")]
ACCOUNT = "3300012345678"


@pytest.fixture(autouse=True)
def people():
    person("audit"), person("office")
    return case_at("archived")


def shown(suyuan, *arguments):
    """Run a command and return its object, held to its schema."""
    code, out, err = suyuan(*arguments, "--json")
    assert code == 0, err + out
    name = "shred" if arguments[0] == "shred" else "person-data export"
    jsonschema.validate(json.loads(out), of(name))
    return json.loads(out)


def test_a_person_is_exported_asked_for_and_removed(suyuan, tmp_path):
    exported = shown(
        suyuan, "person-data", "export", tmp_path / "p.zip", "--person", ACCOUNT, "--as", "audit",
        "--purpose", "subject_request",
    )  # fmt: skip
    asked = shown(suyuan, "shred", "--person", ACCOUNT, "--as", "office")
    done = shown(suyuan, "shred", "--person", ACCOUNT, "--as", "audit")

    assert exported["reached"]["contacts"] == 1
    assert (asked["state"], done["state"]) == ("asked", "done")
    assert (done["asked_by"], done["carried_out_by"]) == ("office", "audit")
    assert {name for name, count in done["reached"].items() if count} == {
        "search",
        "contacts",
        "notes",
        "cases",
    }
    case = Case.objects.get()
    assert done["named"] == [{"kind": "case", "name": case.number}]
    assert asked["named"] == []
    assert suyuan("audit", "verify", "--json")[0] == 0


def test_a_shredding_names_the_files_it_removed_by_their_digests(suyuan, tmp_path):
    digest = add(Case.objects.get(), name="张三丰13912345678.jpg")
    form = ("--person", ACCOUNT, "--as", "audit", "--purpose", "subject_request")
    shown(suyuan, "person-data", "export", tmp_path / "p.zip", *form)
    shown(suyuan, "shred", "--person", ACCOUNT, "--as", "office")
    done = shown(suyuan, "shred", "--person", ACCOUNT, "--as", "audit")

    assert done["named"][1:] == [{"kind": "file", "name": digest}]
    assert ACCOUNT not in json.dumps(done)


def test_a_dry_run_removes_nothing(suyuan):
    first = shown(suyuan, "shred", "--person", ACCOUNT, "--dry-run")

    assert (first["state"], shown(suyuan, "shred", "--person", ACCOUNT, "--dry-run")) == ("dry_run", first)


def test_what_outlived_its_period_is_counted_by_a_dry_run_and_said_in_words(suyuan):
    SignIn.objects.create(
        person=person("office"), session_key="k", method="password", opened_at=NOW, seen_at=NOW
    )
    counted = shown(suyuan, "shred", "--retention", "--dry-run")
    periods = {row["place"]: row for row in counted["periods"]}

    assert (counted["state"], counted["reached"]) == ("dry_run", {"sign_ins": 1})
    assert (periods["sign_ins"]["period"], periods["sign_ins"]["confirmed"]) == ("6 months", True)
    assert (periods["cases"]["figure"], periods["cases"]["confirmed"]) == ("retention.contact", False)
    assert suyuan("shred", "--retention", "--dry-run")[1].splitlines() == [
        "dry_run",
        "  sign_ins: 1",
        "  sign_ins: 1 past retention.session (6 months)",
    ]


def test_what_outlived_its_period_goes(suyuan):
    SignIn.objects.create(
        person=person("office"), session_key="k", method="password", opened_at=NOW, seen_at=NOW
    )
    done = shown(suyuan, "shred", "--retention", "--as", "audit")

    assert (done["state"], done["carried_out_by"], done["reached"]) == ("done", "audit", {"sign_ins": 1})
    assert {row["found"] for row in done["periods"] if row["confirmed"]} == {0}
    assert shown(suyuan, "shred", "--retention")["carried_out_by"] == "system"
    assert suyuan("shred", "--retention", "--as", "office")[0] == 1


def test_one_of_the_three_is_asked_for(suyuan):
    for options in ((), ("--person", ACCOUNT, "--retention"), ("--staff", "audit", "--retention")):
        assert suyuan("shred", *options)[::2] == (
            2,
            "suyuan: 须给出其中一项，且只给一项 / Give one of these, and only one "
            "[one_of] options=--person, --staff, --retention\n",
        )


def test_a_refusal_is_exit_1_and_an_unknown_number_exit_2(suyuan):
    code, out, _ = suyuan("shred", "--person", ACCOUNT, "--as", "audit", "--json")

    assert (code, json.loads(out)["refused"]) == (1, "not_exported")
    assert suyuan("shred", "--person", "13000000000", "--dry-run")[0] == 2
    assert suyuan("shred", "--person", ACCOUNT, "--as", "nobody")[0] == 2


def test_a_case_is_held_and_released(suyuan, people):
    assert suyuan("person-data", "hold", people.number, "--as", "audit", "--reason", "诉讼")[0] == 0
    assert suyuan("person-data", "release", people.number, "--as", "audit")[1] == "1 holds released\n"


def test_what_is_missing_is_named_and_a_choice_that_is_none_comes_with_those_there_are(suyuan, tmp_path):
    missing = suyuan("shred", "--person", ACCOUNT, "--json")
    wrong = suyuan(
        *("person-data", "export", tmp_path / "out.zip", "--person", ACCOUNT),
        *("--as", "audit", "--purpose", "answer", "--json"),
    )

    assert missing == (2, "", "suyuan: option_missing: option=--as\n")
    assert (wrong[0], wrong[2].count("\n")) == (2, 1)
    assert 'fields={"purpose": "unknown_choice"} choices={"purpose": ["' in wrong[2]
