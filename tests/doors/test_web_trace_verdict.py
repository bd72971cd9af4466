"""A person confirms, corrects or rejects a trace, and the list says how often it was right."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from suyuan.actions.trace import take_log
from suyuan.domain.procedure import SYSTEM
from suyuan.simulate import build
from suyuan.store import chain, event_log
from suyuan.store.models import Case, Event, TraceVerdict, Unit
from tests.factories import case_at, person

pytestmark = pytest.mark.django_db
NOTE = "地址修改单确实没有归档，张三已核对"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small simulated city's files."""
    folder = tmp_path_factory.mktemp("city")
    build(7, 300, 40, date(2025, 10, 31), folder)
    return folder


@pytest.fixture
def traced(city: Path) -> Iterator[Case]:
    """Return a complaint that the log taken over leads back from."""
    take_log(path=city / "log.sqlite", actor=SYSTEM, now=timezone.now())
    causes = json.loads((city / "truth.json").read_text("utf-8"))["causes"]
    [number] = [one["complaint"] for one in causes if one["kind"] == "zero_reading"]
    case = case_at("archived")
    Case.objects.filter(pk=case.pk).update(number=number, unit=Unit.objects.get(code="0101"))
    yield Case.objects.get(pk=case.pk)
    event_log.path().unlink()


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def judged(client: Client, case: Case, verdict: str, **more: str):
    form = {"trace_verdict": verdict, "note": NOTE, **more}
    return client.post(f"/trace/{case.number}/judge/", form)


def test_a_trace_is_confirmed_and_its_page_and_the_list_say_so(traced: Case) -> None:
    office = signed_in("office")

    answer = judged(office, traced, "confirmed")

    kept = TraceVerdict.objects.get()
    event = Event.objects.get(verb="judge_trace")
    assert (answer.status_code, answer["Location"]) == (302, f"/trace/{traced.number}/")
    assert (kept.verdict, kept.activity, kept.source, kept.node) == (
        "confirmed", "批量地址修改归档", "0102", ""
    )  # fmt: skip
    assert event.stream == f"case:{traced.number}"
    assert event.detail == {"form": {"trace_verdict": "confirmed", "note": {"note": kept.note.ref}}}
    assert NOTE not in json.dumps(event.detail, ensure_ascii=False)
    assert "属实" in office.get(f"/trace/{traced.number}/").content.decode()
    assert office.get("/trace/").context["scorecard"][0] == ("属实", "1 / 1 (95% 21–100%)")
    assert chain.verify()[0] > 0


def test_what_was_said_last_counts(traced: Case) -> None:
    office = signed_in("office")
    judged(office, traced, "confirmed")

    judged(office, traced, "corrected", liability_node="meter.change", unit="0102")

    assert [n for _, n in office.get("/trace/").context["scorecard"]] == [
        "0 / 1 (95% 0–79%)", "1 / 1 (95% 21–100%)", "0 / 1 (95% 0–79%)"
    ]  # fmt: skip
    assert "西城供电所" in office.get(f"/trace/{traced.number}/").context["said"][0].instead


def test_a_correction_names_the_source(traced: Case) -> None:
    answer = judged(signed_in("office"), traced, "corrected", unit="0102")

    assert (answer.status_code, TraceVerdict.objects.count()) == (422, 0)


def test_what_is_not_traced_cannot_be_judged_nor_by_whom_it_is_not(traced: Case) -> None:
    other = case_at("archived")

    assert judged(signed_in("office"), other, "confirmed").status_code == 409
    assert judged(signed_in("leader"), traced, "confirmed").status_code == 403
    assert TraceVerdict.objects.count() == 0
