"""Node liability: proposed from evidence, put forward, objected to, signed by somebody of no named unit."""

from datetime import timedelta
from decimal import Decimal

import pytest

from suyuan.actions.objection import object_to
from suyuan.actions.perform import perform
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Case, Event, Grant, Liability, LiabilityShare, Message, TrainingNeed
from suyuan.store.queries import shares, viewer
from tests.factories import FORMS, NOW, case_at, do, opened_by, person, unit, who
from tests.liable import HEARD, liability_at

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


def parts(case: Case) -> list[tuple[str, str, Decimal]]:
    """Return node, unit and share of each line of the newest round."""
    return [(row.node, row.unit.code, row.percent) for row in shares.shares(shares.of(case))]


def test_a_liability_begins_with_the_shares_its_evidence_proposes_and_only_one_stands_on_a_case():
    parent = case_at("callback", now=NOW)

    case = opened_by(parent, "open_liability", NOW + timedelta(hours=1))

    assert (case.procedure, case.state, case.is_child, case.unit.code) == (
        "liability",
        "drafted",
        True,
        "0101",
    )
    assert parts(case) == [("order.handle", "0101", Decimal(100))]
    (line,) = shares.shares(shares.of(case))
    item = parent.items.get()
    assert line.evidence == [f"item:1 complaint.answer {item.signed[:16]}"]
    with pytest.raises(Refused) as twice:
        do(parent, "open_liability", "office", LATER)
    assert (twice.value.code, twice.value.facts) == ("liability_stands", {"number": case.number})


def test_a_limit_that_ran_out_and_an_order_that_came_back_take_their_parts():
    parent = case_at("dispatched", now=NOW)
    parent = do(parent, "return", "station", NOW + timedelta(minutes=5), reason="wrong_area", evidence="地图")
    for minutes, (verb, by, form) in enumerate(
        (
            ("dispatch", "office", {"unit": "0101", "specialty": "marketing"}),
            ("accept", "station", {}),
            ("contact", "station", {"reached": True, "contact_note": "迟了"}),
        )
    ):
        parent = do(parent, verb, by, NOW + timedelta(days=2, minutes=minutes), **form)
    for minutes, verb in enumerate(("write_report", "submit_finding", "review_pass"), start=9):
        at = NOW + timedelta(days=2, minutes=minutes)
        parent = do(parent, verb, who(parent, verb), at, **FORMS[verb](parent))

    case = opened_by(parent, "open_liability", NOW + timedelta(days=2, hours=1))

    kept = {(node, unit): percent for node, unit, percent in parts(case)}
    assert sum(kept.values()) == 100
    assert set(kept) == {("order.contact", "0101"), ("order.dispatch", "01"), ("order.handle", "0101")}
    assert kept["order.handle", "0101"] == 14  # of seven: two limits and a return weigh two each
    returned = Event.objects.get(stream=f"case:{parent.number}", verb="return")
    (dispatch,) = [row for row in shares.shares(shares.of(case)) if row.node == "order.dispatch"]
    assert dispatch.evidence == [f"return {returned.digest[:16]}"]


def test_what_does_not_add_up_to_a_hundred_or_has_no_such_person_is_not_put_forward():
    case = opened_by(case_at("callback", now=NOW), "open_liability", NOW + timedelta(hours=1))
    given = {"liability_node": "file.address", "unit": "0102", "share": "60", "evidence": "工单"}

    with pytest.raises(BadInput) as wrong:
        do(case, "set_share", "office", LATER, **(given | {"share": "100.5", "liable_person": "station"}))
    do(case, "set_share", "office", LATER, **given)
    with pytest.raises(Refused) as over:
        do(case, "put_forward", "office", LATER, responsibility="delivery", analysis="节点")

    assert wrong.value.facts["fields"] == {"share": "not_a_share", "liable_person": "not_of_that_unit"}
    assert over.value.code == "shares_not_whole"


def test_shares_drawn_anew_take_the_place_of_the_draft():
    case = liability_at("drafted")
    assert parts(case) == [("file.address", "0102", Decimal(60)), ("order.handle", "0101", Decimal(40))]

    do(case, "propose_shares", "marketing", LATER)

    assert parts(case) == [("order.handle", "0101", Decimal(100))]


def test_skill_is_asked_where_staff_is_the_cause_and_nowhere_else():
    case = liability_at("drafted")
    asked = {"analysis": "不熟悉换表流程"}

    for form, said in (
        ({"responsibility": "staff"}, "required"),
        ({"responsibility": "facility", "skill_gap": "business"}, "not_asked"),
    ):
        with pytest.raises(BadInput) as wrong:
            do(case, "put_forward", "office", LATER, **form, **asked)
        assert wrong.value.facts["fields"] == {"skill_gap": said}
    do(case, "put_forward", "office", LATER, responsibility="staff", skill_gap="business", **asked)
    do(case, "review_shares", "audit", LATER + timedelta(minutes=1))
    do(case, "sign_shares", "leader", LATER + HEARD + timedelta(minutes=2))

    needs = TrainingNeed.objects.order_by("unit__code").values_list("unit__code", "node", "skill")
    assert list(needs) == [("0101", "order.handle", "business"), ("0102", "file.address", "business")]


def test_signing_waits_for_a_review_for_the_units_and_for_somebody_of_none_of_them():
    case = liability_at("signing")
    later = LATER + HEARD + timedelta(days=1)
    Grant.objects.create(person=person("office", "0102", "insider"), role="leader", unit=unit("01"))
    insider = viewer.named("insider").actor
    said = {}
    for role, at in (("audit", later), ("leader", LATER)):
        with pytest.raises(Refused) as no:
            do(case, "sign_shares", role, at)
        said[role] = no.value.code
    with pytest.raises(Refused) as no:
        perform(number=case.number, verb="sign_shares", actor=insider, now=later, form={})

    assert said == {"audit": "own_work", "leader": "units_not_heard"}
    assert no.value.code == "of_named_unit"


def test_a_unit_objects_out_of_its_reach_to_its_own_share_alone_and_is_answered():
    case = liability_at("signing")
    person("station", "0102", "far")
    far = viewer.named("far")
    line = {"share_line": "1", "reason": "not_our_node", "note": "地址修改由营销部办理"}

    with pytest.raises(Refused) as hidden:
        object_to(viewer=far, number=case.number, form=line | {"share_line": "2"}, now=LATER)
    object_to(viewer=far, number=case.number, form=line, now=LATER)
    with pytest.raises(Refused) as again:
        object_to(viewer=far, number=case.number, form=line, now=LATER)
    with pytest.raises(Refused) as early:
        do(case, "sign_shares", "leader", LATER + HEARD)
    case = do(case, "answer_share", "audit", LATER, share_line="1", upheld=False, note="证据充分")
    case = do(case, "sign_shares", "leader", LATER + HEARD)

    assert [no.value.code for no in (hidden, again, early)] == [
        "not_found",
        "objected_already",
        "objections_unanswered",
    ]
    assert early.value.facts["shares"] == ["1"]
    assert case.state == "archived"
    assert chain.verify()[0] >= 2


def test_an_objection_that_is_right_sends_the_shares_back_and_they_are_reviewed_again():
    case = liability_at("signing")
    case = do(
        case, "object_share", "station", LATER, share_line="2", reason="evidence_wrong", note="照片是别处的"
    )

    case = do(case, "answer_share", "audit", LATER, share_line="2", upheld=True, note="确非本处")

    assert (case.state, case.reviewed_at) == ("drafted", None)
    case = do(case, "put_forward", "office", LATER, responsibility="delivery", analysis="改后")
    with pytest.raises(Refused) as unreviewed:
        do(case, "sign_shares", "leader", LATER + HEARD)
    assert unreviewed.value.code == "shares_unreviewed"


def test_a_new_round_leaves_what_was_signed_as_it_was():
    case = liability_at("archived")
    found = Liability.objects.get(case=case)
    signed = (
        LiabilityShare.objects.filter(liability=found)
        .order_by("seq")
        .values_list("node", "percent", "signed_at")
    )
    before = list(signed)

    case = do(case, "begin_round", "leader", LATER + HEARD + timedelta(days=1), note="有新证据")

    rows = LiabilityShare.objects.filter(liability=found, round=1).order_by("seq")
    assert list(rows.values_list("node", "percent", "signed_at")) == before
    assert (case.state, case.episode, Liability.objects.get(pk=found.pk).round) == ("drafted", 2, 2)
    assert [row.signed_at for row in LiabilityShare.objects.filter(liability=found, round=2)] == [None, None]
    assert found.signed_by == "leader"


def test_the_units_are_told_of_their_shares_and_not_of_the_complaint():
    case = liability_at("archived")

    told = Message.objects.filter(template__in=("share_to_see", "share_signed"), channel="in_app")

    assert sorted(told.values_list("template", "recipient")) == [
        ("share_signed", "station@0101"),
        ("share_signed", "station@0102"),
        ("share_to_see", "station@0101"),
        ("share_to_see", "station@0102"),
    ]
    assert set(told.values_list("case_number", flat=True)) == {""}
    assert told.first().facts["liability"] == case.number


def test_a_share_of_the_company_itself_is_nobodys_to_object_to():
    case = opened_by(case_at("callback"), "open_liability", LATER)
    share = {"liability_node": "order.dispatch", "evidence": "派单记录"}
    turns = (
        ("drop_share", "office", {"share_line": "1"}),
        ("set_share", "office", share | {"unit": "0101", "share": "60"}),
        ("set_share", "office", share | {"unit": "01", "share": "40"}),
        ("put_forward", "office", FORMS["put_forward"](case)),
        ("review_shares", "audit", {}),
    )
    for verb, role, form in turns:
        case = do(case, verb, role, LATER, **form)
    whole = next(str(row.seq) for row in shares.shares(shares.of(case)) if row.unit.code == "01")

    with pytest.raises(BadInput) as no:
        do(case, "object_share", "station", LATER, share_line=whole, reason="not_our_node", note="不是本站")

    assert no.value.facts["fields"] == {"share_line": "share_not_yours"}
