"""The rulebook in the browser: found by two characters, proposed by one, approved by another."""

from datetime import timedelta

import pytest
from django.test import Client

from suyuan.store import rules
from suyuan.store.models import Clock, RuleDraft
from tests.factories import NOW, case_at, person
from tests.rulebook_entries import DISPATCH, PHRASE, SURE, landed, submitted

pytestmark = pytest.mark.django_db
FORM = {
    "id": "complaint.accept",
    "title_zh": "投诉接单分办",
    "title_en": "Take a complaint order",
    "amount": "1",
    "time_unit": "hours",
    "procedures": "complaint",
    "starts": "dispatched_at",
    "stops": "taken_at",
    "kind": "internal",
    "in_force_from": "2026-01-01",
    "basis": "省公司通知 2026-3",
    "certainty": "Q",
    "why": "细则更新",
}
NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
三、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。"""


@pytest.fixture(autouse=True)
def nothing_left():
    rules.forget()
    yield
    rules.forget()


def signed_in(role: str = "agent") -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def get(url: str, role: str = "lead"):
    return signed_in(role).get(url)


@pytest.mark.parametrize(
    ("word", "hit"),
    [
        ("退单", "/rules/entry/figure/return.allowed/"),
        ("停电", "/rules/entry/category/outage.plan/"),
        ("您好", "/rules/entry/phrase/open.greeting/"),
        ("答复", "/rules/entry/limit/complaint.answer/"),
        ("COMPLAINT.ANSWER", "/rules/entry/limit/complaint.answer/"),
        ("不可抗力", "/rules/entry/choice/reason.pause:force_majeure/"),
        ("12398", "/rules/entry/limit/regulator.12398/"),
    ],
)
def test_two_characters_find_limits_categories_reasons_figures_and_phrases(word, hit):
    landed("phrase", PHRASE)

    urls = [one.url for one in get(f"/rules/?find={word}").context["hits"]]

    assert hit in urls
    assert len(urls) < sum(n for _, n, _ in get("/rules/").context["kinds"])


def test_every_hit_is_marked_and_nothing_else_is_markup():
    landed("phrase", PHRASE | {"text": "<b>久等</b>请讲"})

    [hit] = get("/rules/?find=久等&kind=phrase").context["hits"]

    assert "&lt;b&gt;<mark>久等</mark>&lt;/b&gt;请讲" in hit.excerpt


def test_a_search_for_nothing_there_teaches():
    answer = get("/rules/?find=没有这样的词条")

    assert answer.context["found"] == 0
    assert "没有符合的条目" in answer.content.decode()


def test_certainty_narrows_and_unconfirmed_ones_are_marked():
    hits = get("/rules/?certainty=memory&kind=limit").context["hits"]

    assert "投诉接单分办" in [hit.title for hit in hits]
    assert {hit.assessable for hit in hits} == {False}


@pytest.mark.parametrize("query", ["?colour=red", "?certainty=sure", "?kind=wish"])
def test_an_option_nobody_knows_is_refused(query):
    assert get(f"/rules/{query}").status_code == 422


@pytest.mark.parametrize(
    "kind",
    [
        "limit",
        "category",
        "business_type",
        "choice",
        "figure",
        "route",
        "phrase",
        "message",
        "form_field",
        "document",
    ],
)
def test_each_kind_has_its_list_and_its_form(kind):
    assert [get(f"/rules/of/{kind}/").status_code, get(f"/rules/new/{kind}/").status_code] == [200, 200]


def test_a_record_shows_every_edition_who_approved_it_and_what_runs_under_it():
    case_at("dispatched", now=NOW)
    landed("limit", DISPATCH | {"in_force_from": "2026-03-04"})

    answer = get("/rules/entry/limit/complaint.accept/")

    now, before = answer.context["editions"]
    assert [(one.since, one.certainty, one.running) for one in (now, before)] == [
        ("2026-03-04", "Q", 0),
        ("2021-09-25", "memory", 1),
    ]
    assert now.who == "lead 起草，office 批准"
    assert get("/rules/entry/limit/complaint.nothing/").status_code == 404


def test_a_rule_goes_from_the_form_to_the_book_by_two_people():
    client = signed_in("lead")
    handed = client.post("/rules/new/limit/", FORM)
    draft = RuleDraft.objects.get()
    own = signed_in("lead").post(f"/rules/proposals/{draft.pk}/approve/")

    seen = get(f"/rules/proposals/{draft.pk}/", "office")
    done = signed_in("office").post(f"/rules/proposals/{draft.pk}/approve/")

    rules.look()
    assert (handed.status_code, handed.url, own.status_code) == (302, f"/rules/proposals/{draft.pk}/", 403)
    changed = {side.name: (side.before, side.after) for side in seen.context["sides"] if side.differs}
    assert changed["额度"] == ("2", "1")
    assert (changed["把握"], changed["依据"][1]) == (
        ("凭记忆，未核实", "官方或一手出处"),
        "省公司通知 2026-3",
    )
    assert done.status_code == 302
    assert rules.rulebook().limit("complaint.accept", NOW.date()).amount == 1


def test_a_form_that_does_not_fit_says_where_and_keeps_what_was_typed():
    answer = signed_in("lead").post("/rules/new/limit/", FORM | {"in_force_from": "明天", "why": ""})

    wrong = {box.name: box.error for box in answer.context["asked"].boxes if box.error}
    assert (answer.status_code, wrong) == (422, {"why": "必填"})

    answer = signed_in("lead").post("/rules/new/limit/", FORM | {"in_force_from": "明天"})

    boxes = {box.name: box for box in answer.context["asked"].boxes}
    assert (boxes["in_force_from"].error, boxes["basis"].value) == (
        "日期应写成 2026-01-01",
        "省公司通知 2026-3",
    )


def test_a_draft_is_kept_revised_submitted_and_sent_back():
    client = signed_in("lead")
    client.post("/rules/new/limit/", FORM | {"keep": "1"})
    draft = RuleDraft.objects.get()

    client.post(f"/rules/proposals/{draft.pk}/revise/", FORM | {"amount": "3"})
    empty = signed_in("office").post(f"/rules/proposals/{draft.pk}/reject/", {"reason": ""})
    signed_in("office").post(f"/rules/proposals/{draft.pk}/reject/", {"reason": "请注明条款"})

    after = RuleDraft.objects.get()
    assert (draft.state, empty.status_code) == ("draft", 422)
    assert (after.state, after.reason, after.entry["amount"]) == ("rejected", "请注明条款", 3)
    assert "请注明条款" in get(f"/rules/proposals/{draft.pk}/").content.decode()


def test_the_queue_lists_what_waits_and_says_when_nothing_does():
    assert "没有这样的草案" in get("/rules/proposals/").content.decode()

    draft = submitted("limit", DISPATCH)
    rows = get("/rules/proposals/").context["listed"].rows

    assert [(row.cells[0].text, row.cells[0].url) for row in rows] == [
        ("投诉接单分办", f"/rules/proposals/{draft.pk}/")
    ]
    assert get("/rules/").context["waiting"] == 1


def test_a_proposal_says_what_it_would_do_and_does_none_of_it():
    case = case_at("dispatched", now=NOW)
    due = Clock.objects.get(case=case, limit="complaint.accept").due_at
    draft = submitted("limit", DISPATCH | {"in_force_from": "2026-03-04"})

    effect = get(f"/rules/proposals/{draft.pk}/", "office").context["effect"]

    assert (effect.running, effect.moved.earlier, effect.moved.later) == (1, 1, 0)
    assert Clock.objects.get(case=case, limit="complaint.accept").due_at == due


def test_a_limit_is_confirmed_from_its_page():
    url = get("/rules/entry/limit/complaint.accept/").context["editions"][0].sure_url
    boxes = {box.name: box.value for box in get(url).context["asked"].boxes}
    given = {name: value for name, value in boxes.items() if value}

    signed_in("lead").post("/rules/new/confirm/", given | {"basis": SURE["basis"], "why": "找到原文"})
    draft = RuleDraft.objects.get()
    signed_in("leader").post(f"/rules/proposals/{draft.pk}/approve/")

    [edition] = get("/rules/entry/limit/complaint.accept/").context["editions"]
    assert (edition.certainty, edition.assessable, edition.basis) == ("confirmed", True, SURE["basis"])
    assert edition.who == "随软件或文件提供；确认把握：lead 提出，leader 批准"


def test_running_clocks_are_put_under_the_edition_in_force_from_a_page(settings):
    case = case_at("dispatched", now=NOW)
    landed("limit", DISPATCH | {"in_force_from": "2026-03-04"})

    before = get("/rules/retarget/complaint.accept/", "office").context["seen"]
    signed_in("office").post("/rules/retarget/complaint.accept/", {"after": ""})

    clock = Clock.objects.get(case=case, limit="complaint.accept")
    assert (before.waiting, clock.due_at - clock.started_at) == (1, timedelta(hours=1))
    assert get("/rules/retarget/complaint.accept/", "station").status_code == 403


def test_a_pasted_notice_is_shown_as_months_and_sets_the_guesses_right():
    case = case_at("handling", now=NOW.replace(month=12, day=30))
    guess = Clock.objects.get(case=case, limit="complaint.answer")
    given = {"notice": NOTICE, "basis": "国办发明电〔2026〕12号"}

    seen = signed_in("lead").post("/rules/notice/", given)
    signed_in("lead").post("/rules/notice/", given | {"hand_in": "1"})
    draft = RuleDraft.objects.get()
    waiting = get(f"/rules/proposals/{draft.pk}/", "office")
    signed_in("office").post(f"/rules/proposals/{draft.pk}/approve/")

    clock = Clock.objects.get(pk=guess.pk)
    january = seen.context["months"][0]
    assert (january.title, [day.kind for day in january.weeks[0]][4:]) == ("2027-01", ["holiday"] * 3)
    assert (len(seen.context["months"]), waiting.context["effect"].guessed) == (12, 2)
    assert (guess.provisional, clock.provisional, str(rules.rulebook().calendar.last)) == (
        True,
        False,
        "2027-12-31",
    )
    assert clock.entries.get().reason == "calendar_published"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "必填"),
        ("今年不放假", "没有写明年份"),
        (NOTICE.replace("1月1日（周五）", "1月1日（周四）"), "2027-01-01 这一天不是周四"),
        (NOTICE.replace("共7天", "共8天"), "写明共 8 天，列出的是 7 天"),
        (NOTICE.replace("5月8日（周六）上班", "5月10日上班"), "2027-05-10 不是周六、周日"),
        ("date,kind\n2027-13-01,holiday", "日期应写成"),
    ],
)
def test_a_notice_that_cannot_hold_says_what_is_wrong(text, said):
    answer = signed_in("lead").post("/rules/notice/", {"notice": text, "basis": "通知"})

    assert answer.status_code == 422
    assert said in answer.context["problem"]


def test_an_agent_reads_the_library_and_changes_nothing():
    assert get("/rules/", "agent").status_code == 200
    assert get("/rules/notice/", "agent").status_code == 403
    assert signed_in("agent").post("/rules/new/limit/", FORM).status_code == 403


def test_a_form_that_repeats_what_is_in_force_says_what_and_since_when():
    landed("limit", DISPATCH)
    same = FORM | {"title_en": "Take a complaint order and assign it"}

    answer = signed_in("lead").post("/rules/new/limit/", same)

    said = "'complaint.accept' 自 2026-01-01 起生效的版本内容相同，没有要改的"
    assert (answer.status_code, said in answer.context["asked"].problem) == (422, True)


def test_a_form_with_a_list_that_nobody_reads_names_the_lists_there_are():
    form = {"list": "wishes", "code": "one", "title_zh": "一", "title_en": "One", "basis": "本公司"}

    answer = signed_in("lead").post("/rules/new/choice/", form | {"certainty": "Q", "why": "要一个"})

    [box] = [box for box in answer.context["asked"].boxes if box.error]
    lists = ", ".join(sorted(rules.rulebook().choices))
    assert (box.name, box.error) == ("list", f"没有哪里读取清单 'wishes'；现有清单：{lists}")


def test_a_limit_for_no_procedure_is_proposed_as_the_form_says() -> None:
    """For reference alone: its hint says that nothing need be ticked."""
    form = {name: value for name, value in FORM.items() if name != "procedures"}

    answer = signed_in("lead").post("/rules/new/limit/", form | {"keep": "1"})

    assert (answer.status_code, RuleDraft.objects.get().entry["procedures"]) == (302, [])
