"""Papers in the browser and on the command line."""

import json

import jsonschema
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from suyuan.cli.schema import of
from suyuan.gateways.papers import shipped
from suyuan.store.models import Event, PaperTemplate
from tests.factories import case_at, person
from tests.paper_files import docx, words

pytestmark = pytest.mark.django_db


def signed_in(role: str = "office") -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client()
    client.force_login(person(role))
    return client


def hand_in(client: Client, content: bytes, name: str = "本所.docx"):
    """Hand a template in."""
    given = {"kind": "work_order", "file": SimpleUploadedFile(name, content)}
    return client.post("/papers/propose/", given, follow=True)


def test_a_case_is_printed_and_found_again_by_its_code():
    case, client = case_at("handling"), signed_in()
    page = client.get(f"/case/{case.number}/").content.decode()

    answer = client.post(f"/case/{case.number}/paper/", {"kind": "work_order", "purpose": "meeting"})

    assert f'action="/case/{case.number}/paper/"' in page
    assert answer.headers["Content-Type"].endswith("wordprocessingml.document")
    assert case.number in words(answer.content)
    event = Event.objects.get(verb="print")
    found = client.get("/papers/", {"number": case.number, "code": event.detail["code"]})
    assert event.detail["sha256"] in found.content.decode()
    assert "没有打印过" in client.get("/papers/", {"number": case.number, "code": "X"}).content.decode()


def test_a_paper_that_is_not_ready_says_so():
    case = case_at("registered")

    answer = signed_in().post(f"/case/{case.number}/paper/", {"kind": "supervision", "purpose": "meeting"})

    assert (answer.status_code, "之前要先办“督办”" in answer.content.decode()) == (409, True)


def test_a_template_goes_from_hand_to_hand():
    office, admin = signed_in(), signed_in("admin")
    hand_in(office, docx("本所 {{ number }}"))
    row = PaperTemplate.objects.get()

    assert "本所.docx" in admin.get("/papers/").content.decode()
    assert "工单编号" in words(admin.get(f"/papers/{row.pk}/sample/").content)
    assert office.post(f"/papers/{row.pk}/", {"verb": "approve"}).status_code == 409
    assert "批准启用" in admin.get(f"/papers/{row.pk}/").content.decode()
    admin.post(f"/papers/{row.pk}/", {"verb": "approve"})
    row.refresh_from_db()
    assert (row.state, row.settled_by) == ("approved", "admin")


@pytest.mark.parametrize(
    ("content", "says"),
    [(docx("{{ nonsense }}"), "不认识的占位符"), (b"x", "不是 xlsx 或 docx 文件"), (b"", "文件为空")],
)
def test_a_template_that_may_not_be_is_refused_on_the_page(content, says):
    page = hand_in(signed_in(), content)

    assert (page.status_code, says in page.content.decode()) == (422, True)


def test_only_keepers_are_asked_for_templates_and_everybody_may_begin_from_one():
    lead = signed_in("lead")

    assert "提交模板" not in lead.get("/papers/").content.decode()
    assert hand_in(lead, docx("x")).status_code == 403
    assert lead.get("/papers/shipped/work_order/").content == shipped("work_order")
    assert lead.get("/papers/shipped/tea/").status_code == 422


def test_the_command_prints_finds_and_checks(suyuan, tmp_path):
    case = case_at("handling")
    person("office")
    out = tmp_path / "a.docx"

    code, said, aside = suyuan("paper", case.number, "work_order", "--out", out, "--as", "office", "--json")
    made = json.loads(said)
    jsonschema.validate(made, of("paper"))
    assert (code, aside, made["file"]) == (0, "", str(out))

    found = json.loads(suyuan("papers", "verify", case.number, made["code"], "--as", "office", "--json")[1])
    jsonschema.validate(found, of("papers verify"))
    assert (found["sha256"], found["by"], found["purpose"]) == (made["sha256"], "office", "handling")

    kept = tmp_path / "t.docx"
    kept.write_bytes(docx("{{ number }}"))
    checked = json.loads(suyuan("papers", "check", "work_order", kept, "--json")[1])
    jsonschema.validate(checked, of("papers check"))
    assert checked == {"ok": True, "file": str(kept), "paper": "work_order"}


def test_the_command_says_what_it_refuses(suyuan, tmp_path):
    case = case_at("registered")
    person("office")
    bad = tmp_path / "t.docx"
    bad.write_bytes(docx("{{ nonsense }}"))

    assert suyuan("paper", case.number, "supervision", "--out", tmp_path / "x", "--as", "office")[0] == 1
    assert suyuan("papers", "verify", case.number, "X", "--as", "office")[0] == 1
    code, said, aside = suyuan("papers", "check", "work_order", bad)
    assert (code, said, " [unknown_placeholder] file=t.docx" in aside) == (2, "", True)


def test_a_paper_that_is_too_early_says_in_one_sentence_what_comes_first():
    case, client = case_at("handling"), signed_in()

    answer = client.post(f"/case/{case.number}/paper/", {"kind": "supervision", "purpose": "meeting"})

    said = answer.content.decode()
    assert answer.status_code == 409
    assert "打印“供电服务督办单”之前要先办“督办”，这张工单上还没有。" in said
    assert "实为" not in said
