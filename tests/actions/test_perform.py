"""A verb moves the case, writes it down and tells; refused, it leaves no trace."""

from datetime import timedelta

import pytest
from django.db import connection

from suyuan.actions.perform import perform
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain, rules
from suyuan.store.models import Case, ClockEntry, Event, Message, Note
from tests.factories import FORMS, NOW, PATHS, UNHAPPY, actor, case_at, do

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("procedure", PATHS)
def test_every_procedure_walks_from_the_contact_to_the_archive(procedure):
    case = case_at("archived", procedure)

    assert (case.is_open, case.next_due_at) == (False, None)
    assert {clock.state for clock in case.clocks.all()} <= {"stopped"}
    assert [event.verb for event in Event.objects.filter(stream=f"case:{case.number}").order_by("seq")] == [
        "receive",
        *PATHS[procedure],
    ]
    assert chain.verify([f"case:{case.number}"]) == (1, len(PATHS[procedure]) + 1)


def test_a_verb_moves_writes_down_and_tells():
    case = case_at("registered")

    case = do(case, "dispatch", "office", unit="0101", specialty="marketing")

    assert (case.state, case.unit.code, case.specialty) == ("dispatched", "0101", "marketing")
    assert case.dispatched_at == NOW
    last = Event.objects.filter(stream=f"case:{case.number}").order_by("-seq").first()
    assert (last.verb, last.actor, last.detail["form"]) == (
        "dispatch",
        "office",
        {"unit": "0101", "specialty": "marketing"},
    )
    assert list(Message.objects.values_list("recipient", flat=True)) == ["station@0101"]
    assert case.changed_event == last.pk


def test_a_refused_verb_leaves_no_trace():
    case = case_at("dispatched")
    before = (Event.objects.count(), Message.objects.count())

    with pytest.raises(Refused) as refused:
        do(case, "accept", "agent")

    assert refused.value.code == "not_your_role"
    assert (Event.objects.count(), Message.objects.count()) == before
    assert Case.objects.get(pk=case.pk).state == "dispatched"


def test_what_cannot_be_written_down_did_not_happen():
    case = case_at("dispatched")

    def full(execute, sql, params, many, context):
        if sql.startswith("INSERT INTO store_event"):
            raise OSError("disk full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(full), pytest.raises(OSError, match="disk full"):
        do(case, "accept", "station")

    assert Case.objects.get(pk=case.pk).state == "dispatched"


def test_a_wrong_form_names_every_field_and_why():
    case = case_at("handling")
    for before in ("contact", "write_report"):
        case = do(case, before, "station", **FORMS[before](case))

    with pytest.raises(BadInput) as wrong:
        perform(
            number=case.number,
            verb="submit_finding",
            actor=actor("station"),
            now=NOW,
            form={"finding": "perhaps", "cause": "x", "nonsense": "1"},
        )

    assert wrong.value.facts["fields"] == {
        "finding": "unknown_choice",
        "measures": "required",
        "reply": "required",
        "nonsense": "unknown_field",
    }


def test_an_unknown_field_is_answered_with_the_known_one_it_looks_like():
    case = case_at("handling")

    with pytest.raises(BadInput) as wrong:
        do(case, "contact", "station", reached=True, note="x")

    assert wrong.value.facts["near"] == {"note": ["contact_note"]}


def test_personal_text_is_sealed_and_the_event_holds_a_reference_alone():
    case = case_at("handling")

    do(case, "contact", "station", reached=True, contact_note="已致电13912345678")

    event = Event.objects.filter(stream=f"case:{case.number}", verb="contact").get()
    assert "13912345678" not in str(event.detail)
    note = Note.objects.get(case=case, field="contact_note")
    assert (note.masked, note.ref) == ("已致电139******78", event.detail["form"]["contact_note"]["note"])


def test_an_attempt_that_reached_nobody_stops_no_clock():
    case = case_at("handling")

    case = do(case, "contact", "station", reached=False, contact_note="无人接听")

    assert case.contacted_at is None
    assert case.clocks.get(limit="complaint.contact").state == "running"


def test_nobody_reviews_their_own_work_not_even_a_former_handler():
    case = case_at("reviewing")
    Case.objects.filter(pk=case.pk).update(handlers=["station", "marketing"], handler="station")

    with pytest.raises(Refused) as refused:
        do(case, "review_pass", "marketing", finding="verified")

    assert refused.value.code == "own_work"


def test_pause_moves_the_due_by_what_was_suspended_and_keeps_the_old_one():
    case = case_at("handling")
    before = case.clocks.get(limit="complaint.answer").due_at

    case = do(case, "pause", "office", NOW, reason="customer", evidence="录音12")
    assert case.next_due_at is None
    case = do(case, "resume", "office", NOW + timedelta(days=1))

    clock = case.clocks.get(limit="complaint.answer")
    assert clock.due_at - before == timedelta(days=1)
    assert list(ClockEntry.objects.filter(clock=clock).values_list("kind", "due_before", "due_after")) == [
        ("pause", before, None),
        ("resume", before, clock.due_at),
    ]


def test_a_clock_stopped_while_paused_keeps_what_its_pause_was_worth():
    case = case_at("reviewing")
    before = case.clocks.get(limit="complaint.answer").due_at
    case = do(case, "pause", "office", NOW + timedelta(hours=1), reason="customer", evidence="录音12")

    do(case, "review_pass", "marketing", NOW + timedelta(days=7), **FORMS["review_pass"](case))

    clock = case.clocks.get(limit="complaint.answer")
    assert (clock.state, clock.stopped_at) == ("stopped", NOW + timedelta(days=7))
    assert clock.due_at > clock.stopped_at > before
    assert [entry.kind for entry in clock.entries.order_by("pk")] == ["pause", "resume"]


def test_a_second_handling_does_not_begin_the_regulators_clock_anew():
    case = case_at("callback", channel="12398")
    begun = case.clocks.get(limit="regulator.12398").started_at
    later = NOW + timedelta(days=1)
    case = do(case, "call_back", "agent", later, **UNHAPPY)

    case = do(case, "second_handle", "office", later, note="仍未解决")

    clock = case.clocks.get(limit="regulator.12398")
    assert (case.episode, clock.episode, clock.started_at, clock.state) == (2, 2, begun, "running")
    assert case.clocks.filter(limit="complaint.answer").count() == 2


def test_a_regulators_clock_is_not_ours_to_pause():
    case = case_at("handling", channel="12398")

    case = do(case, "pause", "office", NOW, reason="customer", evidence="录音12")

    assert case.clocks.get(limit="regulator.12398").state == "running"


def test_a_merge_can_be_taken_back():
    first, second = case_at("handling"), case_at("dispatched")

    merged = do(second, "merge", "office", into=first.number, note="同一事件")
    assert (merged.state, merged.parent_number) == ("merged", first.number)
    back = do(merged, "unmerge", "office", note="并错了")

    assert (back.state, back.parent_number, back.is_child) == ("dispatched", "", False)


def test_a_new_site_moves_the_arrival_clock_and_keeps_the_old_due():
    case = case_at("registered", "repair")
    old = case.clocks.get(family="repair.arrive", stopped_at=None)

    case = do(case, "classify", "office", category="outage", site="rural")

    clock = case.clocks.get(pk=old.pk)
    assert (old.limit, clock.limit) == ("repair.arrive.urban", "repair.arrive.rural")
    assert clock.entries.get().due_before == old.due_at
    assert clock.due_at - old.due_at == timedelta(minutes=45)


def test_a_moment_before_what_was_last_done_or_ahead_of_now_is_refused():
    case = case_at("handling")

    with pytest.raises(BadInput) as early:
        do(case, "contact", "station", NOW - timedelta(days=400), reached=True, contact_note="x")
    later = (NOW + timedelta(days=2)).isoformat()
    with pytest.raises(BadInput) as ahead:
        do(case, "contact", "station", NOW + timedelta(minutes=9), reached=True, contact_note="x", at=later)

    assert (early.value.code, ahead.value.facts["fields"]) == (
        "before_the_last_event",
        {"at": "out_of_order"},
    )
    span = [case.accepted_at.isoformat(), (NOW + timedelta(minutes=9)).isoformat()]
    assert ahead.value.facts["allowed"] == {"at": span}
    assert case.clocks.get(limit="complaint.contact").state == "running"


def test_a_category_nobody_knows_comes_with_those_near_to_it_or_those_at_the_top():
    near = []
    for said in ("business.biling", "nonsense"):
        with pytest.raises(BadInput) as bad:
            do(case_at("received"), "register", "agent", business_type="complaint", category=said)
        near.append(bad.value.facts["near"]["category"])

    assert near[0][0] == "business.billing"
    assert near[1] == [code for code in rules.rulebook().categories if "." not in code]


def test_reopening_starts_an_episode_and_keeps_the_first_closure():
    case = case_at("archived")
    first = case.first_answered_at

    case = do(case, "reopen", "office", NOW + timedelta(days=2), note="客户来电仍未解决")

    assert (case.state, case.episode, case.answered_at, case.first_answered_at) == (
        "handling",
        2,
        None,
        first,
    )
    assert case.clocks.get(limit="complaint.answer", episode=2).started_at == NOW + timedelta(days=2)
    assert case.clocks.get(limit="complaint.answer", episode=1).state == "stopped"


def test_an_enquiry_answered_in_the_call_leaves_no_clock_running():
    talked = do(case_at("registered", "enquiry"), "close_in_call", "agent", reply="已解释")

    assert {clock.state for clock in talked.clocks.all()} == {"stopped"}
    assert (talked.state, talked.next_due_at) == ("archived", None)
