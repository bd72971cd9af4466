"""What a person says of a trace changes what its liability proposes; what was signed stays."""

from datetime import timedelta
from decimal import Decimal

import pytest

from suyuan.actions import trace, traced
from suyuan.analytics.trace.chains import SURE
from suyuan.domain.errors import BadInput
from suyuan.store.models import Case, Event, LiabilityShare, TraceVerdict, Unit
from suyuan.store.queries import liability, shares, trace_verdicts
from tests import traced_city
from tests.factories import NOW, actor, case_at, do, opened_by, unit
from tests.liable import liability_at

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
SOURCE = ("file.address", "0102")
"""Where the log leads back to in the case of the papers: an address change nobody archived."""
DESK = ("order.handle", "011204")


@pytest.fixture(scope="module")
def sure_city(tmp_path_factory, django_db_setup, django_db_blocker):
    """Return the log of a small simulated city, learned from, and the complaint of the papers in it."""
    city = traced_city.made(tmp_path_factory.mktemp("city"))
    with django_db_blocker.unblock():
        return traced_city.learned(city, city), traced_city.of_kind(city, "zero_reading")[0]


@pytest.fixture(scope="module")
def unsure_city(tmp_path_factory, django_db_setup, django_db_blocker):
    """Return the log of a city in which some complaints are traced less than half surely, learned from."""
    city = traced_city.unsure(tmp_path_factory.mktemp("city") / "unsure")
    with django_db_blocker.unblock():
        return traced_city.learned(city, city)


@pytest.fixture
def complaint(sure_city):
    """Return a verified complaint that the log leads back from surely, and whose unit it spares."""
    case = case_at("callback", now=NOW)
    unit("0102")
    log, theirs = sure_city
    traced_city.again(log)
    Case.objects.filter(pk=case.pk).update(unit=place_of("011204"), number=theirs)
    yield Case.objects.get(pk=case.pk)
    traced_city.forget()


@pytest.fixture
def unsure(unsure_city):
    """Return a verified complaint that the log leads back from, less than half sure."""
    case = case_at("callback", now=NOW)
    traced_city.again(unsure_city)
    known = unsure_city.known
    for theirs in known.newest:
        complaint = known.log.objects.find(theirs)
        known.about[complaint] = case.category
        found = known.tracer.trace(complaint)
        if found.chains and found.chains[0].weight < SURE and found.chains[0].nodes[0].unit >= 0:
            break
    place_of(known.log.objects[found.chains[0].nodes[0].unit])
    Case.objects.filter(pk=case.pk).update(number=theirs)
    yield Case.objects.get(pk=case.pk)
    traced_city.forget()


@pytest.fixture
def silent(unsure_city):
    """Return a verified complaint that the log knows and says nothing of."""
    case = case_at("callback", now=NOW)
    traced_city.again(unsure_city)
    known = unsure_city.known
    theirs = next(one for one in known.newest if not known.tracer.trace(known.log.objects.find(one)).chains)
    Case.objects.filter(pk=case.pk).update(number=theirs, category="")  # what it is about may tell
    yield Case.objects.get(pk=case.pk)
    traced_city.forget()


def place_of(code: str) -> Unit:
    """Return the unit with a code, made where there is none."""
    above = unit("0102")
    return Unit.objects.get_or_create(
        code=code, defaults={"name": code, "parent": above, "path": f"{above.path}{code}/"}
    )[0]


def judge(case: Case, verdict: str, at=LATER, **more: str) -> TraceVerdict:
    form = {"trace_verdict": verdict, "note": "到现场核过", **more}
    return trace.judge(number=case.number, actor=actor("office"), now=at, form=form)


def proposed(case: Case) -> dict[tuple[str, str], tuple[Decimal, list[str]]]:
    """Return the shares a liability opened now begins with."""
    found = opened_by(case, "open_liability", LATER + timedelta(minutes=1))
    rows = shares.shares(shares.of(found))
    return {(row.node, row.unit.code): (row.percent, row.evidence) for row in rows}


def mark() -> str:
    return f"judge_trace {Event.objects.filter(verb='judge_trace').latest('pk').digest[:16]}"


def test_what_nobody_judged_is_proposed_where_the_log_is_sure(complaint):
    kept = proposed(complaint)

    assert kept[SOURCE][0] == 100
    assert kept[SOURCE][1][0].startswith("log:")
    assert DESK not in kept


def test_a_confirmed_source_names_who_confirmed_it_beside_the_event_of_the_log(complaint):
    judge(complaint, "confirmed")

    kept = proposed(complaint)

    assert kept[SOURCE][0] == 100
    [evidence] = kept[SOURCE][1]
    assert evidence.startswith("log:")
    assert evidence.endswith(mark())


def test_a_corrected_source_takes_the_place_of_the_traced_one_and_spares_nobody(complaint):
    judge(complaint, "corrected", liability_node="meter.change", unit="0102")

    kept = proposed(complaint)

    assert kept == {
        ("meter.change", "0102"): (Decimal(86), [mark()]),
        DESK: (Decimal(14), kept[DESK][1]),
    }


def test_of_a_rejected_trace_nothing_is_proposed_and_nobody_is_spared(complaint):
    judge(complaint, "rejected")

    assert {place: percent for place, (percent, _) in proposed(complaint).items()} == {DESK: Decimal(100)}


def test_what_was_said_last_counts(complaint):
    judge(complaint, "rejected")
    judge(complaint, "confirmed", LATER + timedelta(seconds=30))

    assert proposed(complaint)[SOURCE][0] == 100


def test_a_confirmed_source_counts_in_full_also_where_the_log_was_not_half_sure(unsure):
    before = trace_verdicts.last(unsure)
    judge(unsure, "confirmed")

    kept = proposed(unsure)

    marked = [percent for percent, marks in kept.values() if any(mark() in one for one in marks)]
    assert before is None
    assert len(marked) == 1
    assert marked[0] >= 86
    detail = Event.objects.get(verb="judge_trace").detail
    assert 0 < detail["confidence"] < 0.5


def test_of_a_trace_that_says_nothing_the_source_alone_can_be_said_and_is_proposed(silent):
    assert traced.traced_of(silent.number).traced.chains == ()
    for verdict in ("confirmed", "rejected"):
        with pytest.raises(BadInput) as wrong:
            judge(silent, verdict)
        assert wrong.value.facts["fields"] == {"trace_verdict": "nothing_to_judge"}

    said = judge(silent, "corrected", liability_node="meter.change", unit="0102")

    assert (said.activity, said.source) == ("", "")
    assert "confidence" not in Event.objects.get(verb="judge_trace").detail
    assert proposed(silent)["meter.change", "0102"][1] == [mark()]
    assert [one.confidence for one in trace_verdicts.judged()] == [None]


def test_what_is_less_than_half_sure_is_not_proposed_before_somebody_confirms_it(unsure):
    kept = proposed(unsure)

    assert [marks for _, marks in kept.values() if any(one.startswith("log:") for one in marks)] == []


def test_what_was_confirmed_stays_evidence_when_the_log_is_gone(complaint):
    judge(complaint, "confirmed")
    traced_city.forget()

    kept = proposed(complaint)

    assert kept[SOURCE] == (Decimal(86), [mark()])


def test_a_rejection_holds_for_the_source_that_was_rejected_alone(complaint):
    judge(complaint, "rejected")
    TraceVerdict.objects.update(activity="别的环节")

    assert proposed(complaint)[SOURCE][0] == 100


def test_a_draft_says_that_the_trace_was_judged_since_and_draws_its_shares_anew(complaint):
    draft = opened_by(complaint, "open_liability", NOW + timedelta(hours=1))
    found = shares.of(draft)
    assert liability.judged_since(found) is None
    said = judge(complaint, "rejected")
    assert liability.judged_since(found) == said
    assert [row.node for row in shares.shares(found)] == ["file.address"]

    do(draft, "propose_shares", "office", LATER + timedelta(minutes=5))

    assert [row.node for row in shares.shares(found)] == ["order.handle"]
    assert liability.judged_since(found) is None


def test_what_was_signed_is_changed_by_no_verdict(complaint):
    signed = liability_at("archived", NOW, complaint)
    before = list(LiabilityShare.objects.values())

    judge(complaint, "rejected", NOW + timedelta(days=9))

    assert list(LiabilityShare.objects.values()) == before
    assert liability.judged_since(shares.of(signed)) is None
