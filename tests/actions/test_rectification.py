"""A rectification order from the complaint to the confirmed effect."""

from datetime import timedelta

import pytest

from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Case, Clock, Event, Message, Rectification, Signature
from tests.factories import FORMS, MONTH, NOW, case_at, do, order_at

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
    assert [clock.limit for clock in Clock.objects.filter(case=order)] == ["rectification.draft"]
    assert chain.verify()[0] == 2


def test_a_verified_complaint_is_not_archived_before_somebody_was_told_to_put_it_right():
    case = do(case_at("callback"), "call_back", "agent", NOW + HOUR, reached=True, satisfaction="satisfied")

    with pytest.raises(Refused) as held:
        do(case, "archive", "lead", NOW + HOUR)
    order_at("drafted", now=NOW + HOUR, complaint=case)
    closed = do(case, "archive", "lead", NOW + 3 * HOUR)

    assert (held.value.code, closed.state) == ("no_rectification", "archived")


def test_an_order_made_void_holds_the_archive_again():
    case = do(case_at("callback"), "call_back", "agent", NOW + HOUR, reached=True, satisfaction="satisfied")
    order = order_at("drafted", now=NOW + HOUR, complaint=case)
    do(order, "void", "office", NOW + 3 * HOUR, reason="duplicate", note="重复下达")

    with pytest.raises(Refused) as held:
        do(case, "archive", "lead", NOW + 3 * HOUR)

    assert held.value.code == "no_rectification"


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
    ]
    assert chain.verify()[0] == 2


def test_an_order_whose_effect_is_not_seen_is_carried_out_again_and_counted():
    order = order_at("checking")
    signed = order.reviewed_at

    again = do(
        order, "verify_effect", "office", NOW + 5 * MONTH, effective=False, means="check", note="仍有估抄"
    )

    assert (again.state, again.episode, again.reviewed_at) == ("rectifying", 2, signed)
    assert (again.answered_at, again.archived_at, again.taken_at) == (None, None, NOW + 5 * MONTH)
    assert Clock.objects.get(case=order, limit="rectification.check").state == "stopped"
    carried = do(again, "carry_out", "station", NOW + 6 * MONTH, **FORMS["carry_out"](again))
    assert Clock.objects.filter(case=order, limit="rectification.check", state="running").count() == 1
    assert carried.state == "checking"


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

    assert bad.value.facts == {"fields": {"due_on": "out_of_order"}}
