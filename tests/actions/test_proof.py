"""The proof that an answer was given: when, by which way, what it said, and nothing of who asked."""

import hashlib
from datetime import timedelta

import pytest

from suyuan.actions import papers, reporter
from suyuan.domain.errors import Refused
from suyuan.store.models import Case, Event, Note
from suyuan.store.queries import proof, texts, viewer
from suyuan.store.queries import reporter as queries
from tests.factories import FORMS, NOW, actor, case_at, do, person
from tests.paper_files import words

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def printed(case: Case, role: str = "audit"):
    who = viewer.of(person(role))
    return papers.issue(number=case.number, kind="proof", purpose="inspection", viewer=who, now=NOW + HOUR)


def refused(work) -> str:
    with pytest.raises(Refused) as error:
        work()
    return error.value.code


def test_a_call_that_reached_the_reporter_after_the_answer_proves_it():
    case = case_at("callback", "report")
    unreached = do(case, "call_back", "audit", NOW + HOUR, reached=False, unreached_reason="busy")
    assert proof.of(unreached) is None

    case = do(case, "call_back", "audit", NOW + 4 * HOUR, reached=True, satisfaction="satisfied")

    found = proof.of(case)
    call = Event.objects.filter(stream=f"case:{case.number}").latest("seq")
    assert found.statement == Note.objects.get(case=case, field="reply").masked
    assert found.sha256 == hashlib.sha256(found.statement.encode()).hexdigest()
    assert [(one.way, one.at, one.digest) for one in found.given] == [
        ("call_back", NOW + 4 * HOUR, call.digest)
    ]


def test_an_anonymous_reporter_who_read_the_answer_with_the_code_proves_it():
    case = case_at("registered", "complaint", secrecy="anonymous")
    code = reporter.hand_out(number=case.number, actor=actor("agent"), now=NOW)
    for verb, by, form in (
        ("dispatch", "office", {"unit": "0101", "specialty": "marketing"}),
        ("accept", "station", {}),
    ):
        case = do(case, verb, by, **form)
    for verb, by in (
        ("write_report", "station"),
        ("submit_finding", "station"),
        ("review_pass", "marketing"),
    ):
        case = do(
            case,
            verb,
            by,
            **(FORMS[verb](case) | ({} if verb == "write_report" else {"finding": "unverified"})),
        )
    assert proof.of(case) is None

    reporter.ask(code=code, address="203.0.113.7", now=NOW + HOUR)

    case.refresh_from_db()
    assert [(one.way, one.at) for one in proof.of(case).given] == [("read_answer", NOW + HOUR)]


def test_the_paper_says_when_how_and_what_and_nothing_that_leads_to_the_reporter():
    case = case_at("callback", "report")
    assert refused(lambda: printed(case)) == "answer_not_given"
    case = do(case, "call_back", "audit", NOW + HOUR, reached=True, satisfaction="satisfied")

    made = printed(case)

    said, found = words(made.content), proof.of(case)
    assert [
        part
        for part in (found.statement, found.sha256, found.digest, found.given[0].digest)
        if part not in said
    ] == []
    assert [
        part for part in ("张", "1391234", "5678", "人民路", "33000", "抄表员", "95598") if part in said
    ] == []
    event = Event.objects.get(stream=f"case:{case.number}", verb="print")
    assert event.detail["statement"] == found.sha256


@pytest.mark.parametrize("role", ["agent", "office", "station", "marketing"])
def test_nobody_but_audit_and_leaders_prints_it(role):
    case = do(case_at("callback"), "call_back", "agent", NOW + HOUR, reached=True, satisfaction="satisfied")

    assert refused(lambda: printed(case, role)) == "not_your_role"
    assert printed(case, "leader").name.endswith(f"{case.number}.docx")


@pytest.mark.parametrize("secrecy", ["confidential", "anonymous"])
def test_of_a_reporter_kept_secret_not_even_the_surname_stands_on_the_answer_or_an_order(secrecy):
    case = case_at("callback", "report")
    Case.objects.filter(pk=case.pk).update(secrecy=secrecy, restricted=False)
    Note.objects.filter(case=case, field="reply").update(masked="已与李*先生核实，李先生所述属实")
    case.refresh_from_db()

    assert queries.answer(case).text == "已与**先生核实，*先生所述属实"
    order = Case(number="X", parent_number=case.number)
    assert texts.drawn(order)("李*先生") == "**先生"
    assert texts.drawn(Case(number="Y"))("李*先生") == "李*先生"
