"""Disconnections for arrears: nobody is cut off without what comes before, and supply is back in time."""

from datetime import date, timedelta

import pytest

from suyuan.actions import disconnection
from suyuan.actions.detecting import finding
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain
from suyuan.store.models import Account, Case, Customer, Disconnection, Event
from suyuan.store.queries import disconnections, viewer
from tests.disconnections import (
    ACCOUNT,
    DAY,
    DUE,
    HOUR,
    MINUTE,
    NOTICE,
    NOTICED,
    OWED,
    PROOF,
    account,
    again,
    approved,
    cut,
    flag,
    noticed,
    register,
)
from tests.factories import NOW, do, person

pytestmark = pytest.mark.django_db


def refused(case: Case, verb: str, by: str, now, **form: str) -> Refused:
    """Return why a verb is refused."""
    with pytest.raises(Refused) as no:
        do(case, verb, by, now, **form)
    return no.value


def test_it_lies_with_the_unit_of_the_account_and_writes_down_no_number(tmp_path):
    case = register(tmp_path)

    found = Disconnection.objects.get(case=case)
    assert (case.unit.code, case.state, case.line, case.category) == (
        "0101",
        "registered",
        "10kV清云001线",
        "business.billing.reconnect",
    )
    assert (found.payer, found.arrears_since, str(found.amount)) == ("resident", date(2026, 1, 15), "356.20")
    assert case.account_index == Account.objects.get().number_index
    (event,) = Event.objects.filter(verb="open")
    assert ACCOUNT not in f"{event.detail}"
    assert (case.clocks.count(), chain.verify_cases()) == (0, 1)


def test_of_an_account_one_is_open_and_one_out_of_reach_is_unknown(tmp_path):
    first = register(tmp_path)
    with pytest.raises(Refused) as no:
        register(tmp_path)
    assert (no.value.code, no.value.facts) == ("disconnection_open", {"case": first.number})

    person("station", at="0102", username="west")
    for number, by in (("3300099999999", "station"), (ACCOUNT, "west")):
        with pytest.raises(BadInput) as wrong:
            disconnection.register(actor=viewer.named(by).actor, form={**OWED, "account": number}, now=NOW)
        assert wrong.value.facts["fields"] == {"account": "unknown_account"}


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"arrears_since": "2026-03-05"}, {"arrears_since": "in_the_future"}),
        ({"arrears": "0"}, {"arrears": "not_an_amount"}),
        ({"arrears": "1.005"}, {"arrears": "not_an_amount"}),
    ],
)
def test_what_is_owed_is_an_amount_since_a_day_that_was(tmp_path, form, problem):
    with pytest.raises(BadInput) as wrong:
        register(tmp_path, **form)

    assert wrong.value.facts["fields"] == problem


def test_the_class_of_customer_is_the_registers_and_asked_for_where_that_is_silent(tmp_path):
    account(tmp_path, "工业")
    Customer.objects.update(kind="")
    with pytest.raises(BadInput) as wrong:
        register(tmp_path)
    case = register(tmp_path, payer_class="resident")

    assert wrong.value.facts["fields"] == {"payer_class": "required"}
    assert Disconnection.objects.get(case=case).payer == "resident"


def test_a_resident_waits_seven_days_and_a_business_three_from_the_notice(tmp_path):
    case = noticed(tmp_path)

    no = refused(case, "approve_disconnection", "marketing", DUE["居民"] - MINUTE)

    assert (no.code, no.facts["since"], no.facts["figure"], no.facts["certainty"]) == (
        "notice_not_over",
        DUE["居民"].isoformat(),
        "arrears.notice.resident",
        "Q2",
    )
    assert do(case, "approve_disconnection", "marketing", DUE["居民"]).state == "handling"
    found = disconnections.demand("business", date(2026, 3, 4))
    assert (found.notice_days, found.reminder, found.reminder_figure) == (
        3,
        timedelta(hours=1),
        "arrears.notice.business",
    )


def test_a_business_is_told_in_writing(tmp_path):
    case = register(tmp_path, "工业")
    with pytest.raises(BadInput) as wrong:
        do(case, "notify_arrears", "station", NOTICED, **{**NOTICE, "notice_way": "short_message"})
    assert wrong.value.facts["fields"] == {"notice_way": "notice_not_written"}
    do(case, "notify_arrears", "station", NOTICED, **NOTICE)

    assert do(case, "approve_disconnection", "marketing", DUE["工业"]).state == "handling"


def test_no_notice_without_proof(tmp_path):
    with pytest.raises(BadInput) as wrong:
        do(register(tmp_path), "notify_arrears", "station", NOTICED, notice_way="signed")

    assert wrong.value.facts["fields"] == {"evidence": "required"}


def test_thirty_days_are_not_long_enough_overdue(tmp_path):
    case = register(tmp_path, arrears_since="2026-02-10")
    do(case, "notify_arrears", "station", NOTICED, **NOTICE)

    no = refused(case, "approve_disconnection", "marketing", DUE["居民"] + DAY)

    assert (no.code, no.facts["days"], no.facts["above"]) == ("not_overdue_enough", 30, 30)
    assert do(case, "approve_disconnection", "marketing", DUE["居民"] + 2 * DAY).state == "handling"


def test_whoever_gave_the_notice_does_not_approve(tmp_path):
    case = register(tmp_path)
    do(case, "notify_arrears", "marketing", NOTICED, **NOTICE)

    assert refused(case, "approve_disconnection", "marketing", DUE["居民"]).code == "own_work"
    assert refused(case, "approve_disconnection", "station", DUE["居民"]).code == "not_your_role"
    assert do(case, "approve_disconnection", "office", DUE["居民"]).state == "handling"


def test_a_notice_that_was_sent_back_counts_no_more(tmp_path):
    case = do(noticed(tmp_path), "return_disconnection", "office", NOTICED + DAY, note="送达人签字不清")
    again_at = NOTICED + 2 * DAY
    do(case, "notify_arrears", "station", again_at, **NOTICE)

    no = refused(case, "approve_disconnection", "marketing", DUE["居民"])

    assert (no.code, no.facts["since"]) == ("notice_not_over", (again_at + 7 * DAY).isoformat())


def test_the_administration_has_a_copy_where_the_user_is_important(tmp_path):
    case = noticed(tmp_path)
    flag("important_user")

    assert refused(case, "approve_disconnection", "marketing", DUE["居民"]).code == "copy_missing"
    do(case, "copy_notice", "station", DUE["居民"], administration_copy="抄送函 2026-7")

    assert do(case, "approve_disconnection", "marketing", DUE["居民"]).state == "handling"


@pytest.mark.parametrize("consent_on", [date(2020, 1, 1), None])
def test_where_somebody_lives_by_electricity_supply_is_not_cut_even_if_the_consent_ran_out(
    tmp_path, consent_on
):
    case = noticed(tmp_path)
    flag("life_support", consent_on)

    assert refused(case, "approve_disconnection", "marketing", DUE["居民"]).code == "life_support_here"


def test_a_flag_set_after_the_approval_still_keeps_supply_on(tmp_path):
    case, at = approved(tmp_path), DUE["居民"]
    do(case, "remind_finally", "station", at, **PROOF)
    flag("life_support")

    assert refused(case, "disconnect", "station", at + HOUR, **PROOF).code == "life_support_here"


@pytest.mark.parametrize(("kind", "minutes"), [("居民", 30), ("工业", 60)])
def test_the_last_reminder_lies_half_an_hour_before_and_of_a_business_an_hour(tmp_path, kind, minutes):
    case, at = approved(tmp_path, kind), DUE[kind] + (2 * DAY if kind == "工业" else timedelta())
    assert refused(case, "disconnect", "station", at, **PROOF).code == "reminder_missing"
    do(case, "remind_finally", "station", at, **PROOF)

    no = refused(case, "disconnect", "station", at + (minutes - 1) * MINUTE, **PROOF)

    assert (no.code, no.facts["since"]) == ("reminder_too_late", (at + minutes * MINUTE).isoformat())
    done = do(case, "disconnect", "station", at + minutes * MINUTE, **PROOF)
    assert (done.state, Disconnection.objects.get().cut_at) == ("disconnected", at + minutes * MINUTE)


def test_yesterdays_reminder_counts_no_more_and_a_new_one_does(tmp_path):
    case, at = approved(tmp_path), DUE["居民"]
    do(case, "remind_finally", "station", at, **PROOF)

    no = refused(case, "disconnect", "station", at + DAY, **PROOF)

    assert (no.code, no.facts["figure"]) == ("reminder_lapsed", "disconnection.reminder")
    do(case, "remind_finally", "station", at + DAY, **PROOF)
    assert do(case, "disconnect", "station", at + DAY + HOUR, **PROOF).state == "disconnected"


@pytest.mark.parametrize("later", [timedelta(hours=5), 3 * DAY], ids=["16:30", "a Saturday"])
def test_supply_is_cut_on_working_days_before_four_o_clock(tmp_path, later):
    case, at = approved(tmp_path), DUE["居民"] + later
    do(case, "remind_finally", "station", at - HOUR, **PROOF)

    no = refused(case, "disconnect", "station", at, **PROOF)

    assert (no.code, no.facts["until_hour"], no.facts["certainty"]) == ("not_at_this_hour", 16, "I")


def test_supply_is_back_within_a_day_of_the_payment_and_the_case_ends_with_proof(tmp_path):
    case, at = cut(tmp_path)
    paid = at + 3 * HOUR
    do(case, "record_payment", "agent", paid + HOUR, at=paid.isoformat(), evidence="缴费流水 88")

    (clock,) = case.clocks.all()
    assert (clock.limit, clock.due_at, again(case.number).next_due_at) == (
        "disconnection.reconnect",
        paid + DAY,
        paid + DAY,
    )
    back = do(case, "reconnect", "station", paid + 2 * HOUR, **PROOF)
    assert (back.state, back.restored_at) == ("restored", paid + 2 * HOUR)
    with pytest.raises(BadInput):
        do(case, "close_disconnection", "station", paid + 3 * HOUR)
    done = do(case, "close_disconnection", "station", paid + 3 * HOUR, **PROOF)
    assert (done.state, {one.state for one in done.clocks.all()}) == ("archived", {"stopped"})
    assert chain.verify_cases() == 1


def test_supply_is_not_back_before_it_was_cut_and_a_payment_before_the_cut_is_told(tmp_path):
    case, at = cut(tmp_path)
    do(case, "record_payment", "agent", at + HOUR, at=(at - HOUR).isoformat(), **PROOF)

    with pytest.raises(BadInput) as wrong:
        do(case, "reconnect", "station", at + HOUR, at=(at - MINUTE).isoformat(), **PROOF)

    assert wrong.value.facts["fields"] == {"at": "out_of_order"}
    assert Event.objects.get(verb="record_payment").detail["paid_before_cut"] is True
    assert case.clocks.get().due_at == at - HOUR + DAY


def test_who_was_cut_off_wrongly_has_supply_back_without_paying(tmp_path):
    case, at = cut(tmp_path)

    back = do(case, "reconnect_at_once", "station", at + HOUR, reason="cut_wrongly", **PROOF)

    assert (back.state, back.restored_at, back.taken_at) == ("restored", at + HOUR, None)
    assert [one.limit for one in back.clocks.all()] == ["disconnection.close"]


def test_who_pays_in_time_is_not_cut_off(tmp_path):
    case = approved(tmp_path)
    with pytest.raises(BadInput):
        do(case, "withdraw_disconnection", "station", DUE["居民"] + HOUR, paid_on="2026-01-01", **PROOF)

    done = do(case, "withdraw_disconnection", "station", DUE["居民"] + HOUR, paid_on="2026-03-11", **PROOF)

    assert (done.state, Disconnection.objects.get().paid_on) == ("archived", date(2026, 3, 11))
    assert register(tmp_path, now=DUE["居民"] + 2 * HOUR).state == "registered"


def test_a_reconnection_that_nears_its_end_is_told_by_the_watch_of_cases(tmp_path):
    case, at = cut(tmp_path)
    do(case, "record_payment", "station", at + HOUR, **PROOF)

    found = finding.find(["case_overdue_soon"], as_of=at + 24 * HOUR)

    assert [(one.cases, one.facts["limit"]) for one in found] == [((case.number,), "disconnection.reconnect")]
