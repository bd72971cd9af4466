"""Two people at the ledger at once: one entry, one signature; the other is told."""

import pytest

from suyuan.actions import bulk, ledger
from suyuan.domain.errors import Refused
from suyuan.store import chain
from suyuan.store.models import BulkCase, LedgerEntry
from suyuan.store.queries import viewer
from tests.actions.test_ledger import LATER, OTHER
from tests.actions.test_races import at_once
from tests.factories import person, unit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_base")]


def proposes(who):
    return lambda: ledger.propose_entry(viewer=who, form=OTHER, now=LATER)


def test_two_who_propose_the_same_make_one_entry_and_two_who_sign_it_sign_once():
    unit()
    office, audit, leader = (viewer.of(person(role)) for role in ("office", "audit", "leader"))

    ends = at_once(proposes(office), proposes(office))
    codes = [end.code for end in ends if isinstance(end, Refused)]
    assert (codes, LedgerEntry.objects.count()) == (["already_entered"], 1)

    entry = LedgerEntry.objects.get().pk
    ends = at_once(
        lambda: ledger.sign_entry(viewer=audit, entry=entry, form={}, now=LATER),
        lambda: ledger.refuse_entry(viewer=leader, entry=entry, form={"ledger_words": "否"}, now=LATER),
    )
    assert [end.code for end in ends if isinstance(end, Refused)] == ["entry_decided"]
    assert [end for end in ends if not isinstance(end, Refused)] == [None]
    chain.verify()


def test_two_who_sign_the_same_many_sign_each_once_and_are_told_the_rest():
    unit()
    office, audit, leader = (viewer.of(person(role)) for role in ("office", "audit", "leader"))
    entries = [
        ledger.propose_entry(viewer=office, form=OTHER | {"ledger_words": f"办法第 {n} 条"}, now=LATER)
        for n in range(4)
    ]

    def signs(who):
        def work():
            wanted = [str(entry) for entry in entries]
            run = bulk.ask_entries(entries=wanted, form={}, actor=who.actor, now=LATER)
            assert bulk.go_on(run_id=run, actor=who.actor, holder=who.actor.username, now=LATER)
            return list(BulkCase.objects.filter(run=run).order_by("place").values_list("outcome", "code"))

        return work

    both = at_once(signs(audit), signs(leader))

    assert [sorted(each) for each in zip(*both, strict=True)] == [
        [("applied", ""), ("refused", "entry_decided")]
    ] * 4
    assert set(LedgerEntry.objects.values_list("state", flat=True)) == {"signed"}
    chain.verify()
