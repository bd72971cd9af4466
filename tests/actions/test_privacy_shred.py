"""What is known of a person goes from everywhere it lay, the chains still verify, and others keep theirs."""

import json
import shutil
import zipfile
from datetime import timedelta

import duckdb
import pytest
from django.db import connection

from suyuan.actions import evidence
from suyuan.actions.privacy import rights
from suyuan.config.home import home
from suyuan.domain.errors import BadInput, Refused
from suyuan.store import chain, lake
from suyuan.store.models import Attachment, Case, Contact, Event, Note, Shredding
from suyuan.store.queries import listing, personal, viewer
from tests.evidence_files import add, sound
from tests.factories import NOW, actor, case_at, do, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_files_handed_in")]
PHONE, ACCOUNT = "13912345678", "3300012345678"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def archived():
    """Return a closed case of the person, with an attachment."""
    case = case_at("archived")
    add(case, name="身份证.jpg", now=LATER)
    return case


def event_keys(case) -> set[str]:
    """Return what every file of the lake says in the place of the customer of a case."""
    files = [path.as_posix() for path in lake.folder().rglob("cases/**/*.parquet")]
    rows = duckdb.execute("SELECT event_key FROM read_parquet(?) WHERE number = ?", [files, case.number])
    return {key for (key,) in rows.fetchall()}


def export(path, by="audit", who=ACCOUNT, **form):
    return rights.export(
        person=who, path=path, actor=actor(by), now=LATER, form={"purpose": "subject_request"} | form
    )


def gone(tmp_path, who=ACCOUNT) -> Shredding:
    """Export, ask and carry out."""
    export(tmp_path / "person.zip", who=who)
    rights.shred(person=who, actor=actor("office"), now=LATER)
    return rights.shred(person=who, actor=actor("audit"), now=LATER)


def everything() -> str:
    """Return every value of every table as text."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("store_") and not table.startswith("store_search"):
                cursor.execute(f'SELECT * FROM "{table}"')
                said += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(said)


def test_it_reaches_every_place_and_says_how_much_lay_there(archived, tmp_path):
    notes = Note.objects.filter(case=archived).count()
    done = gone(tmp_path)

    assert done.reached == {
        "event_log": 0,
        "search": 1,
        "contacts": 1,
        "notes": notes,
        "missed_calls": 0,
        "answered_calls": 0,
        "first_moves": 0,
        "contact_ways": 0,
        "supply_tables": 0,
        "risk_scores": 0,
        "register": 0,
        "attachments": 1,
        "messages": 0,
        "files": 0,
        "cases": 1,
    }
    assert (done.asked_by, done.carried_out_by, done.subject) == ("office", "audit", "")
    assert [bytes(row.sealed) for row in Contact.objects.all()] == [b""]
    assert set(Note.objects.values_list("masked", "ref")) == {("", "")}


def test_an_export_says_as_much_as_the_request_it_answers(archived, tmp_path):
    case_at("archived")
    counts = export(tmp_path / "person.zip")
    asked = rights.shred(person=ACCOUNT, actor=actor("office"), now=LATER)

    assert counts == asked.reached == rights.found(ACCOUNT)
    assert counts["search"] == 2
    with zipfile.ZipFile(tmp_path / "person.zip") as bundle:
        held = {name: len(json.loads(bundle.read(f"{name}.json"))) for name in counts}
    assert held == counts


def test_the_chains_verify_and_the_case_still_says_what_was_done(archived, tmp_path):
    before = list(Event.objects.filter(stream=f"case:{archived.number}").values_list("verb", flat=True))
    gone(tmp_path)
    after = list(
        Event.objects.filter(stream=f"case:{archived.number}").order_by("seq").values_list("verb", flat=True)
    )

    assert chain.verify()[0] > 1
    assert chain.verify_cases() == 1
    assert sorted(after) == sorted([*before, "evidence_shred", "shred"])


def test_nothing_is_found_by_the_number_or_the_words_any_more(archived, tmp_path):
    who = viewer.of(person("office"))
    kept = case_at(
        "archived", phone="13800001111", account="9900000000", customer="李四", text="另一位客户反映停电"
    )
    gone(tmp_path)

    def numbers(q: str) -> list[str]:
        return [case.number for case in listing.listing(who, listing.Filters(q=q, exact=True), now=NOW).rows]

    assert [numbers(q) for q in (PHONE, ACCOUNT, "张三丰", "连续三个月")] == [[], [], [], []]
    assert numbers("另一位客户") == numbers("9900000000") == [kept.number]


def test_only_that_person_is_reached(archived, tmp_path):
    kept = case_at("archived", phone="13800001111", account="9900000000", customer="李四")
    gone(tmp_path)

    assert personal.opened(kept)["customer"] == "李四"
    assert personal.opened(Case.objects.get(pk=archived.pk)) == {}


def test_the_lake_holds_no_key_of_the_person_any_more(archived, tmp_path):
    shutil.rmtree(lake.folder())
    lake.refresh()
    before = event_keys(archived)
    gone(tmp_path)
    lake.forget()

    assert (before != {""}, event_keys(archived)) == (True, {""})


def test_the_page_of_the_case_still_opens(archived, tmp_path, client):
    gone(tmp_path)
    client.force_login(person("office"))
    page = client.get(f"/case/{archived.number}/")

    assert (page.status_code, PHONE in page.content.decode()) == (200, False)


def test_the_key_of_each_piece_of_evidence_is_destroyed_and_its_digest_stays(archived, tmp_path):
    digest = Attachment.objects.get().sha256
    gone(tmp_path)
    piece = Attachment.objects.get()

    assert (piece.sealed_key, piece.sealed, piece.sha256, piece.shredded_by) == (None, None, digest, "audit")
    assert (piece.name, chain.verify()[0] > 1) == (digest[:12], True)


def test_a_held_piece_of_evidence_keeps_everything(archived, tmp_path):
    export(tmp_path / "a.zip")
    digest = Attachment.objects.get().sha256
    held = {"number": archived.number, "sha256": digest, "actor": actor("audit"), "now": LATER}
    evidence.hold(reason="judicial", **held)

    assert refused("audit") == "legal_hold"


def test_a_handed_in_file_that_holds_the_number_goes(archived, tmp_path, django_capture_on_commit_callbacks):
    folder = home() / "quarantine"
    folder.mkdir()
    (folder / "mine.csv").write_text(f"x,{ACCOUNT}\n"), (folder / "other.csv").write_text("x,1\n")
    with zipfile.ZipFile(folder / "mine.xlsx", "w") as book:
        book.writestr("xl/sharedStrings.xml", f"<t>{ACCOUNT}</t>")
    with django_capture_on_commit_callbacks(execute=True):
        done = gone(tmp_path)
    left = sorted(path.name for path in folder.iterdir())
    shutil.rmtree(folder)

    assert (done.reached["files"], left) == (2, ["other.csv"])


def test_an_export_holds_everything_and_is_an_event_without_any_of_it(archived, tmp_path):
    counts = export(tmp_path / "person.zip")
    with zipfile.ZipFile(tmp_path / "person.zip") as bundle:
        contacts = json.loads(bundle.read("contacts.json"))
    event = Event.objects.get(verb="person_export")

    assert (contacts[0]["phone"], contacts[0]["customer"]) == (PHONE, "张三丰")
    assert event.detail == {"purpose": "subject_request", "code": event.detail["code"], **counts}
    assert [planted for planted in (PHONE, ACCOUNT, "张三丰") if planted in everything()] == []


def test_a_person_is_found_by_case_telephone_and_account(archived):
    assert rights.found(archived.number) == rights.found(PHONE) == rights.found("330-0012-345678")


def test_nobody_has_an_unknown_number():
    with pytest.raises(BadInput) as wrong:
        rights.found("13000000000")

    assert (wrong.value.code, wrong.value.facts) == ("unknown_subject", {})


def refused(by: str, who: str = ACCOUNT) -> str:
    with pytest.raises(Refused) as no:
        rights.shred(person=who, actor=actor(by), now=LATER)
    return no.value.code


def test_it_is_refused_before_an_export_and_after_a_change(archived, tmp_path):
    assert refused("audit") == "not_exported"

    export(tmp_path / "a.zip")
    do(archived, "reopen", "office", LATER, note="客户再次来电")

    assert refused("audit") == "case_still_open"


def test_a_change_after_the_export_asks_for_another(archived, tmp_path):
    export(tmp_path / "a.zip")
    add(archived, sound(), name="n.wav", now=LATER)

    assert refused("audit") == "changed_since_export"


def test_one_person_alone_cannot(archived, tmp_path):
    export(tmp_path / "a.zip")
    asked = rights.shred(person=ACCOUNT, actor=actor("audit"), now=LATER)

    assert (asked.done_at, asked.asked_by) == (None, "audit")
    assert refused("audit") == "second_person_needed"
    assert refused("agent") == "not_your_role"
    assert personal.opened(archived)["phone"] == PHONE


def test_a_held_case_stays_until_it_is_released(archived, tmp_path):
    export(tmp_path / "a.zip")
    rights.hold(number=archived.number, reason="诉讼", actor=actor("audit"), now=LATER)

    assert refused("audit") == "legal_hold"
    assert rights.release(number=archived.number, actor=actor("audit"), now=LATER) == 1
    assert rights.shred(person=ACCOUNT, actor=actor("audit"), now=LATER).asked_by == "audit"


def test_a_hold_needs_a_reason_and_a_role(archived):
    with pytest.raises(BadInput):
        rights.hold(number=archived.number, reason=" ", actor=actor("audit"), now=LATER)
    with pytest.raises(Refused):
        rights.hold(number=archived.number, reason="诉讼", actor=actor("agent"), now=LATER)
