"""What older rules masked is masked again, and what was made of it follows; nothing else is touched."""

import pyarrow.parquet as pq
import pytest

from suyuan.actions import imports
from suyuan.actions.privacy import remask
from suyuan.domain import masking
from suyuan.domain.procedure import SYSTEM
from suyuan.store import chain, lake, search
from suyuan.store.models import Attachment, Case, Contact, Event, Note, Resealing
from suyuan.store.queries import listing, viewer
from tests.evidence_files import add
from tests.factories import NOW, case_at, do, person, unit
from tests.methods.order_files import HEADERS, write_csv
from tests.older_texts import HIDDEN, SAID, aged

pytestmark = pytest.mark.django_db


def remasked(most: int = 2, **how) -> list[tuple[int, int]]:
    """Mask everything again, a few at a time, and return what each batch did."""
    done = []
    while (batch := remask.remask(actor=SYSTEM, now=NOW, most=most, **how)).texts:
        done.append((batch.texts, batch.changed))
    return done


def found(words: str) -> list[str]:
    """Return the numbers of the cases that a search for words finds."""
    rows = listing.listing(viewer.of(person("office")), listing.Filters(q=words), now=NOW).rows
    return sorted(case.number for case in rows)


def test_what_is_written_today_is_masked_by_the_rules_of_today(tmp_path):
    case = case_at("handling")
    do(case, "contact", "station", reached=True, contact_note="已致电客户王小虎")
    add(case, name="王小虎先生.jpg")
    line = ["2025100100001", "投诉", "2025-10-01 08:05", "客户王小虎要求核实"]
    imports.run(path=write_csv(tmp_path / "a.csv", [HEADERS, line]), layout="auto", actor=SYSTEM, now=NOW)
    by = [set(model.objects.values_list("masked_by", flat=True)) for model in (Contact, Note, Attachment)]

    assert by == [{masking.VERSION}] * 3
    assert (remask.older(), remasked()) == (0, [])
    assert not Event.objects.filter(verb="text_remask").exists()


def test_index_brief_and_list_follow_and_nothing_else_moves():
    (case,) = aged()
    before = (found("小虎"), Case.objects.values().get())
    done = remasked()

    assert (before[0], found("小虎"), found("停电")) == ([case.number], [], [case.number])
    assert (done, Contact.objects.get().masked, Contact.objects.get().masked_by) == (
        [(1, 1)],
        HIDDEN,
        masking.VERSION,
    )
    assert Case.objects.values().get() == before[1] | {"brief": HIDDEN}


def test_a_note_and_a_file_name_are_masked_again():
    case = case_at("handling")
    do(case, "contact", "station", reached=True, contact_note=SAID)
    add(case, name="王小虎先生.jpg")
    Note.objects.update(masked=SAID, masked_by=None)
    Attachment.objects.update(name="王小虎先生.jpg", masked_by=masking.VERSION - 1)

    assert remasked() == [(1, 1), (1, 1)]
    assert Note.objects.get().masked == HIDDEN
    assert Attachment.objects.get().name == "王**先生.jpg"


def test_a_case_that_a_verb_opened_is_listed_and_found_by_its_first_note_as_masked_today():
    parent = case_at("handling")
    do(parent, "ask_support", "agent", unit="0102", request=SAID)
    case = Case.objects.get(parent_number=parent.number)
    search.replace(case.pk, case.brief, SAID)
    Note.objects.filter(case=case).update(masked=SAID, masked_by=None)
    Case.objects.filter(pk=case.pk).update(brief=SAID)
    before = found("小虎")

    assert remasked() == [(1, 1)]

    case.refresh_from_db()
    assert (before, found("小虎"), case.number in found("停电")) == ([case.number], [], True)
    assert (case.brief, Note.objects.get(case=case).masked) == (HIDDEN, HIDDEN)


def test_only_older_ones_are_masked_again_and_what_stays_the_same_is_said_so():
    aged(1)
    case_at("received")
    Contact.objects.filter(masked=SAID).update(masked=HIDDEN)

    assert remasked(most=10) == [(1, 0)]


def test_it_goes_on_where_it_was_cut_off():
    aged(5)
    remask.remask(actor=SYSTEM, now=NOW, most=2)
    at = Resealing.objects.get(column="store_contact.masked")
    second = Contact.objects.order_by("pk")[1].pk

    assert (at.last_id, at.done, remask.older()) == (second, False, 3)
    assert (remasked(), remask.older()) == ([(2, 2), (1, 1)], 0)


def test_what_an_older_process_wrote_afterwards_is_met_when_looked_for_again():
    aged(1)
    remasked()
    aged(1)
    Contact.objects.filter(masked_by=masking.VERSION).update(masked_by=None)

    assert remasked() == []
    assert remasked(look_again=True) == [(2, 2)]


def test_what_was_shredded_stays_empty():
    aged(1)
    Contact.objects.update(sealed=b"", masked="")

    assert (remask.older(), remasked(), Contact.objects.get().masked) == (0, [], "")


def test_a_batch_is_chained_with_its_counts_and_says_nothing_of_anybody():
    aged(3)
    remasked()
    written = Event.objects.filter(stream="register:privacy", verb="text_remask").order_by("seq")
    facts = {"column": "store_contact.masked", "version": masking.VERSION}

    assert list(written.values_list("detail", flat=True)) == [
        facts | {"texts": 2, "changed": 2},
        facts | {"texts": 1, "changed": 1},
    ]
    assert chain.verify(["register:privacy"]) == (1, 2)


def test_the_lake_holds_no_text_that_could_have_to_follow():
    aged(1)
    before = lake.refresh()
    remasked()

    assert lake.refresh() == before
    for path in lake.folder().rglob("*.parquet"):
        columns = pq.read_table(path, partitioning=None).to_pydict()
        assert [name for name, values in columns.items() if SAID in map(str, values)] == []


def test_a_second_contact_of_a_case_changes_neither_its_index_nor_its_brief():
    (case,) = aged()
    first = Contact.objects.get()
    unit()
    Contact.objects.create(case=case, at=NOW, masked=SAID + "多次", sealed=first.sealed)
    remasked()

    assert Contact.objects.order_by("pk").last().masked == HIDDEN
    assert Case.objects.get().brief == HIDDEN
    assert found("停电") == [case.number]
