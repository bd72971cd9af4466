"""What has outlived a confirmed period goes, batch by batch; what is open, held or not yet over stays."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from suyuan.actions import evidence, perform, schedules
from suyuan.actions.privacy import _outlived as outlived
from suyuan.actions.privacy import retention, rights
from suyuan.config.home import home
from suyuan.domain.errors import BadInput, Refused
from suyuan.domain.procedure import SYSTEM
from suyuan.jobs import schedules as jobs
from suyuan.store import chain, rules
from suyuan.store.models import (
    Attachment,
    Attention,
    BulkRun,
    Case,
    Contact,
    ContactWay,
    Event,
    ImportRun,
    Message,
    Note,
    Publication,
    Schedule,
    SignIn,
    SignInTally,
    SpecialFlag,
)
from suyuan.store.queries import listing, viewer
from tests.customer_files import load
from tests.evidence_files import add
from tests.factories import NOW, actor, case_at, do, person, unit
from tests.rulebook_entries import landed

pytestmark = pytest.mark.django_db
LAST_DAY = datetime(2029, 3, 4, 15, 59, tzinfo=UTC)
"""The last minute, in Shanghai, of three years after a case that was closed on 2026-03-04."""
OVER = LAST_DAY + timedelta(minutes=2)


@pytest.fixture(autouse=True)
def own_home(own_secrets):
    rules.forget()
    yield
    rules.forget()


def sure(figure: str, **terms: object) -> None:
    """Let the office say how long something is kept, with a source."""
    entry = {
        "title": {"zh": "保存", "en": "Keep"},
        "terms": terms,
        "basis": "省公司档案办法",
        "certainty": "Q",
    }
    landed("figure", {"id": figure} | entry)
    Message.objects.all().delete()  # what told those who approve it


def shred(now=OVER) -> dict[str, int]:
    return retention.shred_outlived(actor=SYSTEM, now=now)


def due(place: str, now=OVER) -> retention.Due:
    return next(each for each in retention.outlived(now=now) if each.place == place)


def speaks(case) -> bool:
    """Return whether anything a customer said of a case is left."""
    row = Case.objects.get(pk=case.pk)
    contacts = Contact.objects.filter(case=case).exclude(sealed=b"", masked="")
    notes = Note.objects.filter(case=case).exclude(sealed=b"")
    return bool(contacts or notes or row.account_index or row.phone_index or row.brief)


# ---- cases ----


def test_a_period_nobody_confirmed_is_counted_and_removes_nothing():
    case = case_at("archived")
    before = Event.objects.count()

    found = due("cases")

    assert (found.found, found.confirmed, found.certainty, found.period) == (1, False, "I", "3 years")
    assert (shred(), speaks(case), Event.objects.count()) == ({}, True, before)


def test_what_a_customer_said_goes_when_its_period_is_over_and_the_chains_still_verify():
    sure("retention.contact", years=3)
    case = case_at("archived")
    assert due("cases").found == 1

    assert (shred(), speaks(case)) == ({"cases": 1}, False)

    own = Event.objects.filter(stream=f"case:{case.number}").latest("seq")
    event = Event.objects.filter(stream="register:privacy").get()
    assert (own.verb, own.actor, own.detail) == ("retention_shred", "system", {})
    assert event.objects_json == [["case", case.number]]
    assert event.detail == {
        "place": "cases",
        "count": 1,
        "figure": "retention.contact",
        "period": "3 years",
        "certainty": "Q",
    }
    assert (chain.verify_cases(), chain.verify()[0] > 1) == (1, True)
    assert (shred(), due("cases").found) == ({}, 0)


def test_it_is_not_found_by_its_words_any_more():
    sure("retention.contact", years=3)
    who, kept = viewer.of(person("office")), case_at("archived", now=NOW + timedelta(days=1))
    gone = case_at("archived")
    shred()

    def numbers() -> list[str]:
        return [case.number for case in listing.listing(who, listing.Filters(q="连续三个月"), now=OVER).rows]

    assert gone.number not in numbers()
    assert numbers() == [kept.number]


def test_the_last_day_is_kept():
    sure("retention.contact", years=3)
    case = case_at("archived")

    assert (shred(LAST_DAY), speaks(case)) == ({}, True)
    assert shred(OVER) == {"cases": 1}


def test_the_office_changes_how_long():
    sure("retention.contact", months=6)
    case_at("archived")

    assert shred(NOW + timedelta(days=180)) == {}
    assert shred(NOW + timedelta(days=190)) == {"cases": 1}


def test_a_case_closed_without_a_closing_moment_counts_from_its_last_event():
    sure("retention.contact", years=3)
    case = case_at("archived")
    Case.objects.filter(pk=case.pk).update(archived_at=None)

    assert (due("cases", LAST_DAY).found, due("cases", OVER).found) == (0, 1)


def test_an_open_case_keeps_everything_and_one_opened_again_begins_anew():
    sure("retention.contact", years=3)
    open_one, again = case_at("handling"), case_at("archived")
    do(again, "reopen", "office", NOW + timedelta(days=30), note="客户再次来电")

    assert (shred(), speaks(open_one), speaks(again)) == ({}, True, True)


def test_a_case_under_an_open_one_stays_with_it():
    sure("retention.contact", years=3)
    above, below = case_at("handling"), case_at("archived")
    Case.objects.filter(pk=below.pk).update(parent_number=above.number)

    assert (shred(), speaks(below)) == ({}, True)


def test_a_held_case_and_one_with_held_evidence_stay_and_are_counted():
    sure("retention.contact", years=3)
    by_case, by_piece = case_at("archived"), case_at("archived")
    rights.hold(number=by_case.number, reason="诉讼", actor=actor("audit"), now=NOW)
    add(by_piece)
    piece = {"number": by_piece.number, "sha256": Attachment.objects.get().sha256}
    evidence.hold(reason="judicial", actor=actor("audit"), now=NOW, **piece)

    assert (shred(), due("cases").held, speaks(by_case), speaks(by_piece)) == ({}, 2, True, True)

    rights.release(number=by_case.number, actor=actor("audit"), now=OVER)
    assert (shred(), speaks(by_case), speaks(by_piece)) == ({"cases": 1}, False, True)


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(monkeypatch):
    sure("retention.contact", years=3)
    for _ in range(3):
        case_at("archived")
    one_by_one = tuple(
        replace(place, batch=1) if place.name == "cases" else place for place in outlived.PLACES
    )
    monkeypatch.setattr(retention, "PLACES", one_by_one)

    def cut() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        retention.shred_outlived(actor=SYSTEM, now=OVER, after_batch=cut)
    assert due("cases").found == 2
    assert shred() == {"cases": 2}
    assert Event.objects.filter(stream="register:privacy").count() == 3


# ---- evidence ----


def with_evidence(level: str):
    case = case_at("archived")
    Case.objects.filter(pk=case.pk).update(level=level)
    add(case)
    return Attachment.objects.get(case=case)


def test_evidence_is_kept_by_its_level_when_what_the_customer_said_goes():
    sure("retention.contact", years=3)
    sure("retention.evidence.major", years=5)
    piece = with_evidence("major")

    assert shred() == {"cases": 1}
    piece.refresh_from_db()
    assert piece.shredded_at is None

    assert shred(OVER + timedelta(days=731)) == {"evidence_major": 1}
    piece.refresh_from_db()
    assert (piece.sealed_key, piece.sealed, piece.shredded_by, piece.name) == (
        None,
        None,
        "system",
        piece.sha256[:12],
    )
    assert chain.verify()[0] > 1


def test_evidence_without_a_level_a_confirmed_term_or_freedom_stays():
    sure("retention.evidence.general", years=3)
    with_evidence(""), with_evidence("special")
    held = with_evidence("general")
    evidence.hold(
        number=held.case.number, sha256=held.sha256, reason="judicial", actor=actor("audit"), now=NOW
    )

    assert shred(OVER + timedelta(days=3000)) == {}
    assert due("evidence_general").held == 1


# ---- what comes to its own end ----

LONG_AGO, LATELY = OVER - timedelta(days=800), OVER - timedelta(days=10)


def test_sign_ins_and_sessions_go_after_six_months_by_the_shipped_rulebook():
    who, cases = person("office"), [case_at("handling"), case_at("handling")]
    for at, case in zip((LONG_AGO, LATELY), cases, strict=True):
        SignIn.objects.create(person=who, session_key="k", method="password", opened_at=at, seen_at=at)
        SignInTally.objects.create(key=str(at), failures=1, first_at=at)
        Attention.objects.create(person=who, case=case, event=1, at=at)
        Session.objects.create(session_key=f"s{at:%j}", session_data="", expire_date=at)

    assert shred() == {"sign_ins": 1, "browsers": 1, "failed_sign_ins": 1, "seen_cases": 1}
    assert [row.seen_at for row in SignIn.objects.all()] == [LATELY]
    assert chain.verify()[0] > 1


def test_messages_that_are_done_go_and_those_that_wait_stay():
    sure("retention.outbox", years=2)
    plain = {"template": "urge", "recipient": "lead@01", "channel": "sms"}
    for key, at, next_at in (("old", LONG_AGO, None), ("new", LATELY, None), ("waits", LONG_AGO, LATELY)):
        Message.objects.create(key=key, queued_at=at, next_at=next_at, state="sent", **plain)

    assert shred() == {"messages": 1}
    assert sorted(Message.objects.values_list("key", flat=True)) == ["new", "waits"]


def test_what_has_ended_in_the_register_of_customers_goes(tmp_path):
    sure("retention.customer", years=1)
    unit(), load(tmp_path)
    way = ContactWay.objects.get()
    account = way.customer.accounts.get()
    plain = {"account": account, "set_by": "office", "set_at": LONG_AGO}
    for code, withdrawn in (("important_user", LONG_AGO), ("disabled", LATELY), ("elderly_alone", None)):
        SpecialFlag.objects.create(code=code, withdrawn_at=withdrawn, **plain)
    ContactWay.objects.filter(pk=way.pk).update(valid_until=LONG_AGO.date())

    assert shred() == {"contact_ways": 1, "special_flags": 1}
    assert sorted(SpecialFlag.objects.values_list("code", flat=True)) == ["disabled", "elderly_alone"]


def old_file(name: str, at: datetime = LONG_AGO):
    path = home() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def test_the_traces_of_work_go_with_the_files_they_left(tmp_path, django_capture_on_commit_callbacks):
    sure("retention.work", years=1)
    plain = {"sha256": "", "layout": "auto", "started_at": LONG_AGO}
    gone, kept = old_file("uploads/a/rows.xlsx"), old_file("quarantine/rows.csv", LATELY)
    old_file("uploads/a/owner.json"), old_file("uploads/b/owner.json")
    waits, outside = old_file("uploads/b/waits.xlsx"), tmp_path.parent / "theirs.csv"
    outside.write_text("x")
    ImportRun.objects.create(path=str(outside), finished_at=LONG_AGO, state="done", **plain)
    ImportRun.objects.create(path=str(waits), state="aside", **plain)
    BulkRun.objects.create(verb="urge", by="lead", asked_at=LONG_AGO, finished_at=LONG_AGO, state="done")
    same = {"document": "board", "period": "2026-W10", "queued_at": LONG_AGO, "as_of": LONG_AGO}
    for digest, at in (("a", LONG_AGO), ("b", LONG_AGO), ("b", LATELY)):
        Publication.objects.create(sha256=digest, finished_at=at, state="done", language="en", **same)
    files = [old_file(f"publications/{digest}.xlsx") for digest in "ab"]
    with django_capture_on_commit_callbacks(execute=True):
        assert shred() == {"handed_in_files": 1, "imports": 1, "bulk_runs": 1, "publications": 2}

    there = [path.exists() for path in (gone, gone.parent, kept, waits, outside, *files)]
    assert there == [False, False, True, True, True, False, True]
    assert (ImportRun.objects.count(), Publication.objects.count()) == (1, 1)


def test_files_an_isolation_gateway_carried_go(django_capture_on_commit_callbacks):
    sure("retention.outbox", years=2)
    path = old_file("outbox/out/sms/messages-1.csv")
    with django_capture_on_commit_callbacks(execute=True):
        assert shred() == {"outbox_files": 1}

    assert not path.exists()


# ---- who, and by what ----


def test_the_worker_does_it_by_a_schedule():
    sure("retention.contact", years=3)
    case = case_at("archived")
    schedules.keep(now=LAST_DAY)
    Schedule.objects.exclude(code="retention").delete()

    assert jobs.batch(LAST_DAY, "w") == 0
    assert jobs.batch(LAST_DAY + timedelta(hours=3), "w") == 1

    assert Schedule.objects.get().outcome == {"state": "done", "reached": {"cases": 1}}
    assert speaks(case) is False


def test_only_the_machine_audit_and_administrators_may():
    retention.check(SYSTEM), retention.check(actor("audit")), retention.check(actor("admin"))
    for who in (actor("office"), actor("audit", "0101", "local")):
        with pytest.raises(Refused) as no:
            retention.check(who)
        assert no.value.code == "not_your_role"


def test_an_unknown_place_is_an_error():
    with pytest.raises(BadInput) as wrong:
        retention.shred_batch(name="attic", actor=SYSTEM, now=OVER)

    assert wrong.value.code == "unknown_value"


def test_the_verbs_of_a_shredded_case_still_work():
    sure("retention.contact", years=3)
    case = case_at("archived")
    shred()

    form = {"note": "客户再次来电"}
    perform.perform(number=case.number, verb="reopen", actor=actor("office"), now=OVER, form=form)

    assert Case.objects.get(pk=case.pk).is_open
