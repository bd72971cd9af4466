"""One case worked by hand for every measure, at the edge where a careless zone gives another month.

Each measure gets rows accepted at 00:30 on 1 November local time (still October in UTC) and rows accepted at
23:30 on 31 October. The expected n and of were counted by hand.
"""

from datetime import timedelta

import golden_causes
import pytest

from suyuan.analytics.board import Row, board
from suyuan.analytics.measures import BOARD
from suyuan.analytics.period import parse
from suyuan.analytics.register import Input
from tests.lake_rows import AS_OF, FIRST_0030, HOUR, LAST_2330, NOON, bound, case, clock, opened, unit

NOVEMBER, OCTOBER = parse("2025-11"), parse("2025-10")
IN, OUT = FIRST_0030, LAST_2330


def fault(case_id, at, **known):
    return case(case_id, at, business_type="repair", procedure="repair", **known)


# id → (rows of November, rows of October, n and of in November, n and of in October)
GOLDEN = golden_causes.GOLDEN | {
    "registration_rate": (
        [case(1, IN, received_at=IN, registered_at=IN), case(2, IN, received_at=IN), case(3, IN)],
        [case(4, OUT, received_at=OUT)],
        (1, 2),
        (0, 1),
    ),
    "timely_rate": (
        [
            bound(1, IN, binding_stopped=IN + 24 * HOUR),  # at the very moment it falls due
            bound(2, IN, binding_stopped=IN + 24 * HOUR + timedelta(microseconds=1)),
            bound(3, IN),  # ran out, never answered
            bound(4, IN, binding_due=AS_OF),  # falls due at the moment of drawing: not yet
        ],
        [bound(5, OUT, binding_stopped=OUT)],
        (1, 3),
        (1, 1),
    ),
    "closure_rate": (
        [case(1, IN), case(2, IN, is_open=True), case(3, IN, origin="live", is_open=True)],
        [case(4, OUT)],
        (1, 2),
        (1, 1),
    ),
    "reply_rate": (
        [case(1, IN, answered_at=IN), case(2, IN), bound(3, IN, binding_due=AS_OF, is_open=True)],
        [case(4, OUT, first_answered_at=OUT, is_open=True)],
        (1, 2),
        (1, 1),
    ),
    "reply_satisfaction": (
        [case(n, IN, satisfaction=s) for n, s in enumerate(("satisfied", "dissatisfied", "not_rated", ""))],
        [case(4, OUT, satisfaction="satisfied")],
        (1, 2),
        (1, 1),
    ),
    "verified_rate": (
        [case(n, IN, finding=f) for n, f in enumerate(("verified", "partial", "unverified", ""))],
        [case(4, OUT, finding="unverified"), case(5, OUT, finding="verified", business_type="opinion")],
        (2, 3),
        (0, 1),
    ),
    "verified_rate_assessed": (
        [
            case(1, IN, finding="verified", finding_assessed="unverified"),
            case(2, IN, finding_assessed="partial"),
            case(4, IN, finding="verified", finding_assessed="excluded"),
        ],
        [case(3, OUT, finding="verified")],
        (1, 2),
        (0, 0),
    ),
    "callback_rate": (
        [
            case(1, IN, answered_at=IN, called_back_at=IN),
            case(2, IN, answered_at=IN),
            case(3, IN, answered_at=IN, restricted=True),
            case(4, IN, answered_at=IN, business_type="praise", procedure="opinion"),
        ],
        [case(5, OUT, answered_at=OUT, satisfaction="not_rated")],
        (1, 2),
        (1, 1),
    ),
    "callback_satisfaction": (
        [case(n, IN, satisfaction=s) for n, s in enumerate(("satisfied", "dissatisfied", "not_rated", ""))],
        [case(4, OUT)],
        (1, 3),
        (0, 0),
    ),
    "first_satisfaction": (
        [
            case(1, IN, first_satisfaction="dissatisfied", satisfaction="satisfied"),
            case(2, IN, first_satisfaction="satisfied"),
            case(3, IN, satisfaction="satisfied"),
        ],
        [case(4, OUT)],
        (1, 2),
        (0, 0),
    ),
    "card_mismatch": (
        [
            case(1, IN, card_match="differs"),
            case(2, IN, card_match="agrees"),
            case(3, IN, card_match="alone"),
            case(4, IN, satisfaction="satisfied"),
        ],
        [case(5, OUT)],
        (1, 2),
        (0, 0),
    ),
    "rectification_ordered_rate": (
        [
            case(1, IN, origin="live", finding="verified", rectification="effective"),
            case(2, IN, origin="live", finding="partial"),
            case(3, IN, origin="live", finding="unverified"),
            case(4, IN, finding="verified"),
        ],
        [case(5, OUT, origin="live", finding="verified", rectification="ordered")],
        (1, 2),
        (1, 1),
    ),
    "rectification_signed_rate": (
        [case(n, IN, rectification=r) for n, r in enumerate(("ordered", "countersigned", "effective", ""))],
        [case(5, OUT, rectification="ordered")],
        (2, 3),
        (0, 1),
    ),
    "rectification_effect_rate": (
        [case(n, IN, rectification=r) for n, r in enumerate(("ordered", "countersigned", "effective", ""))],
        [case(5, OUT)],
        (1, 3),
        (0, 0),
    ),
    "fault_again_rate": (
        [
            fault(1, IN, restored_at=IN, fault_again=True, fault_again_by=AS_OF - HOUR),
            fault(8, IN, restored_at=IN, fault_again=True, fault_again_by=AS_OF),  # came again, still watched
            fault(2, IN, restored_at=IN, fault_again=False, fault_again_by=AS_OF - HOUR),
            fault(3, IN, restored_at=IN, fault_again=False, fault_again_by=AS_OF),  # still watched
            fault(4, IN, restored_at=IN),  # no account
            fault(5, IN),  # nobody wrote down when supply was back
            case(6, IN, restored_at=IN, fault_again=True),
        ],
        [fault(7, OUT, restored_at=OUT, fault_again=False, fault_again_by=OUT)],
        (1, 2),
        (0, 1),
    ),
    "supply_stable_rate": (
        [fault(n, IN, supply_stable=said) for n, said in enumerate((True, False, None))],
        [fault(4, OUT, supply_stable=True), case(5, OUT, supply_stable=True)],
        (1, 2),
        (1, 1),
    ),
    **{
        f"crew_{one}_rate": (
            [fault(n, IN, crew_rating=said) for n, said in enumerate(("good", "fair", "fair", "poor", ""))],
            [fault(5, OUT, crew_rating=one), case(6, OUT, crew_rating=one)],
            (n, 4),
            (1, 1),
        )
        for one, n in (("good", 1), ("fair", 2), ("poor", 1))
    },
    "repeat_rate": (
        [
            case(1, IN, event_key="pole 7"),
            case(2, IN, event_key="meter 3", contact_count=3),
            case(3, IN),
            case(4, IN, is_child=True, event_key="pole 7"),
            case(5, IN, malicious=True),
        ],
        [
            case(6, OUT, event_key="pole 7", contact_count=2)
        ],  # with case 1 three calls, across the month's end
        (2, 2),
        (1, 1),
    ),
    "first_answer_rate": (
        [
            case(1, IN, business_type="consult"),
            case(2, IN, business_type="query", dispatched_at=IN),
            case(3, IN, business_type="consult", is_open=True),
            case(4, IN),
        ],
        [case(5, OUT, business_type="query")],
        (1, 3),
        (1, 1),
    ),
    "complaints_per_10k": ([case(1, IN), case(2, IN, is_child=True)], [], (1, 50_000), (0, 50_000)),
    "complaints_per_million": ([case(1, IN)], [case(2, OUT), case(3, OUT)], (1, 50_000), (2, 50_000)),
    "contact_volume": (
        [case(1, IN, contact_count=3), case(2, IN, contact_count=None), case(3, IN, is_child=True)],
        [case(4, OUT)],
        (4, None),
        (1, None),
    ),
    "order_volume": ([case(1, IN), case(2, IN, is_child=True)], [case(3, OUT)], (2, None), (1, None)),
    "complaint_volume": (
        [case(1, IN), case(2, IN, is_child=True), case(3, IN, business_type="report")],
        [case(4, OUT)],
        (1, None),
        (1, None),
    ),
    "complaint_volume_assessed": (
        [
            case(1, IN, finding="verified", finding_assessed="excluded"),
            case(2, IN),
            case(3, IN, is_child=True),
        ],
        [case(4, OUT)],
        (1, None),
        (1, None),
    ),
    "verified_complaint_volume": (
        [case(1, IN, finding="partial"), case(2, IN, finding="unverified")],
        [case(3, OUT)],
        (1, None),
        (0, None),
    ),
    "service_quality_index": (
        [
            case(1, IN, event_key="a", contact_count=2, satisfaction="satisfied"),
            case(2, IN, event_key="a"),  # the same event: counted once
            case(3, IN),
            case(4, IN, business_type="repair"),
            case(5, IN, business_type="consult"),
        ],
        [case(6, OUT, event_key="b", contact_count=3, satisfaction="dissatisfied")],
        (2, 3),
        (0, 1),
    ),
}
CLOCKS = (
    [
        clock(1, IN, stopped=IN + timedelta(minutes=45)),
        clock(2, IN, stopped=IN + timedelta(minutes=46)),
        clock(3, IN),
        clock(4, IN, is_open=False),  # closed without a record of arriving
    ],
    [clock(5, OUT, stopped=OUT)],
    (1, 3),
    (1, 1),
)


def drawn(measure_id: str, period, cases=(), clocks=(), **known) -> Row:
    with opened(cases, clocks, **known) as tables:
        return next(row for row in board(tables, period, as_of=AS_OF) if row.id == measure_id)


@pytest.mark.parametrize("measure_id", GOLDEN)
def test_a_case_of_0030_on_the_1st_belongs_to_the_new_month(measure_id):
    november, october, new, old = GOLDEN[measure_id]

    row = drawn(measure_id, NOVEMBER, [*november, *october])

    assert ((row.n, row.of), row.compared["previous"]) == (new, old)


@pytest.mark.parametrize("limit", ["repair.accept", "repair.callback"])
def test_a_named_step_counts_its_own_limit_alone(limit):
    ours = [clock(1, IN, limit=limit, stopped=IN), clock(2, IN, limit=limit, due=IN, stopped=IN + HOUR)]
    others = [clock(3, IN, stopped=IN), clock(4, IN, limit="complaint.answer", stopped=IN)]

    row = drawn(OF_LIMIT[limit], NOVEMBER, clocks=[*ours, *others])

    assert (row.n, row.of) == (1, 2)


OF_LIMIT = {"repair.accept": "repair_taken_rate", "repair.callback": "repair_callback_rate"}
OVER_CLOCKS = ("arrival_rate", "step_timely_rate", *OF_LIMIT.values())


@pytest.mark.parametrize(
    "measure_id", ["arrival_rate", "step_timely_rate", "step_timely_rate.repair.arrive.urban"]
)
def test_a_clock_of_0030_on_the_1st_belongs_to_the_new_month(measure_id):
    november, october, new, old = CLOCKS

    row = drawn(measure_id, NOVEMBER, clocks=[*november, *october])

    assert ((row.n, row.of), row.compared["previous"], row.excluded) == (new, old, {"no_record": 1})


def given(period: str, **quantities: float) -> list[Input]:
    return [Input("01", period, name, value) for name, value in quantities.items()]


def conduct_cases(at, class1: int, class2: int, reports: int):
    first = [case(n, at, assess_group="class1") for n in range(class1)]
    second = [case(100 + n, at, assess_group="class2") for n in range(class2)]
    third = [case(200 + n, at, business_type="report", procedure="report") for n in range(reports)]
    return [*first, *second, *third]


def index_of(measure_id: str, cases, inputs, period=NOVEMBER) -> Row:
    with opened(cases, units=[unit("/01/", 800_000), unit("/01/0101/")]) as tables:
        rows = board(tables, period, "/01/", as_of=AS_OF, inputs=inputs)
        return next(row for row in rows if row.id == measure_id)


def test_service_conduct_is_the_example_worked_by_hand():
    """Calls 120,000 and customers 800,000 give D = 1000; C1 = 30, C2 = 60, J = 5: 0.9665."""
    cases = [*conduct_cases(IN, 30, 60, 5), case(999, OUT, assess_group="class1")]

    row = index_of("service_conduct_rate", cases, given("2025-11", calls=120_000))

    assert (row.value, row.n, row.of) == (pytest.approx(0.9665), pytest.approx(966.5), 1000)
    assert row.excluded == {
        "not_given_late_reports": 1,
        "not_given_mishandled_theft_reports": 1,
        "not_given_poor_reports": 1,
        "not_given_supervised_items": 1,
    }


def test_service_conduct_loses_points_for_what_is_given():
    """Two late reports and one supervised item: 2 × 0.2 + 0.5 = 0.9 point."""
    inputs = given("2025-11", calls=120_000, late_reports=2, supervised_items=1)

    row = index_of("service_conduct_rate", conduct_cases(IN, 30, 60, 5), inputs)

    assert (row.value, row.deducted) == (pytest.approx(0.9665 - 0.009), pytest.approx(0.009))


def test_service_conduct_without_calls_has_no_value():
    row = index_of("service_conduct_rate", conduct_cases(IN, 1, 0, 0), [])

    assert (row.value, row.of, row.excluded) == (None, 0, {"no_calls": 1})


def test_service_quality_loses_points_below_95_percent_satisfied_and_never_falls_below_0():
    """Nine of ten satisfied: 5 % below, 5 points; an opinion event: 5 more; thirty of them: nothing left."""
    words = ["dissatisfied", *["satisfied"] * 9]
    cases = [case(n, IN, satisfaction=word, event_key=f"e{n}") for n, word in enumerate(words)]

    row = index_of("service_quality_index", cases, given("2025-11", adverse_opinion_events=1))
    floor = index_of("service_quality_index", cases, given("2025-11", adverse_opinion_events=30))

    assert (row.value, row.n, row.of) == (pytest.approx(0.90), 10, 10)
    assert floor.value == 0.0


@pytest.mark.parametrize(
    ("known", "inputs", "expected"),
    [
        ({}, {}, (None, {"no_key": 2, "not_asked": 2})),
        ({"satisfaction": "satisfied"}, {}, (None, {"no_key": 2})),
        ({"event_key": "a"}, {}, (None, {"not_asked": 2})),
        ({"event_key": "a"}, {"untrue_orders": 0}, (1.0, {})),
        ({"event_key": "a", "satisfaction": "satisfied"}, {}, (1.0, {})),
    ],
    ids=["nothing known", "nothing linked", "nobody asked", "a deduction given", "linked and rated"],
)
def test_service_quality_is_never_made_up(known, inputs, expected):
    """An order file without accounts or ratings (Boston, the citizens' replies) says nothing of quality."""
    row = index_of(
        "service_quality_index", [case(n, IN, **known) for n in (1, 2)], given("2025-11", **inputs)
    )

    left_out = {code: n for code, n in row.excluded.items() if not code.startswith("not_given_")}
    assert (row.value, left_out) == expected


def test_a_case_that_cannot_be_linked_is_not_counted_as_not_repeated():
    cases = [case(1, IN), case(2, IN, contact_count=5), case(3, IN, event_key="a", contact_count=3)]

    row = drawn("repeat_rate", NOVEMBER, cases)

    assert (row.n, row.of, row.excluded) == (1, 1, {"no_key": 2})
    assert drawn("repeat_rate", NOVEMBER, cases[:2]).value is None


def test_connection_conduct_needs_all_three_shares():
    """0.4 × 0.9 + 0.3 × 0.8 + 0.3 × 1 = 0.90."""
    two = given("2025-11", connection_coordinated=0.9, connection_in_time=0.8)
    three = [*two, *given("2025-11", connection_satisfied=1.0)]

    assert index_of("connection_conduct_rate", [], three).value == pytest.approx(0.90)
    lacking = index_of("connection_conduct_rate", [], two)
    assert (lacking.value, lacking.of, lacking.excluded) == (None, 0, {"no_connection_satisfied": 1})


def test_every_measure_of_the_board_has_a_golden_case():
    indices = {"service_conduct_rate", "service_conduct_rate_assessed", "connection_conduct_rate"}

    assert {measure.id for measure in BOARD} == {*GOLDEN, *indices, *OVER_CLOCKS, "commitment_keep_rate"}


def test_noon_lies_in_october():
    assert drawn("order_volume", OCTOBER, [case(1, NOON)]).n == 1
