"""Two workers keep the same run at once: one signal, one warning; a warning is closed while a run is kept."""

from datetime import timedelta

import pytest

from suyuan.actions.perform import perform
from suyuan.actions.warn import keeping, naming, opening
from suyuan.analytics.detect.signal import Level
from suyuan.domain.errors import Refused
from suyuan.store import chain
from suyuan.store.models import Case, KeptSignal, Message
from tests.actions.test_races import at_once
from tests.factories import NOW, actor, unit
from tests.naming import complaints
from tests.warned import HOUR, OVERDUE, kept, opened, signal, warning_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_base")]


def run():
    """Keep one run of three signals, and open what waits."""
    found = [signal(f"account:{n}", category=f"c{n}") for n in range(3)]
    keeping.keep(found, [OVERDUE], NOW)
    return opening.open_waiting(NOW)


def test_two_workers_that_keep_the_same_run_keep_each_signal_once_and_open_one_warning_of_each():
    unit()
    ends = at_once(run, run)

    assert [end for end in ends if isinstance(end, Exception)] == []
    assert KeptSignal.objects.count() == 3
    assert sum(len(end) for end in ends) == Case.objects.filter(procedure="warning").count() == 3
    chain.verify()


def test_two_people_who_open_one_signal_open_one_warning():
    unit()
    keeping.keep([signal(level=Level.GENERAL)], [OVERDUE], NOW)
    pk, office, station = kept().pk, actor("office"), actor("station")
    ends = at_once(
        lambda: opening.open_warning(signal=pk, actor=office, now=NOW),
        lambda: opening.open_warning(signal=pk, actor=station, now=NOW),
    )

    assert [end.code for end in ends if isinstance(end, Refused)] == ["has_warning"]
    assert Case.objects.filter(procedure="warning").count() == 1


def test_a_run_that_raises_a_warning_and_a_person_who_closes_it_wait_for_each_other():
    case = warning_at("reviewing")
    marketing = actor("marketing")
    later = NOW + 2 * HOUR

    def close():
        return perform(number=case.number, verb="pass_closing", actor=marketing, now=later, form={})

    ends = at_once(close, lambda: keeping.keep([signal(level=Level.URGENT)], [OVERDUE], later))

    assert [end for end in ends if isinstance(end, Exception)] == []
    case.refresh_from_db()
    assert (case.state, case.level) in {("archived", "urgent"), ("registered", "urgent")}
    assert opened(later + timedelta(days=1), signal("account:new", category="other")).is_open
    chain.verify()


def test_two_workers_that_compare_the_month_name_its_unit_once():
    complaints()
    ends = at_once(lambda: naming.name_units(now=NOW), lambda: naming.name_units(now=NOW))

    assert [end for end in ends if isinstance(end, Exception)] == []
    assert sum(len(end.opened) for end in ends) == Case.objects.filter(procedure="warning").count() == 1
    assert Message.objects.filter(template="named_warning", recipient="station@0101").count() == 1
    chain.verify()
