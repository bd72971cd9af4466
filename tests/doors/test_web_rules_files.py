"""Files on the forms of the rulebook: handed in with an entry, kept when the form comes back, downloaded."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from suyuan.store import rules
from suyuan.store.models import Event, RuleDraft, RuleFile
from tests.evidence_files import pdf
from tests.factories import person

pytestmark = pytest.mark.django_db
PAPER = pdf()
DOCUMENT = {
    "document_number": "Q/SY-01",
    "title_zh": "投诉处理规范",
    "title_en": "Handling complaints",
    "kind": "standard",
    "version": "A/0",
    "basis": "公司文件",
    "certainty": "Q",
    "why": "新发文件",
}
SURE = {
    "of": "limit",
    "key": "complaint.accept",
    "in_force_from": "2021-09-25",
    "basis": "第9条",
    "why": "查到原文",
}


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "ATTACHMENTS", tmp_path / "attachments")
    rules.forget()
    yield
    rules.forget()


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def paper(name: str = "规范.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PAPER, "application/pdf")


def test_a_document_is_handed_in_approved_and_downloaded_by_whoever_reads_the_rules():
    lead = signed_in("lead")
    lead.post("/rules/new/document/", DOCUMENT | {"file": paper()})
    draft, file = RuleDraft.objects.get(), RuleFile.objects.get()
    link = f"/rules/file/{file.sha256}/"
    office = signed_in("office")
    assert link in office.get(f"/rules/proposals/{draft.pk}/").content.decode()
    office.post(f"/rules/proposals/{draft.pk}/approve/")

    station = signed_in("station")
    page = station.get("/rules/entry/document/Q/SY-01/").content.decode()
    answer = station.get(link)

    assert link in page
    assert b"".join(answer.streaming_content) == PAPER
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    opened = Event.objects.filter(stream=f"rulefile:{file.sha256}", verb="rule_file_open")
    assert list(opened.values_list("actor", flat=True)) == ["station"]
    [hit] = station.get("/rules/?find=投诉处理规范").context["hits"]
    assert hit.key == "Q/SY-01"


def test_the_source_of_a_confirmation_stands_beside_the_edition_it_speaks_of():
    signed_in("lead").post("/rules/new/confirm/", SURE | {"file": paper("细则.pdf")})
    draft, file = RuleDraft.objects.get(), RuleFile.objects.get()
    assert (draft.source_file, draft.source_name) == (file.sha256, "细则.pdf")
    signed_in("office").post(f"/rules/proposals/{draft.pk}/approve/")

    page = signed_in("agent").get("/rules/entry/limit/complaint.accept/").content.decode()

    assert f"/rules/file/{file.sha256}/" in page


def test_a_form_that_comes_back_keeps_its_file_and_one_that_drops_it_does_not():
    lead = signed_in("lead")
    back = lead.post("/rules/new/document/", DOCUMENT | {"version": "", "file": paper()})
    digest = RuleFile.objects.get().sha256
    assert f'name="kept_file" value="{digest}"' in back.content.decode()

    lead.post("/rules/new/document/", DOCUMENT | {"kept_file": digest, "keep": "1"})
    draft = RuleDraft.objects.get()
    assert draft.entry["file"] == digest
    lead.post(
        f"/rules/proposals/{draft.pk}/revise/",
        DOCUMENT | {"rule_text": "先联系客户", "kept_file": digest, "drop_file": "1"},
    )

    draft.refresh_from_db()
    assert "file" not in draft.entry


def test_a_refused_file_is_said_in_words_on_the_form():
    bad = SimpleUploadedFile("规范.pdf", b"MZ" + b"0" * 400, "application/pdf")

    answer = signed_in("lead").post("/rules/new/document/", DOCUMENT | {"file": bad})

    assert (answer.status_code, RuleFile.objects.count(), RuleDraft.objects.count()) == (422, 0, 0)
    assert answer.context["asked"].problem


def test_a_file_nobody_handed_in_is_not_there():
    assert signed_in("lead").get(f"/rules/file/{'0' * 64}/").status_code == 404
