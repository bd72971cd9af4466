"""Themes: the tails by hand, one planted among many places, false alarms, what is counted."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import nbinom, poisson

from suyuan.analytics.themes import AREA, LINE, UNIT, Named, Span, Threshold, counted, find, judge, numbers
from suyuan.analytics.themes import tails as method
from suyuan.analytics.themes.effect import effect
from tests.lake_rows import NOON, case, opened, unit

RULE = Threshold(30, 180, 5, 3, 0.05, ("consult",))
DAY = timedelta(days=1)
FIRST = date(2025, 10, 1)


def table(rows: list[tuple]) -> pa.Table:
    """Return matters by kind, unit, feeder, area, whether in the days looked at, day, count."""
    names = ("kind", "unit_path", "line", "area", "recent", "day", "n")
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows])


def test_what_is_expected_is_the_share_of_the_kind_among_all_contacts():
    counts = method.Counts(np.array([[6.0, 2.0], [14.0, 18.0]]), np.array([[3.0, 3.0], [7.0, 7.0]]))

    now, before = counts.expected

    assert now.tolist() == [[4.0, 4.0], [16.0, 16.0]]  # 8 of 40 contacts are of the first kind: 20 × 8/40
    assert before.tolist() == [[3.0, 3.0], [7.0, 7.0]]


def test_the_spread_between_places_is_that_of_the_others_by_moments():
    shape = method.shapes(np.array([[10.0, 4.0, 16.0], [90.0, 96.0, 84.0]]))

    # of the first kind, without the first place: 20 of 200, so 10 each: (−6)² + 6² − 20 = 52, ΣE² = 200;
    # without the second: 13 each, 9 + 9 − 26 < 0; without the third: 7 each, 9 + 9 − 14 = 4, ΣE² = 98.
    # Of the second kind there is less than chance makes, and of both together: they are drawn to none.
    assert 1 / shape[0] == pytest.approx([52 / (200 + 5), 1 / method.STEADY, 4 / (98 + 5)])


def test_the_spread_of_a_rare_kind_is_drawn_to_that_of_all_kinds():
    shape = method.shapes(np.array([[10.0, 30, 10, 30], [0, 0, 3, 0], [90, 70, 87, 70]]))

    # without the first place, of 100 contacts each: the rare one has 0, 3, 0 where 1 is expected, so
    # 1 + 4 + 1 − 3 over ΣE² = 3: a spread of 1 by itself; all kinds have (196.67 + 3 − 34.33) / 18812.67
    of_all = (590 / 3 + 3 - 103 / 3) / (4900 / 3 + 3 + 51529 / 3)
    assert 1 / shape[1, 0] == pytest.approx((3 + 5 * of_all) / (3 + 5))


def test_a_count_is_held_against_the_others_and_against_its_own_past():
    now, before = np.array([[9.0, 1.0], [11.0, 19.0]]), np.array([[1.0, 9.0], [19.0, 11.0]])

    held = method.held(method.Counts(now, before))

    shape = held.shape[0, 0]
    assert (held.others[0, 0], held.own[0, 0]) == (5.0, pytest.approx(5 * (shape + 1) / (shape + 5)))
    assert held.p_others[0, 0] == pytest.approx(nbinom.sf(8, shape, shape / (shape + 5)))
    mean, own = held.own[0, 0], shape + 1
    assert held.p_own[0, 0] == pytest.approx(nbinom.sf(8, own, own / (own + mean)))


def test_without_spread_the_tail_is_that_of_poisson():
    chance = method.tail(np.array([[7.0, 0.0]]), np.array([[2.0, 2.0]]), np.array([[method.STEADY] * 2]))

    assert chance == pytest.approx(np.array([[poisson.sf(6, 2), 1.0]]), rel=1e-5)


def test_q_values_are_those_of_benjamini_and_hochberg_over_all_that_are_given():
    first, second = method.discoveries([np.array([0.01, 0.04]), np.array([0.03, 0.5])])

    assert first.tolist() == pytest.approx([0.04, 0.16 / 3])
    assert second.tolist() == pytest.approx([0.16 / 3, 0.5])
    assert method.discoveries([]) == []


def test_the_interval_of_a_ratio_is_that_of_its_count():
    assert method.interval(10, 2.0) == pytest.approx((4.795389 / 2, 18.390356 / 2), rel=1e-6)
    assert method.interval(0, 1.0)[0] == 0.0


def city(rng: np.random.Generator, planted: float = 1.0) -> list[tuple]:
    """Return a city of twelve units with four feeders each, one kind planted so many times over at one."""
    kinds = {
        "consult": 8.0,
        "repair": 3.0,
        "quality.voltage": 0.6,
        "quality.reliability": 0.6,
        "service.hall": 0.8,
    }
    rows = []
    for u in range(12):
        lean = rng.gamma(8, 1 / 8, len(kinds))  # places differ by more than chance
        for f in range(4):
            for (kind, rate), more in zip(kinds.items(), lean, strict=True):
                for recent, spans in ((True, 1), (False, 6)):
                    odd = planted if (u, f, kind) == (3, 1, "quality.voltage") and recent else 1.0
                    for _ in range(rng.poisson(rate * more * odd * spans * 2)):
                        day = FIRST + int(rng.integers(30)) * DAY
                        rows.append((kind, f"/01/{u:02}/", f"L{u}-{f}", "", recent, day, 1))
    return rows


def test_a_planted_theme_is_found_at_its_feeder_and_not_at_the_unit_above_it():
    found = judge(table(city(np.random.default_rng(7), planted=14.0)), RULE)

    assert [one.name for one in found] == [Named("quality.voltage", LINE, "/01/03/", "L3-1")]
    assert found[0].q < 0.001
    assert found[0].low > 2


def test_where_nothing_is_planted_hardly_ever_is_a_theme_named():
    alarms = sum(bool(judge(table(city(np.random.default_rng(seed))), RULE)) for seed in range(60))

    assert alarms <= 6  # of 60 cities at q 0.05 three are to be expected to name any


def test_shuffled_kinds_name_nothing():
    rng = np.random.default_rng(11)
    rows, alarms = city(rng, planted=14.0), 0
    for _ in range(30):
        kinds = rng.permutation([row[0] for row in rows]).tolist()
        alarms += len(judge(table([(kind, *row[1:]) for kind, row in zip(kinds, rows, strict=True)]), RULE))

    assert alarms <= 3


def one_feeder(n: int, days: int, **known: object) -> list[tuple]:
    """Return matters of one kind on one feeder among those of five others that speak of something else."""
    row = ("quality.voltage", "/01/0101/", "L1", str(known.get("area", "")), True)
    rows = [(*row, FIRST + (at % days) * DAY, 1) for at in range(n)]
    for other in range(6):
        for recent in (True, False):
            rows += [("repair", "/01/0101/", f"L{other}", "", recent, FIRST, 40)]
    return rows


@pytest.mark.parametrize(("n", "days", "named"), [(8, 4, 1), (4, 4, 0), (8, 2, 0)])
def test_a_theme_needs_enough_matters_on_enough_days(n, days, named):
    found = [one for one in judge(table(one_feeder(n, days)), RULE) if one.name.level == LINE]

    assert len(found) == named


def test_a_kind_that_is_left_out_is_none_and_counts_among_the_contacts():
    rows = [("consult", *row[1:]) if row[0] == "quality.voltage" else row for row in one_feeder(30, 5)]

    assert judge(table(rows), RULE) == []


def test_the_narrowest_place_is_named_where_it_holds_all_of_it():
    found = judge(table(one_feeder(12, 4, area="TA7")), RULE)

    assert [(one.name.level, one.name.place) for one in found] == [(LINE, "L1")]  # no other area is known
    rows = [
        *one_feeder(12, 4, area="TA7"),
        *(("repair", "/01/0101/", "L1", f"TA{at}", True, FIRST, 30) for at in range(4)),
    ]
    assert [one.name.level for one in judge(table(rows), RULE)] == [AREA]


def test_places_are_compared_with_those_of_units_of_their_sort():
    days = [FIRST + d * DAY for d in range(5)]
    hall = [("service.hall", f"/01/h{at}/", "", "") for at in range(3)]
    station = [("repair", f"/01/s{at}/", "", "") for at in range(9)]
    halls = [(*place, recent, day, 2) for place in hall for recent in (True, False) for day in days]
    stations = [(*place, True, day, 9) for place in station for day in days]
    rows = table(halls + stations)
    sorts = {f"/01/h{at}/": "hall" for at in range(3)} | {f"/01/s{at}/": "station" for at in range(9)}

    assert {one.name.kind for one in judge(rows, RULE)} >= {"service.hall"}
    assert judge(rows, RULE, sorts) == []


def contacts(n: int, first_id: int, at=NOON, **known: object) -> list[dict]:
    return [case(first_id + i, at - (i % 4) * DAY, event_key=f"e{first_id + i}", **known) for i in range(n)]


def test_contacts_that_stand_are_counted_once_a_week_and_customer():
    span = Span.until(NOON.date(), 30, 180)
    about = {"l2": "quality.voltage", "l1": "quality", "line": "L1"}
    rows = [
        case(1, **about, event_key="same"),
        case(2, **about, event_key="same"),
        case(3, **about, restricted=True),
        case(4, **about, state="void"),
        case(5, **about, malicious=True),
        case(6, **about, is_child=True),
        case(7, NOON - 40 * DAY, **about),
        case(8, NOON - 400 * DAY, **about),
        case(9, business_type="repair"),
        case(10, l1="quality"),
    ]
    with opened(rows) as tables:
        found = tables.fetch(counted(tables, span)).to_pylist()
        named = numbers(tables, span, Named("quality.voltage", LINE, "/01/0101/", "L1"), 9)

    told = sorted((row["kind"], row["recent"], row["n"]) for row in found)
    voltage = [("quality.voltage", False, 1), ("quality.voltage", True, 1)]
    assert told == [("quality", True, 1), *voltage, ("repair", True, 1)]
    assert named == ["1", "2"]


def test_a_theme_is_found_in_a_lake_with_its_contacts():
    span = Span.until(NOON.date(), 30, 180)
    rows = contacts(12, 1, l2="quality.voltage", l1="quality", line="L1")
    for other in range(6):
        rows += contacts(30, 1000 * (other + 1), business_type="repair", line=f"L{other}")
    with opened(rows, units=(unit("/01/"), unit("/01/0101/"))) as tables:
        found = find(tables, span, RULE)
        named = numbers(tables, span, found[0].name, 3)

    assert [(one.name.key, one.n, one.days, one.against) for one in found] == [
        ("quality.voltage|line|0101|L1", 12, 4, "others")
    ]
    assert named == ["1", "5", "9"]
    assert found[0].expected == pytest.approx(42 * 12 / 192)


def test_an_empty_lake_has_no_theme():
    with opened() as tables:
        assert find(tables, Span.until(NOON.date(), 30, 180), RULE) == []


def test_a_span_ends_with_its_last_day():
    span = Span.until(date(2025, 10, 30), 30, 180)

    assert (span.first, span.last, (span.first - span.before).days) == (FIRST, date(2025, 10, 30), 180)
    assert Named("repair", UNIT, "/01/0101/").key == "repair|unit|0101|"


def test_an_effect_is_told_beside_the_same_elsewhere():
    fewer, season = effect((20, 2), (200, 200)), effect((20, 10), (200, 100))

    assert fewer.verdict == "fewer"
    assert fewer.ratio == pytest.approx(0.1, abs=0.005)
    assert (season.verdict, season.ratio) == ("unclear", pytest.approx(1.0, abs=0.01))
    assert effect((2, 20), (200, 200)).verdict == "more"


def test_an_effect_of_hardly_anything_cannot_be_told():
    nothing, few, alone = effect((0, 0), (9, 9)), effect((3, 1), (50, 50)), effect((20, 2), (0, 0))

    assert (nothing.ratio, nothing.verdict, few.verdict) == (None, "unclear", "unclear")
    assert (alone.ratio, alone.verdict) == (0.1, "fewer")
