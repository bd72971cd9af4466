"""The chain drawn over time, on the page of a trace and of its case; every part leads to its events."""

import json
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker as Blocker

from suyuan.actions import traced
from suyuan.simulate import build
from suyuan.store import event_log
from suyuan.store.models import Case, Unit
from tests import traced_city
from tests.factories import case_at, person

pytestmark = pytest.mark.django_db
DRAWN = re.compile(r'<svg class="timeline-chain".*?</svg>', re.DOTALL)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small simulated city's files."""
    folder = tmp_path_factory.mktemp("city")
    build(7, 300, 40, date(2025, 10, 31), folder)
    return folder


@pytest.fixture(scope="module")
def learned(
    city: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Blocker
) -> traced_city.Learned:
    """Return the city's event log, learned from."""
    with django_db_blocker.unblock():
        return traced_city.learned(city, tmp_path_factory.mktemp("learned"))


@pytest.fixture
def case(city: Path, learned: traced_city.Learned) -> Iterator[Case]:
    """Return a complaint that the log taken over, learned from, leads back from."""
    traced_city.again(learned)
    causes = json.loads((city / "truth.json").read_text("utf-8"))["causes"]
    [number] = [one["complaint"] for one in causes if one["kind"] == "zero_reading"]
    made = case_at("archived")
    Case.objects.filter(pk=made.pk).update(number=number, unit=Unit.objects.get(code="0101"))
    traced.known()
    yield Case.objects.get(pk=made.pk)
    event_log.path().unlink()


def signed_in(role: str = "office", language: str = "zh-hans") -> Client:
    client = Client()
    client.force_login(person(role))
    client.cookies["django_language"] = language
    return client


def targets(drawing: str) -> list[str]:
    """Return where the parts of a drawing lead."""
    return re.findall(r'<a href="([^"]*)"', drawing)


def test_every_step_and_arrow_of_the_drawing_leads_to_its_events(case: Case) -> None:
    text = signed_in().get(f"/trace/{case.number}/").content.decode()

    drawing = DRAWN.search(text)
    assert drawing is not None
    led = targets(drawing[0])
    assert led == [
        "#step-1-1", "#lead-1-1", "#step-1-2", "#lead-1-2", "#step-1-3", "#lead-1-3", "#step-1-4"
    ]  # fmt: skip
    for each in led:
        [events] = re.findall(rf'<ul id="{each[1:]}">(.*?)</ul>', text, re.DOTALL)
        assert events.count("<li>") > 0
    assert "<title>挡住了 · 同一户号不能同时走两张工单</title>" in drawing[0]
    assert "源头：批量地址修改单 DZ0000001" in drawing[0]


def test_the_drawing_is_told_in_english_too(case: Case) -> None:
    text = signed_in(language="en").get(f"/trace/{case.number}/").content.decode()

    drawing = DRAWN.search(text)
    assert drawing is not None
    assert "Source: 批量地址修改单 DZ0000001" in drawing[0]
    assert "Blocked by it · One account cannot carry two orders at once" in drawing[0]


def test_the_case_page_shows_the_chain_how_sure_it_is_and_that_nobody_judged_it(case: Case) -> None:
    text = signed_in().get(f"/case/{case.number}/").content.decode()

    drawing = DRAWN.search(text)
    assert drawing is not None
    assert "源头在西城供电所" in text
    assert {each.partition("#")[0] for each in targets(drawing[0])} == {f"/trace/{case.number}/"}
    assert "待核定" in text
    assert f'href="/trace/{case.number}/judge/"' in text


def test_the_case_page_shows_what_was_said_of_the_trace_and_by_whom(case: Case) -> None:
    client = signed_in()
    client.post(f"/trace/{case.number}/judge/", {"trace_verdict": "confirmed", "note": "已到现场看过"})

    page = client.get(f"/case/{case.number}/")

    said = page.context["trace"].said
    assert (said.verdict, said.note) == ("属实", "已到现场看过")
    assert said.by in page.content.decode()
    assert "待核定" not in page.content.decode()


def test_a_case_page_waits_for_nothing_to_be_learned(case: Case) -> None:
    later = event_log.path().stat().st_mtime + 5
    os.utime(event_log.path(), (later, later))

    text = signed_in().get(f"/case/{case.number}/").content.decode()

    assert not traced.is_learned()
    assert f'href="/trace/{case.number}/"' in text
    assert DRAWN.search(text) is None


def test_a_complaint_made_since_it_was_learned_has_the_way_there_alone(case: Case) -> None:
    other = case_at("archived")
    enquiry = case_at("archived", "enquiry")

    page = signed_in().get(f"/case/{other.number}/")

    assert page.context["trace"].sentence == ""
    assert f'href="/trace/{other.number}/"' in page.content.decode()
    assert "trace" not in signed_in().get(f"/case/{enquiry.number}/").context


def test_other_chains_are_folded(case: Case, city: Path) -> None:
    answers = traced.answers(traced.known().newest)
    number = next(number for number, one in answers.items() if len(one.traced.chains) > 1)
    Case.objects.filter(pk=case.pk).update(number=number)

    text = signed_in().get(f"/trace/{number}/").content.decode()

    folded = re.findall(r'<details class="card no-print">.*?</svg>', text, re.DOTALL)
    assert len(folded) == min(len(answers[number].traced.chains), 3) - 1
    assert targets(folded[0])[0] == "#step-2-1"


def test_an_order_of_a_chain_leads_to_its_own_page_a_place_does_not(case: Case) -> None:
    client = signed_in()

    [way] = client.get(f"/trace/{case.number}/").context["ways"]

    assert [step.url for step in way.steps] == [
        "/trace/orders/DZ0000001/", way.steps[1].url, "", ""
    ]  # fmt: skip
    assert way.steps[1].url.startswith("/trace/orders/")
    for step in way.steps[:2]:
        assert client.get(step.url).status_code == 200


def test_an_order_that_is_a_case_here_leads_to_that_case_where_it_is_in_reach(case: Case) -> None:
    own = case_at("archived")
    Case.objects.filter(pk=own.pk).update(number="DZ0000001")

    [way] = signed_in().get(f"/trace/{case.number}/").context["ways"]

    assert way.steps[0].url == "/case/DZ0000001/"
