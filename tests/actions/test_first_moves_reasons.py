"""What speaks for a call: signals that were kept, own cases, and what a model says of customers."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from suyuan.actions.firstmoves import _risk, _signals, make
from suyuan.actions.firstmoves.words import words
from suyuan.actions.risk import scoring
from suyuan.analytics import firstcalls
from suyuan.analytics.detect.index import DETECTORS
from suyuan.store import risk as files
from suyuan.store import rules
from suyuan.store.models import FirstMove, KeptSignal
from suyuan.store.queries import firstmoves as queries
from suyuan.store.queries import viewer
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


def test_the_detectors_that_are_named_are_there():
    named = {name for one in firstcalls.shipped()["reason"] for name in one["same_as"]}

    assert (named | _signals.PROMISING) - set(DETECTORS) == set()


@pytest.fixture
def scored():
    """Keep what a model said, and forget it again."""
    yield lambda said: files.put("complaint", files.SCORES, asdict(said))
    files.path("complaint", files.SCORES).unlink(missing_ok=True)


def test_a_model_of_complaints_goes_before_guesses_and_speaks_for_a_call(tmp_path, nobody_held_out, scored):
    calm, sure, doubtful = accounts(tmp_path, 3)
    told = [
        scoring.Score(one.number_index, chance, 0.0, 1.0, band, doubt, ())
        for one, chance, band, doubt in (
            (calm, 0.001, "low", ""), (sure, 0.4, "high", ""), (doubtful, 0.9, "high", "outside"),
        )
    ]  # fmt: skip
    scored(scoring.Scores("complaint", NOW.isoformat(), "", 3, tuple(told)))

    made([signal(calm, "urgent"), *_risk.said(_risk.scores(NOW))])

    assert [(one.account_id, round(one.score, 3)) for one in listed()] == [(sure.pk, 0.4), (calm.pk, 0.001)]
    assert words(listed()[0].reasons, TODAY, "en").why == (
        "a model puts a complaint within thirty days at 40%",
    )
    assert _risk.scores(NOW + 3 * DAY) == {}
