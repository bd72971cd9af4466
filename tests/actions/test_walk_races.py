"""Two at once in the second half of a complaint: one wins, the other hears why, and both chains hold."""

from datetime import timedelta

import pytest

from suyuan.actions.perform import perform
from suyuan.store import chain
from suyuan.store.models import Case, Event, Item, Message, Signature, Supervision, Urge
from tests.actions import walking
from tests.actions.test_races import at_once, code
from tests.factories import FORMS, NOW, actor, case_at, do, order_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_base")]
LATER = NOW + timedelta(hours=2)


def ask(case, verb, by, **form):
    """Return the doing of a verb, to be done beside others."""
    return lambda: perform(number=case.number, verb=verb, actor=by, now=LATER, form=form)


def holds(case):
    """Assert what must hold of a case after a race."""
    found = Case.objects.select_related("unit").get(pk=case.pk)
    walking.check_open(found)
    walking.check_clocks(found)
    told = events_of(found)
    walking.check_rungs(found, told)
    walking.check_items(found, told)
    walking.check_sheet(found, told)
    chain.verify()
    return found


def events_of(case):
    """Return the events of a case, oldest first."""
    return list(Event.objects.filter(stream=f"case:{case.number}").order_by("seq"))


def verbs_of(case):
    return [event.verb for event in events_of(case)]


def test_of_two_who_review_one_reply_at_once_one_wins():
    case = case_at("reviewing")
    marketing, office = actor("marketing"), actor("office")

    ends = at_once(
        ask(case, "review_pass", marketing, **FORMS["review_pass"](case)),
        ask(case, "review_return", office, back_to="handling", note="缺少现场照片"),
    )

    assert sorted(map(code, ends)) == ["Done", "not_from_here"]
    won = next(end for end in ends if code(end) == "Done")
    assert (holds(case).state, verbs_of(case)[-1]) == (won.state, won.verb)


def test_a_signature_withdrawn_while_the_last_one_is_given_leaves_the_order_out_or_agreed():
    order = order_at("signing")
    for role in ("station", "marketing", "operations"):
        order = do(order, "sign", role, LATER)
    office, operations = actor("office"), actor("operations")

    ends = at_once(ask(order, "sign", office), ask(order, "withdraw", operations))

    said = tuple(map(code, ends))
    assert said in {("Done", "not_from_here"), ("not_awaited", "Done")}
    state = holds(order).state
    assert state == ("rectifying" if said[0] == "Done" else "signing")
    standing = Signature.objects.filter(case=order, ended="").count()
    assert standing == (4 if said[0] == "Done" else 2)


def test_two_reject_and_sign_one_place_at_once_and_one_hears_why():
    order = order_at("signing")
    first, second = actor("station"), actor("station", username="other")

    ends = at_once(ask(order, "sign", first), ask(order, "reject", second, note="期限过紧"))

    said = tuple(map(code, ends))
    assert (said, holds(order).state) in {
        (("Done", "not_awaited"), "signing"),
        (("not_from_here", "Done"), "drafted"),
    }
    assert Signature.objects.filter(case=order).count() == 1


def test_items_added_at_once_have_numbers_of_their_own():
    case = case_at("handling")
    agent, station = actor("agent"), actor("station")

    ends = at_once(
        ask(case, "add_item", agent, statement="要求书面答复"),
        ask(case, "add_item", station, statement="要求退还多收电费"),
    )

    assert [code(end) for end in ends] == ["Done", "Done"]
    assert sorted(Item.objects.filter(case=case).values_list("seq", flat=True)) == [1, 2, 3]
    holds(case)


def test_an_item_added_while_the_review_passes_holds_it_or_comes_too_late():
    case = case_at("reviewing")
    marketing, agent = actor("marketing"), actor("agent")

    ends = at_once(
        ask(case, "review_pass", marketing, **FORMS["review_pass"](case)),
        ask(case, "add_item", agent, statement="另有一户同样情况"),
    )

    state = holds(case).state
    assert (tuple(map(code, ends)), state) in {
        (("Done", "not_from_here"), "callback"),
        (("sheets_missing", "Done"), "reviewing"),  # the report does not cover the new item
    }


def test_an_archive_and_a_merge_at_once_do_not_both_win():
    case = do(
        case_at("callback"),
        "call_back",
        "agent",
        NOW + timedelta(hours=1),
        **FORMS["call_back"](case_at("callback")),
    )
    order_at("rectifying", complaint=case)
    lead, office = actor("lead"), actor("office")

    ends = at_once(
        ask(case, "archive", lead),
        ask(case, "merge", office, into=case_at("dispatched").number, note="同一事件"),
    )

    assert sorted(map(code, ends)) == ["Done", "not_from_here"]
    assert holds(case).state in ("archived", "merged")


def test_a_storm_of_urges_reaches_each_rung_once_and_opens_one_order_beside_a_leaders():
    case = case_at("handling")
    office, leader = actor("office"), actor("leader")

    def urge():
        return perform(number=case.number, verb="urge", actor=office, now=LATER, form={"note": "再催"})

    def supervise():
        return perform(number=case.number, verb="supervise", actor=leader, now=LATER, form={"note": "速办"})

    ends = at_once(urge, urge, urge, supervise, urge, urge)

    assert [code(end) for end in ends] == ["Done"] * 6
    rungs = [rung for one in Urge.objects.order_by("seq") for rung in one.rungs]
    assert rungs.count("superior") == 1
    assert Supervision.objects.filter(case__is_open=True).count() == 1
    assert Message.objects.filter(template="urged_again").count() == 1
    assert list(Urge.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]
    assert chain.verify_cases() == 2
