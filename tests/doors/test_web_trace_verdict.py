"""A person confirms, corrects or rejects a trace, and the list says how often it was right."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker as Blocker

from suyuan.actions import traced as tracing
from suyuan.cli.schema import of
from suyuan.simulate import build
from suyuan.store import chain, event_log
from suyuan.store.models import Case, Event, TraceVerdict, Unit
from tests import traced_city
from tests.factories import NOW, case_at, do, opened_by, person, unit

pytestmark = pytest.mark.django_db
NOTE = "地址修改单确实没有归档，张三已核对"


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
def traced(city: Path, learned: traced_city.Learned) -> Iterator[Case]:
    """Return a complaint that the log taken over leads back from."""
    traced_city.again(learned)
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
    form = {"trace_verdict": "confirmed", "note": {"note": kept.note.ref}}
    sure = event.detail["confidence"]
    assert event.detail == {"form": form, "confidence": sure}
    assert sure == round(tracing.traced_of(traced.number).traced.chains[0].weight, 4)
    assert 0.5 < sure < 1
    assert NOTE not in json.dumps(event.detail, ensure_ascii=False)
    assert "属实" in office.get(f"/trace/{traced.number}/").content.decode()
    card = office.get("/trace/").context["scorecard"]
    assert card.verdicts[0] == ("属实", "1 / 1 (95% 21–100%)")
    high, middle, low = card.bands
    counted, empty = (high, middle) if sure >= 0.8 else (middle, high)
    assert (high[0], middle[0], low) == ("把握 80% 以上", "把握 50–80%", ("把握不足 50%", "0 / 0", "—"))
    assert counted[1:] == ("1 / 1 (95% 21–100%)", f"{100 * sure:.0f}%")
    assert empty[1:] == ("0 / 0", "—")
    assert card.error == f"{100 - 100 * sure:.0f}%"
    assert chain.verify()[0] > 0


def test_what_was_said_last_counts(traced: Case) -> None:
    office = signed_in("office")
    judged(office, traced, "confirmed")

    judged(office, traced, "corrected", liability_node="meter.change", unit="0102")

    assert [n for _, n in office.get("/trace/").context["scorecard"].verdicts] == [
        "0 / 1 (95% 0–79%)", "1 / 1 (95% 21–100%)", "0 / 1 (95% 0–79%)"
    ]  # fmt: skip
    assert "西城供电所" in office.get(f"/trace/{traced.number}/").context["said"][0].instead


def test_a_correction_names_the_source(traced: Case) -> None:
    answer = judged(signed_in("office"), traced, "corrected", unit="0102")

    assert (answer.status_code, TraceVerdict.objects.count()) == (422, 0)


def test_what_is_not_traced_cannot_be_judged_nor_by_whom_it_is_not(traced: Case) -> None:
    other = case_at("archived")
    answer = judged(signed_in("office"), other, "confirmed")

    assert (answer.status_code, "只能选“更正”写明源头" in answer.content.decode()) == (422, True)
    assert judged(signed_in("leader"), traced, "confirmed").status_code == 403
    assert TraceVerdict.objects.count() == 0


def test_restricted_cases_are_left_out_of_the_scorecard(traced: Case) -> None:
    office = signed_in("office")
    judged(office, traced, "confirmed")
    Case.objects.filter(pk=traced.pk).update(restricted=True)

    assert office.get("/trace/").context["scorecard"] is None


def test_a_command_judges_as_the_page_does_and_tells_how_often_traces_were_right(traced, suyuan) -> None:
    for who in ("office", "leader"):
        person(who)
    code, out, _ = suyuan(
        "trace", "judge", traced.number, "--verdict", "corrected", "--node", "meter.change",
        "--unit", "0102", "--note", NOTE, "--as", "office", "--json",
    )  # fmt: skip
    said = json.loads(out)
    jsonschema.validate(said, of("trace judge"))
    assert (code, said) == (0, {
        "number": traced.number, "verdict": "corrected", "activity": "批量地址修改归档", "source": "0102",
        "node": "meter.change", "unit": "0102",
    })  # fmt: skip

    card = json.loads(suyuan("trace", "scorecard", "--json")[1])

    jsonschema.validate(card, of("trace scorecard"))
    assert (card["judged"], card["verdicts"]) == (1, {"confirmed": 0, "corrected": 1, "rejected": 0})
    [of_it] = [band for band in card["bands"] if band["judged"]]
    assert (of_it["low"] >= 0.5, of_it["right"], of_it["value"]) == (True, 0, 0.0)
    assert card["calibration_error"] == pytest.approx(of_it["confidence"])
    assert "0/1 right" in suyuan("trace", "scorecard")[1]
    refused = suyuan(
        "trace", "judge", traced.number, "--verdict", "confirmed", "--note", "好", "--as", "leader"
    )
    assert refused[0] == 1
    assert (
        suyuan("trace", "judge", traced.number, "--verdict", "corrected", "--note", "好", "--as", "office")[0]
        == 2
    )


def test_a_draft_of_liability_says_that_the_trace_was_judged_since(city, tmp_path) -> None:
    about = case_at("callback", now=NOW)
    unit("0102")
    traced_city.take(city, tmp_path, {traced_city.of_kind(city, "zero_reading")[0]: about.number})
    draft = opened_by(about, "open_liability", NOW + timedelta(hours=1))
    office, said = signed_in("office"), "下面的比例是在那以前拟的"
    assert said not in office.get(f"/case/{draft.number}/").content.decode()

    judged(office, about, "rejected")

    page = office.get(f"/case/{draft.number}/").content.decode()
    assert "核定溯源“不成立”" in page
    assert said in page
    assert '<a href="#do-propose_shares">按证据重提比例</a>' in page
    assert 'id="do-propose_shares"' in page
    do(draft, "propose_shares", "office", timezone.now())
    assert said not in office.get(f"/case/{draft.number}/").content.decode()
    traced_city.forget()
