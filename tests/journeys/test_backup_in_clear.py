"""What people hand in stands nowhere in a backup that anybody could read, byte by byte, by any door."""

import gzip
import io
import json
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from suyuan.config.home import home
from suyuan.gateways import backup
from suyuan.gateways.backup import database
from suyuan.jobs import imports as importing
from suyuan.store import keyring, rules, seal
from suyuan.store.models import Attachment, Contact, Customer, ImportRun, Note, PaperTemplate, RuleFile
from tests.customer_files import HEADERS as REGISTER
from tests.customer_files import row as known
from tests.evidence_files import pdf
from tests.factories import case_at, person, unit
from tests.methods.order_files import HEADERS
from tests.paper_files import docx
from tests.worksheet_files import fill, taken

pytestmark = pytest.mark.usefixtures("own_home", "shared_base")
ABOUT = {"version": "0", "made_at": "2026-03-04T10:30:00+08:00", "counts": {}}
KINDS = ("people", "customer", "order", "rulebook", "evidence", "worksheet", "template")
NAMES = ("欧阳震华", "司马惠芬", "诸葛建国", "上官志坚", "夏侯丽娟", "皇甫春生", "令狐秀英")
PLANTED = {
    kind: (NAMES[place], f"1391234560{place}", f"人民路7{place}号3栋") for place, kind in enumerate(KINDS)
}
"""Who each kind of file speaks of: a name, a telephone number, an address."""


@pytest.fixture
def own_home(tmp_path, monkeypatch) -> Iterator[None]:
    """Give the test a home apart from the database of the test."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("SUYUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(settings, "ATTACHMENTS", tmp_path / "home" / "attachments")
    keyring.forget(), seal.forget(), rules.forget()
    yield
    keyring.forget(), seal.forget(), rules.forget()


def said(kind: str) -> str:
    name, phone, address = PLANTED[kind]
    return f"客户{name}反映停电，电话{phone}，住{address}"


def by(role: str) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def file_of(kind: str, ending: str, content: bytes) -> SimpleUploadedFile:
    """Return a file that names somebody in its own name too."""
    name, phone, _ = PLANTED[kind]
    return SimpleUploadedFile(f"联系人{name}{phone}.{ending}", content, "application/octet-stream")


def csv_of(*rows) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode()


def hand_in_people() -> None:
    """Hand in people of whom no row can be taken: the register keeps those who work here."""
    name, phone, _ = PLANTED["people"]
    rows = (["姓名", "工号", "所属单位", "岗位", "手机"], [name, "10023", "东城供电所", "没有的岗位", phone])
    checked = by("admin").post("/people/file/upload/", {"file": file_of("people", "csv", csv_of(*rows))})
    assert by("admin").get(checked.url).status_code == 200
    assert by("admin").post(checked.url).status_code == 200


def hand_in_customers() -> None:
    name, phone, address = PLANTED["customer"]
    content = csv_of(REGISTER, known(户名=name, 联系电话=phone, 用电地址=address))
    there = by("admin").post("/customers/import/upload/", {"file": file_of("customer", "csv", content)}).url
    assert by("admin").post(there, {}).status_code == 200


def hand_in_orders() -> None:
    """Hand in an order that is taken and one that is set apart."""
    name, phone, address = PLANTED["order"]
    who = [phone, name, address]
    rows = [[*HEADERS, "联系电话", "联系人", "联系地址"]]
    rows += [["2025100100001", "投诉", "2025-10-01 08:05", said("order"), *who]]
    rows += [["2025100100002", "投诉", phone, said("order"), *who]]
    office = by("office")
    there = office.post("/import/upload/", {"file": file_of("order", "csv", csv_of(*rows))}).url
    assert office.get(there).status_code == 200
    office.post(there.rstrip("/") + "/start/", {"layout": "office_95598"})
    importing.next_one(timezone.now(), "w", lambda: True)


def hand_in_rulebook_file() -> None:
    form = {"document_number": "Q/SY-01", "title_zh": "规范", "title_en": "Rule", "kind": "standard"}
    form |= {"version": "A/0", "basis": "公司文件", "certainty": "Q", "why": "新发文件"}
    file = file_of("rulebook", "pdf", pdf(said("rulebook").encode()))
    by("lead").post("/rules/new/document/", form | {"file": file})


def hand_in_evidence() -> None:
    number = case_at("handling").number
    given = {"file": file_of("evidence", "pdf", pdf(said("evidence").encode())), "made_by": "staff"}
    assert by("station").post(f"/case/{number}/attach/", given | {"maker": NAMES[4]}).status_code < 400


def hand_in_worksheet(folder: Path) -> None:
    note = {"verb": "补充记录", "field:note": said("worksheet")}
    filled = fill(taken(folder), note, own=PLANTED["worksheet"][0])
    file = file_of("worksheet", "xlsx", filled.read_bytes())
    assert by("office").post("/worksheet/upload/", {"file": file}, follow=True).status_code == 200


def hand_in_template() -> None:
    file = file_of("template", "docx", docx("{{ number }}", said("template")))
    by("office").post("/papers/propose/", {"kind": "work_order", "file": file}, follow=True)


def forms(word: str) -> list[bytes]:
    """Return how a word may stand in bytes: in the codings of files, escaped in JSON, as hex."""
    plain = [word.encode(coding) for coding in ("utf-8", "gb18030", "utf-16-le")]
    escaped = json.dumps(word)[1:-1].encode()
    return [*plain, escaped, escaped.replace(b"\\", b"\\\\"), plain[0].hex().encode()]


def unfolded(content: bytes) -> Iterator[bytes]:
    """Yield bytes, and what is packed in them."""
    yield content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield name.encode()
                yield from unfolded(packed.read(name))
    elif content.startswith(b"\x1f\x8b"):
        yield from unfolded(gzip.decompress(content))


def readable(dump: bytes, folder: Path) -> bytes:
    """Return a database's dump with nothing in it packed: PostgreSQL's is written out as SQL."""
    if not dump.startswith(b"PGDMP"):
        return dump
    (folder / "dump").write_bytes(dump)
    program = database._found("pg_restore")
    return subprocess.run([program, "-f", "-", folder / "dump"], capture_output=True, check=True).stdout


def test_no_file_that_was_handed_in_leaves_a_readable_word_in_a_backup(tmp_path):
    unit()
    hand_in_people(), hand_in_customers(), hand_in_orders(), hand_in_rulebook_file()
    hand_in_evidence(), hand_in_worksheet(tmp_path), hand_in_template()
    run = ImportRun.objects.get()
    kept = [model.objects.count() for model in (Customer, RuleFile, Attachment, PaperTemplate)]
    assert (run.accepted, run.quarantined, kept) == (1, 1, [1, 1, 1, 1])
    assert (Contact.objects.count(), Note.objects.filter(field="note").count()) == (2, 1)

    made = backup.take(home(), connections.settings["default"], tmp_path / "b.suyuan", ABOUT)
    with zipfile.ZipFile(made.path) as bundle:
        members = {name: bundle.read(name) for name in bundle.namelist()}
    members["database"] = readable(members["database"], tmp_path)
    pieces = [piece for name, content in members.items() for piece in (name.encode(), *unfolded(content))]
    found = {
        kind: [word for word in words if any(form in piece for form in forms(word) for piece in pieces)]
        for kind, words in PLANTED.items()
    }

    assert any(b"2025100100001" in piece for piece in pieces)
    assert {name for name in members if name.startswith("home/papers/")} != set()
    assert found == {kind: [] for kind in KINDS}


def test_the_search_sees_a_word_in_every_form():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a", gzip.compress("欧阳震华".encode("gb18030")))
    pieces = [*unfolded(packed.getvalue()), json.dumps({"name": "欧阳震华"}).encode()]

    assert [any(form in piece for form in forms("欧阳震华")) for piece in pieces] == [
        False, False, False, True, True,
    ]  # fmt: skip
