"""The improvement register: from a verified complaint or directly, planned, carried out, looked at."""

from datetime import date, timedelta

import pytest

from suyuan.actions import improvement
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Case, Clock, Event, Improvement
from suyuan.store.queries import improvements, viewer
from suyuan.store.queries.improvements import Tally, Wanted
from tests.factories import FORMS, MONTH, NOW, actor, case_at, do, improvement_at, person, unit

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FOUND = {"improvement_kind": "service", "problems": "营业厅不受理预约", "unit": "0101"}


def test_a_verified_complaint_puts_an_entry_on_the_register_with_its_kind():
    case = improvement_at("registered")
    parent = Case.objects.get(number=case.parent_number)

    entry = Improvement.objects.get()
    assert (entry.kind, entry.due_on, case.procedure, case.is_child) == (
        "hardware",
        None,
        "improvement",
        True,
    )
    assert list(Clock.objects.filter(case=case).values_list("limit", flat=True)) == ["improvement.plan"]
    event = Event.objects.get(stream=f"case:{parent.number}", verb="register_improvement")
    assert (event.detail["opened"], event.detail["form"]["improvement_kind"]) == (case.number, "hardware")


def test_what_was_not_true_leads_to_no_improvement():
    with pytest.raises(Refused) as no:
        improvement_at("registered", parent=case_at("archived"))

    assert no.value.code == "nothing_verified"


def test_what_a_restricted_case_brought_to_light_never_goes_to_the_unit_it_accuses():
    unit("0102")
    case = do(case_at("callback", "report"), "accuse", "audit", NOW + HOUR, accused_unit="0102")
    mine, theirs = FORMS["register_improvement"](case), {"unit": "0102"}
    with pytest.raises(Refused) as registered:
        do(case, "register_improvement", "audit", NOW + HOUR, **mine | theirs)
    entry = improvement_at("registered", parent=case)
    with pytest.raises(Refused) as planned:
        do(entry, "plan_improvement", "audit", NOW + DAY, **FORMS["plan_improvement"](entry) | theirs)
    planning = do(entry, "plan_improvement", "audit", NOW + DAY, **FORMS["plan_improvement"](entry))

    assert [no.value.code for no in (registered, planned)] == ["to_accused_unit"] * 2
    assert (planning.unit.code, planning.accused.code) == ("0101", "0102")


def test_an_entry_is_put_on_the_register_directly_by_those_who_work_over_the_unit():
    unit()
    number = improvement.put_on_register(actor=actor("operations"), form=FOUND, now=NOW)

    case = Case.objects.select_related("unit").get(number=number)
    assert (case.state, case.unit.code, case.parent_number, case.brief) == (
        "registered",
        "0101",
        "",
        "营业厅不受理预约",
    )
    assert Improvement.objects.get().kind == "service"
    chain.verify()
    with pytest.raises(Refused) as agent:
        improvement.put_on_register(actor=actor("agent"), form=FOUND, now=NOW)
    with pytest.raises(Refused) as elsewhere:
        improvement.put_on_register(actor=actor("station", "0102", "west"), form=FOUND, now=NOW)
    assert [agent.value.code, elsewhere.value.code] == ["not_your_role", "not_your_role"]


def test_an_entry_needs_its_kind():
    unit()
    for kind, why in (("", "required"), ("software", "unknown_choice")):
        with pytest.raises(BadInput) as wrong:
            improvement.put_on_register(
                actor=actor("office"), form=FOUND | {"improvement_kind": kind}, now=NOW
            )
        assert wrong.value.facts["fields"] == {"improvement_kind": why}
    assert not Case.objects.exists()


def test_a_plan_names_the_unit_and_the_day_and_a_clock_runs_to_it():
    case = improvement_at("handling")

    assert Improvement.objects.get().due_on == date(2026, 4, 30)
    clocks = dict(Clock.objects.filter(case=case).values_list("limit", "state"))
    assert clocks == {"improvement.plan": "stopped", "improvement.due": "running"}

    planned = case.dispatched_at
    again = FORMS["plan_improvement"](case) | {"due_on": "2026-05-31", "unit": "0102"}
    case = do(case, "plan_improvement", "office", NOW + 2 * DAY, **again)
    assert (case.state, case.unit.code, case.dispatched_at) == ("handling", "0102", planned)
    assert Improvement.objects.get().due_on == date(2026, 5, 31)
    with pytest.raises(BadInput):
        do(case, "plan_improvement", "office", NOW + 3 * DAY, **(again | {"due_on": "2026-01-01"}))


def test_the_effect_is_seen_by_somebody_else_on_evidence_and_not_at_once():
    case = improvement_at("checking")
    form = FORMS["check_improvement"](case)
    done = NOW + HOUR + DAY

    with pytest.raises(Refused) as early:
        do(case, "check_improvement", "office", done + DAY, **form)
    with pytest.raises(BadInput) as unproved:
        do(case, "check_improvement", "office", done + MONTH, **(form | {"evidence": ""}))
    case = do(case, "check_improvement", "office", done + MONTH, **form)

    assert early.value.code == "effect_not_due"
    assert unproved.value.facts["fields"] == {"evidence": "required"}
    assert (case.state, case.is_open) == ("archived", False)


def test_whoever_carried_it_out_does_not_say_that_it_helped():
    case = improvement_at("handling")
    case = do(case, "carry_out", "operations", NOW + DAY, **FORMS["carry_out"](case))

    with pytest.raises(Refused) as own:
        do(case, "check_improvement", "operations", NOW + DAY + MONTH, **FORMS["check_improvement"](case))

    assert own.value.code == "own_work"


def test_what_did_not_help_is_carried_out_again_by_a_day_of_its_own():
    case = improvement_at("checking")
    at = NOW + 2 * DAY

    with pytest.raises(BadInput):
        do(case, "check_improvement", "office", at, effective=False, note="仍不能远传")
    case = do(
        case, "check_improvement", "office", at, effective=False, note="仍不能远传", due_on="2026-06-30"
    )

    assert (case.state, case.episode, case.answered_at) == ("handling", 2, None)
    assert Improvement.objects.get().due_on == date(2026, 6, 30)
    running = Clock.objects.filter(case=case, state="running").values_list("limit", "episode")
    assert list(running) == [("improvement.due", 2)]
    case = do(case, "carry_out", "station", at + DAY, **FORMS["carry_out"](case))
    case = do(case, "check_improvement", "office", at + DAY + MONTH, **FORMS["check_improvement"](case))
    assert case.state == "archived"


def test_the_register_counts_each_kind_apart_and_narrows():
    improvement_at("archived")
    late = improvement_at("handling", NOW + HOUR)
    improvement.put_on_register(actor=actor("office"), form=FOUND, now=NOW)
    office, station = viewer.of(person("office")), viewer.of(person("station", "0102", "west"))
    now = NOW + timedelta(days=200)

    assert improvements.tallies(office, "", now) == [
        Tally("hardware", 2, 1, 1, 1),
        Tally("service", 1, 1, 0, 1),
    ]
    assert improvements.tallies(office, "", NOW) == [
        Tally("hardware", 2, 1, 1, 0),
        Tally("service", 1, 1, 0, 0),
    ]
    assert improvements.tallies(station, "", now) == [
        Tally("hardware", 0, 0, 0, 0),
        Tally("service", 0, 0, 0, 0),
    ]
    shown = {
        state: len(improvements.listed(office, Wanted("hardware", "0101", state), now))
        for state in improvements.STATES
    }
    assert shown == {"open": 1, "overdue": 1, "done": 1, "": 2}
    assert [one.case.number for one in improvements.listed(office, Wanted("hardware"), now)] == [late.number]
    for wrong in (Wanted("software"), Wanted(state="some"), Wanted(unit="no")):
        with pytest.raises(BadInput):
            improvements.listed(office, wrong, now)
