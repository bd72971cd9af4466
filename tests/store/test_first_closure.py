"""What the figures say of a first closure, whatever comes later."""

import shutil
from datetime import timedelta

import pytest

from suyuan.analytics.board import board
from suyuan.analytics.period import parse
from suyuan.gateways.engine import open_duckdb
from suyuan.store import lake
from tests.factories import NOW, UNHAPPY, case_at, do

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


def test_a_second_handling_and_a_reopening_change_no_figure_of_the_first_closure():
    case = do(case_at("callback", "enquiry"), "call_back", "agent", NOW + DAY, **UNHAPPY)
    talked = do(case_at("registered", "enquiry"), "close_in_call", "agent", NOW, reply="已解释")
    first = ("first_satisfaction", "first_answer_rate", "timely_rate")
    before = figures(*first)

    do(talked, "reopen", "office", NOW + DAY, note="客户再问")
    case = do(case, "second_handle", "office", NOW + 2 * DAY, note="仍未解决")
    case = do(case, "answer", "station", NOW + 3 * DAY, reply="已再次答复")
    case = do(case, "call_back", "agent", NOW + 3 * DAY, reached=True, satisfaction="satisfied")

    assert before == figures(*first) == {**before, "first_satisfaction": (0, 1), "first_answer_rate": (1, 2)}
    assert figures("callback_satisfaction") == {"callback_satisfaction": (1, 1)}
