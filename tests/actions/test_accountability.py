"""Accountability of one person: proposed, reviewed, appealed against, put in effect; seen by few."""

from datetime import timedelta

import pytest

from suyuan.domain.errors import BadInput, Refused
from suyuan.store.models import Accountability, Case, LedgerEntry, Message
from suyuan.store.queries import cases, viewer
from tests.factories import do, person
from tests.liable import BEGUN, accountability_opened

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=6)
PENALTY = {"penalty": "points", "analysis": "未按规定归档", "evidence": "工单 DZ0000001"}


def refused(act, *args, **named) -> str:
    with pytest.raises(Refused) as no:
        act(*args, **named)
    return no.value.code


def test_it_is_seen_by_audit_leaders_and_the_person_alone():
    case = accountability_opened()

    who = ("audit", "leader", "office", "station", "reader")
    person("leader"), person("station")
    seen = {name: cases.may_see(viewer.named(name).actor, case) for name in who}

    assert seen == {"audit": True, "leader": True, "office": False, "station": False, "reader": True}


def test_a_share_of_nobody_leads_to_none_and_one_leads_to_one():
    case = accountability_opened()
    liability = Case.objects.get(number=case.parent_number)

    with pytest.raises(BadInput) as nobody:
        do(liability, "open_accountability", "audit", BEGUN, share_line="1", note="一")
    assert nobody.value.facts["fields"] == {"share_line": "share_of_nobody"}
    assert refused(do, liability, "open_accountability", "audit", BEGUN, share_line="2", note="一") == (
        "accountability_stands"
    )


def test_a_penalty_takes_effect_after_a_review_and_the_days_of_appeal_as_a_proposal_of_the_ledger():
    case = do(accountability_opened(), "propose_penalty", "audit", BEGUN, **PENALTY)
    assert refused(do, case, "review_penalty", "audit", BEGUN) == "own_work"
    case = do(case, "review_penalty", "leader", BEGUN)
    assert refused(do, case, "put_in_effect", "audit", BEGUN) == "may_still_appeal"

    case = do(case, "put_in_effect", "audit", BEGUN + WEEK, penalty_points="2")

    entry = LedgerEntry.objects.get()
    assert (case.state, Accountability.objects.get().entry) == ("archived", entry)
    assert (entry.person, entry.kind, entry.amount, entry.state) == ("reader", "penalty", 2, "proposed")
    told = Message.objects.filter(template__startswith="penalty_").values_list("recipient", "template")
    assert list(told) == [("person:reader", "penalty_to_answer"), ("person:reader", "penalty_in_effect")]


def test_the_person_appeals_once_and_a_third_person_decides():
    case = do(accountability_opened(), "propose_penalty", "audit", BEGUN, **PENALTY)
    case = do(case, "review_penalty", "leader", BEGUN)
    person("leader", "01", "chief")
    reader, chief = viewer.named("reader").actor, viewer.named("chief").actor
    from suyuan.actions.perform import perform

    def act(verb: str, who, **form: object) -> None:
        perform(number=case.number, verb=verb, actor=who, now=BEGUN, form=form)

    assert refused(do, case, "appeal_penalty", "station", BEGUN, note="一") == "not_concerned"
    act("appeal_penalty", reader, note="工单当时被占住")
    assert refused(do, case, "keep_penalty", "leader", BEGUN, note="一") == "own_work"
    act("keep_penalty", chief, note="证据充分")
    assert refused(act, "appeal_penalty", reader, note="再诉") == "penalty_decided"
    case = do(case, "put_in_effect", "audit", BEGUN)

    assert (case.state, LedgerEntry.objects.count()) == ("archived", 0)


def test_a_lifted_penalty_leads_to_nothing():
    case = do(accountability_opened(), "propose_penalty", "audit", BEGUN, **PENALTY)
    case = do(case, "review_penalty", "leader", BEGUN)
    person("leader", "01", "chief")
    from suyuan.actions.perform import perform

    for verb, who in (("appeal_penalty", "reader"), ("lift_penalty", "chief")):
        perform(number=case.number, verb=verb, actor=viewer.named(who).actor, now=BEGUN, form={"note": "一"})

    assert Case.objects.get(pk=case.pk).state == "void"
