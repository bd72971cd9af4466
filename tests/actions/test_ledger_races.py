"""Two people at the ledger at once: one entry, one signature; the other is told."""

import pytest

from suyuan.actions import ledger
from suyuan.domain.errors import Refused
from suyuan.store import chain
from suyuan.store.models import LedgerEntry
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
