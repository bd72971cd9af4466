"""Of a caller who is kept secret not even the surname is drawn, wherever a text of the case is shown."""

from datetime import timedelta

import pytest

from suyuan.actions.privacy import remask
from suyuan.domain.procedure import SYSTEM
from suyuan.store.models import Case, Contact
from suyuan.store.queries import evidence, former, interactions, listing, replies, supports, texts, viewer
from tests.evidence_files import add
from tests.factories import FORMS, NOW, actor, case_at, do, person, support_at, who

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SAID = "客户李先生再次来电要求当面答复"
SHOWN = "客户*先生再次来电要求当面答复"


def secret(case: Case) -> Case:
    """Return the case as one whose caller asked to be kept secret after it was worked on."""
    Case.objects.filter(pk=case.pk).update(secrecy="confidential")
    return Case.objects.select_related("unit").get(pk=case.pk)


def test_in_the_history_of_contacts_what_came_in_what_was_done_and_the_names_of_files():
    case = do(case_at("handling"), "urge", "agent", NOW + HOUR, note=SAID)
    Contact.objects.filter(case=case).update(masked=SAID)
    add(case, b"voice", "李先生来电.txt", by=actor("office"))
    sees = viewer.of(person("office"))

    def told(one: Case) -> dict[str, str]:
        return {line.kind: line.text for line in interactions.of(sees, one)}

    assert told(case) == {"contact": SAID, "urge": SAID, "evidence": "李先生来电.txt"}
    case = secret(case)
    assert told(case) == {"contact": SHOWN, "urge": SHOWN, "evidence": "*先生来电.txt"}
    assert [one.name for one in evidence.pieces(sees, case)] == ["*先生来电.txt"]


def test_in_the_support_that_was_asked_for_on_its_case():
    asked = support_at("dispatched", parent=case_at("handling"))
    parent = Case.objects.get(number=asked.parent_number)
    asked.notes.filter(field="request").update(masked=SAID)
    sees = viewer.of(person("agent"))
    assert [one.request for one in supports.supports_of(sees, parent.number)] == [SAID]

    secret(parent)

    assert [one.request for one in supports.supports_of(sees, parent.number)] == [SHOWN]


def test_in_what_a_search_found():
    case = case_at("received")
    Contact.objects.filter(case=case).update(masked=SAID)

    hits = listing.snippets([secret(case)], "当面答复")

    assert "".join(piece for piece, _ in hits[case.pk]) == SHOWN


def test_a_reply_that_is_written_again_as_it_is_shown_counts_as_unchanged():
    case = case_at("handling")
    for verb in ("contact", "write_report"):
        case = do(case, verb, who(case, verb), NOW + HOUR, **FORMS[verb](case))
    reply = FORMS["submit_finding"](case) | {"reply": "已给客户李先生更正电费"}
    case = do(case, "submit_finding", "station", NOW + HOUR, **reply)
    case = do(secret(case), "review_return", "marketing", NOW + HOUR, back_to="handling", note="请改")

    begins = former.of(case, ["submit_finding"])["submit_finding"].values
    again = do(case, "submit_finding", "station", NOW + 2 * HOUR, **begins)

    assert (begins["reply"], replies.handed_in(case)["reply"]) == ("已给客户*先生更正电费",) * 2
    assert again.revision == case.revision


@pytest.mark.parametrize("n", [1, 3])
def test_however_many_cases_are_drawn_their_parents_are_one_question(n, django_assert_num_queries):
    parent = secret(case_at("received"))
    cases = [Case(pk=each, number=f"C{each}", parent_number=parent.number) for each in range(n)]

    with django_assert_num_queries(1):
        draws = texts.drawn_each([*cases, Case(pk=9, number="alone")])

    assert [draws[pk]("李先生") for pk in (*range(n), 9)] == ["*先生"] * n + ["李先生"]


@pytest.mark.parametrize(
    ("verb", "by", "form"),
    [
        ("register", "agent", {"business_type": "complaint", "secrecy": "confidential"}),
        ("restrict", "audit", {"note": "反映供电所负责人"}),
    ],
)
def test_in_the_line_of_a_list_from_when_secrecy_is_asked_for(verb, by, form):
    case = case_at("received" if verb == "register" else "dispatched", text=SAID)
    assert case.brief == SAID

    assert do(case, verb, by, NOW + HOUR, **form).brief == SHOWN


def test_in_the_line_of_a_list_after_older_texts_were_masked_again():
    case = secret(case_at("received", text=SAID))
    Contact.objects.filter(case=case).update(masked="客户李小龙先生", masked_by=None)

    while remask.remask(actor=SYSTEM, now=NOW).texts:
        pass

    case.refresh_from_db()
    assert case.brief == SHOWN
