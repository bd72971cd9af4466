"""Running clocks keep the limit they started under, until a verb puts them under the edition in force."""

from datetime import timedelta

import pytest

from suyuan.actions import clock as clock_actions
from suyuan.analytics.board import by_unit
from suyuan.analytics.period import ALL
from suyuan.domain.errors import Refused
from suyuan.gateways.engine import open_duckdb
from suyuan.store import chain, lake, rules
from suyuan.store.models import Clock, Event
from suyuan.store.queries import history
from tests.factories import NOW, actor, case_at, do
from tests.lakes import fresh_lake
from tests.rulebook_entries import DISPATCH, SURE, landed

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TODAY = DISPATCH | {"in_force_from": "2026-03-04"}


@pytest.fixture(autouse=True)
def nothing_left():
    rules.forget()
    yield
    rules.forget()


def clock_of(case, limit: str = "complaint.accept") -> Clock:
    return Clock.objects.get(case=case, limit=limit)


def budget(clock: Clock) -> timedelta:
    return clock.due_at - clock.started_at


def retarget(**given):
    return clock_actions.retarget(
        **({"limit": "complaint.accept", "actor": actor("office"), "now": NOW} | given)
    )


def step_rate(limit: str) -> tuple[float, float | None, dict[str, float]]:
    """Return n, of and what is left out of a limit's own timely rate, as units are compared by it."""
    lake.refresh()
    with open_duckdb(lake.folder()) as engine:
        found = by_unit(engine.tables(), ALL, [f"step_timely_rate.{limit}"], as_of=NOW + 9 * HOUR)
    [row] = next(one.rows for one in found if one.path == "/01/0101/")
    return row.n, row.of, dict(row.excluded)


def test_a_new_edition_leaves_running_clocks_alone():
    case = case_at("dispatched", now=NOW)

    landed("limit", TODAY, NOW + HOUR)

    assert (budget(clock_of(case)), clock_of(case).limit_from.isoformat()) == (2 * HOUR, "2021-09-25")


def test_the_verb_puts_them_under_it_with_a_line_and_an_event_each():
    case = case_at("dispatched", now=NOW)
    started = clock_of(case).started_at
    landed("limit", TODAY, NOW + HOUR)

    done = retarget(now=NOW + HOUR)

    clock = clock_of(case)
    line = clock.entries.get()
    event = Event.objects.filter(stream=f"case:{case.number}").latest("seq")
    assert done == clock_actions.Retargeted(moved=1, passed_over=0, left=0, last=case.number)
    assert (budget(clock), clock.started_at, clock.limit_from.isoformat()) == (HOUR, started, "2026-03-04")
    assert (line.kind, line.reason) == ("retarget", "rule_retarget")
    assert (line.due_before - started, line.due_after - started) == (2 * HOUR, HOUR)
    assert (event.verb, event.actor, event.detail["clocks"][0]["limit"]) == (
        "retarget",
        "office",
        "complaint.accept",
    )
    case.refresh_from_db()
    assert (case.changed_event, case.next_due_at) == (event.pk, clock.due_at)
    assert Event.objects.filter(stream=rules.STREAM).latest("seq").detail == {
        "limit": "complaint.accept",
        "clocks": 1,
    }
    assert chain.verify()[0] > 0


def test_again_moves_nothing_and_writes_nothing():
    case_at("dispatched", now=NOW)
    landed("limit", TODAY)
    retarget()
    events = Event.objects.count()

    assert retarget() == clock_actions.Retargeted(0, 0, 0)
    assert Event.objects.count() == events


def test_batches_go_on_where_the_last_one_stopped():
    numbers = sorted(case_at("dispatched", now=NOW).number for _ in range(3))
    landed("limit", TODAY)

    first = retarget(most=2)
    second = retarget(most=2, after=numbers[1])

    assert [(one.moved, one.left) for one in (first, second)] == [(2, 1), (1, 0)]


def test_a_preview_counts_and_changes_nothing():
    case = case_at("dispatched", now=NOW)
    landed("limit", TODAY)
    edition = clock_actions.in_force("complaint.accept", NOW)
    before = clock_of(case).due_at

    seen = clock_actions.preview(edition=edition, now=NOW + 1.5 * HOUR, book=rules.rulebook())

    assert seen == clock_actions.Preview(1, 1, later=0, earlier=1, overdue=1, passed_over=0)
    assert clock_of(case).due_at == before


def test_a_case_the_edition_does_not_fit_is_passed_over():
    case = case_at("dispatched", now=NOW)
    landed("limit", TODAY | {"when": {"level": ["special"]}})

    assert retarget() == clock_actions.Retargeted(moved=0, passed_over=1, left=1, last=case.number)
    assert budget(clock_of(case)) == 2 * HOUR


def test_a_paused_clock_moves_and_its_pause_still_counts():
    case = do(
        case_at("dispatched", now=NOW), "pause", "office", NOW + HOUR / 2, reason="customer", evidence="录音1"
    )
    landed("limit", TODAY)

    retarget(now=NOW + HOUR)
    case = do(case, "resume", "office", NOW + HOUR)

    assert (clock_of(case).state, budget(clock_of(case))) == ("running", 1.5 * HOUR)


def test_the_case_goes_on_under_the_new_due_and_may_be_backdated_as_before():
    case = case_at("dispatched", now=NOW)
    landed("limit", TODAY)
    retarget(now=NOW + 2 * HOUR)

    case = do(case, "accept", "station", NOW + HOUR / 2)

    assert (clock_of(case).state, clock_of(case).stopped_at) == ("stopped", NOW + HOUR / 2)


def test_only_who_may_approve_may_retarget():
    with pytest.raises(Refused) as refused:
        retarget(actor=actor("lead"))

    assert refused.value.code == "not_your_role"


def test_a_limit_without_an_edition_today_is_refused():
    landed("limit", DISPATCH | {"id": "complaint.old", "in_force_until": "2026-02-01"})

    with pytest.raises(Refused) as refused:
        retarget(limit="complaint.old")

    assert refused.value.code == "no_limit_in_force"


def test_an_unconfirmed_limit_enters_the_board_only_after_it_is_confirmed():
    fresh_lake()
    case = do(case_at("dispatched", now=NOW), "accept", "station", NOW + HOUR)
    before = step_rate("complaint.accept")

    landed("confirm", SURE)

    assert before == (0, 0, {"unconfirmed_rule": 1})
    assert step_rate("complaint.accept") == (1, 1, {})
    line = next(one for one in history.clocks(case, NOW) if one.clock.limit == "complaint.accept")
    assert (line.certainty, line.assessable) == ("confirmed", True)


def test_a_revoked_confirmation_shuts_the_gate_again():
    fresh_lake()
    do(case_at("dispatched", now=NOW), "accept", "station", NOW + HOUR)
    landed("confirm", SURE)
    doubt = {"limit": "complaint.accept", "in_force_from": "2021-09-25"}

    landed("revoke", doubt | {"certainty": "memory", "note": "出处有误"}, NOW + HOUR)

    limit = rules.rulebook().limit("complaint.accept", NOW.date())
    assert (limit.certainty.value, limit.confirmed_by, limit.note) == ("memory", "", "出处有误")
    assert step_rate("complaint.accept") == (0, 0, {"unconfirmed_rule": 1})
