"""Returns to regulators in the browser and by command."""

import json

import jsonschema
import pytest

from suyuan.cli.schema import of
from suyuan.store.models import Publication, RegulatorReturn
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.factories import case_at

pytestmark = pytest.mark.django_db
FILED = {"filed_on": "2026-03-05", "receipt_number": "能监回7号"}


def test_what_is_owed_is_listed_prefilled_and_filed_on_its_own_page():
    case, office = case_at("archived", channel="12398"), signed_in("office")
    listed = rows(office.get("/returns/"))
    assert [(row[0], row[1], row[4], row[5]) for row in listed] == [
        (case.number, "受理决定", "已更正电费", "登记回报"),
        (case.number, "办结", "已更正电费", "登记回报"),
    ]

    form = office.get(f"/returns/{case.number}/close/").content.decode()
    assert "已更正电费" in form
    assert office.post(f"/returns/{case.number}/close/", FILED | {"receipt_number": ""}).status_code == 422
    assert office.post(f"/returns/{case.number}/close/", FILED).status_code == 302

    assert [row[1] for row in rows(office.get("/returns/"))] == ["受理决定"]
    assert rows(office.get("/returns/?state=filed"))[0][5] == "能监回7号"
    assert "能监回7号" in office.get(f"/case/{case.number}/").content.decode()
    assert office.get("/returns/?channel=95598").status_code == 422


def test_an_open_case_offers_an_extension_where_the_close_is_owed():
    case, office = case_at("handling", channel="12398"), signed_in("office")

    page = office.get(f"/returns/{case.number}/close/").content.decode()
    assert f'href="/returns/{case.number}/extension/"' in page
    assert office.post(f"/returns/{case.number}/close/", FILED).status_code == 409
    answer = office.post(f"/returns/{case.number}/extension/", FILED | {"extension_days": "10"})

    assert (answer.status_code, RegulatorReturn.objects.get().days) == (302, 10)
    assert signed_in("station").get(f"/returns/{case.number}/close/").status_code == 403


def test_the_workbook_of_a_month_is_asked_for_on_the_page():
    case_at("registered", channel="12345")

    answer = signed_in("office").post("/returns/publish/?period=2026-03")

    row = Publication.objects.get()
    assert (answer.status_code, row.document, row.period, row.unit.code) == (302, "returns", "2026-03", "01")


def test_the_commands_list_file_and_publish(suyuan, tmp_path):
    case, form = case_at("archived", channel="12398"), tmp_path / "form.json"
    form.write_text(json.dumps(FILED), "utf-8")

    code, out, _ = suyuan("returns", "file", case.number, "close", "--as", "office", "--form", form, "--json")
    jsonschema.validate(json.loads(out), of("returns file"))
    assert code == 0
    code, out, _ = suyuan("returns", "list", "--as", "office", "--json")
    jsonschema.validate(json.loads(out), of("returns list"))
    assert [one["kind"] for one in json.loads(out)["returns"]] == ["accept"]
    code, out, _ = suyuan("returns", "list", "--as", "office", "--state", "filed", "--json")
    jsonschema.validate(json.loads(out), of("returns list"))
    assert json.loads(out)["returns"][0]["receipt_number"] == "能监回7号"
    code, out, _ = suyuan("returns", "publish", "--as", "office", "--period", "2026-03", "--json")
    jsonschema.validate(json.loads(out), of("returns publish"))
    assert json.loads(out)["state"] == "queued"
    assert suyuan("returns", "file", case.number, "close", "--as", "office", "--form", form)[0] == 1
