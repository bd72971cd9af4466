"""Open cases move to the newest version of their procedure; one in a state it lacks stays and is named."""

from dataclasses import replace

import pytest

from suyuan.actions import versions
from suyuan.domain import procedures
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.procedures import complaint, frozen
from suyuan.domain.vocabulary import State
from suyuan.store import chain
from suyuan.store.models import Case, Event
from tests.factories import FORMS, NOW, case_at, do

pytestmark = pytest.mark.django_db
OLD = complaint.PROCEDURE.version
NEW = OLD + 1


@pytest.fixture
def newer(monkeypatch):
    """Release a further version of the complaint's table, in which nobody reviews."""
    steps = tuple(
        replace(step, target=State.CALLBACK) if step.verb == "submit_finding" else step
        for step in complaint.STEPS
        if step.verb not in ("review_pass", "review_return")
    )
    steps = tuple(
        replace(step, source=tuple(s for s in step.source if s is not State.REVIEWING)) for step in steps
    )
    monkeypatch.setitem(
        procedures.CURRENT, "complaint", replace(complaint.PROCEDURE, version=NEW, steps=steps)
    )


def row(**changed):
    """Return the report of one procedure."""
    return {
        "procedure": "complaint",
        "from": OLD,
        "to": NEW,
        "moved": 0,
        "stays": 0,
        "stay_numbers": [],
        "dry_run": False,
    } | changed


def test_with_everything_on_the_newest_version_there_is_nothing_to_do():
    case_at("handling")
    before = Event.objects.count()

    assert versions.migrate(actor=SYSTEM, now=NOW, dry_run=False) == {"procedures": []}
    assert Event.objects.count() == before


def test_open_cases_move_and_the_archived_keep_what_they_were_judged_by(newer, monkeypatch):
    with monkeypatch.context() as old:
        old.setitem(procedures.CURRENT, "complaint", complaint.PROCEDURE)
        handling, archived = case_at("handling"), case_at("archived")

    report = versions.migrate(actor=SYSTEM, now=NOW, dry_run=False)

    assert report == {"procedures": [row(moved=1)]}
    assert Case.objects.get(pk=handling.pk).version == NEW
    assert Case.objects.get(pk=archived.pk).version == OLD
    event = Event.objects.filter(stream=f"case:{handling.number}").order_by("-seq").first()
    assert (event.verb, event.actor, event.detail) == (
        "migrate",
        "system",
        {"procedure": "complaint", "from_version": OLD, "to_version": NEW},
    )
    assert Case.objects.get(pk=handling.pk).changed_event == event.pk
    assert chain.verify()[0] == 2


def test_a_case_in_a_state_the_new_version_lacks_stays_and_is_named(newer, monkeypatch):
    with monkeypatch.context() as old:
        old.setitem(procedures.CURRENT, "complaint", complaint.PROCEDURE)
        reviewing = case_at("reviewing")

    report = versions.migrate(actor=SYSTEM, now=NOW, dry_run=False)

    assert report == {"procedures": [row(stays=1, stay_numbers=[reviewing.number])]}
    assert Case.objects.get().version == OLD


def test_a_dry_run_says_the_same_and_changes_nothing(newer, monkeypatch):
    with monkeypatch.context() as old:
        old.setitem(procedures.CURRENT, "complaint", complaint.PROCEDURE)
        case_at("handling"), case_at("reviewing")
    before = Event.objects.count()
    number = Case.objects.get(state="reviewing").number

    report = versions.migrate(actor=SYSTEM, now=NOW, dry_run=True)

    assert report == {"procedures": [row(moved=1, stays=1, stay_numbers=[number], dry_run=True)]}
    assert (Event.objects.count(), set(Case.objects.values_list("version", flat=True))) == (before, {OLD})


def test_a_case_that_stays_is_worked_on_by_the_table_it_pinned(newer, monkeypatch):
    with monkeypatch.context() as old:
        old.setitem(procedures.CURRENT, "complaint", complaint.PROCEDURE)
        case = case_at("reviewing")

    case = do(case, "review_pass", "marketing", **FORMS["review_pass"](case))

    assert (case.version, case.state) == (OLD, "callback")
    assert frozen.pinned("complaint", OLD) == complaint.PROCEDURE
