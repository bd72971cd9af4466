"""A complaint drawn back on the event log: the chain, its proof, who is not to be assessed."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from suyuan.config.home import home
from suyuan.simulate import build
from suyuan.store.models import Case, Unit
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
    """Put the city's event log into the home of this installation."""
    target = home() / "event_log.sqlite"
    shutil.copy(city / "log.sqlite", target)
    yield target
    target.unlink()


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
        assert "event_log.sqlite" in signed_in("leader").get(page).content.decode()


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

    found = {number: traces.chain(number) for number in traces.numbers()}

    assert {number: chain[0].blocker.thing for number, chain in found.items() if chain} == planted
    assert re.fullmatch(r"DZ\d+", next(iter(planted.values())))
