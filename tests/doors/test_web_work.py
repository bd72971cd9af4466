"""The page of the worker: schedules, what was set aside and why, what runs; and the documents it prepares."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from suyuan.actions import publish, schedules, sweep, work
from suyuan.analytics import period
from suyuan.jobs import publications as jobs
from suyuan.store import rules
from suyuan.store.models import ClockFault, Publication, Schedule
from tests.factories import case_at, person
from tests.lakes import fresh_lake

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return signed_in("admin")


def signed_in(role):
    """Return a browser in which somebody with a role is signed in."""
    client = Client()
    client.force_login(person(role))
    return client


def text(response):
    return response.content.decode()


def aside():
    """Set the clock of a case aside and return its id."""
    clock = case_at("registered").clocks.get(limit="complaint.dispatch")
    fault = {"code": "unexpected", "facts": {"kind": "OverflowError", "where": "clock.py:212"}}
    sweep.set_aside(clock_id=clock.pk, fault=fault, now=timezone.now())
    return clock.pk


def test_before_any_worker_has_run_the_page_says_how_to_start_one(admin):
    page = admin.get("/worker/")

    assert page.status_code == 200
    assert "还没有定时任务" in text(page)
    assert "suyuan serve" in text(page)


def test_it_shows_schedules_what_was_set_aside_and_what_runs(admin):
    schedules.keep(now=timezone.now())
    aside()
    work.claim(kind="schedule", holder="machine:7:ab", now=timezone.now())

    said = text(admin.get("/worker/"))

    assert all(title in said for title in ("审计锚定", "数据湖更新", "指标周报"))
    assert "程序出错（OverflowError clock.py:212）" in said
    assert "machine:7:ab" in said


@pytest.mark.parametrize(
    ("role", "status"), [("admin", 200), ("office", 200), ("station", 403), ("agent", 403)]
)
def test_the_page_is_for_the_office_and_the_administrator(role, status):
    assert signed_in(role).get("/worker/").status_code == status


def test_the_office_sees_schedules_but_does_not_change_them():
    schedules.keep(now=timezone.now())
    office = signed_in("office")

    assert "新增定时任务" not in text(office.get("/worker/"))
    assert office.get("/worker/schedules/add/").status_code == 403
    assert office.post("/worker/schedules/pause/", {"verb": "pause", "key": "lake"}).status_code == 403
    assert not Schedule.objects.get(code="lake").paused


def test_what_was_set_aside_is_tried_again():
    clock = aside()

    answer = signed_in("office").post("/worker/retry/", {"key": f"clock:{clock}"})

    assert (answer.status_code, answer.url, ClockFault.objects.count()) == (302, "/worker/", 0)


@pytest.mark.parametrize("key", ["", "clock", "clock:x", "os:1"])
def test_a_key_that_names_nothing_is_bad_input(admin, key):
    assert admin.post("/worker/retry/", {"key": key}).status_code == 422


def test_a_schedule_is_made_and_changed_on_the_page(admin):
    form = {"code": "monthly", "title": "月报", "schedule_kind": "publication", "cron": "0 7 1 * *"}

    made = admin.post("/worker/schedules/add/", form | {"schedule_period": "month"})
    changed = admin.post(
        "/worker/schedules/monthly/", form | {"schedule_period": "year", "cron": "0 7 2 1 *"}
    )

    row = Schedule.objects.get()
    assert (made.status_code, changed.status_code) == (302, 302)
    assert (row.cron, row.parameters) == ("0 7 2 1 *", {"document": "board", "period": "year"})
    assert 'value="0 7 2 1 *"' in text(admin.get("/worker/schedules/monthly/"))


def test_what_is_wrong_is_said_beside_its_box(admin):
    form = {"code": "monthly", "schedule_kind": "publication", "cron": "whenever", "schedule_period": "month"}

    answer = admin.post("/worker/schedules/add/", form)

    assert (answer.status_code, Schedule.objects.count()) == (422, 0)
    assert "定时表达式有误" in text(answer)
    assert 'value="whenever"' in text(answer)


def test_ticked_schedules_are_paused_and_resumed(admin):
    schedules.keep(now=timezone.now())

    admin.post("/worker/schedules/pause/", {"verb": "pause", "key": ["lake", "anchor"]})
    paused = set(Schedule.objects.filter(paused=True).values_list("code", flat=True))
    admin.post("/worker/schedules/pause/", {"verb": "resume", "key": ["lake"]})

    assert paused == {"lake", "anchor"}
    assert Schedule.objects.filter(paused=True).values_list("code", flat=True).get() == "anchor"


def test_a_board_is_asked_for_prepared_and_downloaded(admin):
    case_at("registered")
    fresh_lake()

    asked = admin.post("/publications/prepare/", {"document": "board", "unit": "01", "period": "2026-W10"})
    jobs.next_one(timezone.now() + timedelta(seconds=1), "w")
    row = Publication.objects.get()
    file = admin.get(f"/publications/{row.pk}/")

    assert (asked.status_code, asked.url) == (302, "/publications/")
    kept = publish.folder() / f"{row.sha256}.xlsx"
    assert b"".join(file.streaming_content) == kept.read_bytes()
    assert CalamineWorkbook.from_path(str(kept)).sheet_names == ["指标", "单位", "薄弱环节", "说明"]
    assert row.name in text(admin.get("/publications/"))


def test_documents_of_other_units_are_not_found():
    signed_in("admin").post(
        "/publications/prepare/", {"document": "board", "unit": "01", "period": "2026-W10"}
    )
    row = Publication.objects.get()
    station = signed_in("station")

    assert station.get(f"/publications/{row.pk}/").status_code == 404
    assert "还没有文件" in text(station.get("/publications/"))


def test_a_document_that_waits_has_nothing_to_download(admin):
    admin.post("/publications/prepare/", {"document": "board", "unit": "01", "period": "2026-W10"})

    assert admin.get(f"/publications/{Publication.objects.get().pk}/").status_code == 404
    assert "等待" in text(admin.get("/publications/"))


def test_the_board_offers_it(admin):
    case_at("registered")
    fresh_lake()

    assert 'action="/publications/prepare/"' in text(admin.get("/board/"))


def test_a_longer_list_asks_the_database_no_more(admin):
    counts = []
    for week in ("2026-W08", "2026-W09", "2026-W10"):
        admin.post("/publications/prepare/", {"document": "board", "unit": "01", "period": week})
        with CaptureQueriesContext(connection) as asked:
            admin.get("/publications/")
        counts.append(len(asked))

    assert counts[1] == counts[2]


def test_any_document_is_asked_for_by_form_each_with_its_period(admin):
    form = admin.get("/publications/prepare/?document=commitments")
    month = admin.post(
        "/publications/prepare/", {"document": "commitments", "unit": "01", "period": "2026-03"}
    )
    asked = {"commitments": "2026-W10", "returns": "2026-03", "board": "2026-Q1"}
    for document, label in asked.items():
        said = {"document": document, "unit": "01", "period": label}
        assert admin.post("/publications/prepare/", said).url == "/publications/"

    boxes = {box.name: box for box in form.context["asked"].boxes}
    assert [code for code, _ in boxes["document"].choices] == ["board", "returns", "commitments"]
    last = period.of_day(rules.local_day(timezone.now()), "week").previous
    assert (boxes["document"].value, boxes["period"].value) == ("commitments", last.label)
    assert (month.status_code, "这个文件按周：写成 2026-W10" in text(month)) == (422, True)
    assert dict(Publication.objects.values_list("document", "period")) == asked
    assert 'href="/publications/prepare/"' in text(admin.get("/publications/"))


def test_a_document_is_asked_for_by_who_may_open_its_page():
    station = signed_in("station")

    form = station.get("/publications/prepare/")
    said = {"document": "returns", "unit": "0101", "period": "2026-03"}

    (document, *_) = form.context["asked"].boxes
    assert [code for code, _ in document.choices] == ["board", "commitments"]
    assert station.post("/publications/prepare/", said).status_code == 422
    assert station.get("/publications/prepare/?document=returns").status_code == 422
    assert Publication.objects.count() == 0
