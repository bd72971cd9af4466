"""A rectification order from the complaint to the confirmed effect."""

import shutil
from datetime import date, timedelta

import pytest

from suyuan.actions import sweep
from suyuan.domain.errors import BadInput, Refused
from suyuan.gateways.engine import open_duckdb
from suyuan.store import chain, lake
from suyuan.store.models import Case, Clock, Event, Grant, Message, Person, Rectification, Signature
from tests.factories import FORMS, MONTH, NOW, SIGNING, case_at, do, improvement_at, order_at

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_an_order_opened_from_a_complaint_is_a_case_of_its_own_linked_both_ways():
    parent = case_at("callback")

    order = order_at("drafted", complaint=parent)

    assert (order.procedure, order.business_type, order.state, order.is_child) == (
        "rectification",
        "rectification",
        "drafted",
        True,
    )
    assert (order.parent_number, order.unit.code, order.account_index) == (parent.number, "0101", "")
    opened = Event.objects.get(stream=f"case:{order.number}")
    ordered = Event.objects.get(stream=f"case:{parent.number}", verb="order_rectification")
    assert (opened.verb, opened.detail["parent"]) == ("open", parent.number)
    assert ["case", parent.number] in opened.objects_json
    assert ["case", order.number] in ordered.objects_json
    assert ordered.detail["opened"] == order.number
    assert Rectification.objects.get().due_on.isoformat() == "2026-04-30"
    assert list(Message.objects.filter(case_number=order.number).values_list("recipient", flat=True)) == [
        "station@0101"
    ]
    assert sorted(Clock.objects.filter(case=order).values_list("limit", "due_at__date", "binding")) == [
        ("rectification.draft", date(2026, 3, 9), False),
        ("rectification.due", date(2026, 5, 1), True),
    ]
    assert chain.verify()[0] == 2


def content(procedure="complaint"):
    """Return a verified case whose customer was called back and is content."""
    case = case_at("callback", procedure)
    return do(case, "call_back", by(procedure, "agent"), NOW + HOUR, reached=True, satisfaction="satisfied")


def by(procedure, role):
    return "audit" if procedure == "report" else role


def held(case, now=NOW + 3 * HOUR):
    """Return why a case is not archived, and what it says beside the code."""
    with pytest.raises(Refused) as no:
        do(case, "archive", by(case.procedure, "lead"), now)
    return no.value.code, {name: no.value.facts[name] for name in no.value.facts.keys() - {"verb", "state"}}


@pytest.mark.parametrize("procedure", ["complaint", "report"])
def test_what_was_true_is_archived_once_an_order_is_countersigned_and_not_before(procedure):
    case, hand = content(procedure), by(procedure, "station")
    assert held(case) == ("no_rectification", {})
    order = order_at("drafted", now=NOW + HOUR, complaint=case)

    assert held(case) == ("rectification_unsigned", {"rectification_orders": [order.number]})
    order = do(order, "circulate", hand, NOW + 3 * HOUR)
    assert held(case) == ("rectification_unsigned", {"rectification_orders": [order.number]})
    for role in ("audit", "leader") if procedure == "report" else SIGNING:
        order = do(order, "sign", role, NOW + 3 * HOUR)

    assert order.state == "rectifying"
    assert do(case, "archive", by(procedure, "lead"), NOW + 4 * HOUR).state == "archived"


def test_every_order_that_stands_is_waited_for_and_one_made_void_is_none():
    case = content()
    signed = order_at("rectifying", now=NOW + HOUR, complaint=case)
    second = order_at("drafted", now=NOW + 2 * HOUR, complaint=case)
    assert held(case, NOW + 4 * HOUR) == (
        "rectification_unsigned",
        {"rectification_orders": [second.number]},
    )

    do(second, "void", "office", NOW + 4 * HOUR, reason="duplicate", note="重复下达")
    closed = do(case, "archive", "lead", NOW + 4 * HOUR)

    assert (Case.objects.get(pk=signed.pk).state, closed.state) == ("rectifying", "archived")


def test_a_case_whose_only_order_was_made_void_needs_another():
    case = content()
    order = order_at("drafted", now=NOW + HOUR, complaint=case)
    do(order, "void", "office", NOW + 3 * HOUR, reason="duplicate", note="重复下达")

    assert held(case) == ("no_rectification", {})


def test_a_case_of_the_version_before_is_archived_by_what_its_table_says():
    case = content()
    Case.objects.filter(pk=case.pk).update(version=3)
    order_at("drafted", now=NOW + HOUR, complaint=case)

    assert do(case, "archive", "lead", NOW + 3 * HOUR).state == "archived"


def test_an_order_goes_round_is_carried_out_and_closed_once_its_effect_is_seen():
    order = order_at("archived")

    assert order.is_open is False
    assert [getattr(order, name) is not None for name in ("dispatched_at", "reviewed_at", "answered_at")] == [
        True
    ] * 3
    assert list(Signature.objects.values_list("node", "place", "act", "by", "ended")) == [
        ("unit", "station", "signed", "station", ""),
        ("departments", "marketing", "signed", "marketing", ""),
        ("departments", "operations", "signed", "operations", ""),
        ("office", "office", "signed", "office", ""),
    ]
    assert sorted(Clock.objects.filter(case=order).values_list("limit", "state")) == [
        ("rectification.check", "stopped"),
        ("rectification.countersign", "stopped"),
        ("rectification.draft", "stopped"),
        ("rectification.due", "stopped"),
    ]
    assert chain.verify()[0] == 2


def test_an_order_whose_effect_is_not_seen_is_carried_out_again_and_counted():
    order = order_at("checking")
    signed, later = order.reviewed_at, NOW + 5 * MONTH
    failed = {"effective": False, "note": "仍有估抄"}

    with pytest.raises(BadInput) as until_when:
        do(order, "verify_effect", "office", later, **failed)
    again = do(order, "verify_effect", "office", later, **failed, due_on="2026-12-31")

    assert until_when.value.facts == {"fields": {"due_on": "required"}}
    assert (again.state, again.episode, again.reviewed_at) == ("rectifying", 2, signed)
    assert (again.answered_at, again.archived_at, again.taken_at) == (None, None, later)
    assert sorted(Clock.objects.filter(case=order).values_list("limit", "episode", "state")) == [
        ("rectification.check", 1, "stopped"),
        ("rectification.countersign", 1, "stopped"),
        ("rectification.draft", 1, "stopped"),
        ("rectification.due", 1, "stopped"),
        ("rectification.due", 2, "running"),
    ]
    carried = do(again, "carry_out", "station", NOW + 6 * MONTH, **FORMS["carry_out"](again))
    assert carried.state == "checking"
    running = Clock.objects.filter(case=order, state="running")
    assert list(running.values_list("limit", "episode")) == [("rectification.check", 2)]


def test_nobody_says_that_it_helped_before_the_days_of_the_rulebook_or_of_their_own_work():
    order = order_at("checking")

    with pytest.raises(Refused) as early:
        do(
            order,
            "verify_effect",
            "office",
            order.answered_at + timedelta(days=29),
            **FORMS["verify_effect"](order),
        )

    assert early.value.code == "effect_not_due"
    assert early.value.facts == {"since": (order.answered_at + timedelta(days=30)).isoformat()}


def early(order, verb="carry_out", days=2):
    """Return what is wrong with a carrying-out that is said to lie before its round was begun."""
    begun = order.taken_at or order.dispatched_at
    form = FORMS[verb](order) | {"at": (begun - HOUR).isoformat()}
    with pytest.raises(BadInput) as bad:
        do(order, verb, "station", begun + timedelta(days=days), **form)
    assert list(bad.value.facts["allowed"]) == ["at"]
    return bad.value.facts["fields"]


def test_measures_are_not_said_to_be_taken_before_they_were_signed_or_begun_again():
    order = order_at("rectifying")
    assert early(order) == {"at": "out_of_order"}
    form = FORMS["carry_out"](order) | {"at": order.taken_at.isoformat()}
    order = do(order, "carry_out", "station", order.taken_at + timedelta(days=9), **form)
    assert order.answered_at == order.taken_at

    failed = {"effective": False, "note": "仍有估抄", "due_on": "2026-12-31"}
    again = do(order, "verify_effect", "office", NOW + MONTH, **failed)

    assert early(again) == {"at": "out_of_order"}
    assert early(improvement_at("handling")) == {"at": "out_of_order"}


def test_who_carried_it_out_does_not_say_that_it_helped():
    order = order_at("checking")
    Grant.objects.create(person=Person.objects.get(username="station"), role="office", unit=order.unit)

    with pytest.raises(Refused) as own:
        do(order, "verify_effect", "station", NOW + 2 * MONTH, **FORMS["verify_effect"](order))

    assert own.value.code == "own_work"


def test_that_it_helped_is_told_by_the_figures_or_by_evidence():
    order = order_at("checking")
    said = {"effective": True, "note": "同类投诉减少"}

    with pytest.raises(BadInput) as bare:
        do(order, "verify_effect", "office", order.answered_at + MONTH, **said, means="check")
    closed = do(order, "verify_effect", "office", order.answered_at + MONTH, **said, means="measure")

    assert bare.value.facts == {"fields": {"evidence": "required"}}
    event = Event.objects.get(stream=f"case:{order.number}", verb="verify_effect")
    assert (closed.state, event.detail["measure"]) == (
        "archived",
        {"days": [31], "before": [1, 1], "since": [0, 0]},
    )


def test_figures_that_did_not_fall_close_nothing():
    order = order_at("checking")
    case_at("dispatched", now=order.answered_at + HOUR)

    with pytest.raises(Refused) as no:
        do(
            order,
            "verify_effect",
            "office",
            order.answered_at + MONTH,
            effective=True,
            means="measure",
            note="同类投诉减少",
        )

    assert (no.value.code, no.value.facts) == (
        "measure_says_no",
        {"days": [31], "before": [1, 1], "since": [1, 1]},
    )


def test_the_day_it_can_be_told_whether_it_helped_those_who_check_are_told():
    order = order_at("checking")
    Message.objects.all().delete()

    sweep.sweep(now=order.answered_at + timedelta(days=30))

    rungs = Message.objects.filter(case_number=order.number, template="rung").order_by("pk")
    assert [(m.recipient, m.facts["limit"], m.facts["rung"]) for m in rungs] == [
        (f"{role}@0101", "rectification.check", "warn_75") for role in ("marketing", "office", "operations")
    ]


def test_an_order_without_measures_does_not_go_round():
    parent = case_at("callback")
    do(parent, "order_rectification", "office", NOW + HOUR, problems="估抄", unit="0101", due_on="2026-04-30")
    order = Case.objects.get(parent_number=parent.number)

    with pytest.raises(BadInput) as bad:
        do(order, "circulate", "station", NOW + 2 * HOUR)
    sent = do(order, "circulate", "station", NOW + 2 * HOUR, measures="逐户补抄")

    assert bad.value.facts == {"fields": {"measures": "required"}}
    assert sent.state == "signing"


def test_a_due_date_that_is_over_is_refused():
    with pytest.raises(BadInput) as bad:
        do(
            case_at("callback"),
            "order_rectification",
            "office",
            NOW + HOUR,
            problems="估抄",
            unit="0101",
            due_on="2026-03-03",
        )

    assert bad.value.facts == {
        "fields": {"due_on": "out_of_order"},
        "allowed": {"due_on": ["2026-03-04", None]},
    }


@pytest.fixture
def in_lake():
    """Begin without a lake and leave none; return what reads number and stage of every row of it."""
    shutil.rmtree(lake.folder())

    def stages():
        lake.refresh()
        with open_duckdb(lake.folder()) as engine:
            tables = engine.tables()
            rows = tables.fetch(tables.cases.order_by("number")).to_pylist()
        return [(row["number"], row["rectification"]) for row in rows]

    yield stages
    shutil.rmtree(lake.folder())


def test_an_order_is_no_row_of_the_lake_and_moves_the_row_of_its_complaint(in_lake):
    complaint = case_at("callback")
    order = order_at("signing", complaint=complaint)
    assert in_lake() == [(complaint.number, "ordered")]

    for role in SIGNING:
        order = do(order, "sign", role, NOW + timedelta(days=1))

    assert in_lake() == [(complaint.number, "countersigned")]
