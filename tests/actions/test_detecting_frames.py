"""Frames of the cases, texts, hand-overs, repeats and counts of a home, cut at the moment asked for."""

from datetime import timedelta

import pytest

from suyuan.actions.detecting import frames
from suyuan.store.models import Case, Urge
from tests.factories import FORMS, NOW, case_at, do, unit

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def rows(name, at):
    return frames.FRAMES[name](at).to_pylist()


@pytest.fixture
def case():
    """Return an application that was answered a day after it came in, and called back on the third."""
    case = case_at("handling", "application")
    case = do(case, "answer", "station", NOW + DAY, **FORMS["answer"](case))
    dissatisfied = FORMS["call_back"](case) | {"satisfaction": "dissatisfied"}
    more = {"dissatisfied_reason": "not_solved", "more_needed": False}
    return do(case, "call_back", "agent", NOW + 3 * DAY, **dissatisfied, **more)


def test_what_happened_to_a_case_later_is_not_known(case):
    assert rows("cases", NOW - HOUR) == []
    (before,), (after,) = rows("cases", NOW + HOUR), rows("cases", NOW + 4 * DAY)

    assert (before["answered_at"], before["called_back_at"], before["satisfaction"]) == (None, None, "")
    assert (after["answered_at"], after["satisfaction"]) == (NOW + DAY, "dissatisfied")
    assert before["open"]


def test_a_case_archived_later_was_open_and_one_reopened_later_was_not(case):
    Case.objects.filter(pk=case.pk).update(is_open=False, state="archived", archived_at=NOW + 5 * DAY)
    assert [row["open"] for at in (4, 6) for row in rows("cases", NOW + at * DAY)] == [True, False]

    Case.objects.filter(pk=case.pk).update(
        is_open=True, state="handling", archived_at=None, reopened_at=NOW + 9 * DAY
    )
    assert [row["open"] for at in (6, 10) for row in rows("cases", NOW + at * DAY)] == [False, True]


def test_a_paused_case_is_said_to_be_paused_while_it_is(case):
    clock = case.clocks.first()
    clock.entries.create(kind="pause", at=NOW + 5 * DAY, reason="weather", due_before=clock.due_at)
    clock.entries.create(kind="resume", at=NOW + 7 * DAY, due_before=clock.due_at)

    assert [rows("cases", NOW + at * DAY)[0]["paused"] for at in (4, 6, 8)] == [False, True, False]


def test_texts_hold_the_answer_from_when_it_was_given(case):
    Urge.objects.create(case=case, seq=1, at=NOW + 2 * DAY, by="agent")
    (before,), (after,) = rows("texts", NOW + HOUR), rows("texts", NOW + 4 * DAY)

    assert (before["reply"], before["urges"], before["satisfaction"], before["answered_at"]) == (
        "",
        0,
        "",
        None,
    )
    assert (after["reply"], after["urges"], after["satisfaction"]) == ("已处理", 1, "dissatisfied")
    assert "抄表员" in after["said"]
    assert "13912345678" not in after["said"]


def test_a_hand_over_is_told_with_what_came_of_it_by_then(case):
    (given,) = rows("handovers", NOW + HOUR)

    assert (given["number"], given["taker"], given["ended"]) == (case.number, "0101", "accept")
    Case.objects.filter(pk=case.pk).update(restricted=True)
    assert rows("handovers", NOW + HOUR) == []


def test_counts_of_a_unit_are_of_what_was_known(case):
    complaint = case_at("handling", account="1")
    other = case_at("handling", "application", channel="12398", account="2")
    Urge.objects.bulk_create(Urge(case=other, seq=n, at=NOW + n * DAY, by="agent") for n in (1, 2))
    (early,), (late,) = rows("registrations", NOW + HOUR), rows("registrations", NOW + 4 * DAY)

    assert complaint.unit == other.unit == unit("0101")
    names = ("orders", "complaints", "regulated", "repeats", "dissatisfied", "missed", "reclassified")
    assert [early[name] for name in names] == [3, 1, 1, 0, 0, 0, 0]
    assert [late[name] for name in names] == [3, 1, 1, 1, 1, 0, 0]


def test_contacts_about_one_matter_are_those_of_then():
    first = case_at("registered")
    Urge.objects.bulk_create(Urge(case=first, seq=n, at=NOW + n * HOUR, by="agent") for n in (1, 2))
    Case.objects.filter(pk=first.pk).update(urges=2)

    assert rows("repeats", NOW + HOUR) == []
    (told,) = rows("repeats", NOW + 3 * HOUR)
    assert (told["event"], told["times"], told["open"]) == (first.number, 3, True)


def test_customers_who_call_once_about_one_outage_are_not_one_who_calls_often():
    master = case_at("registered", "repair", account="1", phone="13900000001")
    for n in (2, 3):
        child = case_at("registered", "repair", account=f"{n}", phone=f"1390000000{n}")
        Case.objects.filter(pk=child.pk).update(parent_number=master.number, is_child=True)
    again = case_at("registered", "repair", now=NOW + HOUR, account="9", phone="13900000001")
    Case.objects.filter(pk=again.pk).update(parent_number=master.number)

    told = [row["event"] for row in rows("repeats", NOW + 2 * HOUR)]
    assert sorted(told.count(one) for one in set(told)) == [1, 1, 2]
    assert told.count(master.number) == 2


def test_open_orders_of_an_account_are_named_by_its_reference(case):
    (told,) = rows("account_orders", NOW + HOUR)

    assert (told["account"], told["number"]) == (f"~{case.account_index}", case.number)
