"""Reporters who are kept secret: a code told once, by which they ask, read the answer and say more."""

from datetime import timedelta

import pytest

from suyuan.actions import intake, reporter
from suyuan.domain.errors import BadInput, Refused
from suyuan.store.models import Case, Event, Message, Note, ReporterCode
from suyuan.store.queries import reporter as queries
from tests.factories import FORMS, NOW, actor, case_at, do, incoming, person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
HERE = "203.0.113.7"


def received(kind: str = "report", secrecy: str = "anonymous") -> Case:
    said = incoming(business_type=kind, secrecy=secrecy)
    number = intake.receive(incoming=said, actor=actor("agent"), now=NOW)
    return Case.objects.select_related("unit").get(number=number)


def code_of(case: Case, role: str = "agent") -> str:
    return reporter.hand_out(number=case.number, actor=actor(role), now=NOW)


def asked(code: str, address: str = HERE):
    return reporter.ask(code=code, address=address, now=NOW + 2 * HOUR)


def refused(work) -> str:
    with pytest.raises(Refused) as error:
        work()
    return error.value.code


def verbs(case: Case) -> list[str]:
    return list(
        Event.objects.filter(stream=f"case:{case.number}").order_by("seq").values_list("verb", flat=True)
    )


def answered(case: Case) -> Case:
    """Return the case walked on to its answer."""
    case = do(case, "register", "agent", business_type=case.business_type)
    for verb, by in (
        ("dispatch", "office"),
        ("accept", "audit"),
        ("write_report", "audit"),
        ("submit_finding", "audit"),
        ("review_pass", "leader"),
    ):
        form = FORMS[verb](case)
        case = do(case, verb, by, **(form | {"finding": "unverified"} if "finding" in form else form))
    return case


def test_a_code_is_told_once_and_only_its_keyed_digest_is_stored():
    case = received()

    code = code_of(case)

    row = ReporterCode.objects.get()
    stored = " ".join(
        str(value)
        for table in (ReporterCode, Event)
        for one in table.objects.values()
        for value in one.values()
    )
    assert (row.case_id, row.digest, row.given_by) == (case.pk, queries.digest(code), "agent")
    assert [part for part in (code, code.replace("-", "")) if part in stored] == []
    assert verbs(case) == ["receive", "give_code"]


def test_a_second_code_ends_the_first():
    case = received()
    first, second = code_of(case), code_of(case)

    assert refused(lambda: asked(first)) == "reporter_code_unknown"
    assert asked(second.lower().replace("-", " "))[0] == case


def test_a_second_code_may_add_as_often_as_the_first_could():
    case = received()
    code_of(case)
    ReporterCode.objects.update(statements=20)

    reporter.say_more(code=code_of(case), text="再补充", address=HERE, now=NOW)

    assert ReporterCode.objects.get().statements == 1


@pytest.mark.parametrize(
    ("secrecy", "state", "role", "why"),
    [
        ("", "received", "agent", "code_for_the_secret"),
        ("anonymous", "dispatched", "agent", "code_too_late"),
        ("anonymous", "received", "station", "not_your_role"),
    ],
)
def test_a_code_is_handed_out_at_the_desk_alone_while_the_reporter_is_there(secrecy, state, role, why):
    case = case_at(state, "complaint", secrecy=secrecy)
    case.unit.cases.update(unit=person("station").unit)

    assert refused(lambda: code_of(case, role)) == why


def test_a_wrong_code_and_used_up_attempts_are_answered_alike():
    code = code_of(received())
    wrong = [refused(lambda: asked("0000-0000-0000")) for _ in range(50)]

    assert {*wrong, refused(lambda: asked(code))} == {"reporter_code_unknown"}
    assert asked(code, "203.0.113.8")[1] is None


def test_the_answer_is_shown_masked_once_it_stands_and_that_is_written_down_once():
    case = received()
    code = code_of(case)
    assert asked(code)[1] is None
    case = answered(case)

    first, again = asked(code)[1], asked(code)[1]

    event = Event.objects.get(stream=f"case:{case.number}", verb="read_answer")
    assert (first.text, first.at) == ("已更正电费", case.answered_at)
    assert again == first
    assert (event.actor, event.detail) == ("system", {"answer": first.ref, "episode": 1})


def test_what_a_reporter_adds_is_sealed_and_told_to_audit_alone_on_a_restricted_case():
    case = received()
    code = code_of(case)

    reporter.say_more(code=code, text="另有电话13912345678", address=HERE, now=NOW + HOUR)

    note = Note.objects.get(case=case, field="further")
    event = Event.objects.get(stream=f"case:{case.number}", verb="say_more")
    told = Message.objects.filter(case_number=case.number, template="say_more")
    assert "13912345678" not in note.masked
    assert event.detail == {"form": {"further": {"note": note.ref}}}
    assert [(one.recipient, one.channel, one.restricted) for one in told] == [("audit@01", "in_app", True)]


def test_what_is_added_to_an_ordinary_case_is_told_to_its_one_face():
    case = received("complaint")
    reporter.say_more(code=code_of(case), text="又来了一次", address=HERE, now=NOW + HOUR)

    told = Message.objects.filter(case_number=case.number, template="say_more")
    assert [one.recipient for one in told] == ["person:agent"]


def test_nothing_and_nonsense_are_not_added_and_a_code_adds_so_often():
    case = received()
    code = code_of(case)
    for text, why in ((" ", "required"), ("x" * 20_001, "too_long"), ("a\x00b", "bad_characters")):
        with pytest.raises(BadInput) as bad:
            reporter.say_more(code=code, text=text, address=HERE, now=NOW)
        assert bad.value.facts == {"fields": {"further": why}}
    ReporterCode.objects.update(statements=20)

    assert (
        refused(lambda: reporter.say_more(code=code, text="再补充", address=HERE, now=NOW))
        == "statements_used"
    )
    assert refused(lambda: reporter.say_more(code="0" * 12, text="x", address=HERE, now=NOW)) == (
        "reporter_code_unknown"
    )
