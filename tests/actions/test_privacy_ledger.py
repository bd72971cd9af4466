"""What was shredded after a backup was made is shredded again when that backup is restored."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction

from suyuan.actions import org
from suyuan.actions.privacy import ledger, members, retention, rights
from suyuan.actions.privacy._ledger import since
from suyuan.cli import backup
from suyuan.config.home import home
from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import SYSTEM
from suyuan.store import chain, rules
from suyuan.store.models import Account, Attachment, Contact, ContactWay, Event, Person
from suyuan.store.queries import personal
from tests.customer_files import load
from tests.evidence_files import add
from tests.factories import NOW, actor, case_at, person, unit
from tests.rulebook_entries import landed

pytestmark = pytest.mark.django_db
ACCOUNT = "3300012345678"
MADE, LATER, RESTORED = NOW + timedelta(hours=1), NOW + timedelta(days=1), NOW + timedelta(days=2)


@pytest.fixture(autouse=True)
def own_home(own_secrets):
    rules.forget()
    yield
    rules.forget()


class Back(Exception):
    """The database goes back to what it was."""


@contextmanager
def undone() -> Iterator[None]:
    """Undo in the database what happens inside, as restoring a backup does; the home keeps its list."""
    try:
        with transaction.atomic():
            yield
            raise Back
    except Back:
        pass


def shred_person(tmp_path) -> None:
    form = {"purpose": "subject_request"}
    given = {"person": ACCOUNT, "now": LATER}
    rights.export(path=tmp_path / "p.zip", actor=actor("audit"), form=form, **given)
    rights.shred(actor=actor("office"), **given)
    rights.shred(actor=actor("audit"), **given)


def again(made_at=MADE, now=RESTORED) -> dict[str, int]:
    return ledger.shred_again(lines=ledger.read(ledger.path()), made_at=made_at, actor=SYSTEM, now=now)


def test_a_customer_is_shredded_again_wherever_it_lay(tmp_path):
    unit(), load(tmp_path)
    case = case_at("archived")
    add(case)
    kept = case_at("archived", account="9900000000", phone="13800001111", customer="李四")
    (home() / "uploads/x").mkdir(parents=True)
    (home() / "uploads/x/rows.csv").write_text(f"1,{ACCOUNT}")
    person("audit"), person("office")
    with undone():
        shred_person(tmp_path)
    assert (Account.objects.count(), ContactWay.objects.count()) == (1, 1)

    reached = again()

    assert {name: count for name, count in reached.items() if name in ("case", "evidence", "file")} == {
        "case": 1,
        "evidence": 1,
        "file": 1,
    }
    assert (Account.objects.count(), ContactWay.objects.count()) == (0, 0)
    assert [bytes(row.sealed) for row in Contact.objects.filter(case=case)] == [b""]
    assert Attachment.objects.get().sealed_key is None
    assert personal.opened(kept)["customer"] == "李四"
    assert (chain.verify()[0] > 1, chain.verify_cases()) == (True, 2)
    own = Event.objects.filter(stream=f"case:{case.number}").order_by("-seq")
    assert sorted(own.values_list("verb", flat=True)[:2]) == ["evidence_shred", "shred_again"]


def test_the_list_names_nobody(tmp_path):
    case = case_at("archived")
    person("audit"), person("office")
    shred_person(tmp_path)

    lines = [json.loads(line) for line in ledger.path().read_text().splitlines()]

    assert [(line["kind"], line["keys"]) for line in lines] == [("case", [case.pk])]
    assert {name for line in lines for name in line} == {"at", "kind", "keys", "mac"}
    assert ledger.path().stat().st_mode & 0o777 == 0o600


def test_somebody_who_left_and_what_outlived_its_period_are_shredded_again():
    entry = {"title": {"zh": "保存", "en": "Keep"}, "terms": {"days": 1}, "basis": "办法", "certainty": "Q"}
    landed("figure", {"id": "retention.contact"} | entry)
    case = case_at("archived")
    left = person("station")
    left.name = "李离岗"
    left.save()
    org.end_person(username="station", actor=actor("admin"), now=NOW)
    with undone():
        members.shred_member(username="station", actor=actor("admin"), now=LATER)
        retention.shred_outlived(actor=SYSTEM, now=NOW + timedelta(days=5))
    assert (Person.objects.get(pk=left.pk).name, bool(personal.opened(case))) == ("李离岗", True)

    assert again(now=NOW + timedelta(days=6)) == {"person": 1, "case": 1}
    assert (Person.objects.get(pk=left.pk).name, personal.opened(case)) == ("station", {})


def test_what_was_shredded_before_the_backup_is_left_alone(tmp_path):
    case = case_at("archived")
    person("audit"), person("office")
    with undone():
        shred_person(tmp_path)

    assert again(made_at=LATER + timedelta(minutes=1)) == {}
    assert personal.opened(case) != {}


def test_a_restore_without_a_list_warns_only_where_shredding_had_begun():
    before = backup.unlisted("2026-03-04T10:00:00+08:00")
    chain.append(stream="register:privacy", at=NOW, actor="audit", verb="shred", objects=[], detail={})
    after = backup.unlisted("2026-03-04T10:00:00+08:00")

    assert (before.partition(" / ")[2], after.partition(" / ")[2]) == (
        "nothing had been shredded by 2026-03-04T10:00:00+08:00; "
        "if anything was since, restore again with --shredded",
        "no list of what was shredded: what was removed after 2026-03-04T10:00:00+08:00 is back",
    )


def test_the_list_of_another_history_means_other_rows(tmp_path):
    """A backup of Monday is restored on Wednesday; what came after is no history of Tuesday's backup."""
    case = case_at("archived")
    person("audit"), person("office")
    assert ledger.path().exists() is False
    ledger.shred_again(lines=[], made_at=MADE, actor=SYSTEM, now=MADE + timedelta(hours=2))
    with undone():
        shred_person(tmp_path)
    tuesday = MADE + timedelta(hours=1)

    assert [line["kind"] for line in since(ledger.read(ledger.path()), tuesday)] == []
    assert again(made_at=MADE) == {"case": 1}
    assert personal.opened(case) == {}


def test_a_line_that_was_changed_or_is_another_homes_is_refused(tmp_path):
    case_at("archived")
    person("audit"), person("office")
    shred_person(tmp_path)
    line = ledger.path().read_text()
    for number, changed in enumerate((line.replace('"keys": [', '"keys": [9'), "{", "[]", "{}"), 1):
        (file := tmp_path / f"{number}.jsonl").write_text(line + changed + "\n")
        with pytest.raises(BadInput) as wrong:
            ledger.read(file)
        assert (wrong.value.code, wrong.value.facts["line"]) == ("shredded_list_changed", 2)


def test_a_second_time_it_finds_nothing_that_is_still_there(tmp_path):
    unit(), load(tmp_path)
    person("audit"), person("office")
    with undone():
        shred_person(tmp_path)

    assert again() == {"customer": 1}
    assert again(now=RESTORED + timedelta(hours=1)) == {}
