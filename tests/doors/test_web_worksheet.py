"""Worksheets in the browser: taken out of a list, brought back, read on the page and in the file."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from suyuan.config.home import home
from suyuan.gateways import ooxml
from suyuan.gateways.worksheet import read
from suyuan.store.models import Case
from tests.factories import case_at, person
from tests.worksheet_files import at, fill, taken

pytestmark = pytest.mark.django_db
DISPATCH = {"verb": "派单", "field:unit": "东城供电所", "field:specialty": "营销"}


def signed_in(role: str = "office") -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client()
    client.force_login(person(role))
    return client


def hand_in(client: Client, path: Path, name: str = "办理表.xlsx"):
    """Bring a worksheet back and return the page it leads to."""
    file = SimpleUploadedFile(name, path.read_bytes())
    return client.post("/worksheet/upload/", {"file": file}, follow=True)


def saved(answer, folder: Path) -> Path:
    """Return a download as a file."""
    path = folder / "download.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))
    return path


def rows(page) -> list[list[str]]:
    """Return what stands in the rows of a result."""
    return [[str(cell.text) for cell in row.cells] for row in page.context["listed"].rows]


def test_the_queue_leads_to_the_worksheet_of_the_same_list():
    case_at("registered")

    page = signed_in().get("/queue/?scope=open&state=registered").content.decode()

    assert 'href="/worksheet/?scope=open&amp;state=registered"' in page


def test_a_list_is_taken_out_filled_in_and_brought_back(tmp_path):
    first, second = case_at("registered"), case_at("registered")
    client = signed_in()
    out = saved(client.get("/worksheet/export/?scope=open&state=registered&verb=dispatch"), tmp_path)
    numbers = [row.cells[1] for row in read(out).rows]

    page = hand_in(client, fill(out, DISPATCH, {"verb": "派单", "field:unit": "无"}))

    assert {first.number, second.number} == set(numbers)
    assert [row[1:4] for row in rows(page)] == [[numbers[0], "派单", "已办理"], [numbers[1], "派单", "退回"]]
    assert page.context["listed"].rows[1].cells[4].lines == "表单有误\nJ5：不在可选项中\nK5：必填"
    assert Case.objects.get(number=numbers[0]).state == "dispatched"
    token = page.request["PATH_INFO"].split("/")[2]
    back = read(saved(client.get(f"/worksheet/{token}/file/"), tmp_path))
    assert back.rows[1].cells[at(back, "outcome")].startswith("退回：")
    assert not (home() / "uploads" / token / "办理表.xlsx").exists()


def test_a_result_is_for_whoever_brought_the_sheet_alone(tmp_path):
    case_at("registered")
    page = hand_in(signed_in(), fill(taken(tmp_path), DISPATCH))
    token = page.request["PATH_INFO"].split("/")[2]

    stranger = signed_in("lead")

    asked = [stranger.get(f"/worksheet/{token}/{end}").status_code for end in ("", "file/")]
    assert [*asked, stranger.post(f"/worksheet/{token}/go-on/").status_code] == [404, 404, 404]


def test_an_upload_that_was_cut_off_goes_on(tmp_path):
    case_at("registered")
    path, client = fill(taken(tmp_path), DISPATCH), signed_in()
    token = "0" * 32
    folder = home() / "uploads" / token
    folder.mkdir(parents=True)
    (folder / "a.xlsx").write_bytes(path.read_bytes())
    (folder / "owner.json").write_text(json.dumps({"by": "office", "name": "a.xlsx"}))

    waiting = client.get(f"/worksheet/{token}/")
    page = client.post(f"/worksheet/{token}/go-on/", follow=True)

    assert f"/worksheet/{token}/go-on/" in waiting.content.decode()
    assert [row[3] for row in rows(page)] == ["已办理"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"1,2", "不支持的文件格式"),
        ("a.xlsx", b"1,2", "不是 xlsx 或 docx 文件"),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 40, "文件已损坏"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0", "文件加了口令"),
    ],
)
def test_a_file_that_is_no_worksheet_is_refused_on_the_page(name, content, says):
    page = signed_in().post("/worksheet/upload/", {"file": SimpleUploadedFile(name, content)})

    assert (page.status_code, says in page.content.decode()) == (422, True)


def test_a_body_too_long_is_refused_before_it_is_read():
    page = signed_in().post(
        "/worksheet/upload/",
        data=b"x",
        content_type="application/octet-stream",
        CONTENT_LENGTH=str(ooxml.MOST_BYTES * 2),
    )

    assert (page.status_code, "文件过大" in page.content.decode()) == (422, True)


def test_an_upload_needs_the_token_of_the_page(tmp_path):
    case_at("registered")
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("office"))

    page = hand_in(client, fill(taken(tmp_path), DISPATCH))

    assert page.status_code == 403
    assert Case.objects.get().state == "registered"


def test_no_file_is_said_in_place():
    page = signed_in().post("/worksheet/upload/", {})

    assert (page.status_code, "请先选择文件" in page.content.decode()) == (422, True)


def test_the_queue_stands_once_in_the_navigation():
    page = signed_in().get("/worksheet/").content.decode()

    assert page.count('href="/queue/"') == 2  # the navigation, and the button beside the heading
