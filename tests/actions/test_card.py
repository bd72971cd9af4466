"""Satisfaction cards: a code nobody can guess, rated once, held against what was said on the telephone."""

import importlib
import io
import zipfile
from datetime import timedelta

import pytest
import qrcode
from django.apps import apps

from suyuan.actions import card, papers
from suyuan.domain.errors import BadInput, Refused
from suyuan.store.models import Card, Case, Event
from suyuan.store.queries import cards, viewer
from tests.evidence_files import add
from tests.factories import FORMS, NOW, UNHAPPY, case_at, do, person
from tests.paper_files import words

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def pictures(docx: bytes) -> list[bytes]:
    """Return the pictures of a document."""
    with zipfile.ZipFile(io.BytesIO(docx)) as parts:
        return [parts.read(name) for name in parts.namelist() if name.startswith("word/media/")]


def scanned(text: str) -> bytes:
    """Return the picture that is read as a text."""
    picture = io.BytesIO()
    qrcode.make(text, border=2).save(picture, format="PNG")
    return picture.getvalue()


def rated(code: str, rating: str = "satisfied", address: str = "203.0.113.7") -> None:
    """Rate as a customer does on the public page."""
    card.rate(code=code, rating=rating, address=address, now=NOW + 2 * HOUR)


def refused(work) -> str:
    """Return the code with which something is refused."""
    with pytest.raises(Refused) as error:
        work()
    return error.value.code


def with_card(procedure: str = "repair"):
    """Return a case in callback whose customer has a card."""
    return do(case_at("callback", procedure), "issue_card", "station", NOW + HOUR)


def test_a_customer_rates_once_with_the_code_on_the_card_however_it_is_typed():
    case = with_card()
    code = cards.code(case)

    rated(code.lower().replace("-", " ").replace("0", "o"), "dissatisfied")

    case.refresh_from_db()
    row = Card.objects.get(case=case)
    event = Event.objects.get(stream=f"case:{case.number}", verb="rate_card")
    assert (case.card, row.rating, row.taken_by, row.taken_at) == (
        "dissatisfied",
        "dissatisfied",
        "",
        NOW + 2 * HOUR,
    )
    assert (event.actor, event.detail["form"]) == ("system", {"rating": "dissatisfied"})
    assert refused(lambda: rated(code)) == "card_used"


def test_only_the_digest_of_a_code_is_stored_and_each_card_has_its_own():
    first, second = with_card(), with_card("complaint")

    stored = {str(value) for row in Card.objects.values() for value in row.values()}

    assert {cards.code(first), cards.code(second)} & stored == set()
    assert cards.code(first) != cards.code(second)
    assert Card.objects.get(case=first).digest == cards.digest(cards.code(first))


def test_wrong_codes_lock_their_address_and_no_other():
    code = cards.code(with_card())
    assert [refused(lambda: rated("0000-0000-0000")) for _ in range(50)] == ["card_unknown"] * 50

    assert refused(lambda: rated(code)) == "card_locked"
    rated(code, address="203.0.113.8")


@pytest.mark.parametrize("said", [{"secrecy": "anonymous"}, {"secrecy": "confidential"}])
def test_a_secret_case_gets_no_card(said):
    case = case_at("callback", "repair", **said)

    assert refused(lambda: do(case, "issue_card", "station", NOW + HOUR)) == "card_not_for_secret"


def test_a_card_handed_in_on_paper_is_typed_in_once():
    case = with_card()
    code = cards.code(case)
    case = do(case, "take_card", "agent", NOW + 2 * HOUR, rating="satisfied", evidence=code.lower())

    event = Event.objects.get(stream=f"case:{case.number}", verb="take_card")
    assert (event.detail["form"], event.detail["result"]) == (
        {"rating": "satisfied"},
        {"card_code_matches": "yes"},
    )
    assert (case.card, Card.objects.get(case=case).taken_by) == ("satisfied", "agent")
    assert refused(lambda: do(case, "take_card", "agent", NOW + 2 * HOUR, rating="satisfied")) == (
        "card_not_awaited"
    )
    assert refused(lambda: rated(cards.code(case))) == "card_used"


def test_a_card_is_typed_in_with_its_code_or_its_scan_and_not_without_one():
    case = with_card()
    scan = add(case, name="卡.jpg")

    for said in ({}, {"evidence": "0000-0000-0000"}, {"evidence": "a" * 64}):
        with pytest.raises(BadInput) as bare:
            do(case, "take_card", "agent", NOW + 2 * HOUR, rating="satisfied", **said)
        assert bare.value.facts == {"fields": {"evidence": "card_code_or_scan"}}
    case = do(case, "take_card", "agent", NOW + 2 * HOUR, rating="not_rated", evidence=scan)

    assert case.card == "not_rated"


def test_a_card_that_says_something_else_than_the_telephone_is_marked():
    case = do(with_card(), "call_back", "agent", NOW + HOUR, reached=True, satisfaction="satisfied")
    assert (case.card_match, cards.differing(case)) == ("alone", [])

    rated(cards.code(case), "dissatisfied")

    case.refresh_from_db()
    assert (case.card_match, cards.differing(case)) == ("differs", [1])
    case = do(case, "call_back", "agent", NOW + 3 * HOUR, **UNHAPPY)
    assert (case.card_match, cards.differing(case)) == ("agrees", [])


def handled_again() -> tuple[Case, str]:
    """Return a case in its second handling, and the code of the card of the first, still out."""
    case = with_card()
    old = cards.code(case)
    case = do(case, "call_back", "agent", NOW + HOUR, **UNHAPPY)
    return do(case, "second_handle", "office", NOW + HOUR, note="仍停电"), old


def answered_again(case: Case) -> Case:
    """Return a case in its second handling, worked on until its customer can be called back."""
    for verb in ("arrive", "restore", "answer"):
        case = do(case, verb, "station", NOW + HOUR, **FORMS[verb](case))
    return case


def test_a_second_handling_has_a_card_of_its_own_and_a_late_one_is_held_against_the_first():
    case, old = handled_again()

    rated(old, "satisfied")

    case.refresh_from_db()
    assert (case.card, case.satisfaction, case.first_satisfaction) == ("", "", "dissatisfied")
    assert (case.card_match, cards.differing(case), cards.code(case) == old) == ("differs", [1], False)


def test_a_late_card_differs_even_where_the_next_one_was_given_and_agrees():
    case, old = handled_again()
    case = do(answered_again(case), "issue_card", "station", NOW + HOUR)
    case = do(case, "call_back", "agent", NOW + HOUR, reached=True, satisfaction="satisfied")
    rated(cards.code(case), "satisfied")
    case.refresh_from_db()
    assert (case.card, case.card_match) == ("satisfied", "agrees")

    case = do(case, "take_card", "agent", NOW + 2 * HOUR, rating="satisfied", evidence=old)

    event = Event.objects.get(stream=f"case:{case.number}", verb="take_card")
    assert event.detail["result"] == {"card_code_matches": "yes", "card_episode": "1"}
    assert (case.card, case.card_match, cards.differing(case)) == ("satisfied", "differs", [1])
    assert refused(lambda: do(case, "take_card", "agent", NOW + 2 * HOUR, rating="satisfied")) == (
        "card_not_awaited"
    )


def test_of_several_cards_that_are_out_the_code_says_which_a_scan_does_not():
    case, old = handled_again()
    case = answered_again(case)
    scan = add(case, name="卡.jpg")
    case = do(case, "issue_card", "station", NOW + HOUR)

    with pytest.raises(BadInput) as either:
        do(case, "take_card", "agent", NOW + 2 * HOUR, rating="satisfied", evidence=scan)
    case = do(case, "take_card", "agent", NOW + 2 * HOUR, rating="dissatisfied", evidence=old)
    case = do(case, "take_card", "agent", NOW + 2 * HOUR, rating="satisfied", evidence=scan)

    assert either.value.facts == {"fields": {"evidence": "card_code_of_which"}}
    rows = Card.objects.filter(case=case).order_by("episode")
    assert [(row.rating, row.answered) for row in rows] == [
        ("dissatisfied", "dissatisfied"),
        ("satisfied", ""),
    ]
    assert (case.card, case.card_match) == ("satisfied", "agrees")


def test_a_card_that_was_used_is_named_as_such_while_another_is_awaited():
    case, old = handled_again()
    case = do(answered_again(case), "issue_card", "station", NOW + HOUR)
    rated(old)

    again = {"rating": "satisfied", "evidence": old}
    assert refused(lambda: do(case, "take_card", "agent", NOW + 3 * HOUR, **again)) == "card_used"


def test_cards_of_before_are_held_against_the_answers_their_events_keep():
    case, old = handled_again()
    rated(old, "satisfied")
    plain = with_card("complaint")
    Card.objects.update(answered="")
    Case.objects.update(card_match="")

    importlib.import_module("suyuan.store.migrations.0061_cards_of_each_handling").reconcile(apps, None)

    case.refresh_from_db(), plain.refresh_from_db()
    assert (case.card_match, cards.differing(case), plain.card_match) == ("differs", [1], "alone")


def test_the_printed_card_says_the_code_and_nothing_of_the_customer():
    case = with_card()

    who = viewer.of(person("station"))
    printed = papers.issue(
        number=case.number, kind="card", purpose="handling", viewer=who, now=NOW + HOUR
    ).content

    said = words(printed)
    assert cards.code(case) in said
    assert "127.0.0.1/card/" in said
    assert pictures(printed) == [scanned("http://127.0.0.1/card/")]
    assert [part for part in ("张三丰", "1391234", "人民路", "33000") if part in said] == []


def test_a_card_is_printed_only_where_one_was_given():
    case = case_at("callback", "repair")

    with pytest.raises(Refused) as none:
        papers.issue(
            number=case.number, kind="card", purpose="handling", viewer=viewer.of(person("station")), now=NOW
        )

    assert none.value.code == "paper_not_ready"
