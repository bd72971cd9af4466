"""The page of interactions and the page of the proof, as those who may open them find them."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.factories import NOW, case_at, do, person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def signed_in(role: str, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(person(role))
    return client


def test_what_passed_is_listed_newest_first_filtered_by_kind_and_masked() -> None:
    case = do(case_at("handling"), "urge", "agent", NOW + HOUR, note="催办，电话13912345678")
    client = signed_in("office")
    where = f"/case/{case.number}/interactions/"

    every, urged = client.get(where), client.get(where, {"kind": "urge"})
    wrong = client.get(where, {"kind": "gossip"})

    rows = [[cell.text for cell in row.cells][1] for row in every.context["listed"].rows]
    assert rows == ["催办", "来话"]
    assert [row.cells[1].text for row in urged.context["listed"].rows] == ["催办"]
    assert (wrong.status_code, "13912345678" in every.content.decode()) == (422, False)
    assert where in client.get(f"/case/{case.number}/").content.decode()


def test_what_was_handed_in_with_a_step_is_said_in_words() -> None:
    case = case_at("reviewing")

    page = signed_in("office").get(f"/case/{case.number}/interactions/")

    said = [row.cells[4].lines for row in page.context["listed"].rows]
    assert [lines for lines in said if "已电话联系客户" in lines] == ["是否联系上：是\n已电话联系客户"]


def test_other_cases_of_the_customer_come_in_when_asked_for() -> None:
    case, other = case_at("received"), case_at("received", "enquiry")
    client = signed_in("office", "en")
    where = f"/case/{case.number}/interactions/"

    def numbers(**asked: str) -> set[object]:
        return {row.cells[-1].text for row in client.get(where, asked).context["listed"].rows}

    assert (numbers(), numbers(scope="account")) == ({case.number}, {case.number, other.number})


@pytest.mark.parametrize(
    ("role", "status"), [("audit", 200), ("leader", 200), ("office", 403), ("station", 403)]
)
def test_the_proof_is_for_audit_and_leaders_and_names_nobody(role: str, status: int) -> None:
    case = do(case_at("callback"), "call_back", "agent", NOW + HOUR, reached=True, satisfaction="satisfied")

    answer = signed_in(role).get(f"/case/{case.number}/proof/")

    said = answer.content.decode()
    assert answer.status_code == status
    assert [part for part in ("三丰", "1391234", "人民路", "33000", "抄表员连续") if part in said] == []
    assert ("电话回访" in said) is (status == 200)


def test_without_an_answer_given_the_page_says_what_proves_one() -> None:
    case = case_at("callback")

    assert "还没有可以证明的反馈" in signed_in("audit").get(f"/case/{case.number}/proof/").content.decode()
