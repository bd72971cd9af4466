"""A row of work is one worker's until it is done, given back or the lease is over; tries come to an end."""

from datetime import timedelta

import pytest

from suyuan.domain.errors import Refused
from suyuan.store import leases
from suyuan.store.models import ImportRun
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
BY = leases.Terms(lease=60 * SECOND, attempts=3, lapses=2, wait=10 * SECOND, wait_most=15 * SECOND)


def queued(count=1):
    """Queue imports, one a second, and return their ids."""
    rows = [
        ImportRun.objects.create(name=str(n), by="office", started_at=NOW, next_at=NOW + n * SECOND)
        for n in range(count)
    ]
    return [row.pk for row in rows]


def claim(now=NOW, holder="one", count=1):
    """Claim the oldest rows."""
    return leases.claim(ImportRun.objects.order_by("next_at"), holder=holder, now=now, by=BY, count=count)


def stands(pk):
    """Return how a row stands in the database."""
    return ImportRun.objects.values_list("state", "holder", "next_at", "attempts", "lapses").get(pk=pk)


def test_a_claim_is_bounded_in_order_and_takes_only_what_is_ready():
    first, second, third, _ = queued(4)

    taken = [[row.pk for row in claim(NOW + 2 * SECOND, count=2)] for _ in range(3)]

    assert taken == [[first, second], [third], []]
    assert stands(first) == ("running", "one", NOW + 62 * SECOND, 1, 0)


def test_what_is_claimed_says_what_the_database_says():
    [pk] = queued()

    [row] = claim()

    assert (row.state, row.holder, row.next_at, row.attempts, row.lapses) == stands(pk)


def test_done_is_done():
    [pk] = queued()
    [row] = claim()

    leases.finish(row, accepted=7)

    assert stands(pk) == ("done", "", None, 1, 0)
    assert ImportRun.objects.get().accepted == 7
    assert claim(NOW + timedelta(days=1)) == []


def test_a_failure_waits_longer_each_time_up_to_the_most_and_is_then_set_aside_with_its_reason():
    [pk] = queued()
    told, waited, now = [], [], NOW
    for _ in range(3):
        [row] = claim(now)
        told.append(leases.fail(row, now=now, by=BY, fault={"code": "no_such_file", "facts": {}}))
        waited.append(row.next_at and row.next_at - now)
        now = row.next_at or now

    assert told == [False, False, True]
    assert waited == [10 * SECOND, 15 * SECOND, None]
    assert stands(pk)[:3] == ("aside", "", None)
    assert ImportRun.objects.get().fault == {"code": "no_such_file", "facts": {}}


def test_a_failure_that_no_attempt_can_mend_is_set_aside_at_once():
    [pk] = queued()

    told = leases.fail(claim()[0], now=NOW, by=BY, fault={"code": "no_such_file"}, last=True)

    assert (told, stands(pk)[0]) == (True, "aside")


def test_a_dead_workers_row_is_anothers_when_the_lease_is_over_and_not_before():
    [pk] = queued()
    claim()

    assert claim(NOW + 59 * SECOND, "two") == []
    [row] = claim(NOW + 60 * SECOND, "two")
    assert stands(pk) == ("running", "two", NOW + 120 * SECOND, 2, 1)
    assert row.lapses == 1


def test_a_row_that_outlives_its_workers_is_set_aside():
    [pk] = queued()
    for n in range(3):
        claim(NOW + n * 60 * SECOND)

    assert stands(pk) == ("aside", "", None, 2, 2)
    assert ImportRun.objects.get().fault == {"code": "worker_lost", "facts": {"times": 2}}


@pytest.mark.parametrize(
    "act",
    [
        lambda row: leases.finish(row),
        lambda row: leases.renew(row, now=NOW, by=BY),
        lambda row: leases.give_back(row, at=NOW),
        lambda row: leases.fail(row, now=NOW, by=BY, fault={}),
    ],
    ids=["finish", "renew", "give back", "fail"],
)
def test_a_slow_worker_finds_that_the_row_is_no_longer_its_own(act):
    [pk] = queued()
    [slow] = claim()
    claim(NOW + 60 * SECOND, "one")
    before = stands(pk)

    with pytest.raises(Refused) as no:
        act(slow)

    assert (no.value.code, stands(pk)) == ("lease_lost", before)


def test_long_work_says_that_it_is_alive():
    queued()
    [row] = claim()

    leases.renew(row, now=NOW + 50 * SECOND, by=BY)

    assert claim(NOW + 100 * SECOND, "two") == []


def test_what_is_given_back_has_not_failed():
    [pk] = queued()
    [row] = claim()

    leases.give_back(row, at=NOW + SECOND)

    assert stands(pk) == ("queued", "", NOW + SECOND, 0, 0)


def test_a_lease_from_a_clock_that_ran_ahead_does_not_hold_for_a_year():
    [pk] = queued()
    claim(NOW + timedelta(days=365))

    assert claim(NOW + SECOND, "two") == []
    [row] = claim(NOW + SECOND, "two")
    assert (row.pk, row.holder) == (pk, "two")


def test_a_person_lets_it_be_tried_again_and_only_what_was_set_aside():
    [pk] = queued()
    [row] = claim()
    leases.fail(row, now=NOW, by=BY, fault={"code": "no_such_file"}, last=True)

    leases.again(row, now=NOW + SECOND)

    assert stands(pk) == ("queued", "", NOW + SECOND, 0, 0)
    with pytest.raises(Refused) as no:
        leases.again(row, now=NOW)
    assert no.value.code == "not_aside"
