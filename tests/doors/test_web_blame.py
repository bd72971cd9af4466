"""The fair-blame statement in the browser, as files, and by command."""

import io
import json
import zipfile
from datetime import timedelta

import jsonschema
import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from suyuan.actions import ledger
from suyuan.cli.schema import of
from suyuan.store import rules
from suyuan.store.models import Event
from suyuan.store.queries import viewer
from tests.board_pages import signed_in
from tests.factories import NOW, case_at, person
from tests.liable import liability_at
from tests.rulebook_entries import landed

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=4)


@pytest.fixture(autouse=True)
def nothing_left():
    """Leave this process knowing of no approved entry."""
    rules.forget()
    yield
    rules.forget()


@pytest.fixture
def charged():
    """Return the liability of a complaint for which the station was charged two points."""
    parent = case_at("callback")
    landed("confirm", {"figure": "ledger.verified_finding", "basis": "本单位考核办法 2026-1"})
    form = {"ledger_ground": "verified_finding", "ledger_case": parent.number}
    entry = ledger.propose_entry(viewer=viewer.of(person("office")), form=form, now=LATER)
    ledger.sign_entry(viewer=viewer.of(person("leader")), entry=entry, form={}, now=LATER)
    return liability_at("archived", parent=parent)


def test_the_page_shows_both_sides_and_where_it_came_from(charged):
    page = signed_in("station").get("/blame/?period=2026-Q1")

    rows = [[str(cell.text) for cell in row.cells] for row in page.context["listed"].rows]
    assert rows == [["东城供电所", "2.00", "0.80", "+1.20"], ["西城供电所", "0.00", "1.20", "−1.20"]]
    assert "台账考核合计 2.00，按责任比例合计 2.00，两边相等。" in page.content.decode()
    assert page.content.decode().count("批量地址修改单未归档") == 1
    assert signed_in("station").get("/blame/?in=tons").status_code == 422


def test_the_statement_is_taken_out_as_a_workbook_and_as_a_document(charged):
    office = signed_in("office")

    sheet, letter = (office.get(f"/blame/{kind}/?period=2026-Q1") for kind in ("xlsx", "docx"))

    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(sheet.streaming_content)))
    assert len(book.sheet_names) == 2
    cells = book.get_sheet_by_index(0).to_python()
    assert [row for row in cells if "东城供电所" in row] == [["东城供电所", 2.0, 0.8, 1.2]]
    content = b"".join(letter.streaming_content)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    document = Document(io.BytesIO(content))
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows][1:] == [
        ["东城供电所", "2.0", "0.8", "1.2"],
        ["西城供电所", "0.0", "1.2", "-1.2"],
    ]
    assert "批量地址修改单未归档" in document.tables[1].rows[1].cells[8].text
    assert Event.objects.filter(stream="register:export", verb="export").count() == 2
    assert office.get("/blame/pdf/").status_code == 422


def test_the_command_tells_both_sides(charged, suyuan):
    code, out, _ = suyuan("blame", "--period", "2026-Q1", "--json")
    said = json.loads(out)

    jsonschema.validate(said, of("blame"))
    assert (code, said["charged"], said["shared"]) == (0, 2.0, 2.0)
    assert [(one["unit"], one["charged"], one["shared"]) for one in said["parties"]] == [
        ("0101", 2.0, 0.8),
        ("0102", 0.0, 1.2),
    ]
    (entry,) = said["entries"]
    assert (entry["liability"], [part["amount"] for part in entry["shares"]]) == (charged.number, [1.2, 0.8])
    assert suyuan("blame", "--period", "2026-Q5")[0] == 2


def test_a_whole_period_is_proposed_by_page_and_by_command(suyuan):
    case_at("archived")
    landed("confirm", {"figure": "ledger.satisfied", "basis": "本单位考核办法 2026-1"})
    person("office")

    code, out, _ = suyuan("ledger", "propose-period", "--as", "office", "--period", "2026-03", "--json")
    page = signed_in("office").post("/ledger/period/", {"ledger_period": "2026-03"})

    jsonschema.validate(json.loads(out), of("ledger propose-period"))
    assert (code, json.loads(out)["proposed"]) == (0, {"satisfied": 1})
    assert page.status_code == 302
