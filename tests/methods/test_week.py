"""A week's complaints by unit: who is really high, and who only looks it."""

from datetime import date, datetime, timedelta

import pytest

from suyuan.analytics import ranking
from suyuan.analytics.period import ALL, parse
from suyuan.analytics.week import Week, last_full_week, week
from tests.lake_rows import AS_OF, NOON, case, opened, unit

WEEK = "2025-W42"
MAY = datetime(2025, 5, 20, 12, tzinfo=NOON.tzinfo)


def units(customers: int | None = 1000) -> list[dict[str, object]]:
    """Return a company with three stations and one hall."""
    stations = [{**unit(f"/01/010{n}/", customers), "kind": "station"} for n in (1, 2, 3)]
    return [unit("/01/"), *stations, {**unit("/01/0109/"), "kind": "hall"}]


def filed(counts: dict[str, int], at: datetime = NOON, **known: object) -> list[dict[str, object]]:
    """Return so many cases of each unit."""
    rows = []
    for code, count in counts.items():
        path = "/01/" if code == "01" else f"/01/{code}/"
        rows += [case(0, at, unit=code, unit_path=path, **known) for _ in range(count)]
    return rows


def numbered(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{**row, "case_id": n, "number": str(n)} for n, row in enumerate(rows, 1)]


def of(
    rows: list[dict[str, object]], register: list[dict[str, object]], under: tuple[str, ...] = ("/",)
) -> Week:
    with opened(numbered(rows), units=register) as tables:
        return week(tables, parse(WEEK), under, as_of=AS_OF)


def told(found: Week) -> list[tuple[str, int, float | None, str]]:
    return [
        (each.code, each.standing.n, each.standing.expected, each.standing.verdict)
        for kind in found.kinds
        for each in kind.units
    ]


def test_one_against_two_is_noise():
    found = of(filed({"0101": 2, "0102": 1, "0103": 0}), units())

    assert told(found) == [
        ("0101", 2, 1.0, ranking.NOISE),
        ("0102", 1, 1.0, ranking.USUAL),
        ("0103", 0, 1.0, ranking.USUAL),
    ]
    assert (found.n, found.compared, found.named(ranking.HIGH)) == (3, 3, [])


def test_a_unit_far_above_its_share_is_named():
    found = of(filed({"0101": 20, "0102": 2, "0103": 2}), units())

    assert [each.code for each in found.named(ranking.HIGH)] == ["0101"]
    high = found.named(ranking.HIGH)[0]
    assert (high.standing.expected, round(high.low, 1), round(high.high, 1)) == (8.0, 12.2, 30.9)


def test_without_customers_units_are_weighed_by_what_they_handled_before():
    before = filed({"0101": 30, "0102": 10, "0103": 10}, MAY, business_type="consult")

    found = of([*filed({"0101": 3, "0102": 1, "0103": 1}), *before], units(customers=None))

    assert [(kind.kind, kind.by) for kind in found.kinds] == [("station", "orders")]
    assert [(code, expected) for code, _, expected, _ in told(found)] == [
        ("0101", 3.0),
        ("0102", 1.0),
        ("0103", 1.0),
    ]


def test_what_was_handled_more_than_half_a_year_ago_does_not_count():
    before = filed({"0101": 9, "0102": 9}, MAY - timedelta(days=60), business_type="consult")

    found = of([*filed({"0101": 1, "0102": 1}), *before], units(customers=None))

    assert {verdict for *_, verdict in told(found)} == {ranking.UNKNOWN}


def test_a_hall_without_another_hall_and_orders_of_the_company_itself_are_told_apart():
    found = of(filed({"0101": 2, "0102": 1, "0109": 4, "01": 1}), units())

    assert [kind.kind for kind in found.kinds] == ["station"]
    assert (found.n, found.above) == (8, 5)


def test_a_viewer_sees_only_units_in_reach_judged_among_all():
    rows = filed({"0101": 20, "0102": 2, "0103": 2})

    found = of(rows, units(), under=("/01/0101/",))

    assert told(found) == [("0101", 20, 8.0, ranking.HIGH)]
    assert (found.n, found.above) == (20, 0)


def test_time_before_all_time_holds_no_orders():
    with opened(numbered(filed({"0101": 2, "0102": 1})), units=units(customers=None)) as tables:
        found = week(tables, ALL, ("/",), as_of=AS_OF)

    assert {verdict for *_, verdict in told(found)} == {ranking.UNKNOWN}


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2025, 10, 19), "2025-W42"),
        (date(2025, 10, 20), "2025-W42"),
        (date(2025, 10, 18), "2025-W41"),
        (date(2026, 1, 2), "2025-W52"),
    ],
)
def test_the_last_full_week_is_over(day: date, label: str):
    assert last_full_week(day).label == label
