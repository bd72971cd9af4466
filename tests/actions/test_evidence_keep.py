"""Evidence is withdrawn and never deleted, held as long as somebody asks for it, destroyed by two people."""

import hashlib
import os
from datetime import date, timedelta

import pytest
from django.conf import settings

from suyuan.actions import evidence
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain, locker
from suyuan.store.models import Attachment, Case, Event
from suyuan.store.queries import evidence as kept
from suyuan.store.queries import viewer
from tests.evidence_files import PHOTO, add
from tests.factories import NOW, actor, case_at, person

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3 * 366)


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Keep each test's bytes apart."""
    monkeypatch.setattr(settings, "ATTACHMENTS", tmp_path / "attachments")


def do(verb: str, case, digest: str, by: str = "office", now=NOW, **said) -> Attachment:
    """Do a verb on a piece and return it as it then stands."""
    act = getattr(evidence, verb)
    act(number=case.number, sha256=digest, actor=actor(by), now=now, **said)
    return Attachment.objects.get(case=case, sha256=digest)


def refused(verb: str, case, digest: str, by: str = "office", now=NOW, **said) -> str:
    before = Event.objects.count()
    with pytest.raises(Refused) as no:
        do(verb, case, digest, by, now, **said)
    assert Event.objects.count() == before
    return no.value.code


def closed(level: str = "general") -> tuple[Case, str]:
    """Return an archived case of a level, with one piece of evidence."""
    case = case_at("handling")
    digest = add(case)
    Case.objects.filter(pk=case.pk).update(state="archived", is_open=False, archived_at=NOW, level=level)
    case.refresh_from_db()
    return case, digest


def told(case) -> list[str]:
    """Return the last verbs on the stream of a case, oldest first."""
    rows = Event.objects.filter(stream=f"case:{case.number}", verb__startswith="evidence_").order_by("seq")
    return list(rows.values_list("verb", flat=True))


def test_a_piece_is_withdrawn_with_a_reason_and_stays():
    case = case_at("handling")
    digest = add(case)

    piece = do("withdraw", case, digest, "station", reason="wrong_file")

    assert (piece.withdrawn_by, piece.withdrawn_at, piece.withdrawn_reason) == ("station", NOW, "wrong_file")
    assert piece.sealed_key is not None
    assert told(case) == ["evidence_withdraw"]
    assert refused("withdraw", case, digest, reason="wrong_file") == "evidence_withdrawn"
    with pytest.raises(Refused) as again:
        add(case)
    assert again.value.code == "evidence_withdrawn"


def test_a_reason_is_one_of_the_list():
    case = case_at("handling")
    digest = add(case)

    with pytest.raises(BadInput) as wrong:
        do("withdraw", case, digest, reason="because")

    assert (wrong.value.code, told(case)) == ("unknown_choice", [])


def test_somebody_else_who_only_works_on_the_case_withdraws_nothing():
    case = case_at("handling")
    digest = add(case)

    assert refused("withdraw", case, digest, "marketing", reason="wrong_file") == "not_your_evidence"


def test_what_is_held_is_neither_withdrawn_nor_destroyed():
    case, digest = closed()
    do("hold", case, digest, "audit", reason="judicial")

    codes = [
        refused("withdraw", case, digest, reason="wrong_file"),
        refused("ask_shred", case, digest, now=LATER, said_yes=True),
        refused("hold", case, digest, reason="audit"),
    ]
    piece = do("release", case, digest, "audit")

    assert codes == ["evidence_held", "evidence_held", "already_held"]
    assert (piece.held_at, piece.held_reason, told(case)) == (None, "", ["evidence_hold", "evidence_release"])
    assert refused("release", case, digest) == "not_held"
    assert refused("hold", case, digest, "station", reason="audit") == "not_your_role"


def test_two_people_destroy_what_is_due_and_the_chain_still_holds():
    case, digest = closed()

    do("ask_shred", case, digest, "office", LATER, said_yes=True)
    alone = refused("shred", case, digest, "office", LATER)
    piece = do("shred", case, digest, "audit", LATER)

    assert alone == "second_person"
    assert (piece.sealed_key, piece.sealed, piece.sha256) == (None, None, digest)
    assert (piece.shredded_by, piece.shredded_at, piece.shred_asked_by) == ("audit", LATER, "office")
    assert told(case) == ["evidence_ask_shred", "evidence_shred"]
    assert chain.verify([f"case:{case.number}"])[0] == 1
    with pytest.raises(Refused) as gone:
        kept.key(piece)
    assert gone.value.code == "evidence_shredded"


def test_destroyed_bytes_go_with_the_next_sweep_unless_another_case_holds_them():
    case, digest = closed()
    other = case_at("handling")
    add(other)
    do("ask_shred", case, digest, "office", LATER, said_yes=True)
    do("shred", case, digest, "audit", LATER)

    held = evidence.sweep_strays(now=LATER + timedelta(days=400))
    piece = other.attachments.get()
    with locker.clear(locker.path_of(digest), kept.key(piece), digest) as file:
        assert file.read() == PHOTO
    Attachment.objects.filter(pk=piece.pk).update(sealed_key=None, shredded_at=LATER)
    gone = evidence.sweep_strays(now=LATER + timedelta(days=400))

    assert (held, gone, locker.path_of(digest).exists()) == (0, 1, False)


def test_a_term_from_memory_only_proposes():
    case, digest = closed()

    assert refused("ask_shred", case, digest, now=LATER, said_yes=False) == "term_unconfirmed"


@pytest.mark.parametrize(
    ("level", "now", "code"),
    [
        ("general", NOW + timedelta(days=3 * 365), "still_kept"),
        ("major", LATER, "still_kept"),
        ("special", NOW + timedelta(days=5 * 365), "still_kept"),
        ("", LATER, "no_level"),
    ],
)
def test_nothing_is_destroyed_before_its_term_is_over(level, now, code):
    case, digest = closed(level)

    assert refused("ask_shred", case, digest, now=now, said_yes=True) == code


def test_an_open_case_keeps_its_evidence():
    case = case_at("handling")
    digest = add(case)

    assert refused("ask_shred", case, digest, now=LATER, said_yes=True) == "case_open"


def test_somebody_may_keep_what_another_wants_destroyed():
    case, digest = closed()
    do("ask_shred", case, digest, "office", LATER, said_yes=True)

    piece = do("keep", case, digest, "leader", LATER)

    assert (piece.shred_asked_by, piece.sealed_key is not None) == ("", True)
    assert refused("shred", case, digest, "audit", LATER) == "shred_not_asked"
    assert refused("keep", case, digest, "audit", LATER) == "shred_not_asked"


def test_the_list_of_what_is_due_names_the_rule_and_the_day():
    case, digest = closed()
    closed("major")
    office, west = viewer.of(person("office")), viewer.of(person("office", "0102", "west"))

    rows, more = kept.due(office, LATER, page=1)

    assert [(one.piece.sha256, one.term.figure, one.term.confirmed, one.until, more) for one in rows] == [
        (digest, "retention.evidence.general", False, date(2029, 3, 4), False)
    ]
    assert rows[0].piece.case.number == case.number
    assert kept.due(west, LATER, page=1) == ([], False)
    assert kept.due(office, NOW, page=1) == ([], False)


def test_a_look_names_who_what_and_for_what():
    case = case_at("handling")
    digest = add(case)
    evidence.look(
        number=case.number,
        sha256=digest,
        verb="evidence_view",
        purpose="review",
        actor=actor("office"),
        now=NOW,
    )

    event = Event.objects.get(stream=f"evidence:{case.number}")
    assert (event.actor, event.verb, event.detail) == ("office", "evidence_view", {"purpose": "review"})
    assert event.objects_json == [["case", case.number], ["file", digest]]


@pytest.mark.parametrize(
    ("verb", "purpose"), [("evidence_view", ""), ("evidence_view", "x"), ("attach", "review")]
)
def test_a_look_without_a_purpose_is_none(verb, purpose):
    case = case_at("handling")
    digest = add(case)

    with pytest.raises(BadInput):
        evidence.look(
            number=case.number, sha256=digest, verb=verb, purpose=purpose, actor=actor("office"), now=NOW
        )

    assert not Event.objects.filter(stream=f"evidence:{case.number}").exists()


def kept_in_clear(case, content: bytes = b"an older file", name: str = "13912345678.txt") -> str:
    """Keep a file as the version before the locker did: in clear, its row keyless; return its digest."""
    digest = hashlib.sha256(content).hexdigest()
    path = locker.path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    Attachment.objects.create(
        case=case,
        sha256=digest,
        name=name,
        media_type="text/plain",
        size=len(content),
        added_by="agent",
        added_at=NOW,
    )
    return digest


def test_a_file_an_earlier_version_kept_in_clear_is_sealed_and_opens():
    first, second = case_at("handling"), case_at("registered")
    digest = kept_in_clear(first)
    kept_in_clear(second)

    assert (evidence.adopt(now=NOW), evidence.adopt(now=NOW)) == (1, 0)

    pieces = list(Attachment.objects.filter(sha256=digest))
    opened = [
        locker.clear(locker.path_of(digest), locker.unwrap(p.sealed_key), digest).read() for p in pieces
    ]
    assert opened == [b"an older file"] * 2
    assert b"older" not in locker.path_of(digest).read_bytes()
    assert [p.name for p in pieces] == ["139******78.txt"] * 2
    assert (told(first), told(second)) == (["evidence_seal"], ["evidence_seal"])
    chain.verify()


def test_a_clear_file_is_no_stray_and_one_whose_bytes_changed_is_left_alone():
    case = case_at("handling")
    digest, changed = kept_in_clear(case), kept_in_clear(case, b"another")
    locker.path_of(changed).write_bytes(b"tampered")
    for path in (locker.path_of(digest), locker.path_of(changed)):
        os.utime(path, (0, 0))

    assert evidence.sweep_strays(now=NOW) == 0
    assert evidence.adopt(now=NOW) == 1
    assert locker.path_of(changed).read_bytes() == b"tampered"
    assert told(case) == ["evidence_seal"]
