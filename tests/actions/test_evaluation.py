"""Technical assessment orders: opened once, found on, passed by another, mended, watched, closed."""

import pytest

from suyuan.actions import demo, evaluation
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Case, Evaluation, Event, Improvement
from suyuan.store.queries import evaluations, viewer
from tests.evaluations import (
    DAY,
    FINDINGS,
    LINE,
    MEASURE,
    WATCHED,
    a_theme,
    about,
    brought_up,
    evaluation_at,
    mended,
    opened,
)
from tests.factories import NOW, actor, do, person, unit

pytestmark = pytest.mark.django_db


def test_it_goes_to_operations_of_the_unit_with_the_figures_and_the_cases_behind_them():
    unit()
    cases = ("SY20260303000001", "SY20260302000004")

    made = evaluation.open_evaluation(actor=actor("office"), about=about(cases=cases), note="请查", now=NOW)

    case = Case.objects.select_related("unit").get(number=made.number)
    found = Evaluation.objects.get(case=case)
    assert (case.procedure, case.state, case.unit.code) == ("evaluation", "registered", "0101")
    assert (case.line, case.category, case.specialty) == (LINE, "quality.voltage", "operations")
    assert (found.figures["n"], found.figures["ratio"], found.cases) == (9, 6.0, list(cases))
    assert "9 件，预期 1.50 件，为其 6.00 (2.74–11.39) 倍" in case.brief
    assert [one.limit for one in case.clocks.all()] == ["evaluation.accept"]
    assert Event.objects.get(verb="open", stream=f"case:{case.number}").detail["to"] == "registered"
    assert chain.verify_cases() == 1


def test_the_same_is_never_opened_twice_while_one_is_open_the_second_joins_it():
    first = opened()
    seen = about(cases=("SY20260303000001",))

    again = evaluation.open_evaluation(actor=actor("office"), about=seen, now=NOW + DAY)
    other = evaluation.open_evaluation(actor=actor("office"), about=about("10kV东二线"), now=NOW + DAY)

    assert (again.number, again.joined) == (first.number, True)
    assert (other.number != first.number, other.joined) == (True, False)
    joined = Event.objects.get(verb="join_evaluation")
    assert (joined.stream, joined.detail["more"], joined.actor) == (f"case:{first.number}", 1, "office")
    assert Evaluation.objects.get(case=first).cases == ["SY20260303000001"]
    do(first, "void", "operations", NOW + 2 * DAY, reason="mistake", note="误开")
    anew = evaluation.open_evaluation(actor=actor("office"), about=about(), now=NOW + 2 * DAY)
    assert (anew.number != first.number, anew.joined) == (True, False)


@pytest.mark.parametrize("role", ["agent", "station", "leader", "audit"])
def test_whoever_may_not_opens_none(role):
    unit()

    with pytest.raises(Refused) as no:
        evaluation.open_evaluation(actor=actor(role), about=about(), now=NOW)

    assert (no.value.code, Evaluation.objects.count()) == ("not_your_role", 0)


def test_what_was_found_is_passed_by_somebody_who_did_not_look_into_it():
    case = evaluation_at("reviewing")

    with pytest.raises(Refused) as own:
        do(case, "pass_evaluation", "operations", NOW + 2 * DAY)
    back = do(case, "return_evaluation", "office", NOW + 2 * DAY, note="缺负荷曲线")
    again = do(
        back, "evaluate", "operations", NOW + 3 * DAY, **FINDINGS | {"evaluation_conclusion": "repair"}
    )
    passed = do(again, "pass_evaluation", "office", NOW + 4 * DAY)

    assert (own.value.code, back.state, passed.state) == ("own_work", "handling", "rectifying")
    assert Evaluation.objects.get(case=case).conclusion == "repair"
    kept = Event.objects.filter(verb="evaluate").latest("pk").detail["form"]
    assert set(kept["equipment_state"]) == {"note"}
    assert (kept["voltage_low"], kept["load_rate"]) == ("187", "118")


def test_a_voltage_range_that_ends_below_its_beginning_is_refused():
    case = evaluation_at("handling")

    with pytest.raises(BadInput) as bad:
        do(case, "evaluate", "operations", NOW + DAY, **FINDINGS | {"voltage_low": "230"})

    assert bad.value.facts["fields"] == {"voltage_high": "out_of_order"}


def test_a_measure_is_an_entry_of_the_improvement_register_with_its_unit_and_day():
    case = evaluation_at("rectifying")

    do(case, "add_measure", "operations", NOW + 3 * DAY, **MEASURE)

    (entry,) = Improvement.objects.filter(case__parent_number=case.number).select_related("case__unit")
    assert (entry.case.state, entry.case.unit.code, str(entry.due_on)) == ("handling", "0101", "2026-03-20")
    assert (entry.case.line, entry.kind) == (LINE, "hardware")
    assert Event.objects.get(verb="add_measure").detail["opened"] == entry.case.number


def test_the_effect_is_watched_once_every_measure_is_done_and_not_before():
    case = evaluation_at("rectifying")

    with pytest.raises(Refused) as none:
        do(case, "measures_done", "operations", NOW + 3 * DAY, note="好了")
    do(case, "add_measure", "office", NOW + 3 * DAY, **MEASURE)
    with pytest.raises(Refused) as open_:
        do(case, "measures_done", "operations", NOW + 4 * DAY, note="好了")
    mended(case, NOW + 4 * DAY)
    watched = do(case, "measures_done", "operations", NOW + 40 * DAY, note="好了")

    assert (none.value.code, open_.value.code) == ("measure_missing", "measures_open")
    found = Evaluation.objects.get(case=case)
    assert (watched.state, str(found.watch_from), str(found.watch_until)) == (
        "checking",
        "2026-04-14",
        "2026-05-13",
    )
    assert watched.clocks.get(limit="evaluation.close").state == "running"
    with pytest.raises(Refused) as early:
        do(watched, "close_evaluation", "office", NOW + (39 + WATCHED) * DAY, note="看")
    assert (early.value.code, early.value.facts["since"]) == ("effect_not_due", "2026-05-14")


def test_nothing_has_to_be_done_where_nothing_was_found_wrong():
    case = evaluation_at("handling")
    do(case, "evaluate", "operations", NOW + DAY, **FINDINGS | {"evaluation_conclusion": "no_fault"})
    do(case, "pass_evaluation", "office", NOW + 2 * DAY)

    assert do(case, "measures_done", "operations", NOW + 3 * DAY, note="无需措施").state == "checking"


def test_it_is_closed_with_what_became_of_it_beside_the_same_elsewhere():
    brought_up(20, NOW - DAY)  # twenty customers of the feeder in the days looked at
    brought_up(20, NOW - DAY, "10kV西一线", "0102")
    brought_up(20, NOW + (39 + WATCHED) * DAY, "10kV西一线", "0102")
    brought_up(2, NOW + (39 + WATCHED) * DAY)

    case = evaluation_at("archived")

    said = Evaluation.objects.get(case=case).effect
    assert (said["here"], said["elsewhere"], said["days"]) == ([20, 2], [20, 20], 30)
    assert said["verdict"] == "fewer"
    assert 0 < said["low"] < said["ratio"] < said["high"] < 1
    assert Event.objects.get(verb="close_evaluation").detail["effect"]["verdict"] == "fewer"


def test_where_too_few_brought_it_up_nobody_says_that_it_helped():
    brought_up(2, NOW - DAY)

    said = Evaluation.objects.get(case=evaluation_at("archived")).effect

    assert (said["here"], said["verdict"]) == ([2, 0], "unclear")


def test_what_did_not_help_is_looked_into_anew_as_another_round():
    case = evaluation_at("checking")

    again = do(case, "evaluate_again", "operations", NOW + 60 * DAY, note="投诉没有减少")

    found = Evaluation.objects.get(case=case)
    assert (again.state, again.episode, found.conclusion, found.watch_until) == ("handling", 2, "", None)
    assert again.clocks.get(limit="evaluation.evaluate", episode=2).state == "running"
    assert not again.clocks.filter(limit="evaluation.close", state="running").exists()


def test_an_order_is_seen_in_reach_alone():
    opened()
    wanted = evaluations.Wanted()

    def seen(role: str, at: str = "") -> int:
        return evaluations.listed(viewer.of(person(role, at, f"{role}{at}")), wanted).count()

    assert (seen("operations"), seen("station"), seen("station", "0102")) == (1, 1, 0)
    assert [evaluations.listed(viewer.of(person("office")), evaluations.Wanted(state)).count() for state in (
        "watched", "closed", "")] == [0, 0, 1]  # fmt: skip


def test_the_demo_opens_one_about_the_theme_of_today_and_operations_takes_it_on():
    for role in ("marketing", "operations"):
        person(role)
    a_theme(NOW - DAY)

    number = demo.assess_some(now=NOW)

    case = Case.objects.get(number=number)
    assert (case.state, case.line, case.handler) == ("handling", LINE, "operations")
    assert Evaluation.objects.get().figures["n"] == 8
