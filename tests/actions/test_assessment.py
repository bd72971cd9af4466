"""Limits and ratings of a period proposed in one go; a penalty distributed by the shares of its liability."""

from datetime import timedelta
from decimal import Decimal

import pytest

from suyuan.actions import assessment, ledger
from suyuan.analytics import period
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.rulebook.tariff import Counted, Ground
from suyuan.store import chain, rules
from suyuan.store.models import Case, LedgerEntry, Message
from suyuan.store.queries import blame, viewer
from suyuan.store.queries import ledger as queries
from tests.factories import NOW, case_at, do, person
from tests.liable import HEARD, liability_at
from tests.rulebook_entries import landed

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=20)
QUARTER = period.parse("2026-Q1")
ASKED = {"ledger_period": "2026-Q1"}


@pytest.fixture(autouse=True)
def nothing_left():
    """Leave this process knowing of no approved entry."""
    rules.forget()
    yield
    rules.forget()


def sure(*grounds: str) -> None:
    """Let somebody confirm the tariff of grounds."""
    for ground in grounds:
        landed("confirm", {"figure": f"ledger.{ground}", "basis": "本单位考核办法 2026-1"})


def desk(role: str = "office", at: str = "", username: str = ""):
    return viewer.of(person(role, at, username))


def rated(satisfaction: str, account: str) -> Case:
    case = case_at("archived", account=account)
    Case.objects.filter(pk=case.pk).update(satisfaction=satisfaction)
    return case


def charged(case: Case, ground: str = "verified_finding") -> int:
    """Return a signed entry of a case."""
    form = {"ledger_ground": ground, "ledger_case": case.number}
    entry = ledger.propose_entry(viewer=desk(), form=form, now=LATER)
    ledger.sign_entry(viewer=desk("leader"), entry=entry, form={}, now=LATER)
    return entry


def test_nothing_is_proposed_of_a_period_without_a_confirmed_tariff():
    case_at("archived")

    with pytest.raises(Refused) as no:
        assessment.propose_period(viewer=desk(), form=ASKED, now=LATER)

    assert (no.value.code, LedgerEntry.objects.count()) == ("tariff_unconfirmed", 0)
    with pytest.raises(BadInput):
        assessment.propose_period(viewer=desk(), form={"ledger_period": "all"}, now=LATER)


def test_a_period_is_proposed_at_once_and_nothing_twice_and_the_books_balance():
    happy, unhappy = rated("satisfied", "3300000000001"), rated("dissatisfied", "3300000000002")
    late = case_at("dispatched", account="3300000000003")
    sure("satisfied", "dissatisfied", "clock_breach")

    first = assessment.propose_period(viewer=desk(), form=ASKED, now=LATER)
    again = assessment.propose_period(viewer=desk(), form=ASKED, now=LATER)

    assert dict(first.by_ground) == {
        Ground.CLOCK_BREACH: 1,
        Ground.DISSATISFIED: 1,
        Ground.SATISFIED: 1,
    }
    assert (set(again.by_ground.values()), first.untariffed) == ({0}, ())
    rows = {
        row.case.number: (row.ground, row.kind, row.amount, row.state) for row in LedgerEntry.objects.all()
    }
    assert rows == {
        happy.number: ("satisfied", "reward", Decimal("0.10"), "proposed"),
        unhappy.number: ("dissatisfied", "penalty", Decimal("0.50"), "proposed"),
        late.number: ("clock_breach", "penalty", Decimal("1.00"), "proposed"),
    }
    told = Message.objects.filter(template="ledger_period_to_sign", channel="in_app")
    assert sorted(told.values_list("recipient", flat=True)) == ["audit@0101", "leader@0101", "office@0101"]
    assert {one["n"] for one in told.values_list("facts", flat=True)} == {"3"}
    for entry in LedgerEntry.objects.all():
        ledger.sign_entry(viewer=desk("leader"), entry=entry.pk, form={}, now=LATER)
    kept = queries.balanced(None, QUARTER)[Counted.POINTS]
    assert (kept.balance, kept.penalties, kept.rewards) == (0, Decimal("1.50"), Decimal("0.10"))
    chain.verify([queries.STREAM])


def test_only_what_is_confirmed_is_proposed_and_only_of_units_one_proposes_for():
    rated("satisfied", "3300000000001")
    sure("satisfied")
    far = desk("marketing", "0102", "far")

    done = assessment.propose_period(viewer=desk(), form=ASKED, now=LATER)
    nothing = assessment.propose_period(viewer=far, form=ASKED, now=LATER)

    assert (dict(done.by_ground), done.untariffed) == (
        {Ground.SATISFIED: 1},
        (Ground.CLOCK_BREACH, Ground.DISSATISFIED),
    )
    assert dict(nothing.by_ground) == {Ground.SATISFIED: 0}


def test_a_signed_liability_distributes_what_was_charged_and_a_draft_does_not():
    parent = case_at("callback")
    sure("verified_finding")
    charged(parent)
    case = liability_at("signing", parent=parent)

    before = blame.told(None, QUARTER, Counted.POINTS).statement
    do(case, "sign_shares", "leader", LATER + HEARD)
    after = blame.told(None, QUARTER, Counted.POINTS)

    assert [(line.party, line.shared) for line in before.lines] == [(("0101", ""), Decimal("2.00"))]
    assert [(line.party, line.charged, line.shared) for line in after.statement.lines] == [
        (("0101", ""), Decimal("2.00"), Decimal("0.80")),
        (("0102", ""), Decimal("0.00"), Decimal("1.20")),
    ]
    assert after.statement.charged == after.statement.shared == Decimal("2.00")
    assert list(after.liabilities.values()) == [case.number]


def test_what_is_signed_counts_until_the_new_round_is_signed():
    parent = case_at("callback")
    sure("verified_finding")
    charged(parent)
    case = liability_at("archived", parent=parent)
    at = LATER + HEARD

    case = do(case, "begin_round", "leader", at, note="有新证据")
    do(case, "drop_share", "office", at, share_line="2")
    do(
        case,
        "set_share",
        "office",
        at,
        liability_node="file.address",
        unit="0102",
        share="100",
        evidence="档案",
    )
    during = blame.told(None, QUARTER, Counted.POINTS).statement
    do(case, "put_forward", "office", at, responsibility="delivery", analysis="全在归档")
    do(case, "review_shares", "audit", at)
    do(case, "sign_shares", "leader", at + HEARD)
    after = blame.told(None, QUARTER, Counted.POINTS).statement

    assert {line.party[0]: line.shared for line in during.lines} == {
        "0101": Decimal("0.80"),
        "0102": Decimal("1.20"),
    }
    assert {line.party[0]: line.shared for line in after.lines} == {"0101": 0, "0102": Decimal("2.00")}


def test_who_may_not_see_the_case_sees_what_was_charged_and_not_where_it_came_from():
    parent = case_at("callback")
    sure("verified_finding")
    charged(parent)
    liability_at("archived", parent=parent)
    Case.objects.filter(pk=parent.pk).update(restricted=True)

    lines = blame.told(desk("station"), QUARTER, Counted.POINTS).statement.lines
    audited = blame.told(desk("audit"), QUARTER, Counted.POINTS).statement.lines

    assert [(line.party[0], line.shared) for line in lines] == [("0101", Decimal("2.00"))]
    assert [line.party[0] for line in audited] == ["0101", "0102"]


def test_what_an_appeal_took_out_is_proposed_for_nothing_and_signed_for_nothing():
    unhappy, other = rated("dissatisfied", "3300000000002"), rated("dissatisfied", "3300000000003")
    sure("dissatisfied")
    form = {"ledger_ground": "dissatisfied", "ledger_case": unhappy.number}
    entry = ledger.propose_entry(viewer=desk(), form=form, now=LATER)
    Case.objects.filter(pk__in=(unhappy.pk, other.pk)).update(finding_assessed="excluded")

    with pytest.raises(Refused) as no:
        ledger.sign_entry(viewer=desk("leader"), entry=entry, form={}, now=LATER)
    proposed = assessment.propose_period(viewer=desk(), form=ASKED, now=LATER)

    assert (no.value.code, dict(proposed.by_ground)) == ("ground_not_true", {Ground.DISSATISFIED: 0})
