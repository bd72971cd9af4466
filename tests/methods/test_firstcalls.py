"""Whom a desk calls first: promises, dissatisfaction and repeated calls, a few a desk."""

import tomllib
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suyuan.analytics import source
from suyuan.analytics.firstcalls import Call, candidates, first_calls, old_promises, rules
from suyuan.domain.errors import RulebookError

NOW = datetime(2025, 10, 9, 0, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RECORD = tomllib.loads(resources.files("suyuan.rulebook").joinpath("firstcalls.toml").read_text("utf-8"))
RULES = rules(RECORD, "firstcalls.toml")


def row(number: str, **changes: Any) -> dict[str, Any]:
    return {
        "number": number,
        "unit": "011101",
        "unit_path": "/01/0111/011101/",
        "business_type": "complaint",
        "category": "service.hall.attitude",
        "event_key": "",
        "is_open": True,
        "accepted_at": NOW - 2 * DAY,
        "answered_at": None,
        "called_back_at": None,
        "satisfaction": "",
        "urge_count": 0,
        "contact_count": 1,
        "binding_limit": "complaint.answer",
        "binding_due": NOW + 5 * DAY,
        "binding_stopped": None,
        "binding_provisional": False,
        **changes,
    }


def told(rows: list[dict[str, Any]]) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    calls = first_calls(rows, NOW, RULES)
    return {unit: [(call.number, call.reasons) for call in found] for unit, found in calls.items()}


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        pytest.param({}, None, id="nothing calls for a call"),
        pytest.param({"binding_due": NOW + 24 * HOUR}, ("due_soon",), id="due within a day"),
        pytest.param({"binding_due": NOW + 24 * HOUR + HOUR}, None, id="due later"),
        pytest.param({"binding_due": NOW - HOUR}, ("overdue",), id="overdue"),
        pytest.param({"binding_due": NOW - 30 * DAY}, ("overdue",), id="overdue for 30 days"),
        pytest.param({"binding_due": NOW - 31 * DAY}, None, id="an old backlog is no first call"),
        pytest.param(
            {"binding_due": NOW - HOUR, "binding_stopped": NOW - 2 * HOUR}, None, id="answered in time"
        ),
        pytest.param({"binding_due": None}, None, id="no clock"),
        pytest.param({"contact_count": 3}, ("repeat",), id="called three times"),
        pytest.param({"contact_count": 2}, None, id="called twice"),
        pytest.param({"is_open": False, "contact_count": 9}, None, id="closed"),
        pytest.param(
            {"is_open": False, "satisfaction": "dissatisfied", "called_back_at": NOW - 14 * DAY},
            ("dissatisfied",),
            id="dissatisfied and not handled again",
        ),
        pytest.param(
            {"is_open": False, "satisfaction": "dissatisfied", "called_back_at": NOW - 15 * DAY},
            None,
            id="dissatisfied long ago",
        ),
        pytest.param(
            {"satisfaction": "dissatisfied", "called_back_at": NOW - 2 * DAY, "answered_at": NOW - DAY},
            None,
            id="dissatisfied and answered again",
        ),
        pytest.param(
            {"binding_due": NOW - HOUR, "contact_count": 4},
            ("overdue", "repeat"),
            id="two reasons, weightier first",
        ),
    ],
)
def test_each_reason(change: dict[str, Any], reasons: tuple[str, ...] | None):
    expected = {} if reasons is None else {"011101": [("T1", reasons)]}

    assert told([row("T1", **change)]) == expected


def test_one_line_a_matter_with_the_other_orders_beside_it():
    rows = [
        row("T1", event_key="e", accepted_at=NOW - 5 * DAY),
        row("T2", event_key="e", binding_due=NOW - HOUR, urge_count=2),
        row("T3", event_key="e"),
    ]

    calls = first_calls(rows, NOW, RULES)

    assert calls == {
        "011101": [
            Call(
                unit="011101",
                number="T2",
                others=("T1", "T3"),
                reasons=("overdue", "repeat"),
                accepted_at=NOW - 2 * DAY,
                times=3,
                urges=2,
                limit="complaint.answer",
                due=NOW - HOUR,
                provisional=False,
                business_type="complaint",
                category="service.hall.attitude",
            )
        ]
    }


def test_more_reasons_first_then_the_promise_that_can_still_be_kept():
    rows = [
        row("late", binding_due=NOW - HOUR),
        row("soon", binding_due=NOW + 2 * HOUR),
        row("sooner", binding_due=NOW + HOUR),
        row("twice", binding_due=NOW - HOUR, contact_count=3),
        row("other", unit="0102", binding_due=NOW - HOUR),
    ]

    assert {unit: [n for n, _ in found] for unit, found in told(rows).items()} == {
        "0102": ["other"],
        "011101": ["twice", "sooner", "soon", "late"],
    }


@given(st.lists(st.tuples(st.integers(-60, 60), st.sampled_from(("A", "B"))), max_size=40))
def test_a_desk_never_gets_more_than_it_can_call(dues: list[tuple[int, str]]):
    rows = [row(f"T{n}", unit=unit, binding_due=NOW + days * DAY) for n, (days, unit) in enumerate(dues)]

    calls = first_calls(rows, NOW, RULES)

    assert all(0 < len(found) <= RULES.most for found in calls.values())


def test_old_broken_promises_are_counted_apart():
    rows = [
        row("T1", binding_due=NOW - 31 * DAY),
        row("T2", binding_due=NOW - HOUR),
        row("T3", binding_due=None),
        row("T4", binding_due=NOW - 31 * DAY, unit_path="/01/0112/"),
        row("T5", binding_due=NOW - 31 * DAY, binding_stopped=NOW - DAY),
    ]

    assert old_promises(lake(rows), ("/01/0111/",), NOW, RULES) == 1


def lake(rows: list[dict[str, Any]]) -> source.Tables:
    import duckdb
    import ibis

    schema = source.arrow_schema(source.CASES)
    plain = dict.fromkeys(schema.names) | {"restricted": False, "is_child": False}
    held = pa.Table.from_pylist([{**plain, **each} for each in rows], schema=schema)
    db = duckdb.connect()
    db.register("cases", held)
    return source.tables(
        lambda expression: db.sql(str(ibis.to_sql(expression, dialect="duckdb"))).to_arrow_table()
    )


DUE = st.none() | st.integers(-60 * 24, 60 * 24).map(lambda hours: NOW + hours * HOUR)
CASE = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(("A", "B")),
        "event_key": st.sampled_from(("", "e", "f")),
        "is_open": st.booleans(),
        "contact_count": st.none() | st.integers(0, 4),
        "binding_due": DUE,
        "binding_stopped": st.none() | st.just(NOW - DAY),
        "satisfaction": st.sampled_from(("", "dissatisfied")),
        "called_back_at": DUE,
        "answered_at": DUE,
    }
)


@settings(max_examples=15, deadline=None)
@given(st.lists(CASE, max_size=12))
def test_what_is_left_in_the_lake_changes_no_call(cases: list[dict[str, Any]]):
    rows = [row(f"T{n:02}", **case) for n, case in enumerate(cases)]
    since = NOW - RULES.dissatisfied_days * DAY

    def told_lately(case: dict[str, Any]) -> bool:
        at = case["called_back_at"]
        return case["satisfaction"] == "dissatisfied" and at is not None and at >= since

    looked_at = [each for each in rows if each["is_open"] or told_lately(each)]
    tables = lake(rows)
    read = tables.fetch(candidates(tables, ("/",), NOW, RULES)).to_pylist()

    assert first_calls(sorted(read, key=lambda each: each["number"]), NOW, RULES) == first_calls(
        looked_at, NOW, RULES
    )


def test_an_open_case_that_gives_no_reason_stays_in_the_lake():
    tables = lake([row("quiet"), row("backlog", binding_due=NOW - 90 * DAY), row("soon", binding_due=NOW)])

    read = tables.fetch(candidates(tables, ("/",), NOW, RULES))

    assert read.column("number").to_pylist() == ["soon"]


def test_only_the_viewers_units_are_read_and_nothing_restricted():
    due = {"binding_due": NOW}
    rows = [
        row("open", **due),
        row("other unit", unit_path="/01/0112/", **due),
        row("restricted", restricted=True, **due),
        row("child", is_child=True, **due),
        row("closed", is_open=False),
        row("told", is_open=False, satisfaction="dissatisfied", called_back_at=NOW - DAY),
        row("told long ago", is_open=False, satisfaction="dissatisfied", called_back_at=NOW - 90 * DAY),
    ]
    tables = lake(rows)

    def read(paths: tuple[str, ...]) -> list[str]:
        return sorted(tables.fetch(candidates(tables, paths, NOW, RULES)).column("number").to_pylist())

    assert read(("/01/0111/",)) == ["open", "told"]
    assert read(("/01/0111/", "/01/0112/")) == ["open", "other unit", "told"]
    assert read(()) == []


@pytest.mark.parametrize(
    ("change", "key"),
    [({"most": 0}, "most"), ({"repeats": "3"}, "repeats"), ({"reason": [{"code": "whim"}]}, "reason")],
)
def test_a_wrong_figure_names_file_and_key(change: dict[str, object], key: str):
    with pytest.raises(RulebookError) as caught:
        rules({**RECORD, **change}, "own.toml")

    assert (caught.value.facts["file"], caught.value.facts["key"]) == ("own.toml", key)
