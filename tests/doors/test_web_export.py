"""Workbooks that no spreadsheet will calculate."""

import io
import zipfile

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from suyuan.gateways.workbook import RISKY, Table, harmless, write
from tests.factories import NOW, case_at, person


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
