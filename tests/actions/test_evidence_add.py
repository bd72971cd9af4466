"""A file is kept once under the digest of its bytes, sealed, and the case says who added it."""

import hashlib
import time
from datetime import timedelta

import pytest
from django.conf import settings

from suyuan.actions import evidence
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.store import chain, locker, rules, seal
from suyuan.store.models import Attachment, Case, Event
from tests.evidence_files import PHOTO, add, sound
from tests.factories import NOW, actor, case_at, unit

pytestmark = pytest.mark.django_db
DIGEST = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Keep each test's bytes apart."""
    monkeypatch.setattr(settings, "ATTACHMENTS", tmp_path / "attachments")


def lying() -> list[str]:
    """Return the files in the locker, by what they are called."""
    return sorted(path.name for path in settings.ATTACHMENTS.rglob("*") if path.is_file())


def content(piece: Attachment) -> bytes:
    """Return the bytes of a piece."""
    key = locker.unwrap(piece.sealed_key)
    with locker.clear(locker.path_of(piece.sha256), key, piece.sha256) as file:
        return file.read()


def test_the_bytes_lie_sealed_under_their_digest_and_the_row_says_what_they_are():
    case = case_at("handling")

    digest = add(case, name="张三13912345678的表.jpg", maker="李四", device="记录仪 3 号", claimed_at=NOW)

    piece = Attachment.objects.get()
    assert digest == DIGEST
    assert locker.path_of(digest) == settings.ATTACHMENTS / DIGEST[:2] / DIGEST[2:]
    assert PHOTO not in locker.path_of(digest).read_bytes()
    assert content(piece) == PHOTO
    assert (piece.kind, piece.media_type, piece.size) == ("photo", "image/jpeg", len(PHOTO))
    assert (piece.made_by, piece.claimed_at, piece.added_by, piece.added_at) == ("staff", NOW, "station", NOW)
    assert "13912345678" not in piece.name
    told = {"name": "张三13912345678的表.jpg", "maker": "李四", "device": "记录仪 3 号"}
    assert seal.unseal(piece.sealed) == told


def test_it_is_written_down_and_the_case_counts_as_changed():
    case = case_at("handling")

    add(case, sound(), name="a.wav")

    event = Event.objects.filter(stream=f"case:{case.number}").order_by("-seq").first()
    digest = hashlib.sha256(sound()).hexdigest()
    facts = {"size": len(sound()), "media_type": "audio/wav", "kind": "recording"}
    assert (event.verb, event.objects_json, event.detail) == (
        "attach",
        [["case", case.number], ["file", digest]],
        {"sha256": digest, "made_by": "staff", "claimed_at": "", **facts},
    )
    assert Case.objects.get(pk=case.pk).changed_event == event.pk
    assert chain.verify([f"case:{case.number}"])[0] == 1


def test_the_same_bytes_twice_are_one_piece():
    case = case_at("handling")
    add(case)
    before = Event.objects.count()

    assert add(case, name="另一个名字.jpg") == DIGEST

    assert (Attachment.objects.count(), Event.objects.count()) == (1, before)
    assert lying() == [DIGEST[2:]]


def test_two_cases_share_the_bytes_and_each_holds_a_key_of_its_own():
    first, second = case_at("handling"), case_at("handling")

    add(first)
    add(second, name="b.jpg")

    one, other = Attachment.objects.order_by("pk")
    assert [(p.case.number, p.name) for p in (one, other)] == [
        (first.number, "电表.jpg"),
        (second.number, "b.jpg"),
    ]
    assert bytes(one.sealed_key) != bytes(other.sealed_key)
    assert (content(one), content(other)) == (PHOTO, PHOTO)
    assert lying() == [DIGEST[2:]]


def test_bytes_that_were_lost_come_back_with_the_next_same_file():
    first, second = case_at("handling"), case_at("handling")
    add(first)
    locker.path_of(DIGEST).unlink()

    add(second)

    assert [content(piece) for piece in Attachment.objects.all()] == [PHOTO, PHOTO]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/表.jpg", "表.jpg"),
        ("C:\\照片\\表.jpg", "表.jpg"),
        ("长" * 300 + ".jpg", "长" * 196 + ".jpg"),
        ("空\0半\ud800\x1b[2J\u202egpj.jpg", "空半[2Jgpj.jpg"),
    ],
)
def test_a_name_is_only_a_name(name, kept):
    case = case_at("handling")

    add(case, name=name)

    assert Attachment.objects.get().name == kept
    assert lying() == [DIGEST[2:]]


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"kind": "recording"}, "kind_disagrees", None),
        ({"kind": "hearsay"}, "unknown_choice", "evidence_kind"),
        ({"made_by": "nobody"}, "unknown_choice", "evidence_maker"),
        ({"claimed_at": NOW + timedelta(minutes=1)}, "future", "claimed_at"),
        ({"maker": "x" * 81}, "too_long", None),
        ({"device": "\0"}, "bad_characters", None),
        ({"content": b""}, "empty", None),
        ({"content": b"MZ" + b"\0" * 99}, "file_executable", None),
        ({"content": PHOTO + b"<script>"}, "file_polyglot", None),
        ({"declared": "text/html"}, "file_type_disagrees", None),
    ],
)
def test_what_is_not_evidence_is_refused_by_name_and_leaves_nothing(said, code, field):
    case = case_at("handling")

    with pytest.raises(BadInput) as wrong:
        add(case, **said)

    assert (wrong.value.code, wrong.value.facts["name"], wrong.value.facts.get("field")) == (
        code,
        "电表.jpg",
        field,
    )
    assert (Attachment.objects.count(), lying()) == (0, [])


def test_a_file_over_the_limit_of_its_kind_is_refused():
    case = case_at("handling")
    largest = rules.figure("evidence.size", "screenshot") * 1024 * 1024

    with pytest.raises(BadInput) as wrong:
        add(case, PHOTO + bytes(largest - len(PHOTO) + 1), kind="screenshot")

    assert (wrong.value.code, wrong.value.facts["largest"]) == ("too_large", largest)
    assert lying() == []


def test_who_does_not_reach_the_case_adds_nothing_and_learns_nothing():
    case = case_at("handling")
    elsewhere = actor("station", at="0102", username="west")

    with pytest.raises(Refused) as refused:
        add(case, by=elsewhere)

    assert (refused.value.code, refused.value.facts) == ("not_found", {"number": case.number})
    assert (Attachment.objects.count(), settings.ATTACHMENTS.exists()) == (0, False)


@pytest.mark.parametrize(("role", "code"), [("party", "not_your_role"), ("admin", "not_found")])
def test_who_needs_no_evidence_for_their_work_adds_none(role, code):
    """The party office reaches cases and not their evidence; an administrator reaches no case."""
    with pytest.raises(Refused) as refused:
        add(case_at("handling"), by=role)

    assert refused.value.code == code


@pytest.mark.parametrize("role", ["station", "party", "admin", "marketing", "office"])
def test_a_restricted_case_takes_files_from_audit_and_leaders_alone(role):
    case = case_at("handling", "report")

    with pytest.raises(Refused) as refused:
        add(case, by=role)
    add(case, by="audit")

    assert refused.value.code == "not_found"
    assert Attachment.objects.get().added_by == "audit"


def test_a_case_that_is_not_there_takes_nothing():
    unit()
    nobody = evidence.Incoming(pieces=[PHOTO], name="a.jpg", made_by="staff")

    with pytest.raises(Refused) as refused:
        evidence.add(number="SY0", file=nobody, actor=Actor("x", frozenset()), now=NOW)

    assert refused.value.code == "not_found"


def test_what_cannot_be_written_down_is_not_evidence(monkeypatch):
    case = case_at("handling")

    def full(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(Case, "save", full)
    with pytest.raises(OSError, match="disk full"):
        add(case)

    assert Attachment.objects.count() == 0
    assert not Event.objects.filter(verb="attach").exists()
    assert lying() == [DIGEST[2:]]  # bytes without a row: the sweep's


def test_bytes_without_a_row_are_swept_once_they_are_old():
    case = case_at("handling")
    add(case)
    stray = locker.stage([b"nobody's"], "x", 100)
    locker.place(stray)
    locker.stage([b"half written"], "y", 100)
    now = NOW.fromtimestamp(time.time(), tz=NOW.tzinfo)

    young = evidence.sweep_strays(now=now)
    gone = evidence.sweep_strays(now=now + timedelta(hours=25))

    assert (young, gone) == (0, 2)
    assert lying() == [DIGEST[2:]]
