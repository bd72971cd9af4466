"""Every measure equals its ten-line reference on any small lake."""

from datetime import timedelta

import measure_reference as reference
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suyuan.analytics.board import board
from suyuan.analytics.period import parse
from tests.lake_rows import AS_OF, NOON, bound, case, clock, opened

OCTOBER = parse("2025-10")
MOMENT = st.integers(-3, 3).map(lambda days: NOON + timedelta(days=days))
MAYBE = st.none() | MOMENT
EDGE = st.sampled_from([NOON, NOON + timedelta(days=1), AS_OF - timedelta(seconds=1), AS_OF])
TYPES = st.sampled_from(["complaint", "report", "opinion", "praise", "consult", "query", "repair"])
PROCEDURES = st.sampled_from(
    ["complaint", "report", "opinion", "enquiry", "repair", "application", "imported"]
)
FINDINGS = st.sampled_from(["verified", "unverified", "partial", ""])
AT = st.sampled_from([NOON, NOON, NOON, NOON + timedelta(days=30)])

KNOWN = st.fixed_dictionaries(
    {},
    optional={
        "origin": st.sampled_from(["live", "import"]),
        "business_type": TYPES,
        "procedure": PROCEDURES,
        "is_open": st.booleans(),
        "is_child": st.booleans() | st.none(),
        "restricted": st.booleans(),
        "malicious": st.booleans() | st.none(),
        "finding": FINDINGS,
        "finding_assessed": FINDINGS | st.just("excluded"),
        "cause": st.sampled_from(["facility", "staff", "delivery", "individual", ""]),
        "satisfaction": st.sampled_from(["satisfied", "dissatisfied", "not_rated", ""]),
        "card_match": st.sampled_from(["alone", "agrees", "differs", ""]),
        "rectification": st.sampled_from(["", "ordered", "countersigned", "effective"]),
        "contact_count": st.none() | st.integers(0, 4),
        "event_key": st.sampled_from(["", "a", "b"]),
        "received_at": MAYBE,
        "registered_at": MAYBE,
        "dispatched_at": MAYBE,
        "taken_at": MAYBE,
        "contacted_at": MAYBE,
        "answered_at": MAYBE,
        "first_answered_at": MAYBE,
        "called_back_at": MAYBE,
        "restored_at": MAYBE,
        "fault_again": st.none() | st.booleans(),
        "fault_again_by": st.none() | EDGE,
        "supply_stable": st.none() | st.booleans(),
        "crew_rating": st.sampled_from(["good", "fair", "poor", ""]),
        "binding_due": st.none() | EDGE,
        "binding_stopped": st.none() | EDGE,
        "binding_provisional": st.booleans(),
        "binding_assessable": st.booleans(),
        "clock_reason": st.sampled_from(["", "", "", "no_target", "type_unknown", "something_else"]),
    },
)
CLOCK = st.fixed_dictionaries(
    {},
    optional={
        "limit": st.sampled_from(
            ["repair.arrive.urban", "repair.arrive.remote", "repair.accept", "repair.callback"]
        ),
        "is_open": st.booleans(),
        "due": EDGE,
        "stopped": st.none() | EDGE,
        "provisional": st.booleans(),
        "assessable": st.booleans(),
    },
)


@st.composite
def some_cases(draw: st.DrawFn) -> list[dict[str, object]]:
    known = draw(st.lists(st.tuples(AT, KNOWN, st.booleans()), max_size=8))
    return [(bound if firm else case)(n, at, **given) for n, (at, given, firm) in enumerate(known)]


@st.composite
def some_clocks(draw: st.DrawFn) -> list[dict[str, object]]:
    return [
        clock(n, at, **known)
        for n, (at, known) in enumerate(draw(st.lists(st.tuples(AT, CLOCK), max_size=6)))
    ]


def within(rows, period):
    return [row for row in rows if period.covers(row["accepted_date"])]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(some_cases(), some_clocks())
def test_every_measure_equals_its_reference(cases, clocks):
    inside, ticking = within(cases, OCTOBER), within(clocks, OCTOBER)
    expected = {
        name: reference.tally(inside, lambda row, word=word: word(row, AS_OF))
        for name, word in reference.SHARES.items()
    }
    expected["repeat_rate"] = reference.tally(inside, lambda row: reference.repeat(row, cases))
    for name, word in reference.CLOCK_SHARES.items():
        expected[name] = reference.tally(ticking, lambda row, word=word: word(row, AS_OF))
    amounts = reference.amounts(inside)

    with opened(cases, clocks) as tables:
        rows = {row.id: row for row in board(tables, OCTOBER, as_of=AS_OF)}

    assert {name: (rows[name].n, rows[name].of, dict(rows[name].excluded)) for name in expected} == expected
    assert {name: rows[name].n for name in amounts} == amounts
    complaints = amounts["complaint_volume"]
    assert (rows["complaints_per_10k"].n, rows["complaints_per_10k"].value) == (complaints, complaints / 5)
    index = rows["service_quality_index"]
    assert (index.n, index.of) == reference.quality(inside, cases)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(some_cases(), some_clocks())
def test_a_share_never_exceeds_its_whole_and_lies_in_its_interval(cases, clocks):
    with opened(cases, clocks) as tables:
        rows = board(tables, OCTOBER, as_of=AS_OF)

    for row in rows:
        assert (row.value is None) == (row.of == 0)
        if row.value is not None and row.low is not None and row.high is not None:
            assert 0 <= row.low <= row.value <= row.high
