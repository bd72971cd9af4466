"""Pre-complaint cases: promoted once, graded by the rulebook, closed with what came of it, by the rules."""

from datetime import date, timedelta

import pytest

from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.precomplaint import grade
from suyuan.store import chain, rules
from suyuan.store.models import Case, Event, PreComplaint
from suyuan.store.queries import precomplaints, viewer
from suyuan.store.queries.precomplaints import Wanted
from tests.factories import NOW, case_at, do, person
from tests.precomplaints import promote, promoted

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SPOKE = {"reached": "1", "contact_note": "已说明，约明天上门"}
TRIED = {"reached": "0", "contact_note": "无人接听"}
CALM = {"precomplaint_outcome": "calmed", "note": "客户认可"}
UPSET = {"satisfaction": "dissatisfied", "urges": 2}


def weights():
    """Return what the rulebook says each sign weighs."""
    return rules.rulebook().figures[precomplaints.WEIGHTS][-1].terms


def test_it_begins_with_the_signs_the_origin_shows_and_a_clock_by_its_grade():
    case = promoted(**UPSET)

    found = PreComplaint.objects.get(case=case)
    assert (found.key, found.risk, found.signs) == (
        f"case:{case.parent_number}",
        "high",
        {"dissatisfied": 1, "urged": 2},
    )
    assert (case.procedure, case.state, case.business_type) == (
        "precomplaint",
        "registered",
        "precomplaint.high",
    )
    clocks = {one.limit: one.due_at for one in case.clocks.all()}
    assert clocks["precomplaint.contact.high"] == NOW + 4 * HOUR
    assert clocks.keys() == {"precomplaint.contact.high", "precomplaint.close"}
    assert chain.verify_cases() == 2


def test_the_grade_rises_with_the_points_of_the_signs():
    shown = ({}, {"urged": 1}, {"dissatisfied": 1}, {"dissatisfied": 1, "urged": 2}, {"odd": 9})

    assert [grade(signs, weights()) for signs in shown] == ["low", "low", "medium", "high", "low"]


def test_of_one_origin_one_is_open_and_the_second_joins_it():
    parent = case_at("handling", "enquiry")

    first, again = promote(parent), promote(parent, "office", NOW + HOUR)

    assert (again.number, again.joined) == (first.number, True)
    assert Event.objects.get(verb="join_precomplaint").actor == "office"
    case = Case.objects.get(number=first.number)
    do(case, "void", "office", NOW + 2 * HOUR, reason="mistake", note="误开")
    assert promote(parent, now=NOW + 3 * HOUR).joined is False


@pytest.mark.parametrize("procedure", ["complaint", "imported"])
def test_what_is_a_complaint_or_worked_elsewhere_is_not_promoted(procedure):
    case = case_at("handling") if procedure == "complaint" else case_at("handling", "enquiry")
    Case.objects.filter(pk=case.pk).update(procedure=procedure)

    with pytest.raises(Refused) as no:
        promote(case)

    assert (no.value.code, PreComplaint.objects.count()) == ("no_precomplaint", 0)


def test_a_case_out_of_reach_or_restricted_is_none():
    case = case_at("handling", "enquiry")
    person("station", at="0102", username="west")
    with pytest.raises(Refused):
        precomplaints.from_case(viewer.named("west"), case.number)

    Case.objects.filter(pk=case.pk).update(restricted=True)
    with pytest.raises(Refused) as no:
        promote(case)

    assert no.value.code == "not_found"


def test_calmed_needs_that_somebody_spoke_with_the_customer():
    case = do(promoted(), "accept", "station", NOW + HOUR)
    do(case, "contact", "station", NOW + HOUR, **TRIED)
    with pytest.raises(Refused) as no:
        do(case, "conclude_precomplaint", "station", NOW + 2 * HOUR, **CALM)
    do(case, "contact", "station", NOW + 2 * HOUR, **SPOKE)
    do(case, "take_measure", "station", NOW + 3 * HOUR, measures="换了表")

    done = do(case, "conclude_precomplaint", "station", NOW + 4 * HOUR, **CALM)

    assert no.value.code == "not_contacted"
    assert (done.state, PreComplaint.objects.get(case=case).outcome) == ("archived", "calmed")
    assert {one.stopped_at is not None for one in done.clocks.all()} == {True}


def test_not_reached_needs_the_attempts_of_the_rulebook():
    case = do(promoted(), "accept", "agent", NOW + HOUR)
    lost = {"precomplaint_outcome": "unreached", "note": "多次无人接"}
    for hour in (1, 2):
        do(case, "contact", "agent", NOW + hour * HOUR, **TRIED)
    with pytest.raises(Refused) as no:
        do(case, "conclude_precomplaint", "agent", NOW + 3 * HOUR, **lost)
    do(case, "contact", "agent", NOW + 4 * HOUR, **TRIED)

    done = do(case, "conclude_precomplaint", "agent", NOW + 5 * HOUR, **lost)

    assert (no.value.facts["tried"], no.value.facts["least"], done.state) == (2, 3, "archived")


def test_became_a_complaint_needs_the_complaint_registered_since():
    before, case = case_at("registered"), promoted(now=NOW + HOUR)
    case = do(case, "accept", "agent", NOW + 2 * HOUR)
    since = case_at("registered", now=NOW + 3 * HOUR, account="3301018888")
    said = {"precomplaint_outcome": "complained", "note": "客户改为投诉"}

    for given, problem in (({}, "required"), ({"complaint": before.number}, "out_of_order")):
        with pytest.raises(BadInput) as wrong:
            do(case, "conclude_precomplaint", "agent", NOW + 4 * HOUR, **said, **given)
        assert wrong.value.facts["fields"] == {"complaint": problem}
    with pytest.raises(BadInput):
        do(case, "conclude_precomplaint", "agent", NOW + 4 * HOUR, **CALM, complaint=since.number)
    do(case, "conclude_precomplaint", "agent", NOW + 4 * HOUR, **said, complaint=since.number)

    assert PreComplaint.objects.get(case=case).complaint == since.number
    assert [one.case.number for one in precomplaints.opened_from(viewer.named("agent"), since.number)] == [
        case.number
    ]


def test_another_grade_moves_the_clock_and_keeps_what_it_was():
    case = promoted()

    done = do(case, "grade_risk", "office", NOW + HOUR, risk_grade="high", note="客户是自媒体")

    (clock,) = done.clocks.filter(limit__startswith="precomplaint.contact").exclude(state="void")
    assert (clock.limit, clock.due_at, done.business_type) == (
        "precomplaint.contact.high",
        NOW + 4 * HOUR,
        "precomplaint.high",
    )
    assert Event.objects.get(verb="grade_risk").detail["was"] == {"business_type": "precomplaint.low"}


def test_the_day_to_follow_up_comes_and_can_be_put_off():
    case = promoted()
    agent = viewer.named("agent")
    do(case, "put_off", "agent", NOW + HOUR, follow_on="2026-03-20", note="客户出差")

    lists = [
        len(precomplaints.listed(agent, Wanted("follow"), day))
        for day in (date(2026, 3, 19), date(2026, 3, 20))
    ]

    assert lists == [0, 1]
    with pytest.raises(BadInput):
        do(case, "put_off", "agent", NOW + 2 * HOUR, follow_on="2026-01-01", note="错")
