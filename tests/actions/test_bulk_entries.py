"""A bulk run over entries of the ledger that is cut off goes on, by the worker, as whoever asked for it."""

from datetime import timedelta

import pytest

from suyuan.actions import bulk, ledger
from suyuan.jobs import bulk as job
from suyuan.store import presence
from suyuan.store.models import BulkCase, BulkRun, Event, Grant, LedgerEntry
from tests.actions.test_ledger import LATER, OTHER, desk
from tests.factories import unit

pytestmark = pytest.mark.django_db
SOON = LATER + timedelta(minutes=1)


def waiting(n: int) -> list[str]:
    """Return some entries that wait for their second person."""
    unit()
    return [
        str(
            ledger.propose_entry(
                viewer=desk(), form=OTHER | {"ledger_words": f"办法第 {place} 条"}, now=LATER
            )
        )
        for place in range(n)
    ]


def asked(entries: list[str]) -> BulkRun:
    run = bulk.ask_entries(
        entries=entries, form={"ledger_words": "同意"}, actor=desk("leader").actor, now=SOON
    )
    return BulkRun.objects.get(pk=run)


def outcomes(run: BulkRun) -> list[tuple[str, str]]:
    return list(BulkCase.objects.filter(run=run).order_by("place").values_list("outcome", "code"))


def test_what_was_signed_before_it_was_cut_off_is_not_signed_again():
    run = asked(waiting(3))
    going = iter((True, True, False))
    for row in bulk.leases.claim(
        BulkRun.objects.filter(pk=run.pk), holder="here", now=SOON, by=bulk.leases.terms("lease.bulk")
    ):
        bulk.carry_out(row=row, now=SOON, going=lambda: next(going))
    half = outcomes(run)

    done = job.next_one(SOON + timedelta(minutes=1), presence.name())

    assert (half.count(("applied", "")), half.count(("", "")), done) == (2, 1, 1)
    assert outcomes(run) == [("applied", "")] * 3
    assert Event.objects.filter(verb="sign_entry").count() == 3
    run.refresh_from_db()
    assert (run.state, run.sealed) == ("done", None)
    assert Event.objects.get(verb="bulk_done").detail["applied"] == 3


def test_whoever_lost_the_role_meanwhile_signs_nothing():
    run = asked(waiting(2))
    Grant.objects.filter(person__username="leader").delete()

    job.next_one(SOON, presence.name())

    assert {outcome for outcome, _ in outcomes(run)} == {"refused"}
    assert set(LedgerEntry.objects.values_list("state", flat=True)) == {"proposed"}


def test_a_run_over_entries_is_never_taken_back_as_one():
    run = asked(waiting(1))
    job.next_one(SOON, presence.name())
    run.refresh_from_db()

    assert bulk.may_undo(run, SOON) is False
