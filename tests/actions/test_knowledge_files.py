"""A file of the rulebook lies in the evidence locker: checked, sealed, counted as held, openings written."""

import hashlib
from datetime import timedelta

import pytest
from django.conf import settings

from suyuan.actions import evidence, knowledge
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import locker, rules
from suyuan.store.models import Attachment, Event, RuleFile
from suyuan.store.queries import rulebook
from tests.evidence_files import PHOTO, add, pdf
from tests.factories import NOW, actor, case_at
from tests.rulebook_entries import SURE, landed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAPER = pdf()
DOCUMENT = {
    "number": "Q/SY-01",
    "title": {"zh": "投诉处理规范", "en": "Handling complaints"},
    "kind": "standard",
    "version": "A/0",
    "basis": "公司文件",
    "certainty": "Q",
}


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "ATTACHMENTS", tmp_path / "attachments")
    rules.forget()
    yield
    rules.forget()


def kept(content: bytes = PAPER, name: str = "规范.pdf", by: str = "lead") -> str:
    handed = knowledge.Handed([content], name)
    return knowledge.keep_file(handed=handed, actor=actor(by), now=NOW)


def content(row: RuleFile) -> bytes:
    with locker.clear(locker.path_of(row.sha256), rulebook.file_key(row), row.sha256) as file:
        return file.read()


def test_a_file_is_sealed_under_its_digest_and_written_down_once():
    digest = kept(name="张三13912345678.pdf")

    assert kept() == digest == hashlib.sha256(PAPER).hexdigest()
    row = RuleFile.objects.get()
    assert (row.media_type, row.size, row.added_by) == ("application/pdf", len(PAPER), "lead")
    assert "13912345678" not in row.name
    assert PAPER not in locker.path_of(digest).read_bytes()
    assert content(row) == PAPER
    assert list(Event.objects.filter(stream=f"rulefile:{digest}").values_list("verb", "actor")) == [
        ("rule_file_add", "lead")
    ]


def test_opening_is_an_event_and_moves_nothing_in_the_stream_of_what_is_in_force():
    digest = kept()

    knowledge.open_file(sha256=digest, actor=actor("agent"), now=NOW)

    verbs = Event.objects.filter(stream=f"rulefile:{digest}").order_by("seq").values_list("verb", "actor")
    assert list(verbs)[1:] == [("rule_file_open", "agent")]
    assert not Event.objects.filter(stream=rules.STREAM).exists()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [(b"PK\x03\x04" + b"0" * 40, "a.zip", "file_archive"), (PHOTO, "规范.pdf", "file_type_disagrees")],
)
def test_what_the_locker_does_not_take_is_refused_with_its_reason(content, name, code):
    with pytest.raises(BadInput) as bad:
        kept(content, name)

    assert bad.value.code == code
    assert [path for path in settings.ATTACHMENTS.rglob("*") if path.is_file()] == []


def test_only_who_may_propose_hands_a_file_in():
    with pytest.raises(Refused) as refused:
        kept(by="station")

    assert refused.value.code == "not_your_role"


def test_no_sweep_takes_a_file_of_the_rulebook_even_where_the_same_evidence_was_destroyed():
    digest = kept(PHOTO, "现场.jpg")
    assert add(case_at("handling")) == digest
    Attachment.objects.update(sealed_key=None, shredded_at=NOW)

    assert evidence.sweep_strays(now=NOW + 20000 * DAY) == 0
    assert content(RuleFile.objects.get()) == PHOTO


def test_evidence_and_rulebook_share_the_bytes_under_one_key():
    add(case_at("handling"))

    kept(PHOTO, "现场.jpg")

    assert content(RuleFile.objects.get()) == PHOTO


def test_a_document_that_is_a_file_is_found_by_its_words_and_by_the_name_of_its_file():
    digest = kept(name="供电所操作手册.pdf")
    landed("document", DOCUMENT | {"file": digest})

    assert [one.key for one in rulebook.found("投诉处理", kind="document")] == ["Q/SY-01"]
    [hit] = rulebook.found("操作手册", kind="document")
    assert digest not in hit.text


def test_the_source_of_a_confirmation_stands_in_the_event_of_its_approval():
    digest = kept()
    said = knowledge.Proposed("confirm", SURE, "查到原文", digest, "规范.pdf")
    draft = knowledge.propose(proposed=said, actor=actor("lead"), now=NOW)
    knowledge.submit(draft=draft.pk, actor=actor("lead"), now=NOW)

    done = knowledge.approve(draft=draft.pk, actor=actor("office"), now=NOW)

    assert Event.objects.get(pk=done.landed).detail["source"] == digest


def test_a_file_that_was_not_handed_in_cannot_be_named():
    with pytest.raises(BadInput) as bad:
        landed("document", DOCUMENT | {"file": "0" * 64})

    assert bad.value.code == "no_such_file"
