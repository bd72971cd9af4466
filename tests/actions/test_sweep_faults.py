"""A clock that cannot be swept is set aside with its reason, and every other one fires all the same."""

from datetime import timedelta

import pytest

from suyuan.actions import sweep, work
from suyuan.domain.errors import Refused
from suyuan.jobs import clocks
from suyuan.store import chain
from suyuan.store.models import Clock, ClockFault, Event, Rung
from tests.factories import NOW, actor, case_at

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def poisoned():
    """Return the clocks of five cases, the third of which falls due after the end of time."""
    rows = [case_at("registered").clocks.get(limit="complaint.dispatch") for _ in range(5)]
    Clock.objects.filter(pk=rows[2].pk).update(due_at="9999-12-31T23:00:00+00:00")
    return rows


def test_the_sweep_itself_would_stop_at_it(poisoned):
    with pytest.raises(OverflowError):
        sweep.sweep(now=NOW + 10 * MINUTE)
    assert Rung.objects.count() == 0


def test_it_is_set_aside_with_its_reason_and_the_others_fire(poisoned):
    fired = clocks.fire(NOW + 10 * MINUTE)

    others = [clock.pk for clock in poisoned if clock != poisoned[2]]
    assert fired == 4
    assert list(Rung.objects.order_by("clock").values_list("clock", "rung")) == [
        (pk, "warn_50") for pk in others
    ]
    aside = ClockFault.objects.get()
    assert (aside.clock_id, aside.at) == (poisoned[2].pk, NOW + 10 * MINUTE)
    assert (aside.fault["code"], aside.fault["facts"]["kind"]) == ("unexpected", "OverflowError")
    assert aside.fault["facts"]["where"].startswith("clock.py:")


def test_that_it_was_set_aside_is_written_down(poisoned):
    clocks.fire(NOW + 10 * MINUTE)

    event = Event.objects.get(stream="register:work")
    assert (event.actor, event.verb, event.detail["limit"]) == ("system", "set_aside", "complaint.dispatch")
    assert chain.verify()[0] == 6


def test_what_is_set_aside_is_not_met_again(poisoned):
    clocks.fire(NOW + 10 * MINUTE)

    assert clocks.fire(NOW + 11 * MINUTE) == 0
    assert Event.objects.filter(stream="register:work").count() == 1


def test_mended_and_tried_again_it_fires_what_it_missed(poisoned):
    clocks.fire(NOW + 10 * MINUTE)
    Clock.objects.filter(pk=poisoned[2].pk).update(due_at=NOW + 20 * MINUTE)

    work.retry(kind="clock", row_id=poisoned[2].pk, actor=actor("office"), now=NOW + 11 * MINUTE)

    assert clocks.fire(NOW + 12 * MINUTE) == 1
    assert Rung.objects.get(clock=poisoned[2]).rung == "warn_50"
    assert ClockFault.objects.count() == 0
    assert Event.objects.filter(stream="register:work", verb="retry", actor="office").count() == 1


def test_tried_again_but_not_mended_it_is_set_aside_once_more(poisoned):
    clocks.fire(NOW + 10 * MINUTE)

    work.retry(kind="clock", row_id=poisoned[2].pk, actor=actor("office"), now=NOW + 11 * MINUTE)
    clocks.fire(NOW + 12 * MINUTE)

    assert ClockFault.objects.get().at == NOW + 12 * MINUTE


def test_a_station_may_not_let_it_be_tried_again(poisoned):
    clocks.fire(NOW + 10 * MINUTE)

    with pytest.raises(Refused) as no:
        work.retry(kind="clock", row_id=poisoned[2].pk, actor=actor("station"), now=NOW)

    assert (no.value.code, ClockFault.objects.count()) == ("not_your_role", 1)


def test_what_is_not_set_aside_cannot_be_tried_again(poisoned):
    with pytest.raises(Refused) as no:
        work.retry(kind="clock", row_id=poisoned[0].pk, actor=actor("office"), now=NOW)

    assert no.value.code == "not_aside"
    assert Event.objects.filter(stream="register:work").count() == 0
