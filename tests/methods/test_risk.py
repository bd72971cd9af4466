"""Risk models: nothing looks ahead, parts add up, what is kept reads back, a log's truth is found."""

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import average_precision_score
from threadpoolctl import threadpool_limits

from suyuan.actions.risk.reading import told
from suyuan.analytics.risk import fitting, judging, saving
from suyuan.analytics.risk import learned as models
from suyuan.analytics.risk.calibrated import calibrated
from suyuan.analytics.risk.doubt import KINDS, Doubt, doubts
from suyuan.analytics.risk.features import Matrix, features
from suyuan.analytics.risk.moments import moments
from suyuan.analytics.risk.outcome import outcome
from suyuan.analytics.risk.question import question
from suyuan.analytics.risk.split import split
from suyuan.analytics.risk.timeline import NEVER, Asked, LooksAhead, Past, timeline
from suyuan.domain.errors import BadInput, Refused
from suyuan.gateways.eventlog.making import Making
from tests.risk_log import DAY, START, TERMS, columns, later_scrambled

LOOKED = models.Terms(0.5, 0.25, 0.12, 30, 3, 1, 0.6, 0.1)
LIMIT = {**TERMS, "kind": "late", "days": 2, "activities": [], "ages": [6]}
EVERY = {**TERMS, "ages": [], "every": 3, "open_for": 8, "on_customer": True}
QUESTIONS = {"follows": TERMS, "late": LIMIT, "every": EVERY}


@cache
def learned(name="follows"):
    asked = question(name, QUESTIONS[name])
    log = told(columns(), asked)
    return log, *models.learned(log, asked, LOOKED, 7)


def test_a_past_has_the_rows_up_to_its_moment_and_of_its_subject_alone():
    lines = timeline(np.array([1, 0, 1, 1]), np.array([30, 10, 10, 20]), 3, code=np.array([3, 9, 1, 2]))
    past = lines.past(Asked(np.array([1, 1, 1, 0, 2, -1]), np.array([9, 10, 29, 99, 99, 99])))

    assert past.count().tolist() == [0, 1, 2, 1, 0, 0]
    assert past.read("code", none=-1).tolist() == [-1, 1, 2, 9, -1, -1]
    assert past.since_last().tolist() == [NEVER, 0, 9, 89, NEVER, NEVER]
    assert past.since_first().tolist() == [NEVER, 0, 19, 89, NEVER, NEVER]
    assert past.within(15).tolist() == [0, 1, 1, 0, 0, 0]


def test_a_feature_that_looks_past_its_time_fails():
    lines = timeline(np.array([0, 0]), np.array([10, 20]), 1, code=np.array([1, 2]))
    past = Past(lines, Asked(np.array([0]), np.array([15])))
    past._end = past._end + 1

    for look in (past.count, past.since_last, lambda: past.read("code"), lambda: past.within(3)):
        with pytest.raises(LooksAhead):
            look()


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_happens_after_a_moment_changes_no_feature(name):
    _, model, _ = learned(name)
    moment = START + 120 * DAY
    seen = []
    for log in (columns(), later_scrambled(columns(), moment), columns(until=moment)):
        known = told(log, model.question)
        ids = {subject: number for number, subject in enumerate(known.subjects)}
        mine = moments(told(columns(until=moment), model.question), model.question)
        names = told(columns(until=moment), model.question).subjects
        asked = Asked(np.array([ids[names[one]] for one in mine.subject]), mine.at)
        alike = models.known_outcomes(replace(known, end=moment), model.question)
        seen.append(features(known, model.recipe, alike, asked, model.question).values)

    assert len(seen[0]) > 200
    assert_array_equal(seen[0], seen[1])
    assert_array_equal(seen[0], seen[2])


def test_no_row_learns_what_was_not_certain_before_its_part_ended():
    asked = question("follows", TERMS)
    log = told(columns(), asked)
    rows = moments(log, asked)
    became = outcome(log, rows, asked)
    parts = split(rows, became, log.end, (0.5, 0.25))

    first, second, end = parts.borders
    for part, low, high in (
        (parts.learn, 0, first),
        (parts.calibrate, first, second),
        (parts.judge, second, end),
    ):
        assert len(part) > 50
        assert rows.at[part].min() >= low
        assert became.certain[part].max() <= high


def test_once_is_enough_counts_from_when_a_subject_began_though_it_is_its_customers():
    made = Making()
    account, first, second = (
        made.object(kind, name) for kind, name in (("account", "a"), ("order", "o1"), ("order", "o2"))
    )
    for name, at, things in (
        ("complaint", 0, (account,)),
        ("begun", 1, (first, account)), ("complaint", 3, (account,)),
        ("begun", 5, (second, account)), ("complaint", 7, (account,)),
    ):  # fmt: skip
        made.event(f"e{at}", name, (START + at * DAY) * 1_000_000, things)
    asks = question("q", {"subjects": ["order"], "kind": "follows", "activities": ["complaint"], "days": 3,
                           "on_customer": True, "once": True, "customer": ["account"], "every": 1,
                           "open_for": 30})  # fmt: skip
    log = told(made.columns(), asks)
    asked = Asked(np.array([0, 0, 1, 1]), START + np.array([2, 4, 6, 8]) * DAY)

    became = outcome(log, asked, asks)

    assert became.open.tolist() == [True, False, True, False]
    assert became.happened.tolist() == [True, True, True, False]


def test_the_truth_of_the_log_is_found_and_said_beside_trivial_rules():
    _, model, card = learned()
    worth = card.judged

    assert card.rows[2] == worth.rows
    assert worth.precision.low > 2 * worth.prevalence
    assert worth.recall.low > 2 * worth.workload
    assert worth.rules["prior"].precision_recall == pytest.approx(worth.prevalence)
    assert {name: one.above.low > 0 for name, one in worth.rules.items()} == dict.fromkeys(
        ("prior", "count", "last", "alike"), True
    )
    assert worth.error.value < 0.1
    assert sum(one.many for one in worth.bins) == worth.rows
    assert model.question.name == "follows"


@pytest.mark.parametrize("kind", ["linear", "trees"])
def test_parts_add_up_to_the_score_which_is_the_librarys(kind):
    chance = np.random.default_rng(3)
    values = chance.normal(size=(800, 6)).astype(np.float32)
    hit = chance.random(800) < 1 / (1 + np.exp(-2 * values[:, 0] + values[:, 1] * values[:, 2]))
    scorer = fitting.MAKERS[kind](values, hit, 1)
    parts, base = scorer.parts(values)

    assert_allclose(parts.sum(1) + base, scorer.scores(values), atol=1e-9)
    assert average_precision_score(hit, scorer.scores(values)) > 0.7


def test_our_trees_say_what_the_librarys_say():
    from sklearn.ensemble import HistGradientBoostingClassifier

    chance = np.random.default_rng(4)
    values = np.round(chance.normal(size=(600, 5)), 1).astype(np.float32)
    hit = values[:, 0] * values[:, 1] + chance.normal(size=600) > 0
    with threadpool_limits(1):
        theirs = HistGradientBoostingClassifier(max_iter=20, random_state=0).fit(values.astype(float), hit)
        said = theirs.decision_function(values.astype(float))

    assert_allclose(fitting._kept(theirs).scores(values), said)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40))
def test_mean_precision_is_the_usual_one(rows):
    score, hit = np.array([one for one, _ in rows], float), np.array([two for _, two in rows])
    if hit.any():
        ours = judging.mean_precision(score, hit, np.ones(len(rows)))
        assert ours == pytest.approx(average_precision_score(hit, score))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30), st.floats(0.01, 1))
def test_ties_share_what_can_be_looked_at(scores, workload):
    score = np.array(scores, float)
    looked = judging.looked_at(score, np.ones(len(score)), workload)

    assert looked.sum() == pytest.approx(workload * len(score))
    assert all(looked[score > one].min(initial=1) >= looked[score == one].max() for one in set(scores))


def test_probabilities_are_calibrated_and_their_intervals_hold_the_shares():
    chance = np.random.default_rng(6)
    score = chance.normal(-1, 2, 6_000)
    hit = chance.random(6_000) < 1 / (1 + np.exp(-0.5 * score))
    for many, kind in ((6_000, "isotonic"), (300, "sigmoid")):
        curve = calibrated(score[:many], hit[:many])
        low, high = curve.intervals(score)
        assert curve.kind == kind
        assert abs(curve.chances(score) - 1 / (1 + np.exp(-0.5 * score))).mean() < 0.06
        assert ((low <= curve.chances(score)) & (curve.chances(score) <= high)).all()
        assert ((low >= 0) & (high <= 1)).all()


def test_nothing_is_said_of_what_is_unlike_all_that_was_learned():
    log, model, _ = learned()
    said = models.scored(
        model, log, models.known_outcomes(log, model.question), models.open_now(model, log, START + 190 * DAY)
    )
    strange = said.matrix.values.copy()
    strange[:, :6] = 1e6
    none = said.matrix.values.copy()
    none[:, model.features.index("course.events")] = 0

    def why(values):
        matrix = Matrix(model.features, values)
        return doubts(model.support, matrix, model.curve, model.scorer.scores(values))

    assert set(why(strange).tolist()) == {KINDS.index(Doubt.OUTSIDE)}
    assert set(why(none).tolist()) == {KINDS.index(Doubt.LITTLE)}
    wide = replace(model.support, wide=-1.0, outside=1_000)
    assert set(doubts(wide, said.matrix, model.curve, said.score).tolist()) == {KINDS.index(Doubt.WIDE)}


def test_what_is_older_than_any_was_when_it_was_learned_is_not_asked_about():
    log, model, _ = learned()
    asked = models.open_now(model, log, log.end - 20 * DAY)
    age = asked.at - log.begun[asked.subject]

    assert len(asked) > 5
    assert (age.min() >= 0, age.max() <= 48 * 3_600 + DAY) == (True, True)


def test_groups_of_features_add_up_to_the_score():
    log, model, _ = learned()
    said = models.scored(
        model, log, models.known_outcomes(log, model.question), models.open_now(model, log, START + 190 * DAY)
    )
    groups, parts, base = models.added(model, said.matrix)

    assert {"age", "idle", "alike", "customer", "when"} <= set(groups)
    assert_allclose(parts.sum(1) + base, said.score, atol=1e-6)


def test_many_are_scored_in_parts_as_they_are_at_once(monkeypatch):
    log, model, _ = learned()
    given = log, models.known_outcomes(log, model.question), models.open_now(model, log, START + 190 * DAY)
    whole = models.scored(model, *given)
    monkeypatch.setattr(models, "AT_ONCE", 7)

    assert len(whole.score) > 7
    assert_array_equal(models.scored(model, *given).score, whole.score)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_model_reads_back_as_it_was_kept(name):
    log, model, card = learned(name)
    again, same = saving.loaded(json.loads(json.dumps(saving.saved(model, card))))
    alike, asked = models.known_outcomes(log, model.question), models.open_now(model, log, START + 190 * DAY)

    assert same == card
    assert_array_equal(
        models.scored(again, log, alike, asked).chance, models.scored(model, log, alike, asked).chance
    )


def broken():
    """Return ways in which a kept model can be wrong."""
    return {
        "no format": lambda one: one.pop("format"),
        "an index beyond the nodes": lambda one: one["model"]["scorer"].update(root=[10**9], depth=[1]),
        "a number that is none": lambda one: one["model"].update(cut="1"),
        "infinity": lambda one: one["model"]["curve"]["score"].__setitem__(0, float("inf")),
        "features that are missing": lambda one: one["model"]["features"].pop(),
        "an unknown question": lambda one: one["model"]["question"].update(kind="other"),
        "no card": lambda one: one.update(card=None),
        "no object": lambda one: one.update(model=[]),
    }


@pytest.mark.parametrize("how", broken())
def test_a_kept_model_that_is_wrong_is_refused(how):
    content = json.loads(json.dumps(saving.saved(*learned()[1:])))
    broken()[how](content)

    with pytest.raises(BadInput) as refused:
        saving.loaded(content)
    assert refused.value.code == "risk_model_broken"


def test_too_little_is_refused_with_figures():
    asked = question("follows", TERMS)
    with pytest.raises(Refused) as refused:
        models.learned(told(columns(60), asked), asked, LOOKED, 7)

    assert refused.value.code == "risk_too_little"
    assert refused.value.facts["least"] == 30


@pytest.mark.parametrize(
    "change",
    [{"kind": "soon"}, {"subjects": "order"}, {"ages": []}, {"colour": 1}, {"subjects": []}],
)
def test_a_question_that_is_wrong_names_what(change):
    with pytest.raises(BadInput) as refused:
        question("q", {**TERMS, **change})
    assert refused.value.code.startswith("question_")


def test_the_library_is_loaded_by_nothing_but_learning():
    modules = "suyuan.cli.main", "suyuan.actions.risk.reading", "suyuan.analytics.risk.saving"
    asked = (
        f"import {', '.join(modules)}, sys; print(*[m for m in ('sklearn', 'joblib') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert said.stdout == "\n"
