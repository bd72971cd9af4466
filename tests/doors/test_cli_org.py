"""``suyuan org``: the register from csv, and the units that files named before it."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import Event, Grant, Person, Unit
from tests.factories import person, unit
from tests.methods.order_files import write_csv

pytestmark = pytest.mark.django_db
UNITS = [
    ["code", "name", "parent", "specialty", "kind", "customers"],
    ["01", "溯源市供电公司", "", "", "company", "1200"],
    ["0101", "东城供电所", "01", "marketing", "station", "800"],
]
PEOPLE = [["username", "name", "unit", "roles"], ["li", "李", "0101", "station agent"]]


def test_units_and_people_are_loaded(suyuan, tmp_path):
    units, people = write_csv(tmp_path / "u.csv", UNITS), write_csv(tmp_path / "p.csv", PEOPLE, "utf-8-sig")

    code, out, err = suyuan("org", "load", units, people, "--password", "first-password", "--json")

    jsonschema.validate(json.loads(out), of("org load"))
    assert (code, json.loads(out), err) == (0, {"units": 2, "people": 1, "same_names": {}}, "")
    assert Unit.objects.get(code="0101").path == "/01/0101/"
    assert Person.objects.get().check_password("first-password")
    assert sorted(Grant.objects.values_list("role", "unit__code")) == [("agent", "0101"), ("station", "0101")]


def test_in_words_it_says_how_many(suyuan, tmp_path):
    assert suyuan("org", "load", write_csv(tmp_path / "u.csv", UNITS)) == (0, "2 units, 0 people\n", "")


def test_units_of_one_name_are_loaded_with_a_warning(suyuan, tmp_path):
    twice = [*UNITS, ["0102", "东城供电所", "01", "marketing", "station", ""]]

    assert suyuan("org", "load", write_csv(tmp_path / "u.csv", twice)) == (
        0,
        "3 units, 0 people\n",
        "0101, 0102 are all called 东城供电所: orders that give only this name will be set aside\n",
    )


BAD = {
    "no such file": None,
    "missing column": [["code", "name"], ["01", "甲"]],
    "missing value": [["code", "name", "parent"], ["01", "", ""]],
    "unknown parent": [["code", "name", "parent"], ["01", "甲", "99"]],
    "slash in a code": [["code", "name", "parent"], ["0/1", "甲", ""]],
    "no number of customers": [*UNITS[:2], ["0101", "乙", "01", "", "", "many"]],
}


@pytest.mark.parametrize("name", BAD)
def test_a_register_that_is_wrong_is_one_line_and_changes_nothing(suyuan, tmp_path, name):
    path = tmp_path / "u.csv" if BAD[name] is None else write_csv(tmp_path / "u.csv", BAD[name])

    code, out, err = suyuan("org", "load", path, "--json")

    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert (Unit.objects.count(), Event.objects.count()) == (0, 0)


def test_a_register_in_gbk_is_read_or_refused_in_one_line(suyuan, tmp_path):
    code, _, err = suyuan("org", "load", write_csv(tmp_path / "u.csv", UNITS, "gbk"), "--json")

    assert (code, len(err.splitlines())) in ((0, 0), (2, 1))


def test_people_that_are_wrong_leave_the_units_out_too(suyuan, tmp_path):
    units = write_csv(tmp_path / "u.csv", UNITS)
    people = write_csv(tmp_path / "p.csv", [PEOPLE[0], ["li", "李", "99", "station"]])

    code, out, err = suyuan("org", "load", units, people, "--json")

    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert Unit.objects.count() == 0


def test_the_tree_is_listed(suyuan):
    unit()
    Unit.objects.filter(code="0102").update(provisional=True)

    code, out, err = suyuan("org", "list", "--json")

    answer = json.loads(out)
    jsonschema.validate(answer, of("org list"))
    assert (code, err, len(answer["units"])) == (0, "", 4)
    assert answer["units"][2] == {
        "code": "0102",
        "name": "西城供电所",
        "path": "/01/0102/",
        "provisional": True,
    }
    assert suyuan("org", "list", "--provisional")[1] == "  0102 西城供电所 (provisional)\n"


def test_provisional_units_are_confirmed_by_somebody(suyuan):
    person("admin")
    Unit.objects.filter(code="0102").update(provisional=True)

    code, out, _ = suyuan("org", "confirm", "0102", "--as", "admin")

    assert (code, out, Unit.objects.get(code="0102").provisional) == (0, "1 confirmed\n", False)
    assert Event.objects.values_list("actor", "verb").get() == ("admin", "org_confirm")


def test_nobody_confirms_under_a_name_that_is_not_there(suyuan):
    unit()

    code, out, err = suyuan("org", "confirm", "0102", "--as", "nobody")

    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert Event.objects.count() == 0
