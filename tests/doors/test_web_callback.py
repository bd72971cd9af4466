"""The callback on the page of a case: what to ask, the attempts, and the list of what came back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from suyuan.store import rules
from suyuan.store.queries import cards
from tests.factories import NOW, UNHAPPY, UNREACHED, case_at, do, person

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def signed_in(role: str) -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(person(role))
    return client


def page(client: Client, number: str):
    """Return the page of a case."""
    return client.get(f"/case/{number}/")


def test_what_to_ask_stands_beside_the_form_its_own_questions_behind_the_greeting() -> None:
    case = case_at("callback", "repair")

    buttons = page(signed_in("agent"), case.number).context["buttons"]

    asked = next(button.script for button in buttons if button.verb == "call_back")
    lists = rules.rulebook().choices
    shared = [one.title.zh for one in lists["script.callback"].values()]
    own = [one.title.zh for one in lists["script.callback.repair"].values()]
    assert asked == [shared[0], *own, *shared[1:]]
    assert [button.script for button in buttons if button.verb != "call_back" and button.script] == []


def test_an_attempt_refused_as_too_soon_says_from_when_on_it_counts() -> None:
    now = timezone.now()
    case = do(case_at("callback", now=now - 3 * HOUR), "call_back", "agent", now - HOUR, **UNREACHED)
    client = signed_in("agent")

    answer = client.post(f"/case/{case.number}/do/call_back/", {"reached": "0", "unreached_reason": "busy"})

    from_when = (now + HOUR).astimezone(rules.rulebook().calendar.zone).strftime("%H:%M")
    assert answer.status_code == 409
    assert f"{from_when} 起可以" in answer.context["alert"]
    assert [(row.attempt.number, row.why) for row in answer.context["attempts"]] == [(1, "无人接听")]


def test_the_list_finds_second_handlings_and_those_nobody_analysed() -> None:
    now = timezone.now()
    case = do(case_at("callback", now=now - 3 * HOUR), "call_back", "agent", now - HOUR, **UNHAPPY)
    case_at("handling", now=now)
    do(case, "second_handle", "office", now, note="仍未解决")
    client = signed_in("office")

    def found(again: str) -> list[str]:
        rows = client.get("/queue/", {"scope": "all", "again": again}).context["rows"]
        return [row[0].number for row in rows]

    assert (found("second"), found("unanalysed")) == ([case.number], [case.number])


def test_a_customer_rates_without_signing_in_and_the_page_says_nothing_of_the_case() -> None:
    case = do(case_at("callback", "repair"), "issue_card", "station", NOW + HOUR)
    client = Client(headers={"accept-language": "zh-hans"})

    asked = client.get("/card/")
    wrong = client.post("/card/", {"card_code": "0000-0000-0000", "rating": "satisfied"})
    done = client.post("/card/", {"card_code": cards.code(case), "rating": "satisfied"}, follow=True)

    case.refresh_from_db()
    said = "".join(page.content.decode() for page in (asked, wrong, done))
    assert (asked.status_code, wrong.status_code, done.redirect_chain) == (200, 409, [("/card/", 302)])
    assert (case.card, "谢谢您，评价已收到" in said) == ("satisfied", True)
    assert [part for part in (case.number, case.unit.name, "1391234", "张三丰") if part in said] == []


def test_the_list_finds_cards_that_disagree_with_the_telephone_and_the_case_says_of_which_handling() -> None:
    case = do(case_at("callback", "repair"), "issue_card", "station", NOW + HOUR)
    do(case, "call_back", "agent", NOW + HOUR, **UNHAPPY)
    do(case, "take_card", "agent", NOW + HOUR, rating="satisfied", evidence=cards.code(case))
    client = signed_in("office")
    before = page(client, case.number).content.decode()
    do(case, "second_handle", "office", NOW + HOUR, note="仍停电")

    rows = client.get("/queue/", {"scope": "all", "again": "mismatch"}).context["rows"]

    assert [row[0].number for row in rows] == [case.number]
    assert "满意卡与电话回访不一致<" in before
    assert "满意卡与电话回访不一致（第 1 次办理）<" in page(client, case.number).content.decode()
