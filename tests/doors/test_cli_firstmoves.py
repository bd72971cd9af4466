"""``suyuan firstmoves``: the list of a day, the same one again, and what is said of the effect."""

import json

import jsonschema
import pytest

from suyuan.cli import firstmoves as shapes
from tests.factories import NOW, person
from tests.first_moves import TODAY, customers, made, signal

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(tmp_path, monkeypatch):
    from suyuan.actions.firstmoves import make

    person("office")
    monkeypatch.setattr(make, "is_held_out", lambda lot, share: lot < "4")
    made([signal(one) for one in customers(tmp_path, 4)])


def test_the_list_of_a_day_says_why_and_what_to_say(listed, suyuan):
    code, out, _ = suyuan("firstmoves", "--date", TODAY, "--unit", "0101", "--json")
    told = json.loads(out)

    jsonschema.validate(told, shapes.SCHEMA)
    assert (code, told["day"], told["made"]) == (0, TODAY.isoformat(), True)
    assert len(told["moves"]) == told["lists"][0]["listed"] <= 4
    assert all(one["why"] and one["say"] for one in told["moves"])
    assert "held" not in out
    assert (told["why"], told["last"]) == ("", TODAY.isoformat())
    sunday = json.loads(suyuan("firstmoves", "--date", "2026-03-01", "--json")[1])
    jsonschema.validate(sunday, shapes.SCHEMA)
    assert (sunday["made"], sunday["why"], sunday["last"]) == (False, "rest_day", None)
    assert json.loads(suyuan("firstmoves", "--date", "2026-03-03", "--json")[1])["why"] == "not_made"
    assert "休息日" in suyuan("firstmoves", "--date", "2026-03-01")[2]
    code, out, err = suyuan("firstmoves", "--date", "2999-03-01", "--json")
    assert (code, out, "in_the_future" in err, err.count("\n")) == (2, "", True, 1)
    assert suyuan("firstmoves", "--date", TODAY, "--unit", "nowhere", "--json")[0] == 2
    assert suyuan("firstmoves", "--date", TODAY, "--as", "nobody")[0] == 2
    assert suyuan("firstmoves", "--date", "04/03/2026")[0] == 2


def test_the_effect_is_told_with_what_cannot_be_told(listed, suyuan):
    code, out, _ = suyuan("firstmoves", "effect", "--as", "office", "--json")
    told = json.loads(out)

    jsonschema.validate(told, shapes.EFFECT)
    assert (code, told["all"]["verdict"]) == (0, "unclear")
    assert told["so_far"]["listed"] + told["so_far"]["held_out"] == 4
    assert NOW.date() == TODAY
