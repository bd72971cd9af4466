"""A filing is approved while another of its unit is found false: one order, and the chain says it."""

from datetime import timedelta

import pytest

from suyuan.actions import filing
from suyuan.actions.perform import perform
from suyuan.domain.errors import Refused
from suyuan.store import chain
from suyuan.store.models import Case, Event, FilingBan
from tests.actions.test_races import at_once
from tests.factories import NOW, actor
from tests.filings import FALSE, FILING, filing_at

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared_base")]
LATER = NOW + timedelta(hours=2)
MONTHS = FALSE | {"suspended_months": 2}


def order(*verbs: str) -> list[str]:
    """Return some verbs in the order in which the chain has them."""
    return list(Event.objects.filter(verb__in=verbs).order_by("pk").values_list("verb", flat=True))


def codes(*ends: object) -> list[str]:
    return [end.code for end in ends if isinstance(end, Refused)]


def does(case: Case, verb: str, who, **form: object):
    return lambda: perform(number=case.number, verb=verb, actor=who, now=LATER, form=form)


def test_what_waits_is_approved_before_the_unit_is_suspended_or_not_at_all():
    false, waiting = filing_at("in_force"), filing_at("signing", NOW + timedelta(hours=1))
    before = order("approve", "find_false")
    office, audit = actor("office"), actor("audit")

    approved, _ = at_once(does(waiting, "approve", office), does(false, "find_false", audit, **MONTHS))

    waiting.refresh_from_db()
    ban = FilingBan.objects.get()
    done = order("approve", "find_false")[len(before) :]
    assert (waiting.state, codes(approved), done) in [
        ("in_force", [], ["approve", "find_false"]),
        ("signing", ["filing_suspended"], ["find_false"]),
    ]
    assert ban.case_id == false.pk
    if codes(approved):
        assert approved.facts["because_of"] == false.number
    chain.verify()


def test_a_unit_files_before_it_is_suspended_or_not_at_all():
    false, audit, station = filing_at("in_force"), actor("audit"), actor("station")

    filed, _ = at_once(
        lambda: filing.file(actor=station, form=FILING, now=LATER),
        does(false, "find_false", audit, **MONTHS),
    )

    assert (codes(filed), Case.objects.filter(procedure="filing").count()) in [
        ([], 2),
        (["filing_suspended"], 1),
    ]
    if not codes(filed):
        opened, banned = (Event.objects.filter(verb=verb).latest("pk").pk for verb in ("open", "find_false"))
        assert opened < banned
    chain.verify()


def test_two_who_find_one_filing_false_suspend_once_and_who_ends_it_meanwhile_is_told():
    false = filing_at("in_force")
    audit, leader, station = actor("audit"), actor("leader"), actor("station")

    ends = at_once(
        does(false, "find_false", audit, **MONTHS),
        does(false, "find_false", leader, **MONTHS),
        does(false, "end_filing", station, note="转晴"),
    )

    assert codes(*ends[:2]) == ["not_from_here"]
    assert (FilingBan.objects.count(), order("find_false")) == (1, ["find_false"])
    came = order("find_false", "end_filing")
    assert (came, codes(ends[2])) in [
        (["end_filing", "find_false"], []),
        (["find_false"], ["not_from_here"]),
    ]
    chain.verify()
