"""Workbooks that no spreadsheet will calculate."""

import html
import io
import re
import zipfile

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from suyuan.gateways.workbook import RISKY, Table, harmless, write
from suyuan.jobs import publications as job
from suyuan.store import rules
from suyuan.store.models import Publication
from suyuan.web import export
from tests.factories import NOW, case_at, person
from tests.lakes import fresh_lake
from tests.rulebook_entries import landed


def sheet(rows: list[list[object]], most: int = 1000) -> tuple[list[list[object]], str]:
    """Return what a workbook of ``rows`` holds, and its sheet's XML."""
    file = io.BytesIO()
    write([("Sheet1", Table(["甲", "乙"], rows, most, f"只导出前 {most} 行"))], file, NOW)
    file.seek(0)
    xml = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    file.seek(0)
    return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python(), xml


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1"])
def test_text_that_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == "'" + text


@given(st.text())
def test_no_text_starts_dangerously_and_none_is_lost(text: str) -> None:
    written = str(harmless(text))

    assert not written.startswith(RISKY)
    assert written in (text, "'" + text)


@given(st.text())
def test_making_text_harmless_twice_is_making_it_so_once(text: str) -> None:
    assert harmless(harmless(text)) == harmless(text)


def test_a_sheet_holds_no_formula_and_no_link() -> None:
    held, xml = sheet([["=HYPERLINK(1)", "https://example.org"], [-5, None]])

    assert held == [["甲", "乙"], ["'=HYPERLINK(1)", "https://example.org"], [-5.0, ""]]
    assert "<f>" not in xml
    assert "hyperlink" not in xml.lower().replace("=hyperlink", "")


def test_a_list_too_long_is_cut_and_says_so() -> None:
    held, _ = sheet([[1, 2], [3, 4], [5, 6]], most=2)

    assert held[-1][0] == "只导出前 2 行"
    assert len(held) == 4


@pytest.mark.django_db
def test_a_list_is_exported_as_it_is_filtered(client: Client) -> None:
    kept = case_at("registered", text="=cmd() 抄表有误")
    case_at("handling")
    client.force_login(person("office"))

    answer = client.get("/queue/export/?scope=all&state=registered")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()

    assert answer["Content-Disposition"].startswith("attachment;")
    assert [row[0] for row in rows] == ["工单编号", kept.number]
    assert rows[1][-1] == "'=cmd() 抄表有误"


@pytest.mark.django_db
def test_an_export_reaches_no_further_than_the_viewer(client: Client) -> None:
    case_at("registered")
    client.force_login(person("station", at="0102", username="west"))

    answer = client.get("/queue/export/?scope=all")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()

    assert len(rows) == 1


@pytest.fixture
def short_lists(own_secrets):
    """Let one row be answered at once, and leave the rest to the worker."""
    rules.forget()
    terms = {
        "at_once_rows": 1,
        "workbook_rows": 9,
        "rows": 3,
        "waiting": 2,
        "kept_days": 7,
        "lease_seconds": 60,
    }
    title = {"zh": "导出", "en": "Exports"}
    entry = {"id": "export.list", "title": title, "terms": terms, "basis": "省公司通知", "certainty": "Q"}
    landed("figure", entry)
    yield
    rules.forget()


def words(answer) -> str:
    """Return what a page says, without its tags."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.mark.django_db
def test_a_long_list_is_waited_for_and_fetched_by_whoever_asked(client: Client, short_lists) -> None:
    kept = [case_at("registered").number for _ in range(2)]
    case_at("handling")
    client.force_login(person("office"))

    asked = client.get("/queue/export/?scope=all&state=registered")
    row = Publication.objects.get()
    place = f"/exports/{row.pk}/"
    waiting = client.get(place)
    early = client.get(f"{place}file/")
    job.next_one(row.queued_at, "w")
    ready, told, listed = client.get(place), client.get("/inbox/"), client.get("/publications/")
    file = client.get(f"{place}file/")
    stranger = Client()
    stranger.force_login(person("lead"))

    assert (asked.status_code, asked.url, early.status_code) == (302, place, 404)
    assert (
        "共约 2 行，已交给后台，排队中。" in words(waiting),
        'http-equiv="refresh"' in str(waiting.content),
    ) == (True, True)
    assert ("已生成，共 2 行。" in words(ready), f'href="{place}file/"' in str(ready.content)) == (True, True)
    assert ("您要的工单清单已生成，共 2 行" in words(told), f'href="{place}"' in str(told.content)) == (
        True,
        True,
    )
    assert (f'href="{place}"' in str(listed.content), "2 行" in words(listed)) == (True, True)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).get_sheet_by_index(0).to_python()
    assert ([each[0] for each in rows], file["Content-Type"]) == (
        ["工单编号", *sorted(kept, reverse=True)],
        export.TYPE,
    )
    assert [
        stranger.get(url).status_code for url in (place, f"{place}file/", f"/publications/{row.pk}/")
    ] == [404] * 3


@pytest.mark.django_db
def test_a_long_list_holds_what_a_short_one_would(client: Client, short_lists) -> None:
    for state in ("registered", "handling", "archived"):
        case_at(state)
    client.force_login(person("office"))
    columns = {"columns": ["handler", "due", "text"], "query": ""}
    client.post("/queue/columns/", columns)

    at_once = [
        client.get(f"/queue/export/?scope=all&state={state}")
        for state in ("registered", "handling", "archived")
    ]
    client.get("/queue/export/?scope=all")
    job.next_one(Publication.objects.get().queued_at, "w")
    file = client.get(f"/exports/{Publication.objects.get().pk}/file/")

    short, whole = [held(each) for each in at_once], held(file)
    assert whole[0] == short[0][0]
    assert sorted(whole[1:]) == sorted(line for each in short for line in each[1:])


@pytest.mark.django_db
def test_many_orders_behind_a_figure_are_taken_out_by_the_worker(client: Client, short_lists) -> None:
    kept = [case_at("archived").number for _ in range(2)]
    case_at("archived", "report")
    fresh_lake()
    client.force_login(person("office"))
    place = "/board/orders/export/?measure=closure_rate&part=of&period=2026-03&unit=01"

    asked = client.get(place)
    again = client.get(place)
    row = Publication.objects.get()
    job.next_one(row.queued_at, "w")
    lines = held(client.get(f"/exports/{row.pk}/file/"))

    assert (asked.status_code, asked.url, again.url) == (302, f"/exports/{row.pk}/", f"/exports/{row.pk}/")
    assert [line[0] for line in lines] == ["工单编号", *kept]
    assert row.parameters["asked"]["page"] == "drill_export"


def held(answer) -> list[list[object]]:
    """Return the lines of a workbook that came as an answer."""
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue())).get_sheet_by_index(0).to_python()


@pytest.mark.django_db
def test_a_list_too_long_for_the_worker_is_refused_in_words(client: Client, short_lists) -> None:
    for _ in range(4):
        case_at("registered")
    client.force_login(person("office"))

    answer = client.get("/queue/export/?scope=all")

    assert (answer.status_code, Publication.objects.count()) == (422, 0)
    assert "清单太长，请先筛选" in words(answer)


@pytest.mark.django_db
def test_the_page_of_a_list_says_why_it_was_not_made_and_when_it_is_over(client: Client, short_lists) -> None:
    for _ in range(2):
        case_at("registered")
    client.force_login(person("office"))
    client.get("/queue/export/?scope=all")
    rows = Publication.objects.all()

    rows.update(state="queued", fault={"code": "lake_changing", "facts": {}})
    again = client.get(f"/exports/{rows.get().pk}/")
    rows.update(state="aside", fault={"code": "reach_changed", "facts": {}})
    aside = client.get(f"/exports/{rows.get().pk}/")
    rows.update(state="done", fault=None)
    over = client.get(f"/exports/{rows.get().pk}/")

    assert "上一次没有成功，会再试：" in words(again)
    assert "没有生成：您的权限在要这份清单之后有变化，请重新导出" in words(aside)
    assert "这份清单已过存放时间，文件已删除。" in words(over)
