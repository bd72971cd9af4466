"""The portrait of a customer: for a purpose, from within a case or a call, never of who opted out."""

from datetime import timedelta

import pytest

from suyuan.actions import customer, firstmoves
from suyuan.actions.firstmoves import make
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.portrait import sensitivity
from suyuan.store import rules
from suyuan.store.models import Case, Customer, Event, FirstMove
from suyuan.store.queries import personal, viewer
from tests.customer_files import load
from tests.factories import NOW, actor, case_at, do, person, unit
from tests.first_moves import made, of_case

pytestmark = pytest.mark.django_db
WHY = {"portrait_purpose": "handle_case"}
HOW = {"wish_how": "recorded_call"}


@pytest.fixture
def case(tmp_path) -> Case:
    unit()
    load(tmp_path)
    return case_at("handling")


def look(case, role="office", form=WHY, now=NOW):
    return customer.look_from_case(viewer=viewer.of(person(role)), number=case.number, form=form, now=now)


def refused(*args, **how) -> object:
    with pytest.raises((Refused, BadInput)) as no:
        look(*args, **how)
    return no.value.facts.get("fields") or no.value.code


def test_it_says_what_somebody_at_work_needs_to_know(case):
    do(case, "promise", "station", promise="换表", promised_on="2026-03-10")
    Case.objects.filter(pk=case.pk).update(urges=2, satisfaction="dissatisfied")
    found = look(case)

    assert [one.number for one in found.cases] == [case.number]
    assert (found.kinds, [one.state for one in found.promises]) == ({"complaint": 1}, ["open"])
    assert dict(found.sensitivity.signs) == {"complaints": 1, "dissatisfied": 1, "urged": 1}
    assert found.sensitivity.level == "raised"
    assert [way.masked for way in found.registered.ways] == ["139******78"]
    assert look(case, now=NOW + timedelta(days=400)).sensitivity.level == "calm"


def test_every_look_is_written_down_with_its_purpose_and_seen_among_the_looks(case):
    look(case)

    event = Event.objects.get(verb="portrait")
    assert (event.stream, event.actor, event.detail["purpose"]) == (
        f"case:{case.number}", "office", "handle_case",
    )  # fmt: skip
    rows, _ = personal.looks(viewer.of(person("audit")))
    assert [(one.verb, one.number, one.purpose) for one in rows] == [("portrait", case.number, "handle_case")]
    assert "13912345678" not in str(event.detail)


def test_without_a_purpose_or_work_on_the_case_there_is_none(case):
    assert refused(case, form={}) == {"portrait_purpose": "required"}
    assert refused(case, "leader") == "not_your_role"
    assert refused(case, "marketing") == "not_working_on_it"
    assert look(case, "station").days == 365
    assert Event.objects.filter(verb="portrait").count() == 1


def test_a_secret_callers_portrait_is_shown_to_audit_alone_and_other_cases_of_his_are_left_out(case):
    other = case_at("handling")
    Case.objects.filter(pk=other.pk).update(secrecy="confidential")

    assert refused(Case.objects.get(pk=other.pk)) == "not_your_role"
    assert [one.number for one in look(case).cases] == [case.number]


def test_who_opts_out_has_no_portrait_until_they_opt_in_again(case):
    act = {"number": case.number, "actor": actor("agent"), "now": NOW, "form": HOW}
    customer.opt_out(**act)

    assert (refused(case), refused(case, "audit")) == ("customer_opted_out",) * 2
    with pytest.raises(Refused):
        customer.opt_out(**act)
    row = Customer.objects.get()
    assert (row.opted_out_by, row.opted_out_how) == ("agent", "recorded_call")

    customer.opt_in(**act)

    assert look(case).cases != []
    with pytest.raises(Refused):
        customer.opt_in(**act)
    events = Event.objects.filter(stream__startswith="register:customer:").order_by("pk")
    assert [one.verb for one in events if one.verb.startswith("opt")] == ["opt_out", "opt_in"]


def test_from_a_first_move_it_is_for_whoever_took_the_call_on(case, monkeypatch):
    monkeypatch.setattr(make, "is_held_out", lambda lot, share: False)
    made([of_case(case)])
    move, station = FirstMove.objects.get().pk, viewer.of(person("station"))
    how = {"move": move, "form": {"portrait_purpose": "first_move"}, "now": NOW}

    with pytest.raises(Refused):
        customer.look_from_move(viewer=station, **how)
    firstmoves.take_move(viewer=station, move=move, now=NOW)
    assert [one.number for one in customer.look_from_move(viewer=station, **how).cases] == [case.number]
    customer.opt_out(number=case.number, actor=actor("agent"), now=NOW, form=HOW)
    with pytest.raises(Refused):
        customer.look_from_move(viewer=station, **how)


@pytest.mark.parametrize(
    ("counted", "level"),
    [({}, "calm"), ({"urged": 1}, "calm"), ({"urged": 2}, "raised"), ({"complaints": 4}, "raised"),
     ({"complaints": 1, "regulated": 1, "reopened": 1}, "high")],
)  # fmt: skip
def test_signs_count_from_their_thresholds_on(counted, level):
    terms = rules.rulebook().figures["portrait.sensitivity"][-1].terms

    assert sensitivity(counted, terms).level == level
