"""What happened on a case, its clocks as they stand, and what may be shown of the customer."""

from datetime import timedelta

import pytest

from suyuan.actions import imports
from suyuan.domain.procedure import Actor
from suyuan.store.models import Case
from suyuan.store.queries import history, personal, viewer
from tests.factories import NOW, PATHS, case_at, do, person, unit
from tests.methods.order_files import GOOD, HEADERS, write_csv

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def office():
    """Return the office looking."""
    return viewer.of(person("office"))


def brought(folder, **columns):
    """Import one order and return its case."""
    unit()
    rows = [[*HEADERS, "供电单位", *columns], [*GOOD, "0101", *columns.values()]]
    imports.run(
        path=write_csv(folder / "a.csv", rows), layout="auto", actor=Actor("clerk", frozenset()), now=NOW
    )
    return Case.objects.get()


def test_a_timeline_tells_every_event_in_order_with_its_digest():
    case = case_at("archived")

    lines = history.timeline(office(), case)

    assert [line.verb for line in lines] == ["receive", *PATHS["complaint"]]
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    assert [line.digest for line in lines] == [event.digest for event in history.events(case)]


def test_what_was_written_is_shown_masked():
    note = {"reached": True, "contact_note": "已致电13912345678"}
    case = do(case_at("handling"), "contact", "station", NOW + HOUR, **note)

    last = history.timeline(office(), case)[-1]

    assert dict(last.form) == {"reached": "True", "contact_note": "已致电139******78"}


def test_an_imported_order_shows_the_milestones_it_brought(tmp_path):
    case = brought(tmp_path, 派单时间="2025-10-01 08:20:00", 回单时间="2025-10-08 16:00:00")

    lines = history.timeline(office(), case)

    assert [(line.verb, line.milestone) for line in lines] == [
        ("", "accepted_at"),
        ("", "dispatched_at"),
        ("", "answered_at"),
        ("import", ""),
    ]


def test_a_live_case_shows_its_events_alone():
    assert {line.milestone for line in history.timeline(office(), case_at("archived"))} == {""}


def test_a_clock_is_shown_with_its_basis_its_ledger_and_how_it_ended():
    case = do(case_at("handling"), "pause", "office", NOW + HOUR, reason="customer", evidence="录音12")
    case = do(case, "resume", "office", NOW + 2 * HOUR)

    lines = {line.clock.limit: line for line in history.clocks(case, NOW + 3 * HOUR)}

    answer, dispatch = lines["complaint.answer"], lines["complaint.dispatch"]
    assert (answer.light, answer.in_time, answer.assessable) == ("green", None, True)
    assert [(e["kind"], e["reason"], e["evidence"]) for e in answer.entries] == [
        ("pause", "customer", "录音12"),
        ("resume", "", ""),
    ]
    assert "js.sgcc.com.cn" in answer.basis
    assert (dispatch.light, dispatch.in_time) == ("done", True)
    assert not lines["complaint.accept"].assessable


@pytest.mark.parametrize(
    ("after", "light"),
    [
        (timedelta(0), "green"),
        (19 * HOUR, "green"),
        (20 * HOUR, "amber"),
        (24 * HOUR, "red"),
        (30 * HOUR, "red"),
    ],
)
def test_the_light_of_a_clock_follows_the_time(after, light):
    case = case_at("handling")

    (line,) = [one for one in history.clocks(case, NOW + after) if one.clock.limit == "complaint.contact"]

    assert line.light == light


def test_a_late_clock_stays_late_and_a_void_one_is_void():
    case = do(case_at("registered"), "dispatch", "office", NOW + HOUR, unit="0101", specialty="marketing")
    repair = do(case_at("handling", "repair"), "classify", "office", category="outage", site="rural")

    late = {line.clock.limit: line for line in history.clocks(case, NOW + DAY)}["complaint.dispatch"]
    lights = {line.light for line in history.clocks(repair, NOW)}

    assert (late.light, late.in_time) == ("late", False)
    assert lights <= {"green", "amber", "red", "done", "late", "void"}


def test_the_present_episode_comes_first():
    case = do(case_at("archived"), "reopen", "office", NOW + DAY, note="未解决")

    episodes = [line.clock.episode for line in history.clocks(case, NOW + DAY)]

    assert episodes == sorted(episodes, reverse=True)
    assert set(episodes) == {1, 2}


def test_the_customer_is_shown_masked():
    assert personal.shown(office(), case_at("registered")) == {
        "phone": "139******78",
        "account": "330********78",
        "customer": "张**",
        "address": "人民路***",
        "text": "客户反映抄表员连续三个月未抄表，电话139******78，要求核实",
    }


def test_of_somebody_who_wants_to_stay_unknown_only_the_words_are_shown():
    case = case_at("received", secrecy="anonymous")

    assert list(personal.shown(office(), case)) == ["text"]


def test_how_an_imported_order_was_handled_is_shown_masked(tmp_path):
    case = brought(tmp_path, 处理情况="已致电13912345678客户王小明先生")

    assert personal.shown(office(), case)["handling"] == "已致电139******78客户王**先生"


def test_related_cases_share_the_account_or_the_telephone_within_reach():
    case = case_at("dispatched")
    same_account = case_at("dispatched", phone="13700000000", now=NOW + HOUR)
    same_phone = case_at("dispatched", account="3300000000009", now=NOW + 2 * HOUR)
    case_at("dispatched", phone="13600000000", account="3300000000008")
    case_at("dispatched", "report")
    west = viewer.of(person("station", at="0102", username="west"))

    assert [found.number for found in history.related(office(), case)] == [
        same_phone.number,
        same_account.number,
    ]
    assert history.related(west, case) == []


def test_without_account_or_telephone_nothing_is_related():
    case = case_at("received", phone="", account="")
    case_at("received", phone="", account="")

    assert history.related(office(), case) == []


def test_earlier_cases_are_found_by_what_the_caller_says():
    case = case_at("received")

    assert [found.pk for found in history.earlier(office(), " 3300012345678 ", "")] == [case.pk]
    assert [found.pk for found in history.earlier(office(), "", "13912345678")] == [case.pk]
    assert history.earlier(office(), "", "") == []
