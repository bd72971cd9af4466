"""A unit appeals: conditions, three seals, two decisions; what succeeds leaves the assessed figures."""

from datetime import UTC, datetime, timedelta

import pytest

from suyuan.actions import demo, evidence, ledger
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.vocabulary import Role
from suyuan.store import chain
from suyuan.store.models import Appeal, AppealSeal, Case, Clock, Event, Grant, LedgerEntry, Message, Unit
from suyuan.store.queries import appeals, viewer
from tests.appeal_cases import appeal_at, claim_at, scan
from tests.evidence_files import picture, sound
from tests.factories import FORMS, NOW, actor, case_at, do, person
from tests.rulebook_entries import landed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def parent_of(case: Case) -> Case:
    return Case.objects.get(number=case.parent_number)


def refused(case: Case, verb: str, by: str, now: datetime = NOW + 2 * HOUR, **form: object) -> Refused:
    with pytest.raises(Refused) as no:
        do(case, verb, by, now, **(form or FORMS.get(verb, lambda case: {})(case)))
    return no.value


def test_an_appeal_is_a_case_of_its_own_and_the_complaint_stays_closed():
    case = appeal_at("drafted")
    parent = parent_of(case)

    assert (case.procedure, case.unit.code, case.owner, case.contacts.count()) == (
        "appeal",
        "0101",
        "station",
        0,
    )
    assert (parent.state, parent.finding, parent.finding_assessed) == ("archived", "unverified", "unverified")
    assert (
        Event.objects.get(stream=f"case:{parent.number}", verb="file_appeal").detail["opened"] == case.number
    )
    assert refused(parent, "file_appeal", "station").code == "appealed_already"


def test_each_level_seals_in_its_turn_with_a_scan_and_a_day_in_order():
    case = appeal_at("sealing")
    closed = parent_of(case).archived_at.date()

    def wrong(**form: object) -> dict[str, str]:
        with pytest.raises(BadInput) as bad:
            do(case, "seal", "station", NOW + 2 * HOUR, **form)
        return bad.value.facts["fields"]

    file = scan(case)
    early, late = str(closed - DAY), str(closed + 3 * DAY)
    assert wrong(sealed_on=early, evidence=file) == {"sealed_on": "out_of_order"}
    assert wrong(sealed_on=late, evidence=file) == {"sealed_on": "out_of_order"}
    assert wrong(sealed_on=str(closed), evidence="已盖章") == {"evidence": "scan_needed"}
    assert wrong(sealed_on=str(closed), evidence="0" * 64) == {"evidence": "scan_needed"}
    assert refused(case, "seal", "marketing").code == "not_your_seal"

    do(case, "seal", "station", NOW + DAY, sealed_on=str(closed + DAY), evidence=file)
    with pytest.raises(BadInput) as back:
        do(case, "seal", "marketing", NOW + DAY, sealed_on=str(closed), evidence=file)
    assert back.value.facts["allowed"]["sealed_on"][0] == str(closed + DAY)
    assert refused(case, "seal", "leader", NOW + DAY).code == "not_your_seal"
    assert list(AppealSeal.objects.values_list("level", "put_by")) == [("station", "station")]


def test_whoever_holds_two_roles_seals_one_level_alone():
    case = appeal_at("sealing")
    case = do(case, "seal", "station", NOW + 2 * HOUR, **FORMS["seal"](case))
    actor("marketing", "", "station")
    Grant.objects.create(person=person("station"), role="marketing", unit=Unit.objects.get(code="01"))

    assert refused(case, "seal", "station").code == "sealed_another_level"


def test_an_appeal_that_is_sent_back_is_sealed_anew():
    case = appeal_at("sealing")
    case = do(case, "seal", "station", NOW + 2 * HOUR, **FORMS["seal"](case))

    case = do(case, "return_appeal", "marketing", NOW + 3 * HOUR, note="缺产权分界照片")
    case = do(case, "revise_appeal", "station", NOW + 4 * HOUR, evidence="产权分界照片")

    assert (case.state, case.dispatched_at, AppealSeal.objects.count()) == ("drafted", None, 0)
    assert Appeal.objects.get().evidence == "产权分界照片"
    assert Event.objects.get(verb="return_appeal").detail["unsealed"] == ["station"]


@pytest.mark.parametrize("round_", ["first", "final"])
def test_an_appeal_that_succeeds_takes_the_case_out_of_the_assessment_and_leaves_what_was_found(round_):
    parent = case_at("archived")
    Case.objects.filter(pk=parent.pk).update(finding="verified", finding_assessed="partial")
    case = appeal_at("deciding" if round_ == "first" else "final", parent=parent)

    case = do(case, "uphold_appeal", "office" if round_ == "first" else "audit", NOW + DAY, note="证据充分")

    parent.refresh_from_db()
    found = Appeal.objects.get()
    assert (case.state, parent.finding, parent.finding_assessed, parent.state) == (
        "archived",
        "verified",
        "excluded",
        "archived",
    )
    assert (found.was, found.first_upheld, found.final_upheld) == (
        "partial",
        round_ == "first",
        None if round_ == "first" else True,
    )
    said = Event.objects.get(stream=f"case:{parent.number}", verb="assessed")
    assert said.detail == {"appeal": case.number, "was": "partial", "finding_assessed": "excluded"}
    assert parent.changed_event == said.pk
    assert refused(parent, "file_appeal", "station", NOW + 2 * DAY).code == "appealed_already"
    chain.verify()
    assert chain.verify_cases() == 2


def test_two_decisions_have_clocks_of_their_own_and_two_people():
    case = appeal_at("deciding")
    parent = parent_of(case)
    clocks = Clock.objects.filter(case=case).order_by("pk")
    assert list(clocks.values_list("limit", "state")) == [
        ("appeal.seal", "stopped"),
        ("appeal.decide", "running"),
    ]

    case = do(case, "refuse_appeal", "audit", NOW + DAY, note="证据不足")
    assert (case.state, case.is_open, parent.finding_assessed) == ("refused", True, "unverified")
    case = do(case, "ask_final", "station", NOW + 2 * DAY, note="补充照片")

    assert (case.state, case.episode) == ("final", 2)
    assert list(clocks.values_list("limit", "episode", "state")) == [
        ("appeal.seal", 1, "stopped"),
        ("appeal.decide", 1, "stopped"),
        ("appeal.decide", 2, "running"),
    ]
    assert refused(case, "refuse_appeal", "audit", NOW + 3 * DAY).code == "took_part"
    actor("audit", "", "second")
    case = do(case, "refuse_appeal", "second", NOW + 3 * DAY, note="仍不足")
    parent.refresh_from_db()
    assert (case.state, parent.finding_assessed, Appeal.objects.get().final_by) == (
        "archived",
        "unverified",
        "second",
    )


def test_nobody_decides_who_handled_reviewed_sealed_filed_or_is_of_the_unit():
    parent = case_at("archived")
    Case.objects.filter(pk=parent.pk).update(handlers=["station", "former"])
    case = appeal_at("deciding", parent=parent)
    actor("office", "", "former")
    actor("audit", "0101", "ours")
    person("audit", "", "marketing 2")
    Event.objects.filter(stream=f"case:{parent.number}", verb="review_pass").update(actor="marketing 2")

    assert refused(case, "uphold_appeal", "former").code == "took_part"
    assert refused(case, "uphold_appeal", "marketing 2").code == "took_part"
    assert refused(case, "uphold_appeal", "ours").code == "of_appealing_unit"
    assert appeals.facts_of(case)["apart"] == {
        *("station", "former"),
        *("marketing", "marketing 2"),
        "leader",
    }


def test_the_window_warns_as_long_as_nobody_confirmed_it_and_ends_at_midnight():
    parent = case_at("archived", now=datetime(2025, 9, 26, 2, 30, tzinfo=UTC))  # a Friday
    ends = datetime(2025, 10, 10, 16, tzinfo=UTC)  # Sunday 28 Sept works, the holidays of October do not

    def window(at: datetime) -> tuple[bool, bool, str]:
        found = {one.code: one for one in appeals.checked(parent, at)}["in_window"]
        return found.met, found.binding, found.said

    assert window(ends - timedelta(seconds=1)) == (True, False, window(ends)[2])
    assert window(ends)[0] is False
    assert datetime.fromisoformat(window(ends)[2]) == ends


def test_an_appeal_is_in_time_when_it_is_submitted_not_when_its_draft_is_begun():
    parent = case_at("archived")
    case = appeal_at("drafted", parent=parent)
    again = appeal_at("sealing", parent=case_at("archived"))
    landed("confirm", {"figure": "appeal.window", "basis": "本单位申诉办法 2026-1"})
    late = NOW + 30 * DAY

    again = do(again, "return_appeal", "marketing", late, note="缺产权分界照片")
    assert refused(again, "submit_appeal", "station", late).facts["conditions"] == ["in_window"]
    assert refused(case, "submit_appeal", "station", late).facts["conditions"] == ["in_window"]

    case = do(case, "submit_appeal", "station", NOW + 2 * HOUR)
    for by in ("station", "marketing", "leader"):
        case = do(case, "seal", by, NOW + 3 * HOUR, **FORMS["seal"](case))
    assert do(case, "uphold_appeal", "audit", late, note="证据充分").state == "archived"


def test_a_text_or_a_recording_is_no_scan_of_a_seal():
    case = appeal_at("sealing")
    said = {"sealed_on": str(parent_of(case).archived_at.date())}
    files = {"note.txt": "已盖章".encode(), "seal.wav": sound(), "seal.png": picture("PNG")}
    text, voice, png = (attached(case, name, content) for name, content in files.items())

    for wrong in (text, voice, f"{png} {text}"):
        with pytest.raises(BadInput) as bad:
            do(case, "seal", "station", NOW + 2 * HOUR, evidence=wrong, **said)
        assert bad.value.facts["fields"] == {"evidence": "scan_needed"}
    do(case, "seal", "station", NOW + 2 * HOUR, evidence=png, **said)
    assert AppealSeal.objects.get().scan == png


def attached(case: Case, name: str, content: bytes) -> str:
    file = evidence.Incoming(pieces=[content], name=name, made_by="staff")
    return evidence.add(number=case.number, file=file, actor=actor("station"), now=NOW)


def test_an_appeal_over_a_claim_needs_a_finding_that_is_in_force():
    parent = case_at("archived")
    case = appeal_at("drafted", parent=parent, appeal_ground="malicious")
    no = refused(case, "submit_appeal", "station")
    assert (no.code, no.facts["conditions"]) == ("appeal_conditions", ["claim_in_force"])

    claim_at("archived", NOW + HOUR, parent)
    case = do(case, "submit_appeal", "station", NOW + 3 * HOUR)
    for by in ("station", "marketing", "leader"):
        case = do(case, "seal", by, NOW + 4 * HOUR, **FORMS["seal"](case))

    over = NOW + timedelta(days=120)
    actor("office", "", "another")
    assert refused(case, "uphold_appeal", "another", over).facts["conditions"] == ["claim_in_force"]
    do(case, "refuse_appeal", "another", over, note="认定已到期")
    assert parent_of(case).finding_assessed == "unverified"


def test_a_unit_may_let_it_rest_or_withdraw_and_appeal_again():
    case = appeal_at("sealing")
    parent = parent_of(case)
    case = do(case, "withdraw_appeal", "station", NOW + 2 * HOUR, note="材料不全")
    again = appeal_at("refused", NOW + DAY, parent)
    again = do(again, "close_appeal", "station", NOW + 2 * DAY, note="不再申诉")

    assert (case.state, again.state, again.is_open) == ("void", "archived", False)
    assert set(Clock.objects.values_list("state", flat=True)) <= {"stopped", "void"}


def test_a_signed_penalty_on_the_case_is_named_and_told_and_none_can_be_signed_afterwards():
    parent = case_at("archived")
    Case.objects.filter(pk=parent.pk).update(finding="verified", finding_assessed="verified")
    one, two = (
        LedgerEntry.objects.create(
            kind="penalty",
            amount=1,
            counted="points",
            unit=parent.unit,
            ground="verified_finding",
            case=parent,
            basis="",
            certainty="confirmed",
            mark=mark,
            state=state,
            proposed_by="office",
            proposed_at=NOW,
        )
        for mark, state in (("a", "signed"), ("b", "proposed"))
    )
    case = appeal_at("deciding", parent=parent)

    do(case, "uphold_appeal", "audit", NOW + DAY, note="证据充分")

    assert Event.objects.get(verb="uphold_appeal").detail["entries"] == [one.pk]
    assert Message.objects.filter(template="ledger_to_reverse").count() == 4
    with pytest.raises(Refused) as no:
        ledger.sign_entry(viewer=viewer.of(person("leader")), entry=two.pk, form={}, now=NOW + DAY)
    assert no.value.code == "ground_not_true"


def test_the_demo_shows_an_appeal_that_succeeded_one_to_seal_claims_and_a_colleague():
    closed, _ = ([case_at(state) for _ in range(2)] for state in ("archived", "handling"))
    Case.objects.filter(state="archived").update(finding="verified", finding_assessed="verified")
    for role in Role:
        person(role, "01")

    made = demo.appeal_some(now=NOW + DAY)

    found = [Case.objects.get(number=number) for number in made]
    assert [(one.procedure, one.state) for one in found] == [
        *(("appeal", "archived"), ("appeal", "sealing")),
        *(("claim_review", "archived"), ("claim_review", "deciding"), ("protection", "handling")),
    ]
    assert Case.objects.get(finding_assessed="excluded") == closed[1]
    assert demo.appeal_some(now=NOW + 2 * DAY) == []


def test_a_finding_made_anew_leaves_what_an_appeal_took_out():
    case = appeal_at("archived")
    parent = do(parent_of(case), "reopen", "lead", NOW + DAY, note="客户再次来电")
    for verb, by in (("contact", "station"), ("write_report", "station"), ("submit_finding", "station")):
        parent = do(parent, verb, by, NOW + DAY, **FORMS[verb](parent))
    form = FORMS["judge_item"](parent) | {"note": "复查属实"}
    parent = do(parent, "judge_item", "marketing", NOW + DAY, **form)

    assert (parent.finding, parent.finding_assessed) == ("verified", "excluded")
