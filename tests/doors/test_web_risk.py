"""Models of risk on their pages and on the page of a case: what they are worth, and when they say nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from suyuan.actions.risk import watching
from suyuan.store import event_log
from suyuan.store import risk as files
from suyuan.store.models import Case
from suyuan.web import charts
from suyuan.web import risk_words as words
from tests.board_pages import signed_in
from tests.doors.test_web_linked import rows
from tests.doors.test_web_trace_orders import CHANGES, hand_in
from tests.factories import case_at, unit
from tests.risk_models import no_better, off, said, score, trained

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "home", lambda: tmp_path)


@pytest.fixture
def own_log():
    event_log.path().unlink(missing_ok=True)  # tests share a home
    yield
    event_log.path().unlink(missing_ok=True)


def cards(who="office"):
    listed = signed_in(who).get("/risk/").context["listed"]
    return {row.cells[0].text: row.cells for row in listed.rows}


def page_of(case, who="office"):
    return signed_in(who).get(f"/case/{case.number}/").content.decode()


def test_each_model_is_listed_with_what_it_is_worth_beside_the_best_rule():
    kept = trained()

    found = cards()

    assert list(found) == [
        "客户三十天内投诉",
        "外部工单五天内引发投诉",
        "工单超时限",
        "不满意、重新打开或督办",
        "客户七天内再来电",
    ]
    mine, worth = found["工单超时限"], kept.card.judged
    assert mine[-1].text == "明显胜过每条简单规则"
    assert mine[2].small == f"{worth.hits}/{worth.rows}"
    assert mine[5].small == words.interval(worth.recall)
    assert found["客户七天内再来电"][-1].text == "还没有训练"


def test_a_model_that_is_no_better_than_a_rule_says_so_and_is_shown_on_no_case():
    trained()
    case = case_at("handling")
    said(score(case.number), as_of=timezone.now())
    assert "每 10 件这样的工单约有 3 件" in page_of(case)

    no_better()
    assert cards()["工单超时限"][-1].text == "不明显胜过“以往同类的比例”"
    assert "件这样的工单约有" not in page_of(case)
    assert "不用来排先后" in signed_in("office").get("/risk/overdue/").content.decode()


def test_a_model_whose_chances_are_off_says_so_and_tells_none():
    trained()
    case = case_at("handling")
    said(score(case.number), as_of=timezone.now())
    assert cards()["工单超时限"][-1].small == ""

    off()

    assert cards()["工单超时限"][-1].small == "可能性不准，只看先后"
    assert "件这样的工单约有" not in page_of(case)
    listed = signed_in("office").get("/risk/overdue/").context["listed"]
    assert listed.rows[0].cells[4].small == ""


def test_a_model_that_was_refused_says_what_is_lacking():
    watching.refresh(now=timezone.now())

    assert files.get("overdue", files.REFUSED)["code"] in ("risk_too_little", "unknown_value")
    assert cards()["工单超时限"][-1].small.startswith(("记录太少", "没有它要看的记录"))
    assert "还没有训练" in signed_in("office").get("/risk/overdue/").content.decode()


def test_too_little_is_told_with_what_there_is():
    facts = {"learn": "4/60", "calibrate": "0/0", "judge": "1/9", "least": 30}
    files.put("again", files.REFUSED, {"code": "risk_too_little", "facts": facts, "at": ""})

    shown = signed_in("office").get("/risk/again/").content.decode()

    assert "学习期内至少要有 30 次发生" in shown
    assert "学习 4/60，校准 0/0，检验 1/9" in shown
    trained("again")
    assert files.get("again", files.REFUSED) is None


def test_the_page_of_a_model_shows_how_true_it_is_and_what_it_goes_by():
    kept = trained()

    page = signed_in("office").get("/risk/overdue/")

    drawn = page.context["chart"]["series"][0]["data"]
    assert len(drawn) == len(page.context["bins"]) == len(kept.card.judged.bins)
    assert sum(many for many, _, _ in page.context["bins"]) == kept.card.judged.rows
    assert [name for name, *_ in page.context["rules"]] == [
        words.label("risk_rule", one) for one in ("prior", "count", "last", "alike")
    ]
    shown = page.context["weights"]
    assert shown == sorted(shown, key=lambda one: -float(one[1].split()[0]))
    assert not {one for one, *_ in shown if "." in one}
    assert signed_in("office").get("/risk/terms/").status_code == 404
    assert signed_in("office").get("/risk/overdue/?x=1").status_code == 422


def test_a_chart_of_shares_has_the_line_on_which_both_are_the_same():
    option = charts.reliability([(0.1, 0.2), (0.4, 0.5)], ("a", "b"))

    assert option["series"][0]["data"] == [[10.0, 20.0], [40.0, 50.0]]
    assert option["series"][1]["data"] == [[0, 0], [55.0, 55.0]]


def test_the_highest_open_cases_in_reach_are_listed_with_reasons():
    trained()
    first, second, done, secret = (case_at(at) for at in ("handling", "handling", "archived", "handling"))
    other = case_at("handling")
    Case.objects.filter(pk=other.pk).update(unit=unit("0102"))
    Case.objects.filter(pk=secret.pk).update(restricted=True)
    every = (first, other, second, done, secret)
    scores = [score(one.number, 0.6 - 0.1 * at) for at, one in enumerate(every)]
    silent = case_at("handling")
    said(*scores, score(silent.number, doubt="wide"), score("gone"), as_of=timezone.now())

    seen = rows(signed_in("audit").get("/risk/overdue/"))
    own = rows(signed_in("lead", at="0101", username="near").get("/risk/overdue/"))

    assert [row[0] for row in seen] == [first.number, other.number, second.number]
    assert [row[0] for row in own] == [first.number, second.number]
    listed = signed_in("audit").get("/risk/overdue/").context["listed"]
    assert listed.rows[0].cells[4].small == "每 10 件这样的工单约有 6 件"
    assert seen[0][5] == "以往同类的结果（调高）、多久没有进展（调高）、在单位之间流转（调低）"


def test_accounts_are_not_listed():
    trained("complaint")
    said(score("~abc"), name="complaint", as_of=timezone.now())

    page = signed_in("leader").get("/risk/complaint/")

    assert rows(page) == []
    assert "户号不列名单" in page.content.decode()
    assert "~abc" not in page.content.decode()


def test_orders_of_other_systems_in_reach_are_listed_with_a_way_to_each(own_log):
    trained("order_complaint")
    unit("0102")
    hand_in(signed_in("office"), CHANGES)
    scores = [score("HB2", 0.6), score("HB1", 0.5, account="~abc"), score("gone", 0.3)]
    said(*scores, score("HB1", 0.2, doubt="wide"), name="order_complaint", as_of=timezone.now())

    seen = signed_in("audit").get("/risk/order_complaint/")
    own = rows(signed_in("lead", at="0101", username="near").get("/risk/order_complaint/"))

    assert [row[:2] for row in rows(seen)] == [["HB2", "换表单"], ["HB1", "换表单"]]
    assert [row[0] for row in own] == ["HB1"]
    cells = seen.context["listed"].rows[0].cells
    assert (cells[0].url, cells[4].small) == ("/trace/orders/HB2/", "每 10 件这样的工单约有 6 件")
    assert "~abc" not in seen.content.decode()


def test_a_case_shows_its_reasons_or_why_nothing_is_said():
    trained()
    case, silent, secret = (case_at("handling") for _ in range(3))
    Case.objects.filter(pk=secret.pk).update(restricted=True)
    now = timezone.now()
    said(score(case.number), score(silent.number, doubt="outside"), score(secret.number), as_of=now)

    shown = page_of(case)
    assert "主要看：以往同类的结果（调高）" in shown
    assert "件这样的工单约有" in page_of(case, "station")
    assert "不作判断：学习时没有见过这样的情形" in page_of(silent)
    assert "件这样的工单约有" not in page_of(secret, "audit")

    said(score(case.number), as_of=now - 3 * DAY)
    assert "件这样的工单约有" not in page_of(case)
    said(score(case.number), as_of=now)
    Case.objects.filter(pk=case.pk).update(is_open=False)
    assert "件这样的工单约有" not in page_of(case)


def test_what_is_said_of_a_case_costs_its_page_no_question():
    trained()
    case = case_at("handling")
    client = signed_in("office")
    client.get(f"/case/{case.number}/")

    def asked():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(f"/case/{case.number}/")
        return len(seen)

    before = asked()
    said(score(case.number), as_of=timezone.now())
    assert asked() == before


def test_a_list_of_scores_asks_as_often_for_many_as_for_one():
    trained()
    cases = [case_at("handling") for _ in range(3)]
    client = signed_in("office")

    def asked(*numbers):
        said(*(score(number) for number in numbers), as_of=timezone.now())
        with CaptureQueriesContext(connection) as seen:
            assert len(rows(client.get("/risk/overdue/"))) == len(numbers)
        return len(seen)

    asked(cases[0].number)
    assert asked(cases[0].number) == asked(*(one.number for one in cases))


@pytest.mark.parametrize(
    ("chance", "told"),
    [
        (0.31, "每 10 件这样的工单约有 3 件"),
        (0.95, "每 10 件这样的工单约有 10 件"),
        (0.04, "每 100 件这样的工单约有 4 件"),
        (0.003, "每 1000 件这样的工单约有 3 件"),
        (0.0001, "这样的工单不到千分之一"),
    ],
)
def test_a_share_is_told_as_how_many_of_so_many(chance, told):
    assert words.share(chance) == told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("customer.90d", "客户 90 天内的往来次数"),
        ("customer.since.登记", "客户上次“登记”过了多久"),
        ("alike.team", "以往同一承办单位的结果"),
        ("step.受理", "办过“受理”几次"),
        ("limit.used", "时限用了多少"),
    ],
)
def test_a_feature_is_told_in_words(name, told):
    assert words.feature(name) == told


def test_the_pages_are_for_those_who_answer_for_what_comes_next():
    codes = {role: signed_in(role).get("/risk/").status_code for role in ("leader", "station", "agent")}

    assert codes == {"leader": 200, "station": 403, "agent": 403}
