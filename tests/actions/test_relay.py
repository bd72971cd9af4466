"""What the workstation passes on, to whom, and what comes back."""

from datetime import timedelta

import pytest

from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Case, Event, Relay
from suyuan.store.queries import desks, viewer
from tests.factories import FORMS, NOW, case_at, do, person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def relayed() -> Case:
    case = case_at("dispatched")
    return do(case, "relay", "agent", NOW + HOUR, **FORMS["relay"](case))


def test_a_message_is_kept_with_whom_it_went_to_and_waits_until_an_answer_is_written_down():
    case = relayed()

    (sent,) = Relay.objects.all()
    assert (sent.to, sent.sent_by, sent.sent_at, sent.message.masked) == (
        "marketing",
        "agent",
        NOW + HOUR,
        "客户要求当面答复",
    )
    assert (case.relays, case.state) == (1, "dispatched")

    case = do(case, "relay_answer", "marketing", NOW + 2 * HOUR, **FORMS["relay_answer"](case))

    (sent,) = Relay.objects.all()
    assert (sent.came_back.masked, sent.answered_by, sent.answered_at) == (
        "营销部派人上门",
        "marketing",
        NOW + 2 * HOUR,
    )
    assert case.relays == 0
    told = Event.objects.filter(stream=f"case:{case.number}", verb__startswith="relay").order_by("seq")
    assert [
        (event.verb, event.detail["form"]["relay_to" if n == 0 else "relay"]) for n, event in enumerate(told)
    ] == [
        ("relay", "marketing"),
        ("relay_answer", 1),
    ]
    assert "当面答复" not in str([event.detail for event in told])
    chain.verify()


def test_each_message_is_answered_once_and_only_where_there_is_one():
    case = relayed()
    do(case, "relay", "agent", NOW + HOUR, relay_to="party", message="今晚倒电")

    with pytest.raises(BadInput) as none:
        do(case, "relay_answer", "agent", NOW + 2 * HOUR, relay="3", came_back="好")
    do(case, "relay_answer", "agent", NOW + 2 * HOUR, relay="2", came_back="已公告")
    with pytest.raises(BadInput) as twice:
        do(case, "relay_answer", "agent", NOW + 3 * HOUR, relay="2", came_back="已公告")
    with pytest.raises(BadInput) as early:
        do(case, "relay_answer", "agent", NOW + 3 * HOUR, relay="1", came_back="好", at=NOW.isoformat())
    case = do(case, "relay_answer", "agent", NOW + 4 * HOUR, relay="1", came_back="好")
    with pytest.raises(Refused) as nothing:
        do(case, "relay_answer", "agent", NOW + 5 * HOUR, relay="1", came_back="好")

    assert [one.value.facts["fields"] for one in (none, twice, early)] == [
        {"relay": "unknown_relay"},
        {"relay": "relay_answered"},
        {"at": "out_of_order"},
    ]
    assert (nothing.value.code, case.relays) == ("no_relay_waiting", 0)


def test_an_answer_can_come_in_after_the_case_was_closed():
    case = case_at("callback", "repair")
    do(case, "relay", "agent", NOW + HOUR, **FORMS["relay"](case))
    do(case, "call_back", "agent", NOW + 2 * HOUR, **FORMS["call_back"](case))
    case = do(case, "archive", "lead", NOW + 2 * HOUR)

    case = do(case, "relay_answer", "agent", NOW + 3 * HOUR, **FORMS["relay_answer"](case))

    assert (case.state, case.relays) == ("archived", 0)


def test_a_station_relays_nothing_and_lists_only_what_lies_in_reach():
    case = relayed()
    with pytest.raises(Refused) as no:
        do(case, "relay", "station", NOW + 2 * HOUR, **FORMS["relay"](case))
    here, there = (viewer.of(person("station", at, f"station-{at}")) for at in ("0101", "0102"))

    assert no.value.code == "not_your_role"
    assert [[one.case.number for one in desks.relays(each)] for each in (here, there)] == [[case.number], []]
    assert [list(desks.relays(here, show, to)) for show, to in (("answered", ""), ("", "party"))] == [
        [],
        [],
    ]
    with pytest.raises(BadInput):
        desks.relays(here, "some")
