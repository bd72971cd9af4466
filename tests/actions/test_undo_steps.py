"""A dispatch, a taking on, a finding are taken back: case and clocks stand as before, the told are told."""

from datetime import timedelta

import pytest

from suyuan.actions import bulk, perform, sweep, undo
from suyuan.domain.errors import Refused
from suyuan.domain.procedure import RECALL
from suyuan.store import chain, seal, wording
from suyuan.store.models import Case, Channel, Clock, ClockEntry, Event, Message
from suyuan.store.queries import parts, viewer
from tests.factories import FORMS, NOW, actor, case_at, do, person, who

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=20)
BACK = LATER + timedelta(minutes=5)
BEFORE = {"dispatch": "registered", "accept": "dispatched", "submit_finding": "handling"}
EVERY = [
    (name, verb)
    for name in ("complaint", "report", "repair", "opinion", "enquiry", "application")
    for verb in BEFORE
    if (verb != "submit_finding" or name in ("complaint", "report"))
    and (name, verb) != ("report", "dispatch")
]
MOVING = {"changed_event", "state_before", "revision"}
"""What tells that something was done, and is not put back."""


def ready(verb: str, procedure: str = "complaint") -> Case:
    """Return a case on which a verb is the next step."""
    case = case_at(BEFORE[verb], procedure)
    for before in ("contact", "write_report") if verb == "submit_finding" else ():
        case = do(case, before, who(case, before), NOW, **FORMS[before](case))
    return case


def done(case: Case, verb: str, now=LATER) -> Case:
    """Return the case after a verb by whoever does it."""
    return do(case, verb, who(case, verb), now, **FORMS[verb](case))


def back(case: Case, verb: str, now=BACK):
    """Take the last step of a case back, as whoever did it."""
    return undo.take_back_last(number=case.number, actor=actor(who(case, verb)), now=now)


def why(case: Case, verb: str, now=BACK) -> str:
    with pytest.raises(Refused) as no:
        back(case, verb, now)
    return no.value.code


def columns(case: Case) -> dict[str, object]:
    """Return what a case says, read again."""
    row = Case.objects.values().get(pk=case.pk)
    return {name: value for name, value in row.items() if name not in MOVING}


def clocks(case: Case) -> list[tuple[object, ...]]:
    """Return the clocks of a case that count."""
    rows = Clock.objects.filter(case=case).exclude(state="void").order_by("pk")
    return list(rows.values_list("limit", "state", "started_at", "due_at", "stopped_at", "next_rung_at"))


@pytest.mark.parametrize(("procedure", "verb"), EVERY)
def test_case_and_clocks_stand_as_before_and_both_steps_in_the_history(procedure, verb):
    case = ready(verb, procedure)
    before = columns(case), clocks(case)
    case = done(case, verb)
    step = Event.objects.latest("pk")

    taken = back(case, verb)

    event = Event.objects.get(pk=taken.event_id)
    assert (columns(case), clocks(case)) == before
    assert (taken.verb, taken.undone, taken.state) == (RECALL, verb, BEFORE[verb])
    assert (event.detail["undoes"], step.verb) == (step.pk, verb)
    assert chain.verify([f"case:{case.number}"])[0] == 1


def test_a_report_is_out_of_the_desks_reach_once_it_is_dispatched():
    case = done(ready("dispatch", "report"), "dispatch")

    assert why(case, "dispatch") == "not_found"


@pytest.mark.parametrize("verb", BEFORE)
def test_done_again_it_goes_as_the_first_time(verb):
    twice, once = ready(verb), ready(verb)
    back(done(twice, verb), verb)

    again, first = done(twice, verb, BACK), done(once, verb, BACK)

    skipped = ("id", "number", "contact_id", "register_ref", "digest")
    told = [
        {name: value for name, value in columns(case).items() if name not in skipped}
        for case in (again, first)
    ]
    assert told[0]["state"] == told[1]["state"]
    assert clocks(again) == clocks(first)


def test_what_the_step_started_is_void_and_what_it_stopped_runs_on_in_the_ledger():
    case = ready("accept")
    done(case, "accept")
    moved = {one["limit"]: one["did"] for one in Event.objects.latest("pk").detail["clocks"]}

    back(case, "accept")

    kinds = {"start": "void", "stop": "run_on"}
    entries = ClockEntry.objects.filter(clock__case=case, reason="undone")
    assert {one.clock.limit: one.kind for one in entries} == {
        limit: kinds[did] for limit, did in moved.items()
    }
    assert moved["complaint.accept"] == "stop"


def test_a_warning_that_fell_due_meanwhile_is_still_given_once():
    case = ready("accept")
    clock = Clock.objects.get(case=case, limit="complaint.accept")
    rung = clock.next_rung_at
    done(case, "accept", rung - timedelta(minutes=1))
    back(case, "accept", rung + timedelta(minutes=1))

    sweep.sweep(now=rung + timedelta(minutes=2))
    sweep.sweep(now=rung + timedelta(minutes=3))

    assert clock.rungs.count() == 1


def test_who_was_told_is_told_that_it_was_taken_back():
    case = done(ready("dispatch"), "dispatch")
    told = Message.objects.get(template="dispatch", case_number=case.number)

    back(case, "dispatch")

    message = Message.objects.get(template="withdrawn")
    assert (message.recipient, message.unit_id, message.channel) == (told.recipient, told.unit_id, "in_app")
    assert wording.of(message, "zh").text == (
        f"工单 {case.number}：“派单”已撤回，现为“已登记”；之前的通知作废。"
    )
    assert wording.of(message, "en").subject == f"Taken back {case.number}"


def mail(**given: object) -> None:
    """Set up a channel that carries what a dispatch tells."""
    row = {"rate": 9, "batch": 9, "ladder": [60], "changed_by": "admin", "changed_at": NOW}
    Channel.objects.create(
        code="mail",
        carrier="mail",
        templates=["dispatch"],
        enabled=True,
        sealed=seal.seal({}),
        **row,
        **given,
    )


def test_what_has_not_left_yet_stays_and_needs_no_further_message():
    mail()
    case = done(ready("dispatch"), "dispatch")

    back(case, "dispatch")

    states = Message.objects.filter(channel="mail", case_number=case.number).values_list("template", "state")
    assert list(states) == [("dispatch", "withdrawn")]
    assert Message.objects.filter(template="withdrawn").count() == 1


def test_what_has_left_is_followed_by_the_same_channel():
    mail()
    case = done(ready("dispatch"), "dispatch")
    Message.objects.filter(channel="mail").update(state="sent", next_at=None)

    back(case, "dispatch")

    states = Message.objects.filter(channel="mail").order_by("pk").values_list("template", "state")
    assert list(states) == [("dispatch", "sent"), ("withdrawn", "queued")]


def test_a_transfer_taken_back_tells_the_unit_that_had_it_for_a_moment():
    case = case_at("dispatched")
    form = {"unit": "0102", "specialty": "marketing", "reason": "other_unit"}
    case = do(case, "transfer", "office", LATER, **form)

    undo.take_back_last(number=case.number, actor=actor("office"), now=BACK)

    told = Message.objects.filter(template="withdrawn").values_list("recipient", flat=True)
    assert list(told) == ["station@0102"]


@pytest.mark.parametrize("verb", BEFORE)
def test_it_is_refused_once_somebody_acted_or_the_time_is_over(verb):
    case = done(ready(verb), verb)
    late = LATER + timedelta(minutes=31)

    assert why(case, verb, late) == "undo_too_late"
    do(case, "note", "office", LATER, note="客户来电")
    assert why(case, verb) in ("undo_none", "undo_not_yours")


def test_another_person_of_the_same_role_takes_nothing_back():
    case = done(ready("accept"), "accept")
    other = viewer.of(person("station", "0101", "colleague")).actor

    with pytest.raises(Refused) as no:
        undo.take_back_last(number=case.number, actor=other, now=BACK)
    assert no.value.code == "undo_not_yours"


def test_a_case_of_the_earlier_table_and_one_done_before_this_was_kept_have_no_way_back():
    case = done(ready("accept"), "accept")
    Case.objects.filter(pk=case.pk).update(version=1)
    assert why(case, "accept") == "undo_none"

    Case.objects.filter(pk=case.pk).update(version=2)
    event = Event.objects.latest("pk")
    Event.objects.filter(pk=event.pk).update(detail={**event.detail, "was": {}})
    assert why(case, "accept") == "undo_none"


def test_a_paused_case_has_no_way_back_for_its_clocks_stand_still():
    case = ready("dispatch")
    case = do(case, "pause", "office", LATER, reason="customer", evidence="录音 1")
    case = done(case, "dispatch")

    assert why(case, "dispatch") == "undo_none"


def test_it_is_no_verb_of_its_own():
    case = done(ready("accept"), "accept")
    station = viewer.of(person("station"))

    with pytest.raises(Refused) as no:
        perform.perform(number=case.number, verb=RECALL, actor=station.actor, now=BACK, form={})
    assert no.value.code == "only_as_undo"
    assert RECALL not in [one.verb for one in perform.buttons(station, case, BACK)]
    assert RECALL not in [one.verb for one in bulk.offers(station, [case], BACK)]


def test_a_dispatched_case_is_not_the_desks_next_step():
    done(ready("dispatch"), "dispatch")

    mine = [Case.objects.filter(parts.mine(viewer.of(person(role)))).count() for role in ("agent", "station")]
    assert mine == [0, 1]


def test_whoever_took_a_case_on_by_mistake_may_review_it():
    case = done(ready("accept"), "accept")
    assert case.handlers == ["station"]

    back(case, "accept")

    case.refresh_from_db()
    assert (case.handlers, case.handler, case.taken_at) == ([], "", None)


def test_until_when_is_said_to_whoever_may():
    case = done(ready("accept"), "accept")

    said = [undo.until(case.number, actor(role), BACK) for role in ("station", "office")]

    assert said == [LATER + timedelta(minutes=30), None]
    assert undo.until("SY-none", actor("station"), BACK) is None
