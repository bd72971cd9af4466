"""A complaint drawn back on the event log: the chain, its proof, who is not to be assessed."""

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from suyuan.actions import traced
from suyuan.actions.trace import take_log
from suyuan.domain.procedure import SYSTEM
from suyuan.simulate import build
from suyuan.store import event_log, tray
from suyuan.store.models import Case, Unit
from suyuan.store.queries import cases, viewer
from suyuan.web import figures
from tests import event_logs
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
    event_log.path().unlink(missing_ok=True)  # tests share a home
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


def zero_reading(city: Path) -> tuple[str, dict]:
    """Return the complaint of the city behind three zero readings, and its root."""
    truth = json.loads((city / "truth.json").read_text("utf-8"))["causes"]
    [(number, root)] = [(one["complaint"], one["root"]) for one in truth if one["kind"] == "zero_reading"]
    return number, root


def test_the_zero_reading_is_traced_to_the_address_change_that_was_never_archived(
    city: Path, log: Path
) -> None:
    number, root = zero_reading(city)
    complaint_of(number)

    page = signed_in("leader").get(f"/trace/{number}/")

    text = page.content.decode()
    [way] = page.context["ways"]
    assert [step.role for step in way.steps] == ["source", "then", "then", "complaint"]
    assert [step.share for step in way.steps] == [50, 25, 25, None]
    assert (root["object"], root["unit"]) == ("DZ0000001", "0102")
    assert way.steps[0].title == f"批量地址修改单 {root['object']}"
    assert (way.steps[0].says, way.steps[0].who) == ("没有办“批量地址修改归档”", "西城供电所")
    assert [(step.lead.how, step.lead.because) for step in way.steps[1:3]] == [
        ("挡住了", "同一户号不能同时走两张工单"),
        ("缺它的数据", "系统里没有新表信息，只能划零"),
    ]
    assert way.steps[3].lead.because.startswith("件数太少，说不准倍数（44 件投诉中 1 件")
    assert "不该只追究" in text
    assert page.context["to_do"] == "办结“批量地址修改归档”，再答复客户"
    assert len(page.context["proofs"]) == text.count('data-label="日志编号"') == 8
    things = trace_account(number)
    assert things not in text


def trace_account(number: str) -> str:
    """Return what stands in the log for the account of a complaint."""
    answer = traced.traced_of(number)
    return answer.log.objects[answer.traced.chains[0].nodes[-1].thing]


def test_the_front_page_carries_the_chain(city: Path, log: Path) -> None:
    number, _ = zero_reading(city)
    complaint_of(number)

    text = signed_in("leader").get("/").content.decode()

    assert f'href="/trace/{number}/"' in text
    assert "源头在西城供电所" in text


def test_what_came_from_the_unit_itself_is_not_listed_but_is_traced(city: Path, log: Path) -> None:
    number, _ = zero_reading(city)
    complaint_of(number, unit="0102")
    client = signed_in("leader")

    assert "没有您可查看" in client.get("/trace/").content.decode()
    assert "源头在西城供电所" in client.get(f"/trace/{number}/").content.decode()


def test_a_complaint_out_of_reach_is_not_found(city: Path, log: Path) -> None:
    number, _ = zero_reading(city)
    complaint_of(number)
    station = signed_in("station", at="0102", username="west")

    assert station.get(f"/trace/{number}/").status_code == 404
    assert "没有您可查看" in station.get("/trace/").content.decode()


def test_a_complaint_without_such_a_chain_gets_no_conclusion(log: Path) -> None:
    complaint_of("T-1")

    assert "没有证据，就不下结论" in signed_in("leader").get("/trace/T-1/").content.decode()


def test_without_a_log_the_page_says_what_to_load() -> None:
    assert '<form class="picker"' not in signed_in("leader").get("/trace/").content.decode()
    complaint_of("T-1")

    for page in ("/trace/", "/trace/T-1/"):
        text = signed_in("leader").get(page).content.decode()
        assert "装入营销、抄表系统的事件日志" in text
        assert "由优服办或管理员装入" in text


def test_a_new_log_is_read_again(city: Path, log: Path) -> None:
    number, _ = zero_reading(city)
    complaint_of(number)
    assert len(traced.traced_of(number).chain.nodes) == 3

    with sqlite3.connect(log) as db:
        zero = "(SELECT id FROM event WHERE activity = (SELECT id FROM activity WHERE name = '抄表划零'))"
        db.execute(f"DELETE FROM touch WHERE event IN {zero}")
        db.execute(f"DELETE FROM event WHERE id IN {zero}")
    db.close()
    stamp = log.stat().st_mtime + timedelta(seconds=5).total_seconds()
    os.utime(log, (stamp, stamp))

    assert "抄表划零" not in traced.known().log.activities or len(traced.traced_of(number).chain.nodes) < 3


def test_complaints_are_traced_to_where_the_city_planted_them(city: Path, log: Path) -> None:
    causes = json.loads((city / "truth.json").read_text("utf-8"))["causes"]
    made = {one["complaint"]: one["root"]["object"] for one in causes if one["kind"] == "frequent_outage"}

    for number in made:
        case = complaint_of(number)
        Case.objects.filter(pk=case.pk).update(category="quality.reliability.frequent")

    answers = traced.answers(made)

    sources = {
        number: [one.log.objects[chain.nodes[0].thing] for chain in one.traced.chains]
        for number, one in answers.items()
    }
    assert [number for number, root in made.items() if root not in sources[number][:2]] == []
    assert [sources[number][0] == root for number, root in made.items()].count(True) >= len(made) - 1


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
    assert len(traced.known().newest) == 44
    event_log.path().unlink()


def test_what_is_no_log_is_refused_and_removed() -> None:
    before = uploads_left()

    answer = signed_in("office").post("/event-log/", {"file": SimpleUploadedFile("a.sqlite", b"SQLite no")})

    assert answer.status_code == 422
    assert 'id="file-problem"' in answer.content.decode()
    assert uploads_left() == before
    assert not event_log.path().exists()


HALF = {
    "a.csv": "换表工单编号,户号,旧表号,供电单位,换表时间\nHB\ud800,330001,4401,0101,2026/1/5 8:30\n",
    "a.xes": "<log><trace><string key='concept:name' value='\ud800'/></trace></log>",
    "b.xes": "<log><trace><string key='concept:name' value='&#xD800;'/></trace></log>",
    "a.xml": "<log><objects><object id='\ud800' type='o'/></objects></log>",
    "a.json": '{"eventTypes": [], "objectTypes": [], "events": [], "objects": '
    '[{"id": "\\ud800", "type": "o", "attributes": [], "relationships": []}]}',
}
"""Files with half of a character, as far as each format can write one."""


@pytest.mark.parametrize("name", list(HALF))
def test_half_of_a_character_is_refused_in_every_format(name: str) -> None:
    before, raw = uploads_left(), HALF[name].encode("utf-8", "surrogatepass")

    answer = signed_in("office").post("/event-log/", {"file": SimpleUploadedFile(name, raw)})

    assert (answer.status_code, uploads_left()) == (422, before)


def test_of_a_file_nothing_stays_whatever_goes_wrong(city: Path) -> None:
    before, client = uploads_left(), signed_in("office")
    client.raise_request_exception = False
    place = event_log.path().parent
    shutil.rmtree(place, ignore_errors=True)
    place.touch()  # where the log is to lie stands something else

    answer = client.post(
        "/event-log/", {"file": SimpleUploadedFile("a.sqlite", (city / "log.sqlite").read_bytes())}
    )

    assert (answer.status_code, uploads_left()) == (500, before)
    place.unlink()


def test_the_own_account_of_the_case_is_shown_masked(city: Path, log: Path) -> None:
    number, _ = zero_reading(city)
    case = complaint_of(number)
    client, thing = signed_in("leader"), trace_account(number)

    def shown() -> str:
        return client.get(f"/trace/{number}/").context["ways"][0].steps[2].title

    assert shown() == f"户号 代号 {thing[1:7]}"

    Case.objects.filter(pk=case.pk).update(account_index=thing[1:])

    assert shown() == "户号 330********78"


def test_a_new_log_is_learned_from_before_anybody_asks(log: Path) -> None:
    assert not traced.is_learned()
    next(figures.due())()
    first = traced.known()
    next(figures.due())()

    assert (traced.is_learned(), traced.known() is first) == (True, True)


def test_thin_evidence_is_said_to_be(tmp_path: Path) -> None:
    complaint_of("SY1")
    take_log(path=event_logs.write(tmp_path / "a.sqlite", "SY1"), actor=SYSTEM, now=timezone.now())

    text = signed_in("leader").get("/trace/SY1/").content.decode()

    event_log.path().unlink()
    assert "证据太少，不下结论" in text


@pytest.mark.browser
def test_a_trace_is_printed_on_one_page(city, log, live_server, page, transactional_db) -> None:
    number, _ = zero_reading(city)
    complaint_of(number)
    cookie = signed_in("leader").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/trace/{number}/")

    printed = page.pdf(format="A4")

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


@pytest.mark.browser
def test_an_arrow_of_the_drawing_opens_its_events_by_keyboard(
    city, log, live_server, page, transactional_db
) -> None:
    number, _ = zero_reading(city)
    complaint_of(number)
    cookie = signed_in("leader").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/trace/{number}/")
    assert not page.is_visible("#lead-1-2")

    page.focus('a[href="#lead-1-2"]')
    page.keyboard.press("Enter")

    assert page.is_visible("#lead-1-2")
    assert page.inner_text("#lead-1-2").count("抄表划零") > 0
    page.focus('a[href="#step-1-1"]')
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#lead-1-1"
