"""Models of risk that are learned here: kept with a card, written down, scored, never run from a file."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from suyuan.actions import customer, risk
from suyuan.actions.privacy import rights
from suyuan.actions.risk import asked, home_log, reading, scoring, training, watching
from suyuan.analytics.risk import outcome
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import risk as files
from suyuan.store import rules
from suyuan.store.models import Event
from tests.customer_files import load
from tests.factories import NOW, actor, case_at, do, unit
from tests.risk_log import START, TERMS, columns
from tests.risk_models import said, score

DAY = timedelta(days=1)
HOW = {"wish_how": "recorded_call"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "home", lambda: tmp_path)


def trained(name="overdue"):
    given = asked.of_table(name, TERMS)
    told = reading.told(columns(), given.question)
    return told, training.train(name=name, told=told, given=given, actor=actor("admin"), now=NOW)


def test_every_model_of_the_rulebook_can_be_asked():
    book = rules.rulebook()

    assert asked.names(book) == ["complaint", "order_complaint", "overdue", "unsatisfied", "again"]
    assert {asked.asked(book, name, NOW.date()).question.name for name in asked.names(book)} == set(
        asked.names(book)
    )
    for name in ("terms", "weekly", "other"):
        with pytest.raises(BadInput):
            asked.asked(book, name, NOW.date())


def test_a_model_is_kept_with_its_card_and_written_down():
    _, made = trained()
    event = Event.objects.get(stream="register:risk")

    assert training.kept("overdue").card == made.card
    assert (event.verb, event.detail["rows"]) == ("risk_train", list(made.card.rows))
    assert event.detail["digest"] == training.kept("overdue").digest
    assert files.path("overdue", files.MODEL).stat().st_mode & 0o077 == 0


def test_scores_are_the_highest_first_with_reasons_that_are_kept():
    told, made = trained()
    said = scoring.score(made, told, START + 150 * 86_400)
    chances = [one.chance for one in said.scores if not one.doubt]
    spoken = [not one.doubt for one in said.scores]

    assert said.of == len(said.scores) > 3
    assert chances == sorted(chances, reverse=True)
    assert spoken == sorted(spoken, reverse=True)
    assert {one.band for one in said.scores if not one.doubt} <= {"high", "raised", "low"}
    assert all((one.band == "unsaid") == bool(one.doubt) for one in said.scores)
    assert all(one.low <= one.chance <= one.high and one.why for one in said.scores)

    files.put("overdue", files.SCORES, scoring.asdict(said))
    assert scoring.kept_scores("overdue") == said
    first = said.scores[0]
    assert scoring.of_case(first.subject) == [("overdue", said.as_of, first)]
    assert scoring.of_case("none") == []


def test_what_is_no_model_is_refused_and_learned_anew():
    trained()
    files.path("overdue", files.MODEL).write_text('{"format": 1, "windows": "__import__"}', "utf-8")

    with pytest.raises(BadInput):
        training.needed("overdue")
    assert watching.refresh(now=NOW)["learned"]["overdue"] in ("risk_too_little", "unknown_value")


def test_a_model_that_was_not_learned_is_said_to_be_none():
    with pytest.raises(Refused) as refused:
        risk.scores("again", NOW)
    assert refused.value.code == "risk_untrained"


def test_too_few_cases_are_refused_with_figures_and_the_limit_is_known():
    case = case_at("handling")
    later = NOW + timedelta(days=1)
    given = asked.asked(rules.rulebook(), "overdue", NOW.date())
    told = training.told_here(given, later)
    place = list(told.subjects).index(case.number)
    clock = case.clocks.get(binding=True)

    due = outcome.due(told, given.question)[place]
    assert datetime.fromtimestamp(int(due), UTC) == clock.due_at.replace(microsecond=0)
    assert {"channel", "business_type", "team"} <= set(told.traits)
    assert "due" in home_log.columns(later, with_others=False).attributes_of_objects["name"].to_pylist()
    with pytest.raises(Refused) as refused:
        training.train(name="overdue", told=told, given=given, actor=actor("admin"), now=later)
    assert refused.value.code == "risk_too_little"
    assert not files.path("overdue", files.MODEL).exists()


def test_a_limit_that_was_moved_later_is_read_as_it_stood_then():
    case = case_at("handling", now=NOW)
    first = case.clocks.get(binding=True).due_at
    case = do(case, "pause", "office", NOW + timedelta(hours=3), reason="customer", evidence="录音12")
    do(case, "resume", "office", NOW + timedelta(hours=8))
    given = asked.asked(rules.rulebook(), "overdue", NOW.date())

    def known(hours):
        told = training.told_here(given, NOW + timedelta(hours=hours))
        place = list(told.subjects).index(case.number)
        return datetime.fromtimestamp(int(outcome.due(told, given.question)[place]), UTC)

    assert known(2) == first.replace(microsecond=0)
    assert known(9) == case_due(case) > known(2)


def case_due(case):
    return case.clocks.get(binding=True).due_at.replace(microsecond=0)


def test_models_that_read_the_same_log_read_it_once(monkeypatch):
    read = []
    monkeypatch.setattr(home_log.own_log, "columns", counted(home_log.own_log.columns, read))
    logs = home_log.Logs(NOW)

    first = logs.columns(with_others=False)
    assert logs.columns(with_others=False) is first
    assert len(read) == 1


def counted(made, read):
    def ask(*of):
        read.append(of)
        return made(*of)

    return ask


def test_the_worker_says_what_became_of_each_model():
    found = watching.refresh(now=NOW)

    assert set(found["learned"]) == {"complaint", "order_complaint", "overdue", "unsatisfied", "again"}
    assert found["scored"] == {}
    assert json.loads(json.dumps(found)) == found


def test_what_was_said_of_a_shredded_person_is_gone_with_them(tmp_path):
    case, other = case_at("archived"), case_at("handling", account="3300000000009", phone="13900000009")
    said(score(case.number), score(other.number))
    said(score(f"~{case.account_index}"), score("~other"), name="complaint")

    assert rights.found(case.number)["risk_scores"] == 2
    shred(tmp_path, case.number)

    assert [one.subject for one in scoring.kept_scores("overdue").scores] == [other.number]
    assert [one.subject for one in scoring.kept_scores("complaint").scores] == ["~other"]


def test_what_was_said_of_who_opts_out_is_gone(tmp_path, django_capture_on_commit_callbacks):
    unit()
    load(tmp_path)
    case, other = case_at("handling"), case_at("handling", account="3300000000009", phone="13900000009")
    mine = f"~{case.account_index}"
    said(score(case.number), score(other.number))
    said(score(mine), score("~other"), name="complaint")
    said(score("HB1", account=mine), score("HB2"), name="order_complaint")

    with django_capture_on_commit_callbacks(execute=True):
        customer.opt_out(number=case.number, actor=actor("agent"), now=NOW, form=HOW)

    left = {one: [each.subject for each in scoring.kept_scores(one).scores] for one in
            ("overdue", "complaint", "order_complaint")}  # fmt: skip
    assert left == {"overdue": [other.number], "complaint": ["~other"], "order_complaint": ["HB2"]}


def test_an_order_says_whose_it_is():
    told, made = trained()

    scores = scoring.score(made, told, START + 150 * 86_400).scores

    number = {one.subject: int(one.subject[1:]) for one in scores}
    assert {one.subject: one.account for one in scores} == {
        name: f"a{at % 300}" for name, at in number.items()
    }


def shred(folder, number):
    why = {"purpose": "subject_request"}
    rights.export(person=number, path=folder / "person.zip", actor=actor("audit"), now=NOW + DAY, form=why)
    for who in ("office", "audit"):
        rights.shred(person=number, actor=actor(who), now=NOW + DAY)
