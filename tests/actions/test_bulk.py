"""One verb on many cases: each by itself, none twice, refusals with their reasons."""

from datetime import timedelta

import pytest

from suyuan.actions import bulk
from suyuan.domain.errors import BadInput, Refused
from suyuan.jobs import bulk as job
from suyuan.store import fingerprint
from suyuan.store.models import BulkCase, BulkRun, Case, Event, Note
from suyuan.store.queries import viewer
from tests.factories import NOW, actor, case_at, do, person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
NOTE = {"note": "请抓紧，客户电话13912345678"}


def marks(*cases: Case) -> dict[str, str]:
    """Return what the tick boxes of some cases hand in."""
    rows = [Case.objects.get(pk=case.pk) for case in cases]
    return {row.number: fingerprint.of(row) for row in rows}


def asked(verb: str, ticked: dict[str, str], form: dict[str, str], by: str = "office") -> int:
    """Return the run somebody asks for."""
    rows = list(Case.objects.select_related("unit").filter(number__in=ticked))
    offer = next(one for one in bulk.offers(viewer.of(person(by)), rows, NOW) if one.verb == verb)
    return bulk.ask(offer=offer, ticked=ticked, form=form, actor=actor(by), now=LATER)


def go(run: int, by: str = "office", now=LATER) -> bool:
    """Do what is left of a run, as a page does."""
    return bulk.go_on(run_id=run, actor=actor(by), holder="page", now=now)


def outcomes(run: int) -> list[tuple[str, str]]:
    """Return what became of each case, in the order of the ticks."""
    rows = BulkCase.objects.filter(run=run).order_by("place")
    return [(row.outcome, row.code) for row in rows]


def urged() -> list[str]:
    """Return the streams on which somebody urged, once for each time."""
    return list(Event.objects.filter(verb="urge").order_by("pk").values_list("stream", flat=True))


def test_each_case_is_done_and_the_typed_text_is_wiped():
    cases = [case_at("handling"), case_at("dispatched")]
    run = asked("urge", marks(*cases), NOTE)
    sealed = bytes(BulkRun.objects.get().sealed)

    assert go(run) is True

    assert outcomes(run) == [("applied", ""), ("applied", "")]
    assert urged() == [f"case:{case.number}" for case in cases]
    row = BulkRun.objects.get()
    assert (row.state, row.sealed, row.finished_at) == ("done", None, LATER)
    assert b"13912345678" not in sealed
    ends = Event.objects.filter(stream="register:bulk").order_by("pk").values_list("verb", "detail")
    assert list(ends) == [
        ("bulk_ask", {"verb": "urge", "cases": 2}),
        ("bulk_done", {"verb": "urge", "applied": 2, "already": 0, "refused": 0}),
    ]


def test_a_case_that_moved_on_is_refused_and_says_who_did_what():
    still, moved = case_at("dispatched"), case_at("dispatched")
    ticked = marks(still, moved)
    do(moved, "accept", "station", LATER)

    run = asked("urge", ticked, NOTE)
    go(run)

    assert outcomes(run) == [("applied", ""), ("refused", "moved_on")]
    facts = BulkCase.objects.get(number=moved.number).facts
    assert [(each["verb"], each["by"]) for each in facts["since"]] == [("accept", "station")]


def test_a_refusal_changes_nothing_and_stops_no_other():
    first, second = case_at("handling"), case_at("dispatched")
    run = asked("accept", marks(first, second), {}, by="station")

    go(run, by="station")

    assert outcomes(run) == [("refused", "not_from_here"), ("applied", "")]
    assert Case.objects.get(pk=first.pk).state == "handling"


@pytest.mark.django_db(transaction=True)
def test_a_run_cut_off_in_the_middle_has_done_the_first_and_goes_on_with_the_rest(monkeypatch):
    cases = [case_at("handling") for _ in range(3)]
    run = asked("urge", marks(*cases), NOTE)
    real, done = bulk.perform, []

    def cut_off(**given):
        done.append(given["number"])
        if len(done) == 2:
            raise KeyboardInterrupt
        return real(**given)

    monkeypatch.setattr(bulk, "perform", cut_off)
    with pytest.raises(KeyboardInterrupt):
        go(run)
    monkeypatch.undo()
    before = outcomes(run)
    go(run, now=LATER + timedelta(minutes=5))

    assert before == [("applied", ""), ("", ""), ("", "")]
    assert outcomes(run) == [("applied", "")] * 3
    assert sorted(urged()) == sorted(f"case:{case.number}" for case in cases)


def test_the_worker_goes_on_when_the_lease_is_over_and_does_none_twice():
    cases = [case_at("handling") for _ in range(3)]
    run = asked("urge", marks(*cases), NOTE)
    row = bulk.leases.claim(
        BulkRun.objects.all(), holder="gone", now=LATER, by=bulk.leases.terms("lease.bulk")
    )[0]
    bulk._one(row, row.cases.get(place=0), actor("office"), NOTE, LATER)

    early = go(run), job.next_one(LATER, "worker")
    late = job.next_one(LATER + timedelta(minutes=5), "worker")

    assert (early, late) == ((False, 0), 1)
    assert outcomes(run) == [("applied", "")] * 3
    assert sorted(urged()) == sorted(f"case:{case.number}" for case in cases)
    assert Note.objects.filter(field="note").count() == 3


def test_the_same_ticks_handed_in_twice_do_nothing_twice():
    ticked = marks(case_at("handling"))
    first, second = asked("urge", ticked, NOTE), asked("urge", ticked, NOTE)

    go(first)
    go(second)

    assert outcomes(second) == [("already", "form_used")]
    assert len(urged()) == 1


def test_who_lost_the_role_meanwhile_is_refused():
    run = asked("urge", marks(case_at("handling")), NOTE)
    person("office").grants.all().delete()

    job.next_one(LATER, "worker")

    assert outcomes(run) == [("refused", "not_found")]


def test_a_run_of_somebody_else_is_not_found():
    run = asked("urge", marks(case_at("handling")), NOTE)

    with pytest.raises(Refused) as refused:
        go(run, by="agent")

    assert refused.value.code == "not_found"


@pytest.mark.parametrize(("count", "code"), [(0, "nothing_ticked"), (201, "too_many_ticked")])
def test_none_or_too_many_ticks_are_refused(count, code):
    with pytest.raises(BadInput) as wrong:
        bulk.refuse_ticks({str(n): "x" for n in range(count)})

    assert wrong.value.code == code


def test_a_mark_of_another_case_is_refused():
    one, other = case_at("handling"), case_at("handling")
    swapped = {one.number: fingerprint.of(other)}

    with pytest.raises(BadInput) as wrong:
        bulk.refuse_ticks(swapped)

    assert wrong.value.code == "row_forged"


def test_what_is_wrong_in_the_form_is_named_before_anything_is_done():
    ticked = marks(case_at("handling"))

    with pytest.raises(BadInput) as wrong:
        asked("urge", ticked, {})

    assert wrong.value.facts["fields"] == {"note": "required"}
    assert BulkRun.objects.count() == 0


def test_a_field_that_only_some_procedures_ask_for_is_not_required():
    complaint, repair = case_at("handling"), case_at("restored", "repair")
    rows = list(Case.objects.select_related("unit").filter(pk__in=(complaint.pk, repair.pk)))

    found = {one.verb: one for one in bulk.offers(viewer.of(person("office")), rows, NOW)}

    assert (found["urge"].open, [(f.name, f.required) for f in found["urge"].form]) == (
        2,
        [("channel", False), ("note", True)],
    )
    assert (found["classify"].open, found["resume"].refusal) == (1, "not_paused")
