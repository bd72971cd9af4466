"""Of the sheets of a round the last of a kind stands; visits are acts of their own."""

from datetime import UTC, datetime

from suyuan.actions.papers._penetration import _standing
from suyuan.store.queries.history import Line

LINES = [Line(datetime(2026, 3, day, tzinfo=UTC), "station", "check_meter") for day in (1, 2, 3)]


def test_the_last_sheet_of_a_kind_stands_and_says_how_many_it_replaced():
    assert _standing("check_meter", LINES) == [("填写（已替换此前 2 份）", LINES[2])]
    assert _standing("check_meter", LINES[:1]) == [("填写", LINES[0])]
    assert _standing("check_meter", []) == []


def test_every_visit_stands():
    assert _standing("visit_site", LINES[:2]) == [("第 1 次，填写", LINES[0]), ("第 2 次，填写", LINES[1])]
