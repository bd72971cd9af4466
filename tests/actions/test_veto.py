"""A veto keeps a unit and its people from rewards for its days; an appeal is decided by a third person."""

from datetime import date, timedelta

import pytest

from suyuan.actions import ledger
from suyuan.analytics import period
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.veto import Span, latest
from suyuan.store import rules
from suyuan.store.models import Case, LedgerEntry, Unit, Veto
from suyuan.store.queries import vetoes, viewer
from tests.factories import FORMS, NOW, case_at, do, person, unit
from tests.liable import veto_at
from tests.rulebook_entries import landed

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
REWARD = {
    "ledger_ground": "other",
    "ledger_period": "2026-03",
    "unit": "0101",
    "ledger_kind": "reward",
    "ledger_amount": "5",
    "counted_in": "points",
    "ledger_words": "月度明星班组",
}


@pytest.fixture(autouse=True)
def nothing_left():
    """Leave this process knowing of no approved entry."""
    rules.forget()
    yield
    rules.forget()


def desk(role: str = "office"):
    return viewer.of(person(role))


def reward(**more: str) -> int:
    return ledger.propose_entry(viewer=desk(), form=REWARD | more, now=LATER)


def refused(act, *args, **named) -> str:
    with pytest.raises(Refused) as no:
        act(*args, **named)
    return no.value.code


def test_a_signed_veto_keeps_a_unit_and_its_people_from_rewards_until_its_day():
    case = veto_at("drafted")
    standing = reward()
    do(case, "sign_veto", "audit", LATER)
    person("station", "0101", "reader")

    assert refused(reward, ledger_period="2026-04") == "veto_stands"
    assert refused(reward, ledger_period="2026-05", ledger_person="reader") == "veto_stands"
    assert (
        refused(ledger.sign_entry, viewer=desk("leader"), entry=standing, form={}, now=LATER) == "veto_stands"
    )
    assert reward(ledger_period="2026-07") > 0
    unit("0102")
    assert reward(unit="0102") > 0
    penalty = reward(ledger_kind="penalty", ledger_words="通报批评")
    assert LedgerEntry.objects.get(pk=penalty).kind == "penalty"


def test_who_proposed_a_veto_does_not_sign_it_and_its_last_day_has_bounds():
    parent = case_at("callback")
    with pytest.raises(BadInput) as over:
        do(
            parent,
            "propose_veto",
            "office",
            LATER,
            **(FORMS["propose_veto"](parent) | {"veto_until": "2027-03-06"}),
        )
    assert over.value.facts["allowed"] == {"veto_until": ["2026-03-05", "2027-03-05"]}

    case = veto_at("drafted", parent=parent)

    assert refused(do, case, "sign_veto", "office", LATER) == "not_your_role"
    found = Veto.objects.get(case=case)
    assert (found.unit.code, found.begins_on, found.until_on, found.span) == (
        "0101",
        None,
        date(2026, 6, 30),
        None,
    )


def test_an_appeal_leaves_it_standing_until_a_third_person_lifts_it():
    case = veto_at("deciding")
    assert refused(do, case, "lift_veto", "audit", LATER, note="一") == "own_work"
    assert refused(reward) == "veto_stands"

    case = do(case, "lift_veto", "leader", LATER, note="整改有效")

    assert (case.state, reward() > 0) == ("void", True)


def test_teams_are_told_with_their_veto_and_what_speaks_against_their_silence():
    veto_at("archived")
    case_at("registered", "enquiry", channel="12345")

    march = period.parse("2026-03")
    found = {one.unit.code: one for one in vetoes.candidates(march, list(vetoes.teams(desk("leader"))))}

    assert {code: one.eligible for code, one in found.items()} == {"0101": False, "0102": True, "0109": True}
    assert [found[code].complaints for code in ("0101", "0102")] == [1, 0]
    after = vetoes.candidates(period.parse("2026-07"), list(vetoes.teams(desk("leader"))))
    assert [one.eligible for one in after] == [True, True, True]


def test_departments_and_companies_are_no_teams_and_units_of_unknown_kind_are():
    unit("0102")
    for code, kind in (("0101", "station"), ("0109", "department")):
        Unit.objects.filter(code=code).update(kind=kind)

    assert [one.code for one in vetoes.teams(desk("leader"))] == ["0101", "0102"]


def test_orders_past_the_company_and_unhappy_customers_speak_against_no_complaints():
    case = case_at("dispatched", "enquiry", channel="12345")
    do(case, "urge", "agent", LATER, note="催")
    do(case, "urge", "agent", LATER, note="再催")
    other = case_at("dispatched")
    do(other, "reclassify", "office", LATER, business_type="consult", note="实为咨询")
    from suyuan.store.queries import silence

    march = period.parse("2026-03")
    found = silence.of([unit("0101"), unit("01")], march)

    signs = {sign: n for sign, n in found[unit("0101").pk].signs.items() if n}
    assert (signs["regulated"], signs["repeats"], found[unit("0101").pk].since) == (1, 1, None)
    assert dict(found[unit("01").pk].doubts)["reclassified"] == 1


def test_the_days_of_a_veto():
    span = Span(date(2026, 3, 5), date(2026, 6, 30))

    assert [span.keeps_from(date(2026, m, 1), date(2026, m, 28)) for m in (2, 3, 6, 7)] == [
        False,
        True,
        True,
        False,
    ]
    assert not Span(span.first, span.last, lifted=True).keeps_from(span.first, span.last)
    assert [latest(date(2024, 2, 29), 12), latest(date(2026, 11, 30), 3)] == [
        date(2025, 2, 28),
        date(2027, 2, 28),
    ]


def test_a_confirmed_tariff_does_not_lift_a_veto():
    veto_at("archived")
    landed("confirm", {"figure": "ledger.zero_complaints", "basis": "本单位考核办法"})
    form = {"ledger_ground": "zero_complaints", "unit": "0101", "ledger_period": "2026-02"}

    # February lies before the veto's first day
    assert ledger.propose_entry(viewer=desk(), form=form, now=LATER) > 0


def test_a_veto_stands_back_to_the_day_of_what_it_rests_on():
    case = veto_at("drafted")
    do(case, "sign_veto", "audit", NOW + timedelta(days=40))

    assert Veto.objects.get().begins_on == date(2026, 3, 4)
    assert refused(reward) == "veto_stands"


def test_a_veto_names_a_unit_that_had_to_do_with_the_case_once_at_a_time():
    unit("0102")
    parent = case_at("callback")
    form = FORMS["propose_veto"](parent)
    with pytest.raises(BadInput) as stranger:
        do(parent, "propose_veto", "office", LATER, **form | {"unit": "0102"})
    assert stranger.value.facts["fields"] == {"unit": "not_of_that_case"}
    do(parent, "propose_veto", "office", LATER, **form)

    assert refused(do, parent, "propose_veto", "office", LATER, **form) == "veto_there_already"
    assert Veto.objects.count() == 1


def test_a_veto_is_appealed_against_once():
    case = do(veto_at("deciding"), "keep_veto", "leader", LATER, note="证据充分")

    assert refused(do, case, "appeal_veto", "station", LATER, note="再申诉") == "veto_appealed_already"


def test_what_an_appeal_took_out_of_the_assessment_is_no_ground_for_a_veto():
    parent = case_at("callback")
    signed = veto_at("archived", parent=parent)
    Case.objects.filter(pk=parent.pk).update(finding_assessed="excluded")

    assert reward() > 0
    assert [one.case_id for one in vetoes.listed(desk(), "over", "", LATER.date())] == [signed.pk]
    assert [*vetoes.listed(desk(), "standing", "", LATER.date())] == []
    with pytest.raises(Refused) as no:
        do(parent, "propose_veto", "office", LATER, **FORMS["propose_veto"](parent))
    assert no.value.code == "taken_out_of_assessment"


def test_a_complaint_that_an_appeal_took_out_stands_beside_those_that_count():
    taken, march = case_at("archived"), period.parse("2026-03")
    Case.objects.filter(pk=taken.pk).update(finding_assessed="excluded")

    found = {one.unit.code: one for one in vetoes.candidates(march, list(vetoes.teams(desk("leader"))))}

    assert (found["0101"].complaints, found["0101"].silence.signs["appealed"]) == (0, 1)
    assert (found["0101"].silence.doubts, found["0101"].silence.since) == ([], None)
