"""A long list is taken out by the worker: whole or not at all, for whoever asked alone, and for a while."""

import csv
import io
import os
import zipfile
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from suyuan.actions import publish, staff, work
from suyuan.actions.privacy import retention
from suyuan.actions.publish import columns
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.jobs import publications as job
from suyuan.store import chain, rules, tray, wording
from suyuan.store.models import Event, Grant, Message, Publication
from suyuan.store.queries import personal, publications, viewer
from suyuan.store.queries.listing import Filters
from tests.factories import NOW, case_at, person, unit
from tests.rulebook_entries import landed

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SOON = NOW + MINUTE
TERMS = {
    "at_once_rows": 5,
    "workbook_rows": 10,
    "rows": 20,
    "waiting": 2,
    "kept_days": 7,
    "lease_seconds": 60,
}


@pytest.fixture(autouse=True)
def own_home(own_secrets):
    rules.forget()
    yield
    rules.forget()


def limits(**changed: int) -> None:
    """Let the office say how long a list may get."""
    title = {"zh": "导出", "en": "Exports"}
    entry = {"title": title, "terms": TERMS | changed, "basis": "省公司通知", "certainty": "Q"}
    landed("figure", {"id": "export.list"} | entry)


def ask(role="office", filters=None, now=NOW, rows=3, **more):
    """Ask for a list."""
    wanted = publish.WantedList(filters or Filters(), ("state", "handler", "text"), **more)
    return publish.queue_list(wanted=wanted, rows=rows, viewer=viewer.of(person(role)), now=now)


def fetched(row, role="office", now=SOON) -> list[list[str]]:
    """Return the lines of a list, as whoever asked fetches it."""
    done = publish.fetch(publication_id=row.pk, viewer=viewer.of(person(role)), now=now)
    with tray.reading(publish.path_of(done)) as file:
        content = file.read()
    if done.name.endswith(".csv"):
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def files() -> list[str]:
    """Return what lies where lists are kept, and in the rooms where they are written."""
    places = (tray.folder(tray.TAKEN_OUT), tray.folder(tray.ROOMS))
    return sorted(path.name for place in places for path in place.iterdir())


def refused(call, *given, **named) -> str:
    """Return why a call is refused."""
    with pytest.raises((Refused, BadInput)) as why:
        call(*given, **named)
    return why.value.code


def test_a_list_is_made_as_it_stands_told_of_and_fetched():
    first, second = case_at("handling"), case_at("registered", now=NOW - DAY)
    row = ask()

    assert job.next_one(SOON, "w") == 1

    row.refresh_from_db()
    assert fetched(row) == [
        ["工单编号", "灯", "状态", "办理人", "受理内容"],
        [first.number, "正常", "处理中", "station", first.brief],
        [second.number, "超期", "已登记", "", second.brief],
    ]
    assert (row.state, row.rows, row.rows_done, row.sealed) == ("done", 2, 2, None)
    assert row.kept_until - row.finished_at == 7 * DAY
    told = Message.objects.get(template="export_ready")
    assert (told.recipient, told.channel, told.facts["publication"]) == (
        "person:office",
        "in_app",
        str(row.pk),
    )
    assert (
        wording.of(told, "en").text
        == "The list of cases you asked for is ready: 2 rows. Fetch it before 2026-03-11."
    )


def test_the_file_is_sealed_and_marked_and_its_code_leads_back():
    case_at("registered")
    row = ask()
    job.next_one(SOON, "w")
    row.refresh_from_db()
    kept, code = publish.path_of(row), row.parameters["code"]
    with tray.reading(kept) as file, zipfile.ZipFile(file) as book:
        mark = book.read("docProps/core.xml").decode()
    publish.fetch(publication_id=row.pk, viewer=viewer.of(person("office")), now=SOON)

    assert (tray.is_sealed(kept), f"{code} · office · 2026-03-04 10:31 · 个人信息已脱敏" in mark) == (
        True,
        True,
    )
    events = Event.objects.filter(stream="register:export").order_by("seq")
    assert [event.verb for event in events] == ["export_queue", "export", "export_fetch"]
    assert events[1].detail | {"sha256": ""} == {
        "code": code,
        "page": "export",
        "rows": 1,
        "purpose": "",
        "masked": True,
        "sha256": "",
    }
    told = personal.taken_out(code)
    assert (told["actor"], told["verb"], told["masked"], told["count"]) == ("office", "export", True, 1)
    assert chain.verify()[1] == Event.objects.count()


def test_it_belongs_to_whoever_asked():
    case_at("registered")
    row = ask()
    job.next_one(SOON, "w")
    lead = viewer.of(person("lead"))

    assert refused(publish.fetch, publication_id=row.pk, viewer=lead, now=SOON) == "not_found"
    assert refused(publications.own, lead, row.pk) == "not_found"
    assert refused(publications.get, viewer.of(person("office")), row.pk) == "not_found"
    assert [publications.listed(each, 1)[0] for each in (lead, viewer.of(person("office")))] == [[], [row]]


def test_the_same_question_is_one_row_while_it_is_under_way():
    first, same, other = ask(), ask(), ask(filters=Filters(state="registered"))

    assert (first.pk == same.pk, first.pk == other.pk) == (True, False)
    assert Publication.objects.count() == 2


def test_nobody_keeps_the_worker_to_himself():
    limits()
    ask(filters=Filters(state="registered"))
    ask(filters=Filters(state="handling"))

    assert refused(ask) == "exports_waiting"
    assert ask("lead").pk is not None


def test_a_list_beyond_the_most_is_refused_with_the_numbers():
    limits()

    with pytest.raises(BadInput) as why:
        ask(rows=21)
    assert (why.value.code, why.value.facts) == ("export_too_long", {"limit": 20, "rows": 21})


def test_a_list_longer_than_a_sheet_is_a_text_file_with_the_mark_above():
    limits(workbook_rows=1)
    cases = [case_at("registered", now=NOW - each * DAY) for each in range(2)]
    row = ask(language="en")
    job.next_one(SOON, "w")

    row.refresh_from_db()
    lines = fetched(row)
    assert row.name == "List of cases-2026-03-04-1031.csv"
    assert lines[0] == [f"{row.parameters['code']} · office · 2026-03-04 10:31 · personal data masked"]
    assert [line[0] for line in lines[2:]] == [case.number for case in cases]


def test_the_words_of_a_search_are_sealed_until_it_is_made():
    kept = case_at("registered", text="变压器噪声扰民")
    case_at("registered", text="抄表有误")
    row = ask(filters=Filters(q="噪声", open_only=True))
    asked = row.parameters["asked"]["filters"]

    assert ("噪声" in str(row.parameters), asked["open_only"], bytes(row.sealed) != b"") == (
        False,
        True,
        True,
    )
    job.next_one(SOON, "w")
    row.refresh_from_db()
    assert [line[0] for line in fetched(row)[1:]] == [kept.number]


def test_a_list_narrowed_by_day_stays_so():
    kept = case_at("registered")
    case_at("registered", now=NOW - 3 * DAY)
    row = ask(filters=Filters(accepted_from=(NOW - DAY).date()))
    job.next_one(SOON, "w")

    assert [line[0] for line in fetched(row)[1:]] == [kept.number]


def test_a_worker_that_died_over_a_list_leaves_nothing_and_another_begins_again():
    case_at("registered")
    row = ask()

    def dies() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        job.next_one(SOON, "w", dies)
    row.refresh_from_db()
    assert (row.state, files()) == ("running", [])
    assert job.next_one(SOON + MINUTE, "other") == 0

    assert job.next_one(SOON + 3 * MINUTE, "other") == 1
    row.refresh_from_db()
    assert (row.state, row.lapses, files()) == ("done", 1, [publish.path_of(row).name])


def test_a_worker_that_stops_gives_the_list_back():
    case_at("registered")
    row = ask()

    job.next_one(SOON, "w", lambda: False)

    row.refresh_from_db()
    assert (row.state, row.rows_done, row.attempts, files()) == ("queued", 0, 0, [])
    job.next_one(SOON + MINUTE, "other")
    assert len(fetched(row, now=SOON + MINUTE)) == 2


def test_a_worker_slower_than_its_lease_leaves_no_file():
    case_at("registered")
    row = ask()

    def lapses() -> bool:
        Publication.objects.filter(pk=row.pk).update(holder="another")
        return True

    job.next_one(SOON, "w", lapses)

    row.refresh_from_db()
    assert (row.state, row.holder, files()) == ("running", "another", [])


def test_who_lost_a_role_before_it_is_made_gets_nothing_and_is_told():
    case_at("registered")
    row = ask()
    Grant.objects.filter(person__username="office").delete()
    at = SOON
    for _ in range(3):
        job.next_one(at, "w")
        at += timedelta(hours=1)

    row.refresh_from_db()
    assert (row.state, row.fault["code"], files()) == ("aside", "reach_changed", [])
    told = Message.objects.get(template="export_failed")
    assert wording.of(told, "zh").text == "您 2026-03-04 要的工单清单没有生成，原因在它的页面上。"


def test_who_lost_a_role_after_it_was_made_does_not_fetch_it():
    case_at("registered")
    row = ask()
    job.next_one(SOON, "w")
    Grant.objects.filter(person__username="office").update(unit=unit("0101"))

    office = viewer.of(person("office"))
    assert refused(publish.fetch, publication_id=row.pk, viewer=office, now=SOON) == "reach_changed"


def test_a_list_of_a_staff_session_is_made_and_fetched_in_it_alone():
    case_at("registered")
    boss = person("admin")
    inside = viewer.of(boss, staff=True)
    opened = staff.open_session(reason="核对工单", minutes=30, sign_in=None, actor=inside.actor, now=NOW)
    wanted = publish.WantedList(Filters(), ("state",), staff=opened.pk)
    row = publish.queue_list(wanted=wanted, rows=1, viewer=inside, now=NOW)
    job.next_one(SOON, "w")

    assert publish.fetch(publication_id=row.pk, viewer=inside, now=SOON).rows == 1
    outside = viewer.of(boss)
    assert refused(publish.fetch, publication_id=row.pk, viewer=outside, now=SOON) == "reach_changed"
    late = publish.queue_list(wanted=wanted, rows=1, viewer=inside, now=SOON)
    job.next_one(NOW + DAY, "w")
    late.refresh_from_db()
    assert late.fault["code"] == "reach_changed"


def test_a_list_lies_here_for_as_long_as_the_figure_says():
    case_at("registered")
    row = ask()
    job.next_one(SOON, "w")
    over = SOON + 7 * DAY + MINUTE

    assert publish.sweep(now=over - DAY) == 0
    office = viewer.of(person("office"))
    assert refused(publish.fetch, publication_id=row.pk, viewer=office, now=over) == "export_over"
    assert publish.sweep(now=over) == 1

    row.refresh_from_db()
    assert (row.state, row.sha256, row.kept_until, publish.is_over(row, SOON)) == ("done", "", None, True)
    assert Event.objects.filter(stream="register:export").order_by("seq").last().verb == "export_gone"
    assert (publish.sweep(now=over), refused(fetched, row)) == (0, "export_over")


def test_the_file_goes_with_its_time(django_capture_on_commit_callbacks):
    case_at("registered")
    row = ask()
    job.next_one(SOON, "w")
    row.refresh_from_db()

    with django_capture_on_commit_callbacks(execute=True):
        publish.sweep(now=SOON + 8 * DAY)

    assert files() == []


def test_what_a_killed_worker_left_sealed_goes_too():
    case_at("registered")
    row = ask()
    job.next_one(SOON, "w")
    row.refresh_from_db()
    old = (NOW - 2 * DAY).timestamp()
    for name in ("stray.xlsx", ".half.part"):
        path = tray.folder(tray.TAKEN_OUT) / name
        path.write_bytes(b"x")
        os.utime(path, (old, old))

    assert publish.sweep(now=SOON) == 2
    assert files() == [publish.path_of(row).name]


def test_a_list_goes_with_the_rows_of_work(django_capture_on_commit_callbacks):
    case_at("registered")
    ask()
    job.next_one(SOON, "w")
    entry = {
        "title": {"zh": "保存", "en": "Keep"},
        "terms": {"days": 1},
        "basis": "档案办法",
        "certainty": "Q",
    }
    landed("figure", {"id": "retention.work"} | entry)

    with django_capture_on_commit_callbacks(execute=True):
        gone = retention.shred_outlived(actor=SYSTEM, now=NOW + 3 * DAY)

    assert (gone.get("publications"), Publication.objects.count(), files()) == (1, 0, [])


def test_what_was_set_aside_can_be_tried_afresh():
    case_at("registered")
    row = ask()
    Publication.objects.filter(pk=row.pk).update(state="aside", next_at=None)

    work.retry(kind="publication", row_id=row.pk, actor=viewer.of(person("office")).actor, now=NOW)

    assert (job.next_one(SOON, "w"), len(fetched(row))) == (1, 2)


def test_batches_keep_the_order_and_ask_twice_each(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(columns, "BATCH", 2)
    cases = [case_at("registered", now=NOW - each * DAY) for each in range(3)]
    wanted = columns.ids(viewer.of(person("office")), Filters(), NOW)

    with django_assert_num_queries(4):
        found = [[case.number for case in batch] for batch in columns.batches(wanted)]

    assert found == [[cases[0].number, cases[1].number], [cases[2].number]]
