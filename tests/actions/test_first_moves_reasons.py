"""What speaks for a call: signals that were kept, own cases, and what a model says of customers."""

from datetime import timedelta

import pytest

from suyuan.actions.firstmoves import _risk, _signals, make
from suyuan.actions.firstmoves.words import promise, words
from suyuan.analytics import firstcalls
from suyuan.analytics.detect.index import DETECTORS
from suyuan.store import risk as files
from suyuan.store import rules
from suyuan.store.event_log import meeting
from suyuan.store.models import FirstMove, KeptSignal
from suyuan.store.queries import firstmoves as queries
from suyuan.store.queries import viewer
from tests import risk_models as worth
from tests.factories import NOW, case_at, person, unit
from tests.first_moves import TODAY, customers, made, of_case, signal

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def nobody_held_out(monkeypatch):
    monkeypatch.setattr(make, "is_held_out", lambda lot, share: False)


def accounts(tmp_path, count=1):
    unit()
    return customers(tmp_path, count)


def listed() -> list[FirstMove]:
    return list(queries.listed(viewer.of(person("office")), TODAY))


def kept(about: str, unit_code: str = "0101", **more) -> KeptSignal:
    row = {
        "key": f"zero_readings|{about}", "detector": "zero_readings", "object": about, "level": "urgent",
        "said": "general", "since": NOW, "first_seen": NOW, "last_seen": NOW, "looked_at": NOW,
        "observed": 4, "expected": 3, "why": "promise_near", "unit": unit(unit_code), "state": "open",
        "category": "business.billing.reading", "facts": {"case": "1", "day": "2026-03-09", "days": 3},
    }  # fmt: skip
    return KeptSignal.objects.create(**row | more)


def test_signals_that_were_kept_are_told_as_they_were_graded_with_what_the_playbook_says(
    tmp_path, nobody_held_out
):
    one, other = accounts(tmp_path, 2)
    kept(f"account:{one.number_index}")
    kept(f"account:{other.number_index}", state="muted")
    kept("unit:0101")

    made(make._signals.said([], NOW))

    row = FirstMove.objects.get()
    assert (row.account_id, row.reasons[0]["level"], row.reasons[0]["source"]) == (one.pk, "urgent", "signal")
    for lang in ("zh", "en"):
        say = getattr(rules.rulebook().playbooks["business.billing.reading"].say, lang)
        assert words(row.reasons, TODAY, lang).say == say.replace("{", "〔").replace("}", "〕")


def test_what_an_own_case_says_is_not_said_again_by_a_detector():
    case = case_at("handling")
    order = of_case(case).reason
    kept(f"case:{case.number}", detector="silent_dissatisfaction")

    assert [one.case for one in make._signals.said([], NOW)] == [case.number]
    assert make._signals.said([order], NOW) == []


def test_a_promise_at_stake_is_said_in_words_with_its_due():
    case = case_at("handling")
    clock = case.clocks.first()
    facts = {"case": case.number, "limit": clock.limit, "left_hours": 3.5, "percent": 8}
    kept(f"case:{case.number}", detector="case_overdue_soon", why="overdue_soon", facts=facts)
    kept("case:x", detector="commitment_breaking", key="other")

    limited, committed = (one.reason for one in make._signals.said([], NOW))

    assert (limited.promise, limited.due) == (clock.limit, clock.due_at)
    assert (committed.promise, f"{committed.due:%Y-%m-%d %H:%M %z}") == (
        "commitment",
        "2026-03-09 23:59 +0800",
    )
    told = [promise([make._plain(one)], "en") for one in (limited, committed)]
    assert told == [rules.label("limit", clock.limit, "en"), "A promise made to the customer"]


def test_the_detectors_that_are_named_are_there():
    named = {name for one in firstcalls.shipped()["reason"] for name in one["same_as"]}

    assert (named | _signals.PROMISING) - set(DETECTORS) == set()


def test_a_model_of_complaints_goes_before_guesses_and_speaks_for_a_call(
    tmp_path, nobody_held_out, monkeypatch
):
    monkeypatch.setattr(files, "home", lambda: tmp_path)
    calm, sure, doubtful, ordered = accounts(tmp_path, 4)
    worth.trained("complaint")
    worth.trained("order_complaint")
    each = ((calm, 0.001, "low", ""), (sure, 0.4, "high", ""), (doubtful, 0.9, "high", "outside"))
    told = [
        worth.score(meeting(one.number_index), chance, band=band, doubt=doubt)
        for one, chance, band, doubt in each
    ]
    worth.said(*told, name="complaint")
    order = worth.score("HB1", 0.3, account=meeting(ordered.number_index))
    worth.said(order, worth.score("HB2", 0.2), name="order_complaint")

    made([signal(calm, "urgent"), *_risk.said(_risk.scores(NOW))])

    found = listed()
    assert [(one.account_id, round(one.score, 3)) for one in found] == [
        (sure.pk, 0.4), (ordered.pk, 0.3), (calm.pk, 0.001),
    ]  # fmt: skip
    assert [words(one.reasons, TODAY, "en").why for one in found[:2]] == [
        ("a model puts a complaint within thirty days at 40%",),
        ("a model puts a complaint over order HB1 within five days at 30%",),
    ]
    worth.no_better("order_complaint")
    assert sorted(_risk.scores(NOW)) == sorted(one.number_index for one in (calm, sure))
    assert _risk.scores(NOW + 3 * DAY) == {}
