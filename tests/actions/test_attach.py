"""A file is kept once under the digest of its bytes, and the case says who added it."""

import hashlib

import pytest
from django.conf import settings

from suyuan.actions import attach
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import Actor
from suyuan.store import chain
from suyuan.store.models import Attachment, Case, Event
from tests.factories import NOW, actor, case_at, unit

pytestmark = pytest.mark.django_db
PHOTO = b"\xff\xd8\xff\xe0 a meter"
DIGEST = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Keep each test's bytes apart."""
    monkeypatch.setattr(settings, "ATTACHMENTS", tmp_path / "attachments")


def keep(case, name="电表.jpg", content=PHOTO, by="station"):
    """Attach a file to a case."""
    return attach.attach(number=case.number, name=name, content=content, actor=actor(by), now=NOW)


def test_the_bytes_lie_under_their_digest_and_the_case_names_them():
    case = case_at("handling")

    digest = keep(case)

    assert digest == DIGEST
    assert attach.path_of(digest).read_bytes() == PHOTO
    assert attach.path_of(digest) == settings.ATTACHMENTS / DIGEST[:2] / DIGEST[2:]
    assert Attachment.objects.values_list("name", "media_type", "size", "added_by", "added_at").get() == (
        "电表.jpg",
        "image/jpeg",
        len(PHOTO),
        "station",
        NOW,
    )


def test_it_is_written_down_and_the_case_counts_as_changed():
    case = case_at("handling")

    keep(case)

    event = Event.objects.filter(stream=f"case:{case.number}").order_by("-seq").first()
    assert (event.verb, event.objects_json, event.detail) == (
        "attach",
        [["case", case.number], ["file", DIGEST]],
        {"sha256": DIGEST, "size": len(PHOTO)},
    )
    assert Case.objects.get(pk=case.pk).changed_event == event.pk
    assert chain.verify([f"case:{case.number}"])[0] == 1


def test_the_same_bytes_twice_are_one_attachment():
    case = case_at("handling")
    keep(case)
    before = Event.objects.count()

    assert keep(case, name="另一个名字.png") == DIGEST

    assert (Attachment.objects.count(), Event.objects.count()) == (1, before)


def test_two_cases_share_the_bytes_and_each_has_its_own_attachment():
    first, second = case_at("handling"), case_at("handling")

    keep(first)
    keep(second, name="b.jpg")

    assert list(Attachment.objects.order_by("pk").values_list("case__number", "name")) == [
        (first.number, "电表.jpg"),
        (second.number, "b.jpg"),
    ]
    assert len([path for path in settings.ATTACHMENTS.rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\照片\\表.png", "表.png"),
        ("", DIGEST[:12]),
        ("长" * 300 + ".jpg", "长" * 200),
        ("x.unheard-of", "x.unheard-of"),
        ("空\0半\ud800.png", "空半.png"),
    ],
)
def test_a_name_is_only_a_name(name, kept):
    case = case_at("handling")

    keep(case, name=name)

    assert Attachment.objects.get().name == kept
    assert [path.name for path in settings.ATTACHMENTS.rglob("*") if path.is_file()] == [DIGEST[2:]]


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b"x" * 101, "too_large")])
def test_nothing_and_too_much_are_refused(monkeypatch, content, code):
    monkeypatch.setattr(attach, "LARGEST", 100)
    case = case_at("handling")

    with pytest.raises(BadInput) as wrong:
        keep(case, content=content)

    assert wrong.value.code == code
    assert (Attachment.objects.count(), settings.ATTACHMENTS.exists()) == (0, False)


def test_who_does_not_reach_the_case_attaches_nothing():
    case = case_at("handling")
    elsewhere = actor("station", at="0102", username="west")

    with pytest.raises(Refused) as refused:
        attach.attach(number=case.number, name="a", content=PHOTO, actor=elsewhere, now=NOW)

    assert refused.value.code == "not_your_role"
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize("role", ["station", "party", "admin"])
def test_a_restricted_case_takes_files_only_from_those_who_may_see_it(role):
    case = case_at("handling", "report")

    with pytest.raises(Refused):
        keep(case, by=role)

    assert Attachment.objects.count() == 0


def test_a_case_that_is_not_there_takes_nothing():
    unit()

    with pytest.raises(Refused) as refused:
        attach.attach(number="SY0", name="a", content=PHOTO, actor=Actor("x", frozenset()), now=NOW)

    assert refused.value.code == "not_found"


def test_what_cannot_be_written_down_is_not_attached(monkeypatch):
    case = case_at("handling")

    def full(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(Case, "save", full)
    with pytest.raises(OSError, match="disk full"):
        keep(case)

    assert Attachment.objects.count() == 0
    assert not Event.objects.filter(verb="attach").exists()
