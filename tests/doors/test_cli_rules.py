"""``suyuan rules``: what was approved in the browser counts at the command line and goes out as files."""

import json
from pathlib import Path

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.config.home import home
from suyuan.domain.rulebook import load
from suyuan.store import rules
from suyuan.store.models import Clock
from tests.factories import NOW, case_at, person
from tests.rulebook_entries import DISPATCH, SURE, landed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_left():
    rules.forget()
    yield
    for file in (home() / "rulebook").glob("*"):
        file.unlink()
    rules.forget()


def answered(suyuan, command: str, *arguments: str) -> dict[str, object]:
    """Return what a command prints, held to its schema."""
    code, out, err = suyuan(*command.split(), *arguments, "--json")
    assert (code, err) == (0, "")
    shown = json.loads(out)
    jsonschema.validate(shown, of(command))
    return shown


def test_the_office_s_entries_go_out_as_files_that_give_the_same_edition(suyuan, tmp_path):
    landed("limit", DISPATCH)
    landed("confirm", SURE)
    first = {"first": "2027-01-01", "last": "2027-12-31", "basis": "国办通知", "certainty": "confirmed"}
    rest = ["01-01", "05-01", "05-02", "10-01", "10-02", "10-03"]
    landed("calendar", first | {"holidays": {"节假日": [f"2027-{day}" for day in rest]}, "makeup": {}})
    file = tmp_path / "own.toml"

    shown = answered(suyuan, "rules export", str(file))
    code, _, _ = suyuan("rules", "check", file)

    edition = rules.rulebook().edition
    assert (shown["entries"], shown["edition"], code) == (3, edition, 0)
    assert shown["files"] == [str(file), str(tmp_path / "own-calendar-2027.toml")]
    assert load(*map(Path, shown["files"])).edition == edition


def test_clauses_are_listed_those_that_name_the_matter_most_nearly_first(suyuan):
    matter = ("--procedure", "report", "--category", "misconduct.theft_handling")

    shown = answered(suyuan, "rules clauses", *matter)["clauses"]

    assert {one["code"] for one in shown[:2]} == {"rules.theft", "assess.theft"}
    assert all("report" in one["procedures"] for one in shown)
    assert suyuan("rules", "clauses", "--category", "business.bill")[0] == 2


def test_an_approved_edition_is_what_due_computes_with(suyuan):
    landed("limit", DISPATCH)

    _, out, _ = suyuan("due", "--limit", "complaint.accept", "--start", "2026-03-04T10:00", "--json")

    assert json.loads(out)["due"] == "2026-03-04T11:00:00+08:00"


def test_running_clocks_are_retargeted_after_a_preview(suyuan):
    case = case_at("dispatched", now=NOW)
    landed("limit", DISPATCH | {"in_force_from": "2026-03-04"})
    person("office")

    seen = answered(suyuan, "rules retarget", "complaint.accept", "--as", "office", "--preview")
    done = answered(suyuan, "rules retarget", "complaint.accept", "--as", "office")

    assert (seen["waiting"], seen["earlier"], seen["moved"], seen["left"]) == (1, 1, 0, 1)
    assert (done["moved"], done["left"]) == (1, 0)
    assert Clock.objects.get(case=case, limit="complaint.accept").entries.get().reason == "rule_retarget"


def test_nobody_unknown_retargets(suyuan):
    code, _, err = suyuan("rules", "retarget", "complaint.accept", "--as", "nobody")

    assert (code, err) == (2, "suyuan: 没有这个人员 / No such person [unknown_person] username=nobody\n")


def test_a_file_that_would_change_nothing_is_told_from_one_that_would(suyuan, tmp_path):
    landed("limit", DISPATCH)
    file = tmp_path / "own.toml"
    answered(suyuan, "rules export", str(file))
    folder = home() / "rulebook"
    folder.mkdir(exist_ok=True)

    new = suyuan("rules", "check", str(file))
    (folder / "a.toml").write_text(file.read_text("utf-8"), "utf-8")
    again = suyuan("rules", "check", str(file))
    itself = suyuan("rules", "check", str(folder / "a.toml"))

    said = "says what 'complaint.accept' says already, in force since 2026-01-01"
    assert (new[0], again[0], itself[0]) == (0, 2, 0)
    assert (said in again[2], "own.toml" in again[2]) == (True, True)


def test_a_notice_that_is_shipped_is_not_loaded_again(suyuan, tmp_path):
    file = tmp_path / "notice.toml"
    shipped = load().notices[-1]
    file.write_text(shipped.toml(), "utf-8")

    code, _, err = suyuan("rules", "calendar", str(file))

    assert (code, f"says what '{shipped.first.year}' says already" in err) == (2, True)
    assert list((home() / "rulebook").glob("*")) == []
