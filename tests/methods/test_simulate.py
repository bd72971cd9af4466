"""The simulated city: same arguments same bytes, figures as documented, truth that the files bear out."""

import csv
import hashlib
import json
import math
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from suyuan.domain import rulebook
from suyuan.domain.errors import BadInput
from suyuan.domain.order import MILESTONES
from suyuan.gateways.layout import load, read_orders
from suyuan.simulate import build
from suyuan.simulate.catalogue import COMPLAINTS, MIX
from suyuan.simulate.phrases import SAYS
from suyuan.simulate.window import Window

END = date(2025, 10, 31)
FILES = ("units.csv", "staff.csv", "customers.csv", "grid_nodes.csv", "grid_edges.csv", "calls.csv",
         "orders.xlsx", "readings.parquet", "log.sqlite", "truth.json")  # fmt: skip


@dataclass(frozen=True)
class Built:
    """One city's files, read."""

    path: Path
    counts: dict[str, int]
    orders: list[dict[str, str]]
    truth: dict[str, Any]

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.path / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.path / "log.sqlite")) as link:
            return link.execute(sql, values).fetchall()


def built(path: Path, customers: int, days: int, seed: int = 7) -> Built:
    counts = build(seed, customers, days, END, path)
    rows = CalamineWorkbook.from_path(str(path / "orders.xlsx")).get_sheet_by_index(0).to_python()
    orders = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    return Built(path, counts, orders, json.loads((path / "truth.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built(tmp_path_factory.mktemp("town"), 300, 60)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return built(tmp_path_factory.mktemp("city"), 3_000, 120)


def complaints(made: Built) -> Iterator[dict[str, str]]:
    return (o for o in made.orders if o["business_type"] == "complaint")


def digests(path: Path) -> dict[str, str]:
    return {name: hashlib.sha256((path / name).read_bytes()).hexdigest() for name in FILES}


def test_identical_arguments_give_identical_bytes(town: Built, tmp_path: Path) -> None:
    counts = build(7, 300, 60, END, tmp_path / "again")

    assert counts == town.counts
    assert digests(tmp_path / "again") == digests(town.path)


def test_another_seed_gives_another_city(town: Built, tmp_path: Path) -> None:
    other = built(tmp_path, 300, 60, seed=8)

    assert [o["number"] for o in other.orders] != [o["number"] for o in town.orders]


@pytest.mark.parametrize(
    ("customers", "days", "code"), [(199, 60, "simulate_too_small"), (300, 20, "simulate_too_small")]
)
def test_a_city_too_small_to_hold_its_causes_is_refused(
    tmp_path: Path, customers: int, days: int, code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        build(1, customers, days, END, tmp_path)

    assert refused.value.code == code


def test_every_code_used_is_in_the_rulebook(city: Built) -> None:
    rules = rulebook.load()

    used = {o["category"] for o in city.orders} - {""}

    assert {c.category for c in COMPLAINTS} | used <= set(rules.categories)
    assert {o["business_type"] for o in city.orders} | set(MIX) <= set(rules.business_types)
    assert {o["channel"] for o in city.orders} <= set(rules.channels)
    assert {o["level"] for o in city.orders} - {""} <= set(rules.levels)
    assert {o["site"] for o in city.orders} - {""} <= set(rules.choices["site"])
    assert {o["specialty"] for o in city.orders} <= set(rules.specialties)


def test_every_complaint_has_a_category_whose_specialty_is_the_orders(city: Built) -> None:
    categories = rulebook.load().categories

    wrong = [o["number"] for o in complaints(city) if categories[o["category"]].specialty != o["specialty"]]

    assert wrong == []


def test_the_importer_takes_every_order(city: Built) -> None:
    outcomes = list(read_orders(city.path / "orders.xlsx", load("suyuan", city.path)))

    assert [o.faults for o in outcomes if o.record is None] == []
    assert len(outcomes) == city.counts["orders"] == len(city.orders)


def test_milestones_come_in_order_and_none_after_the_last_day(city: Built) -> None:
    limit = datetime.fromisoformat("2025-11-01T00:00:00+08:00")

    for order in city.orders:
        passed = [datetime.fromisoformat(order[m]) for m in MILESTONES if order[m]]
        assert passed == sorted(passed)
        assert passed[-1] < limit
        assert (order["closed"] == "是") == bool(order["archived_at"])


def test_some_orders_of_the_last_days_are_open_and_old_ones_mostly_closed(city: Built) -> None:
    open_on = Counter(o["accepted_at"][:10] for o in city.orders if not o["closed"])

    recent = sum(n for day, n in open_on.items() if day >= "2025-10-25")

    assert recent >= 30
    assert recent > sum(open_on.values()) * 0.6


def test_the_shares_of_complaint_kinds_sum_to_a_hundred_and_staff_service_is_52() -> None:
    shares: Counter[str] = Counter()
    for row in COMPLAINTS:
        shares[row.cause] += row.weight  # type: ignore[assignment]

    assert shares == {"staff": 52, "delivery": 28, "hardware": 15, "personal": 5}
    assert {c.key for c in COMPLAINTS} | {"zero_reading"} == set(SAYS)


def test_complaints_nobody_planted_show_52_percent_staff_service(city: Built) -> None:
    causes = [c["cause"] for c in city.truth["causes"] if not c["planted"]]

    share = causes.count("staff") / len(causes)

    assert abs(share - 0.52) < 3 * math.sqrt(0.52 * 0.48 / len(causes))


def test_every_complaint_has_one_cause_and_its_root_is_in_the_log(city: Built) -> None:
    causes = city.truth["causes"]

    assert sorted(c["complaint"] for c in causes) == sorted(o["number"] for o in complaints(city))
    known = {row[0] for row in city.ask("SELECT ocel_id FROM object")}
    assert [c["complaint"] for c in causes if c["root"]["object"] not in known] == []
    assert {c["path"][-1]["object"] == c["complaint"] for c in causes} == {True}
    assert {c["front_desk"] for c in causes if c["cause"] != "staff"} == {False}


@pytest.mark.parametrize("made", ["town", "city"])
def test_the_papers_case_stands_in_the_log(made: str, request: pytest.FixtureRequest) -> None:
    found: Built = request.getfixturevalue(made)
    case = next(c for c in found.truth["causes"] if c["kind"] == "zero_reading")
    batch, account = case["root"]["object"], case["account"]
    about = ("SELECT e.ocel_type FROM event e JOIN event_object o ON o.ocel_event_id = e.ocel_id "
             "WHERE o.ocel_object_id = ? ORDER BY e.ocel_id")  # fmt: skip

    steps = [row[0] for row in found.ask(about, batch)]
    happened = [row[0] for row in found.ask(about, account)]

    assert steps == ["批量地址修改发起", "批量地址修改审核", *["换表流程发起被拒"] * 3]
    assert case["root"] == {"object": batch, "activity": "批量地址修改归档", "unit": "0102"}
    assert happened.count("抄表划零") == 3
    assert (
        happened.index("批量地址修改发起") < happened.index("现场换表") < happened.index("换表流程发起被拒")
    )
    assert happened.index("换表流程发起被拒") < happened.index("抄表划零") < happened.index("工单受理")
    assert happened.index("抄表录入") < happened.index("抄表划零")
    assert "新表信息入库" not in happened
    assert not case["front_desk"]
    order = next(o for o in found.orders if o["number"] == case["complaint"])
    assert order["category"] == "business.billing.reading"
    assert account in order["text"]
    assert date(2025, 10, 17) <= date.fromisoformat(order["accepted_at"][:10]) <= END


def test_the_zero_months_are_in_the_readings_too(city: Built) -> None:
    case = next(c for c in city.truth["causes"] if c["kind"] == "zero_reading")
    zero_days = [n["at"][:10] for n in case["path"] if n["activity"] == "抄表划零"]

    table = pq.read_table(city.path / "readings.parquet").to_pylist()
    monthly = {
        str(r["read_on"]): r["kwh"] for r in table if r["account"] == case["account"] and r["kwh"] is not None
    }

    assert len(zero_days) == 3
    assert sorted(day for day, kwh in monthly.items() if kwh == 0) == zero_days


def test_each_planted_story_has_complaints_and_the_right_front_desk(city: Built) -> None:
    front = {c["complaint"]: c["front_desk"] for c in city.truth["causes"]}

    stories = city.truth["planted"]["stories"]

    assert set(stories) == {
        "zero_reading",
        "stuck_connection",
        "late_reconnect",
        "frequent_outage",
        "low_voltage",
        "rude_hall",
    }
    for story, numbers in stories.items():
        assert {front[n] for n in numbers} == {story == "rude_hall"}


@pytest.mark.parametrize("made", ["town", "city"])
def test_the_elevated_units_stand_out_in_the_last_full_week_and_no_other_does(
    made: str, request: pytest.FixtureRequest
) -> None:
    found: Built = request.getfixturevalue(made)
    elevated = found.truth["planted"]["elevated_units"]
    week = elevated[0]["week"]
    here, all_weeks = Counter[str](), Counter[str]()
    for order in complaints(found):
        year, number, _ = datetime.fromisoformat(order["accepted_at"]).isocalendar()
        all_weeks[order["unit_code"]] += 1
        here[order["unit_code"]] += f"{year}-W{number:02d}" == week

    weeks = found.truth["days"] / 7
    chance = {u: tail(n, (all_weeks[u] - n + 0.5) / (weeks - 1)) for u, n in here.items()}

    assert week == "2025-W43"
    assert {u["unit"] for u in elevated} == {u for u, p in chance.items() if p < 0.0005}
    assert {u["unit"]: u["complaints"] for u in elevated} == {u["unit"]: here[u["unit"]] for u in elevated}


def tail(count: int, mean: float) -> float:
    """Return the chance that a Poisson number is at least ``count``."""
    return 1 - sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(count))


def test_the_log_is_ocel_2_and_holds_together(city: Built) -> None:
    with closing(sqlite3.connect(city.path / "log.sqlite")) as link:
        broken = link.execute("PRAGMA foreign_key_check").fetchall()
    tables = {row[0] for row in city.ask("SELECT name FROM sqlite_master WHERE type = 'table'")}

    assert broken == []
    assert {"event", "object", "event_object", "object_object", "event_map_type", "object_map_type"} <= tables
    for side, counted in (("event", "events"), ("object", "objects")):
        names = [row[0] for row in city.ask(f"SELECT ocel_type_map FROM {side}_map_type")]
        assert {f"{side}_{n}" for n in names} <= tables
        assert sum(city.ask(f"SELECT count(*) FROM {side}_{n}")[0][0] for n in names) == city.counts[counted]
    times = [row[0] for row in city.ask("SELECT ocel_time FROM event_CaseAccepted")]
    assert {t[-6:] for t in times} == {"+08:00"}
    assert max(times) < "2025-11-01"


def test_no_person_is_named_in_the_log(town: Built) -> None:
    people = {c["name"] for c in town.table("customers.csv")} | {s["name"] for s in town.table("staff.csv")}

    names = {
        row[0] for row in town.ask("SELECT name FROM object_Account UNION SELECT name FROM object_Staff")
    }

    assert names == {""}
    assert len(people) > 200


def test_registers_fit_together(city: Built) -> None:
    units, customers, nodes = (city.table(f"{n}.csv") for n in ("units", "customers", "grid_nodes"))
    codes = {u["code"] for u in units}

    assert {u["parent"] for u in units} - {""} <= codes
    assert {s["unit"] for s in city.table("staff.csv")} <= codes
    assert {c["unit"] for c in customers} == {u["code"] for u in units if u["kind"] == "station"}
    assert {c["area_code"] for c in customers} <= {n["code"] for n in nodes if n["kind"] == "area"}
    assert len({c["account"] for c in customers}) == 3_000
    assert all(
        re.fullmatch(r"9900\d{9}", c["account"]) and re.fullmatch(r"100\d{8}", c["phone"]) for c in customers
    )
    by_code = {u["code"]: u for u in units}
    assert by_code["01"]["customers"] == "3000"
    stations = [u for u in units if u["kind"] == "station"]
    assert sum(int(u["customers"]) for u in stations) == 3_000


def test_the_grid_is_radial_through_closed_switches(city: Built) -> None:
    codes = {n["code"]: n["kind"] for n in city.table("grid_nodes.csv")}
    closed = [e for e in city.table("grid_edges.csv") if e["normally"] == "closed"]

    fed = Counter(e["target"] for e in closed)

    assert set(fed.values()) == {1}
    assert set(fed) == {code for code, kind in codes.items() if kind != "substation"}
    assert {e["source"] for e in city.table("grid_edges.csv")} <= set(codes)


def test_the_ten_demo_users_are_on_the_staff(town: Built) -> None:
    staff = town.table("staff.csv")

    assert [s["username"] for s in staff[:10]] == [
        "agent", "lead", "office", "marketing", "operations", "station", "audit", "party", "leader", "admin",
    ]  # fmt: skip
    assert [s["roles"] for s in staff[:10]] == [s["username"] for s in staff[:10]]


def test_contacts_breathe_with_the_day_and_the_week(city: Built) -> None:
    calls = [
        datetime.fromisoformat(o["accepted_at"])
        for o in city.orders
        if o["business_type"] in ("consult", "query")
    ]
    hours, days = Counter(c.hour for c in calls), Counter(c.weekday() for c in calls)

    assert sum(hours[h] for h in (9, 10, 11)) > 4 * sum(hours[h] for h in (1, 2, 3))
    assert days[0] > days[6]


def test_an_outage_brings_child_orders_that_point_to_their_first(city: Built) -> None:
    numbers = {o["number"]: o for o in city.orders}

    children = [o for o in city.orders if o["is_child"] == "是"]

    assert len(children) > 300
    assert {numbers[c["parent_number"]]["business_type"] for c in children} == {"repair"}
    assert {numbers[c["parent_number"]]["is_child"] for c in children} == {"否"}


def test_late_and_often_called_orders_satisfy_less(city: Built) -> None:
    asked = [
        o
        for o in city.orders
        if o["business_type"] == "complaint" and o["satisfaction"] in ("satisfied", "dissatisfied")
    ]
    repeat = {r["order"] for r in city.truth["planted"]["repeat_callers"]}

    def rate(rows: list[dict[str, str]]) -> float:
        return sum(o["satisfaction"] == "satisfied" for o in rows) / len(rows)

    late = [
        o
        for o in asked
        if datetime.fromisoformat(o["answered_at"]) - datetime.fromisoformat(o["accepted_at"])
        > timedelta(days=5.2)
    ]

    assert rate(late) < rate([o for o in asked if o not in late])
    assert len(repeat) > 20


def test_readings_show_the_low_voltage_area(city: Built) -> None:
    low = {a["name"] for a in city.truth["planted"]["low_voltage_areas"]}
    where = {c["account"]: c["area"] for c in city.table("customers.csv")}
    table = pq.read_table(city.path / "readings.parquet", columns=["account", "v_a"]).to_pylist()

    days = [(where[r["account"]] in low, r["v_a"]) for r in table if r["v_a"] is not None]
    inside = [v for is_low, v in days if is_low]
    outside = [v for is_low, v in days if not is_low]

    assert sum(v < 198 for v in inside) / len(inside) > 0.1
    assert sum(v < 198 for v in outside) == 0


def test_every_call_behind_an_order_is_on_the_call_list(city: Built) -> None:
    calls = city.table("calls.csv")

    behind = {c["order"] for c in calls} - {""}

    assert behind == {o["number"] for o in city.orders if o["channel"] == "95598"}
    assert {c["outcome"] for c in calls} == {"answered", "abandoned"}
    assert [c["started_at"] for c in calls] == sorted(c["started_at"] for c in calls)


def test_the_last_full_week_ends_on_or_before_the_last_day() -> None:
    weeks = {
        END + timedelta(days=n): Window(END + timedelta(days=n - 9), 10).last_full_week() for n in range(14)
    }

    for end, monday in weeks.items():
        assert monday.weekday() == 0
        assert 0 <= (end - monday).days - 6 < 7
