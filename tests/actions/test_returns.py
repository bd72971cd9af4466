"""Returns to 12398, 12345 and the press: owed by the clocks of their channels, filed once with a receipt."""

from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook

from suyuan.actions import papers, publish
from suyuan.actions.returns import file_return
from suyuan.domain.errors import BadInput, Refused
from suyuan.jobs import publications as jobs
from suyuan.store import chain
from suyuan.store.models import Case, ClockEntry, Event, RegulatorReturn
from suyuan.store.queries import returns, viewer
from suyuan.store.queries.returns import Wanted
from tests.factories import NOW, actor, case_at, do, person
from tests.paper_files import words

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FILED = {"filed_on": "2026-03-05", "receipt_number": "能监回〔2026〕7号"}


def seen(role="office"):
    return viewer.of(person(role))


def owed(state="due", now=NOW, channel="", role="office"):
    found = returns.lines(returns.due(seen(role), Wanted(state, channel), now))
    return [(one.case.number, one.kind, one.ready) for one in found]


def filed(case, kind, now=NOW + DAY, role="office", **form):
    return file_return(viewer=seen(role), number=case.number, kind=kind, form=FILED | form, now=now)


def test_what_12398_passed_on_owes_an_acceptance_and_a_close_and_other_channels_what_the_rulebook_says():
    first = case_at("handling", channel="12398")
    second = case_at("registered", channel="12345")
    third = case_at("received", channel="media")
    case_at("handling")

    assert owed() == [
        (first.number, "accept", True),
        (second.number, "close", False),
        (first.number, "close", False),
    ]
    assert owed(channel="12345") == [(second.number, "close", False)]
    assert owed("overdue", NOW + 8 * DAY) == [(first.number, "accept", True), (second.number, "close", False)]
    assert third.clocks.count() == 0


def test_a_return_is_filed_once_with_its_day_and_receipt_and_stands_in_the_chain():
    case = case_at("handling", channel="12398")

    filed(case, "accept")

    made = RegulatorReturn.objects.get()
    assert (made.kind, made.channel, made.filed_on, made.receipt_number, made.filed_by) == (
        "accept",
        "12398",
        date(2026, 3, 5),
        FILED["receipt_number"],
        "office",
    )
    event = Event.objects.filter(stream=f"case:{case.number}").latest("seq")
    assert (event.verb, event.detail["form"]["receipt_number"]) == ("file_return", FILED["receipt_number"])
    assert Case.objects.get(pk=case.pk).changed_event == event.pk
    assert [kind for _, kind, _ in owed()] == ["close"]
    with pytest.raises(Refused) as again:
        filed(case, "accept")
    assert again.value.code == "return_filed"
    chain.verify()


@pytest.mark.parametrize(
    ("channel", "kind", "code"),
    [
        ("12398", "close", "still_open"),
        ("12345", "accept", "no_return_owed"),
        ("12345", "extension", "no_extension_here"),
        ("95598", "close", "no_return_owed"),
    ],
)
def test_what_is_not_owed_or_not_yet_true_is_refused_and_leaves_no_trace(channel, kind, code):
    case = case_at("handling", channel=channel)

    with pytest.raises(Refused) as no:
        filed(case, kind, extension_days="10")

    assert (no.value.code, RegulatorReturn.objects.count()) == (code, 0)


def test_a_closed_case_is_reported_with_its_finding_and_answer():
    case = case_at("archived", channel="12398")

    line = next(one for one in returns.lines(returns.due(seen(), Wanted(), NOW)) if one.kind == "close")

    assert (line.done_at, line.case.finding, line.answer) == (case.archived_at, "unverified", "已更正电费")
    filed(case, "close")
    (shown,) = returns.filed_lines(returns.filed(seen(), Wanted("filed")))
    assert (shown.kind, shown.filed.receipt_number) == ("close", FILED["receipt_number"])


def test_an_extension_moves_the_clock_of_the_channel_and_keeps_the_old_due():
    case = case_at("handling", channel="12398")
    clock = case.clocks.get(limit="regulator.12398")

    filed(case, "extension", extension_days="30")

    moved = case.clocks.get(limit="regulator.12398")
    assert moved.due_at == clock.due_at + 30 * DAY
    entry = ClockEntry.objects.get(clock=moved, kind="retarget")
    assert (entry.reason, entry.due_before, entry.due_after) == ("extended", clock.due_at, moved.due_at)
    with pytest.raises(BadInput) as wrong:
        filed(case_at("handling", channel="12398"), "extension", extension_days="31")
    assert wrong.value.facts["fields"] == {"extension_days": "out_of_range"}


def test_a_return_is_filed_on_a_day_between_the_contact_and_today_by_the_office():
    case = case_at("handling", channel="12398")

    for day in ("2026-03-03", "2026-03-06"):
        with pytest.raises(BadInput) as wrong:
            filed(case, "accept", filed_on=day)
        assert wrong.value.facts["fields"] == {"filed_on": "out_of_order"}
    with pytest.raises(Refused) as no:
        filed(case, "accept", role="station")
    assert no.value.code == "not_your_role"
    with pytest.raises(BadInput):
        filed(case, "later")


def test_the_workbook_of_a_month_holds_what_was_owed_and_counts_what_is_restricted():
    case = case_at("archived", channel="12398")
    case_at("registered", "report", channel="12398")
    filed(case, "close")
    wanted = publish.Wanted("returns", "2026-03", "01")
    row = publish.queue(wanted=wanted, actor=actor("office"), now=NOW + DAY)

    assert jobs.next_one(NOW + DAY, "w") == 1

    row.refresh_from_db()
    book = CalamineWorkbook.from_path(str(publish.folder() / f"{row.sha256}.xlsx"))
    lines = book.get_sheet_by_name("回报").to_python()
    assert [line[:3] for line in lines[1:]] == [
        [case.number, "12398能源监管热线", "受理决定"],
        [case.number, "12398能源监管热线", "办结"],
    ]
    assert lines[2][7:] == ["不属实", "已更正电费", "2026-03-05", FILED["receipt_number"]]
    assert dict(book.get_sheet_by_name("说明").to_python())["另有限制查阅件数"] == 2


def test_the_paper_of_a_return_says_what_was_found_and_answered_and_is_for_such_channels_alone():
    case, who = case_at("archived", channel="12345"), seen()
    given = {"kind": "regulator_return", "purpose": "filing", "viewer": who, "now": NOW + DAY}

    said = words(papers.issue(number=case.number, **given).content)

    assert [one for one in ("转办件回报单", case.number, "不属实", "已更正电费") if one not in said] == []
    with pytest.raises(Refused) as no:
        papers.issue(number=case_at("archived").number, **given)
    assert no.value.code == "no_return_owed"


def test_a_case_that_was_opened_again_is_reported_as_closed_once_more_and_not_accepted_again():
    case = case_at("archived", channel="12398")
    filed(case, "accept"), filed(case, "close")
    assert owed() == []

    case = do(case, "reopen", "office", NOW + DAY, note="客户再次来电")

    assert owed() == [(case.number, "close", False)]
    with pytest.raises(Refused) as early:
        filed(case, "close", NOW + 2 * DAY)
    assert early.value.code == "still_open"
    with pytest.raises(Refused) as again:
        filed(case, "accept", NOW + 2 * DAY)
    assert again.value.code == "return_filed"


def test_the_first_close_can_still_be_reported_after_the_case_was_opened_again():
    case = case_at("archived", channel="12345")
    closed = case.archived_at
    case = do(case, "reopen", "office", NOW + DAY, note="客户再次来电")
    first, second = returns.lines(returns.due(seen(), Wanted(), NOW + DAY))
    assert [(one.done_at, one.ready) for one in (first, second)] == [(closed, True), (None, False)]

    filed(case, "close", NOW + 2 * DAY)

    assert owed() == [(case.number, "close", False)]
    assert RegulatorReturn.objects.get().due_at == first.due_at
