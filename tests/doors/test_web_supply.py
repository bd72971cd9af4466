"""Tables of supply are handed in on the page of logs, and what could not be taken is named there."""

import shutil

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from suyuan.actions.supply import forget
from suyuan.domain.procedure import SYSTEM
from suyuan.store import supply, tray
from tests.board_pages import signed_in

pytestmark = pytest.mark.django_db
TABLE = "户号,时间,电压\n9900100001,2026-03-01 08:00,231\n9900100002,2026-03-01 08:00,-3\n"


@pytest.fixture(autouse=True)
def folder():
    shutil.rmtree(supply.folder(), ignore_errors=True)  # tests share a home
    yield
    shutil.rmtree(supply.folder(), ignore_errors=True)


def uploads() -> set:
    return set(tray.folder(tray.HANDED_IN).rglob("*"))


def handed_in(role: str, raw: bytes, name: str = "电压.csv", kind: str = "voltage"):
    form = {"kind": kind, "file": SimpleUploadedFile(name, raw)}
    return signed_in(role).post("/supply-tables/", form, follow=True)


def test_a_table_is_handed_in_and_its_row_that_cannot_be_is_named():
    before = uploads()
    page = handed_in("office", TABLE.encode("utf-8")).content.decode()

    assert "“电压”：2 行，新增 1 行，更新 0 行，不变 0 行。" in page
    assert "未取入 1 行（行号、列、值、原因）：3 电压 -3 (数值超出可能的范围)" in page
    assert "电压.csv" in page
    assert "9900100001" not in page
    assert uploads() == before


@pytest.mark.parametrize(
    ("raw", "name", "kind", "said"),
    [
        (b"PAR1", "v.parquet", "voltage", "supply-problem"),
        (b"a,b", "v.csv", "weather", "supply-problem"),
        (b"<svg/>", "v.svg", "voltage", "supply-problem"),
    ],
)
def test_what_is_no_table_is_said_beside_the_form_and_nothing_is_kept(raw, name, kind, said):
    answer = handed_in("office", raw, name, kind)

    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not supply.folder().exists()


def test_a_damaged_part_is_named_and_the_page_stays():
    handed_in("office", TABLE.encode("utf-8"))
    (part,) = supply.folder().rglob("*.parquet")
    part.write_bytes(b"PAR1")
    answer = signed_in("office").get("/trace/")

    assert (answer.status_code, "2026-03-01.parquet 已损坏" in answer.content.decode()) == (200, True)
    assert forget(kind="voltage", actor=SYSTEM, now=timezone.now()) == 0
    assert not part.exists()


def test_only_those_who_hand_logs_in_see_the_form():
    assert handed_in("agent", TABLE.encode("utf-8")).status_code == 403
    assert "/supply-tables/" not in signed_in("agent").get("/trace/").content.decode()
    assert "/supply-tables/" in signed_in("office").get("/trace/").content.decode()
