"""Every contact with a customer in one order: of a case, and of the customer's other cases as far as seen."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from suyuan.actions.notice.queue import Draft, queue
from suyuan.domain.errors import BadInput
from suyuan.domain.procedure import SYSTEM
from suyuan.domain.rulebook import messages
from suyuan.store.models import Case, Channel, Receipt
from suyuan.store.queries import interactions, viewer
from tests.evidence_files import add
from tests.factories import NOW, actor, case_at, do, person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def lines(case: Case, role: str = "office", **asked):
    return interactions.of(viewer.of(person(role)), case, **asked)


def kinds(found) -> list[tuple[str, str]]:
    return [(line.kind, line.verb) for line in found]


def walked() -> Case:
    """Return a case with something of every kind."""
    case = do(case_at("handling"), "urge", "agent", NOW + HOUR, note="又来电催问，电话13912345678")
    case = do(case, "contact", "station", NOW + HOUR, reached=False, contact_note="无人接听")
    add(case, b"voice", "voice.txt", by=actor("office"))
    Channel.objects.create(
        code="sms", title="SMS", carrier="file", templates=[], batch=10, sealed=b"", changed_at=NOW
    )
    said = {name: value for name, value in messages.OWN[messages.STEP].items() if name != "case"}
    draft = Draft("one", "sms", "urge", address={"phone": "13912345678"}, facts=said, case_number=case.number)
    message = queue(draft=draft, actor=SYSTEM, now=NOW + 2 * HOUR)
    when = {"at": NOW + 3 * HOUR, "received_at": NOW + 3 * HOUR}
    Receipt.objects.create(
        message_id=message, channel="sms", key="one", outcome="delivered", source="x", **when
    )
    return case


def test_everything_that_passed_stands_in_one_order_with_its_door_and_who():
    case = walked()

    found = lines(case)

    assert kinds(found)[0] == ("contact", "receive")
    assert sorted(kinds(found)) == sorted(
        [
            ("contact", "receive"),
            ("urge", "urge"),
            ("call", "contact"),
            ("evidence", ""),
            ("message", ""),
            ("receipt", ""),
        ]
    )
    assert [line.at for line in found] == sorted(line.at for line in found)
    by_kind = {line.kind: line for line in found}
    assert (by_kind["contact"].door, by_kind["call"].who) == ("95598", "station")
    assert dict(by_kind["receipt"].form)["receipt_outcome"] == "delivered"
    assert "".join(line.text for line in found).count("13912345678") == 0


def test_a_kind_is_asked_for_alone_and_an_unknown_one_is_refused():
    case = walked()

    assert kinds(lines(case, kind="urge")) == [("urge", "urge")]
    with pytest.raises(BadInput):
        lines(case, kind="gossip")


def test_other_cases_of_the_customer_count_as_far_as_they_are_seen_and_never_a_secret_one():
    case, other = case_at("received"), case_at("received", "enquiry")
    case_at("received", secrecy="confidential")
    hidden = case_at("received", "report")

    found = {line.number for line in lines(case, account=True)}

    assert found == {case.number, other.number}
    assert {line.number for line in lines(hidden, "agent", account=True)} == {hidden.number}


def test_as_many_questions_are_asked_for_three_cases_as_for_one():
    case, who = walked(), viewer.of(person("office"))

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            interactions.of(who, case, account=True)
        return len(seen)

    one = asked()
    case_at("handling"), case_at("callback", "enquiry")

    assert (one, asked()) == (one, one)
    assert one <= 8


def test_an_answer_a_callback_and_a_card_are_told_with_what_was_said():
    case = do(case_at("callback", "repair"), "issue_card", "station", NOW + HOUR)
    case = do(case, "call_back", "agent", NOW + HOUR, reached=True, satisfaction="satisfied")

    found = {line.verb: line for line in lines(case)}

    assert {"arrive", "answer", "issue_card", "call_back"} <= set(found)
    assert found["answer"].text == "已处理"
    assert dict(found["call_back"].form) == {"reached": "True", "satisfaction": "satisfied"}
