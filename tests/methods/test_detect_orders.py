"""Detectors of orders: those that lie, accounts with orders that contradict, customers who say nothing."""

from datetime import timedelta

import numpy as np
import pytest

from suyuan.actions import eventlogs
from suyuan.analytics.detect.orders import Orders
from suyuan.analytics.detect.signal import Level
from suyuan.store.frames import account_orders, cases, units
from tests.detect_logs import log_of
from tests.detecting import NOW, found, frame

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CASE = {
    "procedure": "application",
    "kind": "application.meter",
    "category": "",
    "channel": "95598",
    "unit": "0101",
    "origin": "live",
    "account": "",
    "phone": "",
    "satisfaction": "",
    "crew_rating": "",
    "card": "",
    "episode": 1,
    "open": False,
    "paused": False,
}


def course(number, begun, *hours, **more):
    """Return a case that passed acceptance, dispatch, taking on, answer and archive so many hours apart."""
    steps = ("accepted_at", "dispatched_at", "taken_at", "answered_at", "archived_at")
    at, row = begun, {"number": number, "accepted_at": begun, "open": len(hours) < 4} | more
    for step, wait in zip(steps[1:], hours, strict=False):
        at += float(wait) * HOUR
        row[step] = at
    return row


def known(*rows):
    return frame(cases.COLUMNS, list(rows), **CASE)


@pytest.fixture(scope="module")
def usual():
    """Return 400 cases of the last months that went their way, each stage within hours."""
    chance = np.random.default_rng(5)
    return [
        course(f"U{n}", NOW - float(chance.uniform(20, 90)) * DAY, *chance.lognormal(2, 0.5, 4))
        for n in range(400)
    ]


def test_orders_that_lie_are_found_within_their_limit_and_innocents_are_not(usual):
    """Of 130 open orders 30 lie: all are told within five days; of the others one in 100 at most."""
    chance = np.random.default_rng(6)
    begun = NOW - 4 * DAY
    innocent = [
        course(f"I{n}", NOW - float(h) * HOUR, 1, 2) for n, h in enumerate(chance.uniform(4, 40, 100))
    ]
    lying = [course(f"L{n}", begun + n * HOUR, 1, 2) for n in range(30)]
    rows = known(*usual, *innocent, *lying)

    by_day = [{one.object for one in found("order_stuck", NOW + n * DAY, cases=rows)} for n in (0, 5)]
    assert len({one for one in by_day[0] if one.startswith("case:I")}) <= 1
    assert {f"case:L{n}" for n in range(30)} <= by_day[1]


def test_a_kind_that_takes_long_is_given_long_and_a_kind_seldom_seen_the_days_of_the_figure(usual):
    slow = [course(f"S{n}", NOW - 60 * DAY, 1, 2, 240 + n, 1, procedure="complaint") for n in range(40)]
    open_ = [
        course(f"{name}", NOW - 8 * DAY, 1, 2, procedure=name)
        for name in ("application", "complaint", "enquiry")
    ]
    told = found("order_stuck", cases=known(*usual, *slow, *open_))

    assert sorted(one.object for one in told) == ["case:application", "case:enquiry"]
    assert {one.facts["most"] for one in told if one.object == "case:enquiry"} == {3.0}


def test_the_longer_it_lies_the_more_urgent_and_an_answered_one_is_told_as_not_archived(usual):
    levels = {}
    for days in (6, 12, 24):
        rows = known(*usual, course("A", NOW - days * DAY, 1, 2, 3))
        levels[days] = [(one.level, one.why) for one in found("order_stuck", cases=rows)]

    assert levels == {
        6: [(Level.GENERAL, "order_unarchived")],
        12: [(Level.IMPORTANT, "order_unarchived")],
        24: [(Level.URGENT, "order_unarchived")],
    }


def test_paused_orders_and_imported_ones_of_which_no_step_is_known_are_left_alone(usual):
    paused = course("P", NOW - 30 * DAY, 1, paused=True)
    bare = course("B", NOW - 30 * DAY, origin="import")

    assert found("order_stuck", cases=known(*usual, paused, bare)) == []


UNITS = [("01", "/01/"), ("0101", "/01/0101/"), ("0102", "/01/0102/")]
PLACES = frame(units.COLUMNS, [{"code": code, "path": path} for code, path in UNITS], name="", kind="")


NONE = Orders(log_of([]), eventlogs.watched())


def opened(*rows):
    made = [
        {"account": account, "number": f"A{n}", "kind": kind, "unit": unit, "since": NOW - n * DAY}
        for n, (account, kind, unit) in enumerate(rows)
    ]
    return frame(account_orders.COLUMNS, made, category="")


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (("application.meter", "0101"), ("application.reading", "0101"), ["orders_exclude"]),
        (("arrears_stop", "0101"), ("application.reconnect", "0102"), ["orders_exclude"]),
        (("repair", "0101"), ("repair", "0102"), ["two_units"]),
        (("repair", "01"), ("repair", "0102"), []),
        (("repair", "0101"), ("repair", "0101"), []),
        (("repair", "0101"), ("application.meter", "0102"), []),
        (("consult", "0101"), ("consult", "0102"), []),
    ],
)
def test_orders_of_one_account_contradict_by_kind_or_by_unit(one, other, why):
    told = found(
        "account_conflict", orders=NONE, account_orders=opened(("~a", *one), ("~a", *other)), units=PLACES
    )

    assert [each.why for each in told] == why


def test_every_planted_conflict_is_found_at_once_and_none_beside_them():
    chance = np.random.default_rng(9)
    rows = [(f"~{n}", str(chance.choice(["repair", "consult"])), "0101") for n in range(300)]
    rows += [(f"~{n}", "consult", "0102") for n in range(0, 300, 3)]
    planted = [(f"~c{n}", kind, "0101") for n in range(20)
               for kind in ("application.meter", "application.reading")]  # fmt: skip
    told = found("account_conflict", orders=NONE, account_orders=opened(*rows, *planted), units=PLACES)

    assert {one.object for one in told} == {f"account:~c{n}" for n in range(20)}


def rated(number, days, **more):
    at = NOW - days * DAY
    row = {"number": number, "procedure": "repair", "accepted_at": at - DAY, "called_back_at": at}
    return row | {"satisfaction": "dissatisfied", "account": number} | more


def test_who_is_not_content_and_says_nothing_is_found_and_who_complains_or_is_content_is_not():
    rows = [
        rated("silent", 1),
        rated("over", 8),
        rated("crew", 1, satisfaction="not_rated", crew_rating="poor"),
        rated("card", 1, satisfaction="", called_back_at=None, card="dissatisfied", card_at=NOW - DAY),
        rated("long", 40),
        rated("content", 1, satisfaction="satisfied"),
        rated("complained", 3),
        rated("c1", 0, account="complained", procedure="complaint", accepted_at=NOW - DAY),
        rated("called", 3, phone="p"),
        rated("c2", 0, account="", phone="p", procedure="complaint", accepted_at=NOW - DAY),
        rated("before", 3),
        rated("c3", 0, account="before", procedure="complaint", accepted_at=NOW - 9 * DAY),
    ]
    told = {one.cases[0]: one for one in found("silent_dissatisfaction", cases=known(*rows))}

    assert set(told) == {"silent", "over", "crew", "card", "before"}
    assert (told["silent"].level, told["over"].level) == (Level.GENERAL, Level.IMPORTANT)
    assert told["silent"].facts["day"] == "2026-03-06"
    assert told["silent"].category == ""  # nobody knows what they would complain of


def test_who_is_not_content_twice_is_urgent():
    told = found(
        "silent_dissatisfaction", cases=known(rated("a", 1, account="x"), rated("b", 2, account="x"))
    )

    assert [(one.level, one.why) for one in told] == [(Level.URGENT, "not_content_often")] * 2
