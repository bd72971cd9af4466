"""A complaint drawn back on the event log: the chain, its proof, who is not to be assessed."""

import re
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from suyuan.actions import trace
from suyuan.actions.trace import take_log
from suyuan.domain.procedure import SYSTEM
from suyuan.simulate import build
from suyuan.store import event_log, tray
from suyuan.store.models import Case, Unit
from suyuan.store.queries import cases, viewer
from suyuan.web import traces
from tests.factories import case_at, person
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small simulated city's files."""
    folder = tmp_path_factory.mktemp("city")
    build(7, 300, 40, date(2025, 10, 31), folder)
    return folder


@pytest.fixture
def log(city: Path) -> Iterator[Path]:
    """Take the city's event log over."""
    take_log(path=city / "log.sqlite", actor=SYSTEM, now=timezone.now())
    yield event_log.path()
    event_log.path().unlink()


def signed_in(role: str, **at: str) -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client()
    client.force_login(person(role, **at))
    return client


def complaint_of(number: str, unit: str = "0101") -> Case:
    """Return a case of ours with the number that the log knows."""
    case = case_at("archived")
    Case.objects.filter(pk=case.pk).update(number=number, unit=Unit.objects.get(code=unit))
    fresh_lake()
    return Case.objects.get(pk=case.pk)


def test_whose_complaints_may_be_opened_is_one_question_for_all(django_assert_num_queries) -> None:
    seen, hidden = case_at("registered"), case_at("registered", "report")
    office = viewer.of(person("office"))

    with django_assert_num_queries(1):
        found = cases.seen(office, (seen.number, hidden.number, "none"))

    assert found == {seen.number}


def test_the_zero_reading_is_traced_to_the_address_change_that_was_never_archived(log: Path) -> None:
    [number] = traces.numbers()
    complaint_of(number)

    page = signed_in("leader").get(f"/trace/{number}/")

    text = page.content.decode()
    assert [link.node.role for link in page.context["links"]] == ["complaint", "symptom", "stuck", "blocker"]
    assert "不该考核抄表员" in text
    assert "批量地址修改单" in text
    assert len(page.context["proofs"]) == text.count('data-label="日志编号"') == 10
    account = page.context["found"].chain.symptom.thing
    assert account not in text


def test_the_front_page_carries_the_chain(log: Path) -> None:
    [number] = traces.numbers()
    complaint_of(number)

    text = signed_in("leader").get("/").content.decode()

    assert f'href="/trace/{number}/"' in text
    assert "不该考核抄表员" in text


def test_a_complaint_out_of_reach_is_not_found(log: Path) -> None:
    [number] = traces.numbers()
    complaint_of(number)
    station = signed_in("station", at="0102", username="west")

    assert station.get(f"/trace/{number}/").status_code == 404
    assert "没有您可查看" in station.get("/trace/").content.decode()


def test_a_complaint_without_such_a_chain_gets_no_conclusion(log: Path) -> None:
    complaint_of("T-1")

    assert "没有证据，就不下结论" in signed_in("leader").get("/trace/T-1/").content.decode()


def test_without_a_log_the_page_says_what_to_load() -> None:
    complaint_of("T-1")

    for page in ("/trace/", "/trace/T-1/"):
        text = signed_in("leader").get(page).content.decode()
        assert "装入营销、抄表系统的事件日志" in text
        assert "由优服办或管理员装入" in text
        assert '<form class="picker"' not in text


def test_a_new_log_is_read_again(log: Path) -> None:
    assert len(traces.numbers()) == 1

    with sqlite3.connect(log) as db:
        db.execute("DELETE FROM event WHERE ocel_type = '抄表划零'")
    db.close()
    stamp = log.stat().st_mtime + timedelta(seconds=5).total_seconds()
    import os

    os.utime(log, (stamp, stamp))

    assert traces.numbers() == ()


def test_every_traced_complaint_is_one_the_city_planted(city: Path, log: Path) -> None:
    import json

    truth = json.loads((city / "truth.json").read_text("utf-8"))["causes"]
    planted = {each["complaint"]: each["root"]["object"] for each in truth if each["kind"] == "zero_reading"}

    found = {number: trace.chain_of(number) for number in traces.numbers()}

    assert {number: chain[0].blocker.thing for number, chain in found.items() if chain} == planted
    assert re.fullmatch(r"DZ\d+", next(iter(planted.values())))


def uploads_left() -> list[Path]:
    """Return what lies where files are handed in."""
    return [path for path in tray.folder(tray.HANDED_IN).rglob("*") if path.is_file()]


def test_the_office_hands_the_log_in_and_the_file_is_removed(city: Path) -> None:
    raw = (city / "log.sqlite").read_bytes()
    before = uploads_left()
    client = signed_in("office")

    answer = client.post("/event-log/", {"file": SimpleUploadedFile("log.sqlite", raw)}, follow=True)

    assert answer.redirect_chain == [("/trace/", 302)]
    assert "个对象换成代号" in answer.content.decode()
    assert uploads_left() == before
    assert len(traces.numbers()) == 1
    event_log.path().unlink()


def test_what_is_no_log_is_refused_and_removed() -> None:
    before = uploads_left()

    answer = signed_in("office").post("/event-log/", {"file": SimpleUploadedFile("a.sqlite", b"SQLite no")})

    assert answer.status_code == 422
    assert 'id="file-problem"' in answer.content.decode()
    assert uploads_left() == before
    assert not event_log.path().exists()


def test_the_own_account_of_the_case_is_shown_masked(log: Path) -> None:
    [number] = traces.numbers()
    case = complaint_of(number)
    viewer = signed_in("leader").get(f"/trace/{number}/").wsgi_request.viewer
    thing = trace.chain_of(number)[0].symptom.thing
    assert traces.traced(viewer, number).account == f"代号 {thing[1:7]}"

    Case.objects.filter(pk=case.pk).update(account_index=thing[1:])

    assert traces.traced(viewer, number).account == "330********78"
