"""The page of a case offers whoever did its last step to take it back; a bulk run's page all of its steps."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from suyuan.store import fingerprint
from suyuan.store.models import BulkRun, Case, Event
from tests.factories import case_at, do, person

pytestmark = pytest.mark.django_db
PAUSE = {"reason": "customer", "evidence": "录音 1"}


@pytest.fixture
def desk(client: Client) -> Client:
    """Sign an office in."""
    client.force_login(person("office"))
    return client


def lately(state: str = "handling") -> Case:
    """Return a case that was taken in an hour ago."""
    return case_at(state, now=timezone.now() - timedelta(hours=1))


def test_after_a_step_the_page_offers_to_take_it_back_and_does(desk: Client) -> None:
    case = lately()
    page = desk.post(f"/case/{case.number}/do/pause/", PAUSE, follow=True).content.decode()
    event = re.search(r'name="event" value="(\d+)"', page)[1]

    after = desk.post(f"/case/{case.number}/undo/", {"event": event}, follow=True).content.decode()

    assert "前可以撤回" in page
    assert ("已撤回" in after, 'name="event"' in after) == (True, False)
    assert [Case.objects.get().paused, Event.objects.latest("pk").verb] == [False, "resume"]


def test_somebody_else_is_offered_nothing(desk: Client) -> None:
    case = do(lately(), "pause", "lead", timezone.now(), **PAUSE)

    assert 'name="event"' not in desk.get(f"/case/{case.number}/").content.decode()


def test_what_was_overtaken_is_refused_in_words(desk: Client) -> None:
    case = do(lately(), "pause", "office", timezone.now(), **PAUSE)
    event = Event.objects.latest("pk").pk
    do(case, "note", "station", timezone.now(), note="客户来电")

    answer = desk.post(f"/case/{case.number}/undo/", {"event": event})

    assert (answer.status_code, "没有撤回" in answer.content.decode()) == (409, True)
    assert desk.post(f"/case/{case.number}/undo/", {"event": "x"}).status_code == 422


def test_the_page_of_a_bulk_run_takes_all_of_it_back(desk: Client) -> None:
    cases = [lately(), lately()]
    keys = [f"{fingerprint.of(case)} {case.number}" for case in cases]
    page = desk.post("/bulk/fill/", {"key": keys, "verb": "pause", "go": "1", **PAUSE}, follow=True)
    run = BulkRun.objects.get()

    taken = desk.post(f"/bulk/{run.pk}/undo/", follow=True).content.decode()

    assert "全部撤回" in page.content.decode()
    assert ("全部撤回" in taken, "已办 2 张" in taken) == (False, True)
    assert set(Case.objects.values_list("paused", flat=True)) == {False}
