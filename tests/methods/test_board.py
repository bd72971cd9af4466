"""The board: units and what stands above them, comparisons, trend, drill-down."""

from datetime import UTC, datetime, timedelta

import pytest

from suyuan.analytics import consistency
from suyuan.analytics.board import board, by_unit, trend
from suyuan.analytics.drill import Question, count, drill, looked_at
from suyuan.analytics.measures import MEASURES, find
from suyuan.analytics.period import ALL, parse
from suyuan.analytics.register import Input, parent
from suyuan.analytics.scan import ancestors
from suyuan.domain.errors import BadInput
from tests.lake_rows import AS_OF, NOON, bound, case, clock, opened, unit

OCTOBER = parse("2025-10")
YEAR_AGO = datetime(2024, 10, 15, 4, tzinfo=UTC)
MONTH_AGO = datetime(2025, 9, 15, 4, tzinfo=UTC)
OTHER = {"unit": "0102", "unit_path": "/01/0102/"}


def row_of(rows, measure_id):
    return next(row for row in rows if row.id == measure_id)


def test_a_unit_counts_its_own_and_a_higher_one_all_below_it():
    cases = [case(1), case(2, **OTHER), case(3, unit="01", unit_path="/01/"), case(4, unit="", unit_path="")]

    with opened(cases) as tables:
        units = by_unit(tables, OCTOBER, ["order_volume"], as_of=AS_OF)

    assert [(each.path, each.name, each.rows[0].n) for each in units] == [
        ("/", "", 4),
        ("/01/", "unit 01", 3),
        ("/01/0101/", "unit 0101", 1),
        ("/01/0102/", "unit 0102", 1),
    ]


def test_one_unit_is_the_same_alone_as_among_all():
    cases = [case(1, finding="verified"), case(2, finding="unverified"), case(3, **OTHER), bound(4)]
    clocks = [clock(4, stopped=NOON), clock(5, **OTHER)]
    ids = [measure.id for measure in MEASURES if not measure.practice]

    with opened(cases, clocks) as tables:
        alone = board(tables, OCTOBER, "/01/0101/", as_of=AS_OF)
        among = next(u for u in by_unit(tables, OCTOBER, ids, as_of=AS_OF) if u.path == "/01/0101/")

    assert tuple(alone) == among.rows


def test_a_figure_stands_beside_the_month_before_and_the_same_month_last_year():
    cases = [case(1), case(2, is_open=True), case(3, MONTH_AGO), case(4, YEAR_AGO, is_open=True)]

    with opened(cases) as tables:
        row = row_of(board(tables, OCTOBER, as_of=AS_OF), "closure_rate")

    assert (row.value, row.previous, row.last_year) == (0.5, 1.0, 0.0)
    assert row.compared == {"previous": (1, 1), "last_year": (0, 1)}


def test_everything_is_a_period_without_comparison():
    with opened([case(1), case(2, MONTH_AGO), case(3, YEAR_AGO)]) as tables:
        row = row_of(board(tables, ALL, as_of=AS_OF), "order_volume")

    assert (row.n, row.previous, row.last_year, row.compared) == (3, None, None, {})


def test_an_empty_lake_gives_every_measure_without_a_value():
    with opened(units=()) as tables:
        rows = board(tables, OCTOBER, as_of=AS_OF)
        units = by_unit(tables, OCTOBER, ["closure_rate"], as_of=AS_OF)

    assert {row.id for row in rows if row.value is not None} == {
        "contact_volume",
        "order_volume",
        "complaint_volume",
        "complaint_volume_assessed",
        "verified_complaint_volume",
    }
    assert [(each.path, each.rows[0].value) for each in units] == [("/", None)]


def test_the_json_of_a_row_is_what_the_command_promises():
    with opened([case(1, satisfaction="satisfied"), case(2)]) as tables:
        row = row_of(board(tables, OCTOBER, as_of=AS_OF), "reply_satisfaction").as_json()

    assert row == {
        "id": "reply_satisfaction",
        "value": 1.0,
        "n": 1,
        "of": 1,
        "low": pytest.approx(0.20654931),
        "high": 1.0,
        "previous": None,
        "last_year": None,
        "excluded": {"not_asked": 1},
    }


def test_boston_counts_closed_and_overdue_targets_and_lists_the_rest():
    """The shape of Boston's file in small: the target binds, late and still open past it count alike."""
    late = NOON + timedelta(hours=25)
    cases = [
        bound(1, binding_limit="imported.target", business_type="unknown", binding_stopped=NOON),
        bound(2, binding_limit="imported.target", business_type="unknown", binding_stopped=late),
        bound(3, binding_limit="imported.target", business_type="unknown", is_open=True),
        case(4),
    ]

    with opened(cases) as tables:
        row = row_of(board(tables, ALL, as_of=AS_OF), "timely_rate")

    assert (row.n, row.of, row.excluded) == (1, 3, {"no_target": 1})


def test_complaints_of_a_unit_without_known_customers_have_no_rate():
    units = [unit("/01/"), unit("/01/0101/", 20_000), unit("/01/0102/"), unit("/01/0103/")]

    with opened([case(1), case(2, **OTHER)], units=units) as tables:
        found = by_unit(tables, OCTOBER, ["complaints_per_10k"], as_of=AS_OF)

    assert {each.path: (each.rows[0].value, each.rows[0].excluded) for each in found} == {
        "/": (None, {"no_customers": 2}),
        "/01/": (None, {"no_customers": 2}),
        "/01/0101/": (0.5, {}),
        "/01/0102/": (None, {"no_customers": 1}),
        "/01/0103/": (None, {"no_customers": 0}),
    }


def test_a_units_own_customers_win_over_the_sum_below_it():
    units = [unit("/01/", 100_000), unit("/01/0101/", 20_000)]

    with opened([case(1)], units=units) as tables:
        assert row_of(board(tables, OCTOBER, "/01/", as_of=AS_OF), "complaints_per_million").value == 10.0


def test_steps_are_counted_each_and_together():
    clocks = [clock(1, stopped=NOON), clock(2, limit="complaint.contact")]

    with opened(clocks=clocks) as tables:
        rows = board(tables, OCTOBER, as_of=AS_OF)
        chosen = by_unit(tables, OCTOBER, ["step_timely_rate.complaint.contact"], as_of=AS_OF)

    assert {row.id: (row.n, row.of) for row in rows if row.id.startswith("step_timely_rate")} == {
        "step_timely_rate": (1, 2),
        "step_timely_rate.complaint.contact": (0, 1),
        "step_timely_rate.repair.arrive.urban": (1, 1),
    }
    assert [row.id for row in chosen[0].rows] == ["step_timely_rate.complaint.contact"]


def test_a_trend_runs_up_to_the_period():
    with opened([case(1), case(2, MONTH_AGO), case(3, MONTH_AGO)]) as tables:
        points = trend(tables, "complaint_volume", OCTOBER, as_of=AS_OF, count=3)

    assert [(point.period.label, point.figure.n) for point in points] == [
        ("2025-08", 0),
        ("2025-09", 2),
        ("2025-10", 1),
    ]


BEHIND = [measure.id for measure in MEASURES if measure.terms]


@pytest.fixture(scope="module")
def whole():
    """Return a lake and what the whole company comes to in it, every measure at once."""
    cases = [
        bound(1, binding_stopped=NOON, received_at=NOON, satisfaction="satisfied", finding="verified"),
        bound(2, satisfaction="dissatisfied", event_key="a", contact_count=3, assess_group="class1"),
        case(3, business_type="consult", is_child=True),
        case(4, business_type="report", satisfaction="not_rated", malicious=True, level="major"),
        case(5, MONTH_AGO),
    ]
    clocks = [clock(1, stopped=NOON), clock(2), clock(3, limit="complaint.contact"), clock(4, is_open=False)]
    with opened(cases, clocks) as tables:
        yield tables, by_unit(tables, OCTOBER, BEHIND, as_of=AS_OF)[0].rows


@pytest.mark.parametrize("measure_id", BEHIND)
def test_every_part_lists_as_many_cases_as_it_counts(whole, measure_id):
    (tables, counted), (measure, _) = whole, find(measure_id)
    row = row_of(counted, measure.id)
    asked = Question(measure_id=measure.id, part=measure.parts[-1], period=OCTOBER, as_of=AS_OF)
    rows = looked_at(tables, asked)
    parts = {part: rows.case_id.nunique(where=measure.condition(part, rows)) for part in measure.parts}

    [listed] = tables.fetch(rows.aggregate(**parts), AS_OF).to_pylist()

    assert len(drill(tables, asked)) == count(tables, asked) == listed[asked.part]
    for code in measure.exclusions:
        assert listed[f"excluded.{code}"] == row.excluded.get(code, 0)
    if measure.interval == "wilson":
        assert (listed["n"], listed["of"], listed["missed"]) == (row.n, row.of, row.of - row.n)


def test_cases_behind_a_figure_come_in_pages():
    question = Question(
        measure_id="order_volume", part="n", period=OCTOBER, as_of=AS_OF, unit_path="/01/0101/"
    )

    with opened([case(n) for n in (5, 3, 4, 1)] + [case(9, **OTHER)]) as tables:
        assert drill(tables, question, limit=2) == [1, 3]
        assert drill(tables, question, limit=2, offset=2) == [4, 5]


def test_cases_behind_one_limit_are_those_of_that_limit():
    question = Question(
        measure_id="step_timely_rate.complaint.contact", part="missed", period=OCTOBER, as_of=AS_OF
    )

    with opened(clocks=[clock(1), clock(2, limit="complaint.contact")]) as tables:
        assert drill(tables, question) == [2]


def test_an_unknown_measure_or_part_is_an_error_that_names_it():
    with opened() as tables:
        with pytest.raises(BadInput) as unknown:
            by_unit(tables, OCTOBER, ["happiness"], as_of=AS_OF)
        with pytest.raises(BadInput) as part:
            drill(tables, Question(measure_id="closure_rate", part="m", period=OCTOBER, as_of=AS_OF))

    assert (unknown.value.code, unknown.value.facts["value"]) == ("measure_unknown", "happiness")
    assert (part.value.code, part.value.facts["value"]) == ("part_unknown", "m")


def test_ancestors_of_a_path():
    assert ancestors("/01/0101/") == ["/", "/01/", "/01/0101/"]
    assert ancestors("") == ["/"]


def test_units_that_judge_alike_differ_by_chance_and_one_that_does_not_is_named():
    units = [unit(f"/01/{code}/") for code in ("0101", "0102", "0103")]
    true = {"0101": 20, "0102": 20, "0103": 2}
    cases = [
        case(
            at * 100 + n,
            unit=code,
            unit_path=f"/01/{code}/",
            finding="verified" if n < true[code] else "unverified",
        )
        for at, code in enumerate(true)
        for n in range(40)
    ]

    with opened(cases, units=[unit("/01/"), *units]) as tables:
        report = consistency.report(tables, OCTOBER, depth=2, as_of=AS_OF)
    found = {difference.measure_id: difference for difference in report}

    verified = found["verified_rate"]
    assert (verified.n, verified.of, verified.units) == (42, 120, 3)
    assert (verified.lowest.unit, [share.unit for share in verified.apart]) == ("0103", ["0103"])
    # 12 of 40 expected each at 35 %: (20-14)²+(20-14)²+(2-14)² over 40·0.35·0.65
    assert verified.chi2 == pytest.approx(216 / 9.1)
    assert (found["complaint_share"].p, found["complaint_share"].apart) == (1.0, ())
    assert report[0].measure_id == "verified_rate"


def test_a_measure_that_counts_no_rows_is_drawn_without_a_scan():
    inputs = [Input("0101", "2025-10", name, 1.0) for name in find("connection_conduct_rate")[0].inputs]

    with opened([case(1)]) as tables:
        units = by_unit(tables, OCTOBER, ["connection_conduct_rate"], as_of=AS_OF, inputs=inputs)

    assert {each.path: each.rows[0].value for each in units}["/01/0101/"] == 1.0


def test_every_measure_takes_its_period_from_the_local_date_of_acceptance():
    assert {measure.period_column for measure in MEASURES} == {"accepted_date"}


def test_the_whole_has_nothing_above_it():
    assert (parent("/01/0101/"), parent("/01/"), parent("/")) == ("/01/", "/", "")


def test_of_two_units_that_differ_one_is_named():
    rows = [consistency.Share("a", 0, 100), consistency.Share("b", 100, 100)]

    found = consistency.difference("x", rows)

    assert found is not None
    assert [share.unit for share in found.apart] == ["a"]


def test_units_with_few_rows_are_not_compared():
    assert consistency.difference("x", [consistency.Share("a", 1, 4), consistency.Share("b", 1, 100)]) is None
