"""Promise watch and stuck orders over orders of other systems: before a limit, past it, standing still."""

from copy import copy
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from suyuan.analytics.detect.signal import Level
from tests.detect_logs import log_of, seen
from tests.detecting import BOOK

HOME, UNIT = "户号:~a1", "单位:0101"


def order(number, *steps, kind="业扩报装单", home=HOME):
    return [(activity, when, (f"{kind}:{number}", home, UNIT)) for activity, when in steps]


APPLIED = order("YK1", ("用电申请受理", "2026-03-02 09:00"), ("供电方案答复", "2026-03-03 09:00"))


@pytest.mark.parametrize(
    ("as_of", "why", "level"),
    [
        ("2026-03-05 08:00", None, None),
        ("2026-03-05 22:00", "order_near", Level.GENERAL),
        ("2026-03-07 10:00", "order_near", Level.IMPORTANT),
        ("2026-03-06 23:00", "order_near", Level.IMPORTANT),
        ("2026-03-09 08:59", "order_near", Level.IMPORTANT),
        ("2026-03-09 09:01", "order_broken", Level.URGENT),
    ],
)
def test_a_resident_is_to_be_connected_within_five_working_days(as_of, why, level):
    told = seen("promise_watch", log_of(APPLIED), as_of, {"a1": "resident"})

    assert [(one.why, one.level) for one in told] == ([(why, level)] if why else [])
    for one in told:
        assert one.facts["limit"] == "connection.total.resident"
        assert (one.object, one.unit, one.category) == ("order:YK1", "0101", "business.connection.overtime")


def test_whose_class_nobody_knows_is_held_to_the_longest_limit_alone():
    log = log_of(APPLIED)

    assert seen("promise_watch", log, "2026-03-20 09:00") == []
    (one,) = seen("promise_watch", log, "2026-04-08 09:00")
    assert (one.why, one.facts["limit"]) == ("order_near", "connection.total.hv_dual")
    (known,) = seen("promise_watch", log, "2026-03-20 09:00", {"a1": "lv"})
    assert (known.why, known.facts["limit"]) == ("order_broken", "connection.total.lv")


def test_a_limit_that_is_known_from_memory_warns_and_says_so():
    applied = log_of(order("YK1", ("用电申请受理", "2026-03-02 09:00")))
    (one,) = seen("promise_watch", applied, "2026-03-05 08:00", {"a1": "resident"})

    assert (one.facts["limit"], one.facts["certainty"]) == ("regulator.plan.resident", "memory")


def test_the_earlier_of_a_limit_and_a_promised_moment_counts():
    log = log_of(APPLIED, promises=[("业扩报装单:YK1", "承诺时限", "2026-03-04 18:00")])
    (near,) = seen("promise_watch", log, "2026-03-04 12:00", {"a1": "resident"})
    (over,) = seen("promise_watch", log, "2026-03-04 18:01", {"a1": "resident"})

    assert (near.why, near.facts["said"], near.facts["due"]) == (
        "order_near_promised",
        "承诺时限",
        "2026-03-04 18:00",
    )
    assert (over.why, over.level) == ("order_broken_promised", Level.URGENT)


def test_what_was_only_required_is_no_promise():
    log = log_of(APPLIED, promises=[("业扩报装单:YK1", "要求完成时间", "2026-03-04 18:00")])

    assert seen("promise_watch", log, "2026-03-04 18:01", {"a1": "resident"}) == []


@pytest.mark.parametrize(
    ("as_of", "why"), [("2026-02-08 03:00", "order_near"), ("2026-02-08 10:01", "order_broken")]
)
def test_whoever_has_paid_is_reconnected_within_a_day_whatever_day_it_is(as_of, why):
    steps = (
        ("欠费停电", "2026-02-06 09:00"),
        ("客户缴费", "2026-02-07 10:00"),
        ("送电指令下发", "2026-02-07 10:05"),
    )
    (one,) = seen("promise_watch", log_of(order("SD1", *steps, kind="停复电单")), as_of)

    assert (one.why, one.facts["limit"], one.facts["step"]) == (
        why,
        "application.reconnect.restore",
        "送电指令下发",
    )
    assert one.facts["waits_at"] == "现场复电"


@pytest.mark.parametrize(
    ("kind", "begun", "awaited"),
    [
        ("校表单", "校表申请受理", "校表结果答复"),
        ("退补单", "退补申请受理", "退补到账"),
        ("MeterTest", "MeterTestAccepted", "MeterTestAnswered"),
    ],
)
def test_where_nobody_went_on_yet_the_step_awaited_is_the_one_promised(kind, begun, awaited):
    (one,) = seen(
        "promise_watch", log_of(order("X1", (begun, "2026-03-02 09:00"), kind=kind)), "2026-03-20 09:00"
    )

    assert one.facts["waits_at"] == awaited


def test_what_was_done_late_is_told_for_a_week_and_what_was_done_in_time_never():
    steps = ("校表申请受理", "2026-03-02 09:00"), ("校表结果答复", "2026-03-10 09:00")
    log = log_of(
        order("JB1", *steps, kind="校表单")
        + order("JB2", steps[0], ("校表结果答复", "2026-03-06 09:00"), kind="校表单")
    )

    told = {
        day: [one.why for one in seen("promise_watch", log, f"2026-03-{day} 12:00")] for day in (10, 16, 18)
    }
    assert told == {10: ["order_kept_late"], 16: ["order_kept_late"], 18: []}


def test_an_order_that_was_closed_without_the_step_waits_for_nothing():
    log = log_of(APPLIED + order("YK1", ("业扩终止", "2026-03-04 09:00")))

    assert seen("promise_watch", log, "2026-03-20 09:00", {"a1": "resident"}) == []


def test_every_planted_break_is_told_before_it_and_of_the_rest_few():
    """400 meter tests, looked at twice a day: 60 take longer than their five working days. All are told while
    there is time, and of those kept in time only the ones that used 0.7 of it.
    """
    chance = np.random.default_rng(3)
    late = set(chance.choice(400, 60, replace=False).tolist())
    rows, slow = [], set()
    for n in range(400):
        start = np.datetime64("2026-03-02T09:00") + np.timedelta64(int(chance.integers(0, 5)), "D")
        wait = 8.0 if n in late else float(chance.uniform(0.2, 4.6))
        days, part = int(wait), wait - int(wait)
        done = np.busday_offset(start.astype("datetime64[D]"), days) + np.timedelta64(
            9 * 60 + int(part * 840), "m"
        )
        if n not in late and wait >= 2.9:
            slow.add(f"order:JB{n}")
        both = (("校表申请受理", str(start).replace("T", " ")), ("校表结果答复", str(done).replace("T", " ")))
        rows += order(f"JB{n}", *both, kind="校表单", home=f"户号:~h{n}")
    log, first = log_of(rows), {}
    for day in range(2, 20):
        for hour in ("09:30", "16:30"):
            for one in seen("promise_watch", log, f"2026-03-{day:02} {hour}"):
                first.setdefault(one.object, (one.why, one.observed))

    assert {name for name, (why, _) in first.items() if why == "order_near"} >= {f"order:JB{n}" for n in late}
    assert all(used < 4.5 for _, used in first.values())
    assert set(first) - {f"order:JB{n}" for n in late} <= slow


def usual(n=30):
    steps = [("批量地址修改发起", 9), ("批量地址修改审核", 12), ("批量地址修改归档", 15)]
    return [
        (activity, f"2026-01-{5 + k % 20:02} {hour:02}:00", (f"批量地址修改单:DZ{k}", f"台区:T{k}", UNIT))
        for k in range(n)
        for activity, hour in steps
    ]


def stuck(refused):
    mine = ("批量地址修改单:DZX", "户号:~a1", "台区:TX", UNIT)
    rows = [
        *usual(),
        ("批量地址修改发起", "2026-01-05 09:00", mine),
        ("批量地址修改审核", "2026-01-05 12:00", mine),
    ]
    meter = ("换表单:HB1", "户号:~a1", "批量地址修改单:DZX", UNIT)
    rows += [("现场换表", "2026-02-20 09:00", (meter[0], meter[1], UNIT))]
    return [*rows, ("换表流程发起被拒", "2026-02-20 10:00", meter)] if refused else rows


def test_an_order_that_stands_still_is_told_and_one_that_blocks_another_is_urgent():
    (alone,) = seen("foreign_stuck", log_of(stuck(refused=False)), "2026-02-25 09:00")
    blocking = seen("foreign_stuck", log_of(stuck(refused=True)), "2026-02-25 09:00")

    assert (alone.why, alone.level, alone.facts["waits_at"]) == (
        "foreign_stuck",
        Level.IMPORTANT,
        "批量地址修改归档",
    )
    assert [(one.object, one.why, one.level) for one in blocking] == [
        ("order:DZX", "foreign_blocks", Level.URGENT)
    ]
    assert blocking[0].facts["refused"] == "2026-02-20"


def test_nothing_is_known_of_what_comes_later():
    log = log_of(stuck(refused=True))

    assert seen("foreign_stuck", log, "2026-01-12 11:00") == []
    assert [one.why for one in seen("foreign_stuck", log, "2026-02-20 09:30")] == ["foreign_stuck"]


def cutoff(number, *steps):
    return order(number, *steps, kind="欠费停电单", home=f"户号:~{number}")


ASKED, TOLD, SAID, CUT = (
    ("欠费停电申请", "2026-03-02 09:00"),
    ("停电通知送达", "2026-03-03 09:00"),
    ("停电前提醒", "2026-03-11 08:00"),
    ("欠费停电", "2026-03-11 09:00"),
)


@pytest.mark.parametrize(
    ("steps", "as_of", "why", "level"),
    [
        ((ASKED, TOLD, SAID, CUT), "2026-03-12 09:00", None, None),
        ((ASKED,), "2026-03-03 08:00", None, None),
        ((ASKED,), "2026-03-03 10:00", "notice_missing", Level.IMPORTANT),
        ((ASKED, SAID, CUT), "2026-03-12 09:00", "cut_unnoticed", Level.URGENT),
        (
            (ASKED, SAID, CUT, ("现场复电", "2026-03-11 20:00")),
            "2026-03-12 09:00",
            "cut_unnoticed",
            Level.GENERAL,
        ),
        (
            (ASKED, ("停电通知送达", "2026-03-05 09:00"), SAID, CUT),
            "2026-03-12 09:00",
            "notice_short",
            Level.URGENT,
        ),
        ((ASKED, TOLD, CUT), "2026-03-12 09:00", "reminder_missing", Level.IMPORTANT),
        (
            (ASKED, TOLD, ("停电前提醒", "2026-03-11 08:31"), CUT),
            "2026-03-12 09:00",
            "reminder_missing",
            Level.IMPORTANT,
        ),
        ((ASKED, SAID, CUT), "2026-03-19 09:00", None, None),
    ],
)
def test_a_disconnection_needs_a_notice_a_week_ahead_and_a_last_reminder(steps, as_of, why, level):
    usual = cutoff(
        "QF0", *((name, when.replace("2026-03", "2026-01")) for name, when in (ASKED, TOLD, SAID, CUT))
    )
    told = seen("arrears_disconnection", log_of([*usual, *cutoff("QF1", *steps)]), as_of, {"QF1": "resident"})

    assert [(one.why, one.level, one.object) for one in told] == ([(why, level, "order:QF1")] if why else [])


def test_a_table_that_never_has_a_notice_proves_nothing():
    log = log_of(cutoff("QF1", ASKED, CUT))

    assert seen("arrears_disconnection", log, "2026-03-12 09:00", {"QF1": "resident"}) == []


def test_a_step_that_another_kind_does_far_oftener_is_an_orders_own_all_the_same():
    """Being cut is a step of disconnections here and of reconnections ten times as often."""
    usual = cutoff("QF0", *((name, when.replace("-03-", "-01-")) for name, when in (ASKED, TOLD, SAID, CUT)))
    others = [
        row for n in range(10) for row in order(f"FD{n}", ("欠费停电", "2026-01-05 09:00"), kind="停复电单")
    ]
    log = log_of([*usual, *others, *cutoff("QF1", ASKED, TOLD, CUT)])

    assert [one.why for one in seen("arrears_disconnection", log, "2026-03-12 09:00")] == ["reminder_missing"]


# ---- the day looked at ----


def changing(table: str, name: str, **later):
    """Return the rulebook with a record that says something else from 2026-03-12 on."""
    book, old = copy(BOOK), getattr(BOOK, table)[name][-1]
    first = replace(old, in_force_from=date(2012, 1, 1), in_force_until=date(2026, 3, 11))
    changed = first, replace(old, in_force_from=date(2026, 3, 12), in_force_until=None, **later)
    setattr(book, table, {**getattr(BOOK, table), name: changed})
    return book


@pytest.mark.parametrize(
    ("as_of", "why"), [("2026-03-12 00:00:00", ["notice_short"]), ("2026-03-12 00:00:01", [])]
)
def test_the_notice_that_is_asked_for_changes_with_the_day_and_not_when_the_day_before_ends(as_of, why):
    book = changing("figures", "arrears.notice.resident", terms={"notice_days": 3})
    steps = ASKED, ("停电通知送达", "2026-03-07 09:00"), ("停电前提醒", "2026-03-11 08:00"), CUT
    told = seen(
        "arrears_disconnection", log_of(cutoff("QF1", *steps)), as_of, {"QF1": "resident"}, rulebook=book
    )

    assert [one.why for one in told] == why


@pytest.mark.parametrize(
    ("as_of", "why"), [("2026-03-12 00:00:00", ["order_broken"]), ("2026-03-12 00:00:01", [])]
)
def test_how_far_back_promises_are_looked_for_is_told_by_the_limits_of_the_day_looked_at(as_of, why):
    book = changing("limits", "meter.test", amount=5)
    book.limits["meter.test"] = replace(book.limits["meter.test"][0], amount=80), book.limits["meter.test"][1]
    log = log_of(order("JB1", ("校表申请受理", "2025-10-20 09:00"), kind="校表单"))

    assert [one.why for one in seen("promise_watch", log, as_of, rulebook=book)] == why
