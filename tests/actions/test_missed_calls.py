"""Abandoned calls: taken in once, called back within a limit, closed by whatever reached the caller."""

from datetime import timedelta

import pytest

from suyuan.actions import call as verbs
from suyuan.actions import intake
from suyuan.actions.call import call_file
from suyuan.actions.privacy import _outlived as outlived
from suyuan.actions.privacy import ledger, rights
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.gateways import callfile
from suyuan.store import rules, seal
from suyuan.store.models import AnsweredCall, Event, MissedCall
from suyuan.store.queries import missed_calls, viewer
from tests.call_files import AT, PHONE, call, load, missed, write
from tests.factories import NOW, actor, incoming, person, unit

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
OTHER = "13800000001"
FAILED = {"reached": False, "unreached_reason": "no_answer"}


@pytest.fixture(autouse=True)
def company():
    unit()


def agent():
    return viewer.of(person("agent"))


def states() -> list[str]:
    return list(MissedCall.objects.order_by("at", "pk").values_list("state", flat=True))


def counts(taken) -> dict[str, int]:
    return {name: count for name, count in taken.counts.items() if count}


def test_abandoned_calls_are_listed_once_whatever_the_exchange_calls_them(tmp_path):
    rows = [
        call("1", outcome="放弃"),
        call("2", at="2026-03-04 10:01:00", outcome="未接", phone=OTHER, waited="0:01:05"),
        call("3", outcome="HANG", phone="", waited=""),
        call("4", outcome="abandoned", phone="8001"),
        call("5", at="2026-03-04 09:00:00", outcome="AGENT"),
        call("6", outcome="PHANTOM", phone=""),
    ]

    first, again = load(tmp_path, *rows), load(tmp_path, *rows)

    beside = {"unlisted": 2, "answered": 1, "other": 1}
    assert counts(first) == beside | {"new": 2, "noted": 1}
    assert counts(again) == beside | {"same": 2}
    one, two = MissedCall.objects.order_by("at")
    assert (one.masked, one.waited, one.queue, one.unit.code, one.state) == (
        "139******78",
        45,
        "报修",
        "01",
        "open",
    )
    assert (one.number_index, seal.unseal(one.sealed)) == (seal.index("phone", PHONE), {"phone": PHONE})
    assert two.waited == 65
    events = Event.objects.filter(stream="register:calls")
    assert [event.verb for event in events] == ["calls_import"]
    assert PHONE not in str(events.values_list("detail", "objects_json"))


def test_a_row_that_cannot_be_taken_is_set_aside_with_its_reasons(tmp_path):
    rows = [
        call("1", at="04/03/2026", phone="139", outcome="？"),
        call("2", at="2026-03-05 10:00:00", phone="1391234567", waited="abc", unit="北城"),
        call("3", phone="=A1"),
        ["合计", "", "", "", "3"],
    ]

    taken = load(tmp_path, *rows, quarantine=tmp_path / "q.csv")

    assert counts(taken) == {"quarantined": 3}
    assert [(row, column, why) for row, column, _, why in taken.faults] == [
        (2, "来电时间", "not_a_moment"),
        (2, "结果", "unknown_value"),
        (3, "来电时间", "future"),
        (3, "等待秒数", "not_a_number"),
        (3, "供电单位", "unknown_unit"),
        (3, "主叫号码", "not_a_phone"),
        (4, "主叫号码", "formula_cell"),
    ]
    assert taken.quarantine_file == str(tmp_path / "q.csv")


def test_an_answered_call_a_contact_or_a_call_back_later_closes_what_came_before(tmp_path):
    load(tmp_path, call("1"), call("2", phone=OTHER), call("3", phone="13800000002"))
    load(tmp_path, call("4", at="2026-03-04 10:20:00", outcome="已接"))
    assert states() == ["answered_since", "open", "open"]

    intake.receive(incoming=incoming(phone=OTHER, account=""), actor=actor("agent"), now=NOW)
    assert states() == ["answered_since", "answered_since", "open"]

    one = MissedCall.objects.get(state="open")
    verbs.return_call(viewer=agent(), call=one.pk, form={"reached": True}, now=NOW)
    late = load(tmp_path, call("5", phone="13800000002", at="2026-03-04 10:10:00"), now=LATER)
    assert (late.counts["new"], late.counts["closed"]) == (1, 1)
    assert states() == ["answered_since", "answered_since", "returned", "answered_since"]
    said = Event.objects.filter(stream="register:calls", verb="calls_answered_since")
    assert [len(event.detail["calls"]) for event in said] == [1, 1, 1]


def test_files_may_come_in_any_order_and_overlap(tmp_path):
    early = call("1", at="2026-03-04 09:00:00", outcome="已接")
    missed_, late = call("2", at="2026-03-04 09:10:00"), call("3", at="2026-03-04 09:20:00", outcome="已接")
    after = call("4", at="2026-03-04 09:30:00")

    load(tmp_path, late), load(tmp_path, early, missed_)
    load(tmp_path, missed_, late, after)

    assert states() == ["answered_since", "open"]
    kept = AnsweredCall.objects.get()
    assert (kept.number_index, kept.at) == (seal.index("phone", PHONE), NOW - timedelta(minutes=70))
    known = Event.objects.count()
    load(tmp_path, after, early, missed_, late)
    assert (Event.objects.count(), MissedCall.objects.count()) == (known, 2)


HALVES = [
    *(("2026-03-04", "9:05:06"), ("2026/3/4", "上午9:05:06"), ("20260304", "090506")),
    *(("2026年3月4日", "0.378541666666667"), ("46085", "1900-01-01 09:05:06")),
]


@pytest.mark.parametrize(("day", "hour"), HALVES)
def test_a_date_and_a_time_of_day_are_one_moment(tmp_path, day, hour):
    path = tmp_path / "two.csv"
    path.write_text(f"日期,时间,主叫号码,结果\n{day},{hour},{PHONE},放弃\n{day},{hour[:3]}x,{PHONE},放弃\n")

    taken = call_file.import_calls(tables=callfile.read(path), actor=actor("office"), now=NOW)

    assert MissedCall.objects.get().at.isoformat() == "2026-03-04T01:05:06+00:00"
    assert taken.faults == [(3, "时间", f"{hour[:3]}x", "not_a_moment")]


def test_whoever_asks_to_stay_unknown_closes_no_call(tmp_path):
    load(tmp_path, call("1"))

    said = incoming(phone=PHONE, secrecy="confidential", business_type="report")
    intake.receive(incoming=said, actor=actor("agent"), now=NOW)
    load(tmp_path, call("1"))

    assert states() == ["open"]


def test_calls_of_a_number_are_one_line_and_one_call_back_closes_them(tmp_path):
    load(tmp_path, call("1"), call("2", at="2026-03-04 10:05:00"), call("3", phone=OTHER))

    first, other = missed_calls.waiting(agent())
    assert [(one.masked, one.calls) for one in (first, other)] == [("139******78", 2), ("138******01", 1)]
    assert missed_calls.overdue(agent(), NOW) == (2, 0)
    assert missed_calls.overdue(agent(), NOW + timedelta(minutes=1)) == (2, 2)

    done = verbs.return_call(viewer=agent(), call=first.pk, form={"reached": True}, now=NOW)

    assert (done, states()) == ("returned", ["returned", "open", "returned"])
    assert list(missed_calls.waiting(agent())) == [other]
    with pytest.raises(Refused) as no:
        verbs.return_call(viewer=agent(), call=first.pk, form={"reached": True}, now=NOW)
    assert no.value.code == "call_closed"


def test_an_attempt_needs_its_reason_and_the_last_one_gives_up(tmp_path):
    load(tmp_path, call("1"))
    one = MissedCall.objects.get()
    for form, why in (
        ({"reached": False}, "required"),
        ({"reached": True, "unreached_reason": "busy"}, "only_if_unreached"),
    ):
        with pytest.raises(BadInput) as wrong:
            verbs.return_call(viewer=agent(), call=one.pk, form=form, now=NOW)
        assert wrong.value.facts == {"fields": {"unreached_reason": why}}

    most = rules.figure("calls.attempts", "times")
    made = [verbs.return_call(viewer=agent(), call=one.pk, form=FAILED, now=NOW) for _ in range(most)]

    one.refresh_from_db()
    assert made == ["open"] * (most - 1) + ["given_up"]
    assert (one.attempts, one.outcome, one.closed_by, one.closed_at) == (most, "no_answer", "agent", NOW)
    last = Event.objects.filter(stream="register:calls").latest("seq")
    said = {"calls": [one.pk], "reached": False, "reason": "no_answer", "attempts": most, "to": "given_up"}
    assert (last.verb, last.actor, last.at, last.detail) == ("return_call", "agent", NOW, said)


def test_a_number_is_seen_for_a_purpose_and_written_down():
    one = missed(phone=PHONE)

    seen = verbs.reveal_call(viewer=agent(), call=one.pk, form={"purpose": "call_back"}, now=NOW)

    look = Event.objects.get(verb="reveal")
    assert (seen, look.actor, look.detail["purpose"]) == (PHONE, "agent", "call_back")
    assert PHONE not in str(look.detail)
    with pytest.raises(BadInput):
        verbs.reveal_call(viewer=agent(), call=one.pk, form={}, now=NOW)


def test_only_the_desk_of_the_unit_sees_a_call_and_only_its_lead_brings_a_file(tmp_path):
    one = missed(unit_code="0102")
    for who in (viewer.of(person("agent", "0101", "a")), viewer.of(person("station"))):
        assert list(missed_calls.waiting(who)) == []
        with pytest.raises(Refused) as no:
            verbs.return_call(viewer=who, call=one.pk, form={"reached": True}, now=NOW)
        assert no.value.code == "not_found"
    for who in ("agent", "station"):
        with pytest.raises(Refused) as no:
            load(tmp_path, call("1"), by=who)
        assert no.value.code == "not_your_role"

    lead = person("lead", "0101", "east").username
    tables = callfile.read(write(tmp_path / "u.csv", [call("1", unit="东城供电所"), call("2", unit="0102")]))
    taken = call_file.import_calls(tables=tables, actor=actor("lead", "0101", lead), now=NOW)
    assert counts(taken) == {"new": 1, "quarantined": 1}
    assert [why for *_, why in taken.faults] == ["not_your_role"]


def test_a_dry_run_changes_nothing(tmp_path):
    taken = load(tmp_path, call("1"), dry_run=True)

    assert (taken.counts["new"], MissedCall.objects.count(), Event.objects.count()) == (1, 0, 0)


@pytest.mark.usefixtures("no_files_handed_in", "own_secrets")
def test_a_number_that_reached_nobody_is_handed_out_and_removed(tmp_path):
    missed(phone=PHONE), missed(1, phone=OTHER)
    load(tmp_path, call("9", outcome="已接", at="2026-03-04 08:00:00"), now=LATER)

    told = rights.export(
        person=PHONE,
        path=tmp_path / "p.zip",
        actor=actor("audit"),
        now=LATER,
        form={"purpose": "subject_request"},
    )
    rights.shred(person=PHONE, actor=actor("office"), now=LATER)
    done = rights.shred(person=PHONE, actor=actor("audit"), now=LATER)

    reached = done.reached["missed_calls"], done.reached["answered_calls"], AnsweredCall.objects.count()
    assert (told["missed_calls"], *reached) == (1, 1, 1, 0)
    left = MissedCall.objects.get()
    assert left.number_index == seal.index("phone", OTHER)
    assert ledger.shred_line(kind="missed_call", keys=[left.pk], actor=SYSTEM, now=LATER) == 1
    with pytest.raises(BadInput) as nobody:
        rights.found(PHONE)
    assert nobody.value.code == "unknown_subject"


def test_calls_outlive_the_period_of_contacts():
    one = missed()
    place = next(each for each in outlived.PLACES if each.name == "missed_calls")

    assert (place.figure, place.count(one.at), place.count(one.at + timedelta(seconds=1))) == (
        "retention.contact",
        0,
        1,
    )


def test_the_moment_of_a_call_is_read_where_the_office_is(tmp_path):
    load(tmp_path, call("1", at=AT))

    assert MissedCall.objects.get().at == NOW - timedelta(minutes=30)
