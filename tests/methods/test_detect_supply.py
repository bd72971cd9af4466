"""Zero readings, outages that last and that come again, voltage that stays low, among ordinary ones."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from suyuan.analytics.detect import low_voltage, outages, zero_readings
from suyuan.analytics.detect.columns import NEVER
from suyuan.analytics.detect.outages import moments, named
from suyuan.analytics.detect.signal import Level
from tests.detect_logs import at, log_of, micros, seen
from tests.detecting import BOOK, found

EMPTY = log_of(())


# ---- readings ----


def readings(rows):
    accounts, days, kwh = zip(*rows, strict=True)
    used = pa.array(kwh, pa.float64())
    columns = [named(list(accounts)), pa.array(days, pa.date32()), used, pa.array([one == 0 for one in kwh])]
    return pa.table([*columns, named([""] * len(rows))], schema=zero_readings.SCHEMA)


def months(account, *kwh, first=date(2025, 6, 8)):
    return [
        (account, (first.replace(day=1) + timedelta(days=31 * n)).replace(day=first.day), value)
        for n, value in enumerate(kwh)
    ]


def zeros(rows, as_of="2026-01-10 09:00"):
    told = found("zero_readings", at(as_of), readings=readings(rows), rulebook=BOOK)
    return {one.object: (one.observed, one.level) for one in told}


def test_three_months_of_zeros_after_use_are_told_and_neither_two_nor_an_empty_flat():
    rows = [
        *months("three", 90, 80, 70, 60, 50, 0, 0, 0),
        *months("two", 90, 80, 70, 60, 50, 40, 0, 0),
        *months("broken", 90, 80, 70, 0, 0, 0, 30, 0),
        *months("vacant", 0, 0, 0, 0, 0, 0, 0, 0),
        *months("six", 90, 80, 0, 0, 0, 0, 0, 0),
        *months("gone", 90, 0, 0, 0),
        *months("below", 90, 80, 70, 60, 50, -4, -4, -4),
    ]
    assert zeros(rows) == {"account:three": (3, Level.GENERAL), "account:six": (6, Level.URGENT)}


def test_a_month_read_twice_counts_once_and_one_that_began_with_use_not_at_all():
    mixed = [
        ("a", date(2025, 10, 1), 50),
        ("a", date(2025, 10, 20), 0),
        *months("a", 0, 0, first=date(2025, 11, 3)),
    ]
    twice = [("b", date(2025, 9, 1), 50), ("b", date(2025, 10, 1), 0), ("b", date(2025, 10, 9), 0)]
    twice += months("b", 0, 0, first=date(2025, 11, 3))

    assert zeros([*mixed, *twice], "2025-12-20 09:00") == {"account:b": (3, Level.GENERAL)}


def test_the_log_says_zero_by_its_step_and_the_third_is_told_the_day_it_is_read():
    rows = [
        (step, f"2025-{month:02}-08 09:00", ("户号:~a1", "单位:0101"))
        for month, step in ((8, "抄表录入"), (9, "抄表划零"), (10, "抄表划零"), (11, "抄表划零"))
    ]
    (one,) = seen("zero_readings", log_of(rows), "2025-11-08 10:00")

    assert seen("zero_readings", log_of(rows), "2025-11-08 08:00") == []
    assert (one.object, one.unit, one.facts) == ("account:a1", "0101", {"months": 3, "since": "2025-09-08"})


# ---- outages ----


def table(rows):
    """Outages: number, place, kind, began, ended, due, further columns."""

    def moment(one, name):
        return micros(one[name]) if one.get(name) else NEVER

    def text(name):
        return named([one.get(name, "") for one in rows])

    def when(name):
        return moments(np.array([moment(one, name) for one in rows], np.int64))

    kinds = named([one["place"].partition(":")[0] for one in rows])
    places = named([one["place"].partition(":")[2] for one in rows])
    external = pa.array([one.get("external", False) for one in rows])
    numbers = pa.array([one.get("outage", f"T{n}") for n, one in enumerate(rows)])
    columns = [numbers, places, kinds, text("line"), text("kind"), external]
    return pa.table(
        [*columns, when("began"), when("arrived"), when("ended"), when("due"), text("site"), text("unit")],
        schema=outages.SCHEMA,
    )


def late(as_of, **row):
    rows = [{"place": "line:L1", "kind": "fault", "began": "2026-03-04 08:00", **row}]
    return [
        (one.why, one.level, one.category)
        for one in found("late_restoration", at(as_of), outages=table(rows), rulebook=BOOK)
    ]


@pytest.mark.parametrize(
    ("as_of", "why", "level"),
    [
        ("2026-03-04 10:00", None, None),
        ("2026-03-04 11:20", "restoration_near", Level.GENERAL),
        ("2026-03-04 12:01", "restoration_late", Level.IMPORTANT),
        ("2026-03-04 16:00", "restoration_late", Level.URGENT),
    ],
)
def test_a_fault_in_town_is_over_three_hours_after_arrival(as_of, why, level):
    told = late(as_of, arrived="2026-03-04 09:00", site="urban")

    assert told == ([(why, level, "outage.repair.overtime")] if why else [])


def test_without_a_note_of_arrival_it_is_that_of_its_limit_and_the_country_has_longer():
    assert late("2026-03-04 11:44", site="urban")[0][0] == "restoration_near"
    assert late("2026-03-04 11:46", site="urban")[0][0] == "restoration_late"
    assert late("2026-03-04 13:29")[0][0] == "restoration_near"
    assert late("2026-03-04 13:31")[0][0] == "restoration_late"


def test_planned_work_is_held_to_its_plan_and_without_one_to_nothing():
    planned = {"kind": "planned", "due": "2026-03-04 17:00"}

    assert late("2026-03-04 17:05", **planned) == [("restoration_late_planned", Level.URGENT, "outage.plan")]
    assert late("2026-03-05 09:00", **planned, ended="2026-03-04 18:00") == [
        ("restored_late_planned", Level.GENERAL, "outage.plan")
    ]
    assert late("2026-03-05 09:00", **planned, ended="2026-03-04 16:59") == []
    assert late("2026-03-04 23:00", kind="planned") == []


def trips(place, *days, **more):
    return [
        {"place": place, "kind": "fault", "began": f"{day} 10:00", "ended": f"{day} 12:00", **more}
        for day in days
    ]


def frequent(as_of, rows, pack="state_grid", **terms):
    from suyuan.analytics.detect.index import DETECTORS

    given = {**BOOK.figures["detect.frequent_outage"][-1].terms, "pack": pack, **terms}
    frames = {"outages": table(rows), "rulebook": BOOK}
    told = DETECTORS["frequent_outage"].find(frames, given, at(as_of))
    return {one.object: (one.why, one.observed, one.facts["trigger"]) for one in told}


def test_a_line_is_frequent_with_three_outages_in_two_months_severe_with_five_and_near_with_two():
    rows = [
        *trips("line:L1", "2026-01-04", "2026-02-10", "2026-03-01"),
        *trips("line:L2", "2026-01-03", "2026-02-10", "2026-03-01"),  # the first is a day too old
        *trips("line:L3", "2026-02-01", "2026-02-03", "2026-02-05", "2026-02-07", "2026-02-09"),
        *trips("line:L4", "2026-03-01"),
        *trips("line:L5", "2026-02-01", "2026-02-03", "2026-02-05", kind="selection"),
        *trips("area:A1", "2026-02-01", "2026-02-03", "2026-02-05"),
    ]
    assert frequent("2026-03-04 09:00", rows) == {
        "line:L1": ("sg_months", 3, "2026-03-01"),
        "line:L2": ("sg_near", 2, "2026-03-01"),
        "line:L3": ("sg_severe", 5, "2026-02-09"),
    }


def test_the_end_of_a_day_is_still_that_day():
    rows = trips("line:L1", "2026-09-27", "2026-10-28", "2026-11-24")

    assert frequent("2026-11-27 18:00", rows) == frequent("2026-11-28 00:00", rows)
    assert frequent("2026-11-28 00:00", rows)["line:L1"] == ("sg_months", 3, "2026-11-24")
    assert frequent("2026-11-28 00:01", rows)["line:L1"][0] == "sg_near"
    year = trips("area:A1", *(f"2026-{month:02}-01" for month in range(1, 7)))
    assert frequent("2027-01-01 00:00", year, "csg")["area:A1"][:2] == ("csg_year", 6)
    assert frequent("2027-01-01 00:01", year, "csg") == {}


Y = "2026-"
CSG = {
    "six in the year": (["01-05", "03-20", "06-01", "08-10", "10-20", "12-20"], ("csg_year", 6, Y + "12-20")),
    "five in the year": (["01-05", "03-20", "06-01", "08-10", "10-20"], ("csg_year_near", 5, Y + "08-10")),
    "four within sixty days": (["06-01", "06-20", "07-10", "07-30"], ("csg_rolling", 4, Y + "07-30")),
    "the sixtieth day is out": (["06-01", "06-20", "07-10", "07-31"], ("csg_year_near", 4, Y + "07-31")),
    "six goes before sixty days": (
        ["06-01", "06-02", "06-03", "06-04", "06-05", "06-06"],
        ("csg_year", 6, Y + "06-06"),
    ),
    "four in the year": (["01-05", "03-20", "06-01", "08-10"], ("csg_year_near", 4, Y + "08-10")),
    "three in the year": (["01-05", "03-20", "06-01"], None),
    "sixty days before near": (
        ["06-01", "06-20", "07-10", "07-30", "12-20"],
        ("csg_rolling", 4, Y + "07-30"),
    ),
    "frequent goes before a warning": (
        ["06-01", "06-20", "07-10", "07-30", "12-20", "12-31"],
        ("csg_year", 6, Y + "12-31"),
    ),
    "two in the last thirty": (["12-02", "12-31"], ("csg_last_30", 2, Y + "12-31")),
    "the thirty-first is out": (["12-01", "12-31"], None),
    "three in the last fifty": (["11-12", "12-01", "12-31"], ("csg_last_50", 3, Y + "12-31")),
    "thirty goes before fifty": (["11-12", "12-20", "12-31"], ("csg_last_30", 2, Y + "12-31")),
    "three in thirty are not exactly two": (["12-10", "12-20", "12-31"], ("csg_last_50", 3, Y + "12-31")),
}


@pytest.mark.parametrize(("days", "told"), CSG.values(), ids=CSG)
def test_the_pack_of_csg_guangdong_counts_as_it_is_published(days, told):
    rows = trips("area:A1", *(Y + day for day in days))

    assert frequent("2026-12-31 18:00", rows, "csg") == ({"area:A1": told} if told else {})


def test_more_than_three_planned_in_a_year_are_frequent_and_the_line_counts_for_its_area():
    planned = trips("line:L1", "2026-01-10", "2026-04-10", "2026-07-10", kind="planned")
    own = trips("area:A1", "2026-10-10", kind="planned", line="L1")
    told = frequent("2026-12-31 18:00", planned + own, "csg")

    assert told == {"area:A1": ("csg_planned", 4, "2026-10-10")}


def test_a_window_of_sixty_days_ends_at_the_hour_it_began_and_may_begin_last_year():
    """[t, t + 60 days): t is 1 June 10:00; the year's own outages are those that cross."""
    early, late = ("2026-07-31 09:59", "2026-07-31 10:00")
    three = trips("area:A1", "2026-06-01", "2026-06-20", "2026-07-10")
    fourth = {"place": "area:A1", "kind": "fault"}

    assert (
        frequent("2026-07-31 18:00", [*three, {**fourth, "began": early}], "csg")["area:A1"][0]
        == "csg_rolling"
    )
    assert (
        frequent("2026-07-31 18:00", [*three, {**fourth, "began": late}], "csg")["area:A1"][0]
        != "csg_rolling"
    )
    over = trips("area:A1", "2026-12-10", "2026-12-20", "2026-12-30", "2027-01-20")
    assert frequent("2027-03-31 18:00", over, "csg") == {"area:A1": ("csg_rolling", 4, "2027-01-20")}


def test_more_than_three_in_sixty_days_go_before_planned_ones():
    rows = trips("area:A1", "2026-06-01", "2026-06-20", "2026-07-10", "2026-07-30", kind="planned")
    three = trips("area:A1", "2026-01-10", "2026-05-10", "2026-09-10", kind="planned")

    assert frequent("2026-12-31 18:00", rows, "csg")["area:A1"][0] == "csg_rolling"
    assert frequent("2026-12-31 18:00", three, "csg") == {}


def test_days_of_a_major_event_and_what_others_damaged_may_be_left_out():
    rows = trips("line:L1", "2026-01-10", "2026-02-10", "2026-03-01")

    assert frequent("2026-03-04 09:00", rows, major_days=["2026-02-10"])["line:L1"][0] == "sg_near"
    rows[1]["external"] = True
    assert frequent("2026-03-04 09:00", rows)["line:L1"][0] == "sg_months"
    assert frequent("2026-03-04 09:00", rows, external_left_out=True)["line:L1"][0] == "sg_near"


def test_a_signal_says_by_which_rule_and_the_pack_of_csg_holds_from_2026():
    rows = trips("line:L1", "2025-10-01", "2025-10-02", "2025-10-03", "2025-10-04")

    assert frequent("2025-10-31 09:00", rows, "csg") == {}
    (one,) = found("frequent_outage", at("2025-10-31 09:00"), outages=table(rows), rulebook=BOOK)
    assert (one.facts["version"], one.facts["also"]) == (f"frequent.state_grid@{BOOK.edition[:12]}", "faults")


def test_the_log_tells_its_outages_with_line_and_unit():
    trip = ("停电事件:T1", "线路:L1", "台区:A1")
    rows = [("线路停电", "2026-03-01 09:00", trip), ("线路送电", "2026-03-01 15:00", trip)]
    log = log_of(rows, [("台区:A1", "线路:L1"), ("线路:L1", "单位:0101")])
    (one,) = seen("late_restoration", log, "2026-03-01 14:31")

    assert (one.object, one.unit, one.why) == ("outage:T1", "0101", "restoration_late")
    assert seen("late_restoration", log, "2026-03-01 15:01")[0].why == "restored_late"


# ---- voltage ----


def volts(rows):
    accounts, areas, when, a = zip(*rows, strict=True)
    none = pa.nulls(len(rows), pa.float64())
    stamps = moments(np.array([micros(one) for one in when], np.int64))
    columns = [named(list(accounts)), named(list(areas)), stamps, pa.array(a, pa.float64()), none, none]
    return pa.table([*columns, named(["0101"] * len(rows))], schema=low_voltage.SCHEMA)


def weak(rows, as_of="2026-03-20 12:00"):
    return {one.object: one for one in seen("low_voltage", EMPTY, as_of, voltage=volts(rows))}


def daily(account, area, low, days=14, good=225.0):
    return [
        (account, area, f"2026-03-{20 - n:02} 00:00", low if n in range(3) else good) for n in range(days)
    ]


def test_three_low_days_of_fourteen_are_told_and_197_9_is_low_where_198_is_not():
    rows = [*daily("a", "A", 197.9), *daily("b", "A", 198.0)]
    rows += [("c", "A", "2026-03-19 00:00", 150.0), ("c", "A", "2026-03-20 00:00", 150.0)]
    told = weak(rows)

    assert list(told) == ["account:a"]
    assert (told["account:a"].expected, told["account:a"].observed) == (198.0, 197.9)


def test_between_lines_the_limit_of_three_phases_holds():
    assert list(weak([*daily("a", "A", 353.0, good=380.0), *daily("b", "A", 354.0, good=380.0)])) == [
        "account:a"
    ]


def test_within_a_day_it_has_to_stay_low_for_an_hour():
    def day(account, n, minutes):
        return [
            (
                account,
                "A",
                f"2026-03-{n:02} 18:{m:02}" if m < 60 else f"2026-03-{n:02} 19:{m - 60:02}",
                190.0 if m in minutes else 220.0,
            )
            for m in range(0, 90, 15)
        ]

    rows = [
        one
        for n in (17, 18, 19)
        for one in day("long", n, (0, 15, 30, 45, 60)) + day("short", n, (0, 15, 45, 60))
    ]
    assert list(weak(rows)) == ["account:long"]


def test_an_area_with_several_low_accounts_is_told_in_their_place():
    rows = [one for n in range(10) for one in daily(f"a{n}", "A", 190.0 if n < 3 else 225.0)]
    rows += [one for n in range(20) for one in daily(f"b{n}", "B", 190.0 if n < 3 else 225.0)]
    told = weak(rows)

    assert set(told) == {"area:A", "account:b0", "account:b1", "account:b2"}
    assert told["area:A"].facts == {"place": "A", "accounts": 3, "of": 10, "volts": 190.0}
    assert (told["area:A"].level, told["account:b0"].level) == (Level.IMPORTANT, Level.GENERAL)


def test_every_planted_area_is_told_within_a_fortnight_and_no_other():
    """40 areas of 20 accounts read daily around 228 V; four sag to 201 V from a day on (sd 3.2)."""
    chance = np.random.default_rng(11)
    first = date(2026, 3, 1)
    rows = []
    for area in range(40):
        for account in range(20):
            middle = np.where((area < 4) & (np.arange(30) >= 10), 201.0, 228.0)
            rows += [
                (f"{area}-{account}", f"A{area}", f"{first + timedelta(days=n)} 00:00", value)
                for n, value in enumerate((middle + chance.normal(0, 3.2, 30)).tolist())
            ]
    every, day_of = volts(rows), {}
    for n in range(5, 30, 3):
        for one in seen("low_voltage", EMPTY, f"{first + timedelta(days=n)} 12:00", voltage=every):
            day_of.setdefault(one.object, n)

    areas = {name: n for name, n in day_of.items() if name.startswith("area:")}
    assert set(areas) == {f"area:A{n}" for n in range(4)}
    assert max(areas.values()) <= 10 + 14
    assert all(name.split(":")[1].split("-")[0] in "0123" for name in day_of if name.startswith("account:"))


def test_alarms_of_the_log_count_by_themselves():
    rows = [("电压越下限告警", f"2026-03-{day:02} 19:00", ("户号:~a1", "台区:A1")) for day in (2, 9, 16)]
    links = [("户号:~a1", "台区:A1"), ("台区:A1", "线路:L1"), ("线路:L1", "单位:0101")]
    (one,) = seen("low_voltage", log_of(rows, links), "2026-03-16 20:00")

    assert (one.object, one.unit, one.observed, one.why) == (
        "account:a1",
        "0101",
        3,
        "voltage_alarms_account",
    )
    assert seen("low_voltage", log_of(rows, links), "2026-03-16 18:00") == []
    assert one.since.date() == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("as_of", "why"), [("2023-12-08 00:00:00", []), ("2023-12-08 00:00:01", ["restoration_late"])]
)
def test_a_limit_in_force_from_a_day_holds_nothing_when_the_day_before_ends(as_of, why):
    told = late(as_of, began="2023-12-07 12:00", arrived="2023-12-07 13:00", site="urban")

    assert [one for one, *_ in told] == why
