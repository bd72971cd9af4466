"""Rewards and penalties: proposed from facts, signed by a second person, taken back by a counter-entry."""

from datetime import timedelta
from decimal import Decimal

import pytest

from suyuan.actions import ledger
from suyuan.analytics import period
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.rulebook.tariff import Counted, Ground
from suyuan.store import chain, rules
from suyuan.store.models import Case, Clock, Event, LedgerEntry
from suyuan.store.queries import ledger as queries
from suyuan.store.queries import viewer
from tests.factories import NOW, case_at, person, unit
from tests.rulebook_entries import landed

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)
MARCH = period.parse("2026-03")
OTHER = {
    "ledger_ground": "other",
    "ledger_period": "2026-03",
    "unit": "0101",
    "ledger_kind": "reward",
    "ledger_amount": "200",
    "counted_in": "yuan",
    "ledger_words": "月度明星班组，见优服办通知 2026-3",
}


@pytest.fixture(autouse=True)
def nothing_left():
    """Leave this process knowing of no approved entry."""
    rules.forget()
    yield
    rules.forget()


def sure(ground: str) -> None:
    """Let somebody confirm the tariff of a ground."""
    landed("confirm", {"figure": f"ledger.{ground}", "basis": "本单位考核办法 2026-1"})


def desk(role: str = "office", at: str = "", username: str = ""):
    return viewer.of(person(role, at, username))


def verified(kind: str = "complaint") -> Case:
    """Return an archived case in which something was true."""
    case = case_at("archived", kind)
    Case.objects.filter(pk=case.pk).update(finding="verified", finding_assessed="verified")
    return case


def propose(
    case: Case | None = None, ground: str = "verified_finding", by: str = "office", **more: str
) -> int:
    form = {"ledger_ground": ground, **({"ledger_case": case.number} if case else {}), **more}
    return ledger.propose_entry(viewer=desk(by), form=form, now=LATER)


def sign(entry: int, by: str = "leader") -> None:
    ledger.sign_entry(viewer=desk(by), entry=entry, form={}, now=LATER)


def why(act, *args, **named) -> str:
    with pytest.raises(Refused) as no:
        act(*args, **named)
    return no.value.code


def books(counted: str = "points", who=None) -> tuple[Decimal, ...]:
    found = queries.balanced(who, MARCH)[Counted(counted)]
    return found.debits, found.credits, found.balance, found.penalties, found.rewards


def test_nothing_is_entered_by_a_tariff_nobody_confirmed():
    case = case_at("archived")

    assert why(propose, case) == "tariff_unconfirmed"
    assert LedgerEntry.objects.count() == 0


def test_an_entry_counts_once_a_second_person_signed_it_and_the_books_balance():
    case = verified()
    sure("verified_finding")

    entry = propose(case)
    assert (why(sign, entry, "office"), books()) == ("signs_own_proposal", (0, 0, 0, 0, 0))
    sign(entry)

    kept = LedgerEntry.objects.get(pk=entry)
    assert (kept.unit, kept.kind, kept.rule) == (case.unit, "penalty", "ledger.verified_finding")
    assert (kept.basis, kept.certainty) == ("本单位考核办法 2026-1", "confirmed")
    assert books() == (2, 2, 0, 2, 0)
    assert why(sign, entry, "leader") == "entry_decided"
    events = Event.objects.filter(stream=queries.STREAM).order_by("seq")
    assert list(events.values_list("verb", "actor")) == [
        ("propose_entry", "office"),
        ("sign_entry", "leader"),
    ]
    chain.verify([queries.STREAM])


def test_one_case_one_ground_one_unit_is_one_entry_until_it_is_refused():
    case = verified()
    sure("verified_finding")
    first = propose(case)

    assert why(propose, case, by="audit") == "already_entered"
    ledger.refuse_entry(viewer=desk("leader"), entry=first, form={"ledger_words": "责任不在该所"}, now=LATER)
    assert propose(case, by="audit") != first


def test_a_ground_that_the_case_does_not_show_is_refused_when_proposed_and_when_signed():
    case, open_ = verified(), case_at("handling")
    sure("verified_finding"), sure("clock_breach")

    assert (why(propose, open_), why(propose, case, "clock_breach")) == ("ground_not_true", "ground_not_true")
    entry = propose(case)
    Case.objects.filter(pk=case.pk).update(finding_assessed="unverified")
    assert why(sign, entry) == "ground_not_true"


def late(case: Case, **which: object) -> None:
    """Let the clocks of a case that fit have run out."""
    for clock in case.clocks.filter(**which):
        Clock.objects.filter(pk=clock.pk).update(stopped_at=clock.due_at + timedelta(hours=1))


def test_a_breach_counts_only_where_the_limit_itself_is_sure():
    case = case_at("archived")
    late(case, binding=True)
    case.clocks.filter(binding=True).update(certainty="memory")
    found = queries.to_enter(desk(), Ground.CLOCK_BREACH, MARCH, LATER)
    assert list(found) == []

    case.clocks.filter(binding=True).update(certainty="Q")
    assert list(found.all()) == [case]
    sure("clock_breach")
    propose(case, "clock_breach")
    assert list(found.all()) == []


def test_the_audit_desks_working_days_that_ran_out_are_entered_and_the_accused_unit_learns_no_case():
    case = verified("report")
    Case.objects.filter(pk=case.pk).update(accused=unit("0102"), unit=unit("01"))
    late(case, limit="discipline.verify")
    sure("discipline_overdue"), sure("verified_finding")

    assert why(propose, case, "discipline_overdue") == "not_found"  # the office does not see the case
    entry = propose(case, "discipline_overdue", by="audit", unit="0109")
    other = propose(case, "verified_finding", by="audit", ledger_words="来信反映")

    assert LedgerEntry.objects.get(pk=other).unit == unit("0102")
    accused = desk("station", "0102", "west")
    rows = queries.listed(accused, queries.Wanted(MARCH))
    assert [(row.pk, queries.shows_case(accused, row)) for row in rows] == [(other, False)]
    assert why(queries.one, accused, other) == "not_found"
    assert [row.pk for row in queries.listed(desk("leader"), queries.Wanted(MARCH))] == [other, entry]


def test_a_counter_entry_takes_back_with_a_reason_and_a_second_person():
    case = verified()
    sure("verified_finding")
    entry = propose(case)
    take_back = {"viewer": desk("audit"), "entry": entry, "form": {"ledger_words": "申诉成立"}, "now": LATER}
    assert why(ledger.reverse_entry, **take_back) == "nothing_to_reverse"
    sign(entry)

    counter = ledger.reverse_entry(**take_back)
    assert why(ledger.reverse_entry, **take_back) == "reversed_already"
    assert books() == (2, 2, 0, 2, 0)
    sign(counter)

    assert books() == (4, 4, 0, 0, 0)
    assert why(ledger.reverse_entry, **take_back) == "reversed_already"
    assert propose(case) != entry


def test_points_and_yuan_are_never_added_up():
    sure("verified_finding")
    sign(propose(verified()))
    sign(ledger.propose_entry(viewer=desk(), form=OTHER, now=LATER), by="audit")

    assert (books("points"), books("yuan")) == ((2, 2, 0, 2, 0), (200, 200, 0, 0, 200))


def test_a_row_changed_beside_the_product_shows_in_the_balance():
    sign(ledger.propose_entry(viewer=desk(), form=OTHER, now=LATER))
    LedgerEntry.objects.update(amount=900)

    assert books("yuan")[2] == -700
    LedgerEntry.objects.all().delete()
    assert books("yuan")[2] == 200


def test_nobody_signs_what_is_about_themselves_or_their_unit():
    person("station", "0101", "zhao")
    about = ledger.propose_entry(viewer=desk(), form=OTHER | {"ledger_person": "zhao"}, now=LATER)
    west = ledger.propose_entry(viewer=desk(), form=OTHER | {"unit": "0109", "ledger_words": "x"}, now=LATER)

    assert LedgerEntry.objects.get(pk=about).unit.code == "0101"
    assert why(sign, west, "station") == "not_found"
    inside = desk("audit", "0109", "inside")
    assert why(ledger.sign_entry, viewer=inside, entry=west, form={}, now=LATER) == "own_entry"
    own = OTHER | {"ledger_person": "office"} | {"unit": "01"}
    assert why(ledger.propose_entry, viewer=desk(), form=own, now=LATER) == "own_entry"


def test_an_entry_about_a_person_is_for_few_and_for_that_person():
    zhao, colleague = desk("station", "0101", "zhao"), desk("station")
    entry = ledger.propose_entry(viewer=desk(), form=OTHER | {"ledger_person": "zhao"}, now=LATER)
    wanted = queries.Wanted(MARCH)

    seen = [[row.pk for row in queries.listed(who, wanted)] for who in (zhao, colleague, desk("audit"))]

    assert seen == [[entry], [], [entry]]


def test_a_period_without_complaints_is_rewarded_once_it_is_over():
    unit("0102"), sure("zero_complaints")
    case_at("archived")
    form = {"ledger_ground": "zero_complaints", "ledger_period": "2026-03", "unit": "0102"}
    april = NOW + timedelta(days=30)

    with pytest.raises(BadInput) as early:
        ledger.propose_entry(viewer=desk(), form=form, now=LATER)
    assert early.value.facts["fields"] == {"ledger_period": "period_not_over"}
    assert [one.code for one in queries.free_of_complaints(desk(), MARCH)] == ["0102", "0109"]
    refused = why(ledger.propose_entry, viewer=desk(), form=form | {"unit": "0101"}, now=april)
    ledger.propose_entry(viewer=desk(), form=form, now=april)

    assert refused == "ground_not_true"
    assert [one.code for one in queries.free_of_complaints(desk(), MARCH)] == ["0109"]


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"ledger_amount": "0"}, {"ledger_amount": "not_an_amount"}),
        ({"ledger_amount": "1.005"}, {"ledger_amount": "not_an_amount"}),
        ({"ledger_words": ""}, {"ledger_words": "required"}),
        ({"ledger_period": ""}, {"ledger_period": "required"}),
        ({"ledger_period": "all"}, {"ledger_period": "period_open"}),
        ({"ledger_person": "nobody"}, {"ledger_person": "unknown_person"}),
        ({"ledger_ground": "praise"}, {"ledger_case": "required", "ledger_period": "not_asked"}),
    ],
)
def test_what_is_filled_in_wrong_is_named(more, wrong):
    unit()
    with pytest.raises(BadInput) as bad:
        ledger.propose_entry(viewer=desk(), form=OTHER | more, now=LATER)

    assert bad.value.facts["fields"] == wrong


def test_who_may_not_propose_is_refused():
    assert why(ledger.propose_entry, viewer=desk("station"), form=OTHER, now=LATER) == "not_your_role"
