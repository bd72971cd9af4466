"""Which figures change where an appeal succeeds, or a claim is found malicious: these, and no other."""

import pytest
from test_measures_golden import IN, conduct_cases, given, index_of

from suyuan.analytics.board import by_unit
from suyuan.analytics.measures import MEASURES
from suyuan.analytics.period import parse
from suyuan.analytics.register import Input
from tests.lake_rows import AS_OF, HOUR, NOON, bound, case, clock, opened, unit

OCTOBER = parse("2025-10")
APPEALED = {
    "verified_rate_assessed": ((2, 3), (1, 2)),
    "complaint_volume_assessed": ((3, None), (2, None)),
    "service_conduct_rate_assessed": ((997.9, 1000), (998.6, 1000)),
}
"""What an appeal changes: n and of before and after it. The figures before appeals stand beside these."""
MALICIOUS = {"repeat_rate": ((3, 4), (2, 3)), "service_quality_index": ((2, 4), (2, 3))}
EVERY = [one.id for one in MEASURES if not one.family]
GIVEN = [Input("01", "2025-10", "calls", 120_000)]


def figures(**of_the_first: object) -> dict[str, tuple[float, float | None]]:
    """Return n and of of every measure there is, over three complaints, an opinion and a fault."""
    true = {"finding": "verified", "finding_assessed": "verified", "assess_group": "class1"}
    said = {"answered_at": NOON + HOUR, "satisfaction": "satisfied", "event_key": "a", "contact_count": 3}
    first = true | said | of_the_first
    cases = [
        bound(1, NOON, binding_stopped=NOON + HOUR, **first),
        case(2, NOON, **true, event_key="b"),
        case(3, NOON, finding="unverified", finding_assessed="unverified", assess_group="class1"),
        case(4, NOON, business_type="opinion", procedure="opinion", event_key="c", contact_count=4),
        case(5, NOON, business_type="consult", procedure="enquiry", event_key="d", contact_count=3),
        case(6, NOON, business_type="repair", procedure="repair"),
    ]
    with opened(cases, [clock(1, stopped=NOON)], units=[unit("/01/", 800_000), unit("/01/0101/")]) as tables:
        units = by_unit(tables, OCTOBER, EVERY, as_of=AS_OF, inputs=GIVEN)
    rows = next(one.rows for one in units if one.path == "/01/")
    return {row.id: (round(row.n, 6), row.of) for row in rows}


def test_an_appeal_that_succeeds_changes_the_assessed_figures_and_no_other():
    before, after = figures(), figures(finding_assessed="excluded")

    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}

    assert changed == APPEALED
    assert before.keys() == after.keys()


def test_a_claim_found_malicious_changes_the_figures_of_repeat_contact_and_no_other():
    before, after = figures(), figures(malicious=True)

    assert {n: (before[n], after[n]) for n in before if before[n] != after[n]} == MALICIOUS


def test_service_conduct_after_appeals_leaves_out_what_they_took_out():
    """Of the thirty class-1 complaints ten were appealed: C1 = 20, 0.7 × 20 = 14 instead of 21."""
    cases = conduct_cases(IN, 30, 60, 5)
    cases = [one | {"finding_assessed": "excluded"} for one in cases[:10]] + cases[10:]

    before, after = (
        index_of(f"service_conduct_rate{after}", cases, given("2025-11", calls=120_000))
        for after in ("", "_assessed")
    )

    assert (before.value, after.value) == (pytest.approx(0.9665), pytest.approx(0.9735))
    assert after.excluded["appealed"] == 10
