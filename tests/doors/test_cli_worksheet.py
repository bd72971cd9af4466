"""``suyuan worksheet``: out, filled in, back, as scripts see it."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import Case, Event
from tests.factories import case_at, person
from tests.worksheet_files import fill

pytestmark = pytest.mark.django_db
DISPATCH = {"verb": "派单", "field:unit": "东城供电所", "field:specialty": "营销"}


@pytest.fixture
def out(suyuan, tmp_path):
    """Return a worksheet taken out by the command, of two cases."""
    case_at("registered"), case_at("registered")
    person("office")
    path = tmp_path / "out.xlsx"
    code, said, _ = suyuan("worksheet", "export", path, "--as", "office", "--verb", "dispatch", "--json")
    answer = json.loads(said)
    jsonschema.validate(answer, of("worksheet export"))
    assert (code, answer) == (0, {"file": str(path), "cases": 2})
    return path


def test_a_search_for_somebody_is_as_exact_as_on_the_page_and_is_written_down(suyuan, tmp_path):
    case_at("registered")
    person("office")

    found = [
        json.loads(
            suyuan("worksheet", "export", tmp_path / "x.xlsx", "--as", "office", "--q", q, "--json")[1]
        )
        for q in ("13912345678", "13912345679")
    ]

    assert [each["cases"] for each in found] == [1, 0]
    assert Event.objects.filter(verb="personal_find").count() == 2


def test_a_filled_worksheet_is_applied_once(suyuan, out):
    path = fill(out, DISPATCH, {"field:unit": "不存在"})

    code, said, aside = suyuan("worksheet", "apply", path, "--as", "office", "--json")
    answer = json.loads(said)
    jsonschema.validate(answer, of("worksheet apply"))
    assert (code, aside) == (1, "")
    assert {name: answer[name] for name in ("applied", "already", "refused", "skipped")} == {
        "applied": 1,
        "already": 0,
        "refused": 1,
        "skipped": 0,
    }
    first, second = answer["rows"]
    assert (first["outcome"], first["verb"], first["state"]) == ("applied", "dispatch", "dispatched")
    assert (second["outcome"], second["code"], second["cells"]) == (
        "refused",
        "bad_form",
        {"J5": "unknown_choice", "K5": "required"},
    )
    assert answer["file"] == str(path.with_name("filled-result.xlsx"))

    again = json.loads(suyuan("worksheet", "apply", path, "--as", "office", "--json")[1])
    assert (again["applied"], again["already"], again["refused"]) == (0, 1, 1)
    assert sorted(Case.objects.values_list("state", flat=True)) == ["dispatched", "registered"]


def test_apply_in_words_is_one_line_a_row(suyuan, out):
    path = fill(out, DISPATCH)

    code, said, _ = suyuan("worksheet", "apply", path, "--as", "office", "--out", path.with_name("r.xlsx"))

    first, last = said.splitlines()
    assert (code, first.split()[2:]) == (0, ["dispatch", "applied"])
    assert last == f"applied=1 already=0 refused=0 → {path.with_name('r.xlsx')}"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["export", "x.csv", "--as", "office"], "unknown_format"),
        (["export", "x.xlsx", "--as", "nobody"], "unknown_person"),
        (["export", "x.xlsx", "--as", "office", "--verb", "boil"], "unknown_verb"),
        (["apply", "none.xlsx", "--as", "office"], "no_such_file"),
    ],
)
def test_what_cannot_be_understood_is_one_line(suyuan, tmp_path, arguments, says):
    person("office")

    code, said, aside = suyuan("worksheet", arguments[0], tmp_path / arguments[1], *arguments[2:])

    assert (code, said, aside.count("\n")) == (2, "", 1)
    assert f" [{says}] " in aside
