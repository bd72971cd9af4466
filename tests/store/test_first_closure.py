"""What the figures say of a first closure, whatever comes later."""

import shutil
from datetime import timedelta

import pytest

from suyuan.actions import card
from suyuan.analytics.board import board
from suyuan.analytics.period import parse
from suyuan.gateways.engine import open_duckdb
from suyuan.store import lake
from suyuan.store.queries import cards
from tests.factories import FORMS, NOW, UNHAPPY, case_at, do, who

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_lake():
    """Begin without a lake, and leave none of another database's ids behind."""
    shutil.rmtree(lake.folder())
    yield
    shutil.rmtree(lake.folder())


def figures(*ids):
    """Return the figures of a lake brought up to date, n and of by measure."""
    lake.refresh()
    with open_duckdb(lake.folder()) as engine:
        drawn = board(engine.tables(), parse("2026-03"), as_of=NOW + 9 * DAY)
    rows = {row.id: (row.n, row.of) for row in drawn}
    return {name: rows[name] for name in ids}


FIRST = ("first_satisfaction", "first_answer_rate", "timely_rate", "reply_rate")
NOW_SAID = ("callback_satisfaction", "verified_rate")


def unhappy(procedure):
    """Return an answered case whose customer is not content."""
    case = case_at("callback", procedure)
    return do(case, "call_back", who(case, "call_back"), NOW + DAY, **UNHAPPY)


def answered_again(case, at, finding):
    """Return a case that is handled again, worked on to its next answer, with a finding given anew."""
    for verb in ("contact", "write_report", "submit_finding", "judge_item"):
        judged = {"finding": finding, "note": "复核改判"} if verb == "judge_item" else {}
        case = do(case, verb, who(case, verb), at, **FORMS[verb](case) | judged)
    return do(case, "review_pass", who(case, "review_pass"), at)


def closed(case, at, leads):
    """Return a case handled again whose customer is content, archived."""
    for verb, by in (("call_back", who(case, "call_back")), ("analyse_responsibility", leads)):
        case = do(case, verb, by, at, **FORMS[verb](case))
    return do(case, "archive", leads, at)


def test_a_second_handling_and_a_reopening_change_no_figure_of_the_first_closure():
    enquiry, complaint, report = map(unhappy, ("enquiry", "complaint", "report"))
    talked = do(case_at("registered", "enquiry"), "close_in_call", "agent", NOW, reply="已解释")
    led = ((complaint, "lead"), (report, "audit"))
    before = figures(*FIRST, *NOW_SAID)

    do(talked, "reopen", "office", NOW + DAY, note="客户再问")
    enquiry = do(enquiry, "second_handle", "office", NOW + 2 * DAY, note="仍未解决")
    enquiry = do(enquiry, "answer", "station", NOW + 3 * DAY, reply="已再次答复")
    do(enquiry, "call_back", "agent", NOW + 3 * DAY, reached=True, satisfaction="satisfied")
    for case, leads in led:
        again = do(case, "second_handle", leads, NOW + 2 * DAY, note="仍未解决")
        closed(answered_again(again, NOW + 2 * DAY, "unverified"), NOW + 3 * DAY, leads)
    handled_again = figures(*FIRST, *NOW_SAID)
    for case, leads in led:
        again = do(case, "reopen", leads, NOW + 4 * DAY, note="客户再次来电")
        again = answered_again(again, NOW + 4 * DAY, "verified")
        do(again, "call_back", who(again, "call_back"), NOW + 5 * DAY, **UNHAPPY)
    opened_again = figures(*FIRST, *NOW_SAID)

    first = {"first_satisfaction": (0, 3), "first_answer_rate": (1, 2), "reply_rate": (4, 4)}
    stands = [{name: drawn[name] for name in FIRST} for drawn in (before, handled_again, opened_again)]
    assert stands == [first | {"timely_rate": before["timely_rate"]}] * 3
    said = [[drawn[name] for name in NOW_SAID] for drawn in (before, handled_again, opened_again)]
    assert said == [[(0, 3), (1, 1)], [(3, 3), (0, 1)], [(1, 3), (1, 1)]]
    assert before["timely_rate"][1] > 0


def test_a_card_of_the_first_handling_that_comes_late_counts_and_moves_no_figure_of_it():
    case = do(case_at("callback", "repair"), "issue_card", "station", NOW)
    code = cards.code(case)
    case = do(case, "call_back", "agent", NOW + DAY, **UNHAPPY)
    do(case, "second_handle", "office", NOW + DAY, note="仍停电")
    before = figures("card_mismatch", "first_satisfaction")

    card.rate(code=code, rating="satisfied", address="203.0.113.7", now=NOW + 2 * DAY)

    after = figures("card_mismatch", "first_satisfaction")
    assert before == {"card_mismatch": (0, 0), "first_satisfaction": (0, 1)}
    assert after == before | {"card_mismatch": (1, 1)}
