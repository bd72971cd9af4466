"""Days without a complaint, and what speaks against believing them."""

from datetime import date, datetime, timedelta

from suyuan.analytics.streak import zero_complaints
from tests.lake_rows import NOON, SHANGHAI, case, opened

UNTIL = date(2025, 10, 20)
OTHER = {"unit": "0102", "unit_path": "/01/0102/"}
LATER = NOON + timedelta(days=1)


def streaks(*cases):
    with opened(cases) as tables:
        return {each.path: each for each in zero_complaints(tables, UNTIL)}


def test_a_streak_starts_the_day_after_the_last_complaint():
    found = streaks(case(1), case(2, NOON, **OTHER), case(3, LATER, business_type="consult"))

    unit = found["/01/0101/"]
    assert (unit.days, unit.since, unit.ever, unit.orders, unit.signs) == (5, date(2025, 10, 16), True, 1, {})
    assert found["/01/0102/"].signs == {"no_orders": 1}


def test_a_complaint_below_ends_the_streak_above():
    found = streaks(case(1, LATER), case(2, NOON, business_type="consult", **OTHER))

    assert [(each.path, each.days, each.ever) for each in found.values()] == [
        ("/01/0102/", 6, False),
        ("/", 4, True),
        ("/01/", 4, True),
        ("/01/0101/", 4, True),
    ]


def test_a_complaint_of_today_leaves_no_day_and_one_of_tomorrow_does_not_count():
    today = datetime(2025, 10, 20, 23, 59, tzinfo=SHANGHAI)

    found = streaks(case(1, today), case(2, today + timedelta(minutes=1), **OTHER))

    assert {path: each.days for path, each in found.items()} == {"/": 0, "/01/": 0, "/01/0101/": 0}


def test_a_complaint_of_0030_on_the_1st_belongs_to_that_day():
    found = streaks(case(1, datetime(2025, 10, 1, 0, 30, tzinfo=SHANGHAI)))

    assert (found["/"].since, found["/"].days) == (date(2025, 10, 2), 19)


def test_signs_of_complaints_under_another_name_stand_beside_the_streak():
    found = streaks(
        case(1, LATER, business_type="consult", contact_count=3),
        case(2, LATER, business_type="opinion", satisfaction="dissatisfied"),
        case(3, LATER, business_type="repair", urge_count=4),
        case(4, NOON, contact_count=9),
        case(5, LATER, business_type="consult", channel="12345"),
        case(6, LATER, business_type="opinion", channel="app"),
        case(7, LATER, business_type="consult", channel="95598"),
    )

    signs = {"repeats": 1, "dissatisfied": 1, "urged": 1, "regulated": 1, "written": 1}
    assert found["/"].signs == signs


def test_an_empty_lake_has_no_streaks():
    assert streaks() == {}
