"""Complaints are traced on our own events, alone or beside a log that was taken over."""

from datetime import timedelta

import pytest

from suyuan.actions import _log_held, traced
from suyuan.actions.privacy import ledger
from suyuan.actions.trace import take_log
from suyuan.domain.procedure import SYSTEM
from suyuan.store import event_log
from suyuan.store.models import Case
from tests import event_logs
from tests.factories import FORMS, NOW, case_at, do, unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_files_handed_in")]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def no_log():
    event_log.path().unlink(missing_ok=True)  # tests share a home
    yield
    event_log.path().unlink(missing_ok=True)


def account(n: int) -> dict[str, str]:
    return {"account": f"33000{n:08d}", "phone": f"139{n:08d}"}


def complaint(n: int, at) -> Case:
    return case_at("registered", now=at, **account(n))


def enquiry(n: int, at) -> Case:
    return case_at("registered", "enquiry", now=at, **account(n))


def broken(n: int) -> Case:
    """Return a case of a customer to whom something was promised by 2026-03-10, and not done."""
    case = enquiry(n, NOW)
    return do(case, "promise", "office", NOW + timedelta(hours=1), **FORMS["promise"](case))


def test_nothing_to_trace_is_no_log():
    assert (traced.known(), traced.traced_of("SY1"), traced.answers(["SY1"])) == (None, None, {})
    enquiry(1, NOW)
    assert traced.known() is None


def test_a_promise_that_was_not_kept_is_found_before_a_complaint():
    for n in range(1, 9):
        broken(n)
    for n in range(100, 112):  # another unit keeps its promises: what was not kept is not its
        kept = broken(n)
        Case.objects.filter(pk=kept.pk).update(unit=unit("0102"))
        do(kept, "keep_promise", "office", NOW + DAY, commitment="1")
    for n in range(20, 60):
        enquiry(n, NOW)
    cases = [complaint(n, NOW + 9 * DAY) for n in range(1, 9)]
    answer = traced.traced_of(cases[0].number)

    source = answer.chain.nodes[0]
    promise = answer.log.objects[source.thing]
    assert (answer.log.types[answer.log.type[source.thing]], promise.endswith("-1")) == ("承诺", True)
    assert (source.mode.value, answer.log.activities[source.activity], source.rule) == (
        "missing", "兑现承诺", "promise_kept"
    )  # fmt: skip
    assert answer.source == "01"
    assert answer.chain.weight > 0.5
    before = traced.traced_of(complaint(70, NOW + 9 * DAY).number)
    assert before.traced.chains == ()


def test_a_promise_whose_day_has_not_come_and_one_that_was_kept_are_none():
    kept = broken(1)
    do(kept, "keep_promise", "office", NOW + DAY, commitment="1")
    broken(2)
    cases = [complaint(1, NOW + 9 * DAY), complaint(2, NOW + 3 * DAY)]
    here = traced.known()

    for case in cases:
        found = here.tracer.before(here.complaints[case.number])
        assert [one for one in found if one.rule == "promise_kept"] == []


def test_the_complaint_of_the_log_and_our_case_are_one_object(tmp_path):
    case = complaint(1, NOW)
    file = event_logs.write(tmp_path / "a.sqlite", case.number)
    take_log(path=file, actor=SYSTEM, now=NOW)
    here = traced.known()

    assert list(here.complaints) == [case.number]
    names = here.log.objects.texts.to_pylist()
    assert names.count(case.number) == 1
    assert {"HB0000001", event_log.meeting(case.account_index)} <= set(names)
    told = {
        here.log.activities[here.log.activity[e]] for e in here.log.happened.of(here.complaints[case.number])
    }
    assert "受理" in told
    assert len(told) > 1


def test_a_new_complaint_is_traced_without_learning_again():
    complaint(1, NOW)
    before = traced.known()
    new = complaint(2, NOW + timedelta(hours=2))

    assert (traced.is_learned(), traced.is_learned(new.number)) == (True, False)
    assert traced.known() is before
    answer = traced.traced_of(new.number)
    after = traced.known()
    assert (answer.log is after.log, traced.is_learned(new.number), after is before) == (True, True, False)
    assert after.tracer.support is before.tracer.support
    assert list(after.complaints) == [new.number, *before.complaints]


def test_what_changed_is_told_anew_and_once():
    first = complaint(1, NOW)
    traced.known()
    do(first, "dispatch", "office", NOW + timedelta(minutes=30), **FORMS["dispatch"](first))
    complaint(2, NOW + timedelta(hours=2))
    _log_held.fresh()
    partly = traced.known()
    _log_held._held.clear()
    whole = traced.known()

    def told(known: _log_held.Known) -> list[tuple[str, int]]:
        events = known.log.happened.of(known.complaints[first.number])
        return [(known.log.events[e], int(known.log.at[e])) for e in events]

    assert told(partly) == told(whole)
    assert len(partly.log.at) == len(whole.log.at)


def test_what_a_complaint_is_about_is_what_the_case_says():
    case = complaint(1, NOW)
    Case.objects.filter(pk=case.pk).update(category="quality.voltage.low")
    here = traced.known()

    assert here.log.label == {here.complaints[case.number]: "quality.voltage.low"}
    Case.objects.filter(pk=case.pk).update(category="outage.notice.none")
    traced.traced_of(case.number)
    assert here.log.label == {here.complaints[case.number]: "outage.notice.none"}


def test_after_a_day_it_is_learned_again():
    complaint(1, NOW)
    before = traced.known()
    complaint(2, NOW + 2 * DAY)

    assert _log_held.fresh().tracer.support is not before.tracer.support


def test_new_complaints_are_learned_ahead_and_nothing_else():
    complaint(1, NOW)
    traced.learn_ahead()
    here = traced.known()
    traced.learn_ahead()
    enquiry(2, NOW)
    traced.learn_ahead()
    assert traced.known() is here

    new = complaint(3, NOW)
    traced.learn_ahead()
    assert new.number in traced.known().complaints


def test_a_shredded_case_is_gone_at_once():
    gone, other = complaint(1, NOW), complaint(2, NOW)
    assert set(traced.known().complaints) == {gone.number, other.number}

    ledger.shred_line(kind="case", keys=[gone.pk], actor=SYSTEM, now=NOW + DAY)

    assert set(traced.known().complaints) == {other.number}
    assert traced.traced_of(gone.number) is None


def test_a_case_that_was_restricted_since_is_named_by_no_trace():
    case = enquiry(1, NOW)
    complaint(2, NOW)
    assert traced.known().log.objects.find(case.number) >= 0

    Case.objects.filter(pk=case.pk).update(restricted=True)
    do(case, "urge", "agent", NOW + timedelta(minutes=9), **FORMS["urge"](case))
    complaint(3, NOW + timedelta(minutes=10))

    assert _log_held.fresh().log.objects.find(case.number) < 0
