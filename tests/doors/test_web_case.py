"""A case on its page: what is shown, what may be done, what is refused in words."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.views.defaults import server_error

from suyuan.store.models import Case, Event
from tests.factories import FORMS, NOW, case_at, do, person
from tests.liable import veto_at

pytestmark = pytest.mark.django_db


def signed_in(role: str, **at: str) -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client()
    client.force_login(person(role, **at))
    return client


def test_a_case_shows_every_clock_with_its_source_and_certainty() -> None:
    case = case_at("handling")

    text = signed_in("office").get(f"/case/{case.number}/").content.decode()

    assert text.count('class="clock"') == case.clocks.count() > 0
    assert text.count("依据：") == text.count('class="clock"')
    assert "二手出处" in text
    assert "只预警，不考核" in text


def test_a_clock_beyond_the_published_calendar_is_marked_provisional() -> None:
    case = case_at("registered", now=timezone.now() + timedelta(days=900))

    text = signed_in("office").get(f"/case/{case.number}/").content.decode()

    assert "日历未公布，期限暂定" in text


def test_the_customer_is_told_one_line_with_a_moment() -> None:
    case = case_at("handling")

    told = signed_in("office").get(f"/case/{case.number}/").context["status"]

    assert told.startswith("东城供电所正在办理。原定 2026-03-")
    assert told.endswith("正在加紧办理。")


def test_a_customer_whose_clock_is_paused_is_promised_no_moment() -> None:
    case = case_at("handling")
    case.clocks.update(state="paused")

    told = signed_in("office").get(f"/case/{case.number}/").context["status"]

    assert told == "东城供电所正在办理。答复的期限已暂停，恢复后顺延。"


@pytest.mark.parametrize(
    ("state", "procedure", "said"),
    [
        ("received", "complaint", "已收到您的诉求，正在登记。"),
        ("on_site", "repair", "工作人员已到达现场。"),
        ("callback", "complaint", "已处理完毕，我们会回访您。"),
        ("archived", "complaint", "已办结，于 2026-03-04 10:39 归档。"),
    ],
)
def test_the_line_follows_the_state(state: str, procedure: str, said: str) -> None:
    case = case_at(state, procedure)

    assert signed_in("office").get(f"/case/{case.number}/").context["status"].startswith(said)


def test_an_open_verb_is_a_form_and_a_shut_one_says_why() -> None:
    case = case_at("handling")

    page = signed_in("station").get(f"/case/{case.number}/")

    assert {button.verb for button in page.context["buttons"]} >= {"contact", "note"}
    shut = {button.verb: button.refusal for button in page.context["shut"]}
    assert shut["submit_finding"] == "尚未联系客户"
    assert shut["urge"] == "您的角色无权执行此操作（需要的角色 坐席, 班长, 优服办）"
    assert "尚未联系客户" in page.content.decode()


def test_a_verb_moves_the_case_and_says_so() -> None:
    case = case_at("dispatched")
    client = signed_in("station")

    answer = client.post(f"/case/{case.number}/do/accept/", follow=True)

    assert answer.redirect_chain == [(f"/case/{case.number}/", 302)]
    assert "已完成：接单。现在是“处理中”。" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).handler == "station"


def test_a_form_that_is_wrong_keeps_what_was_typed_and_says_where() -> None:
    case = do(case_at("handling"), "contact", "station", reached=True, contact_note="已联系")
    do(case, "write_report", "station", **FORMS["write_report"](case))
    client = signed_in("station")

    answer = client.post(
        f"/case/{case.number}/do/submit_finding/", {"cause": "换表<未>归档", "finding": "perhaps"}
    )

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "换表&lt;未&gt;归档" in text
    (button,) = [b for b in answer.context["buttons"] if b.verb == "submit_finding"]
    assert button.open
    assert {box.name: box.error for box in button.boxes if box.error} == {
        "finding": "不在可选项中",
        "measures": "必填",
        "reply": "必填",
    }
    assert Case.objects.get(pk=case.pk).state == "handling"


def test_a_refused_verb_leaves_no_trace_and_says_why() -> None:
    case = case_at("dispatched")
    before = Event.objects.count()

    answer = signed_in("office").post(f"/case/{case.number}/do/accept/")

    assert answer.status_code == 403
    assert "没有执行“接单”：您的角色无权执行此操作（需要的角色 供电所）。" in answer.content.decode()
    assert Event.objects.count() == before


def test_two_people_press_the_same_button_and_the_second_is_told() -> None:
    case = case_at("dispatched")
    client = signed_in("station")
    client.post(f"/case/{case.number}/do/accept/")

    answer = client.post(f"/case/{case.number}/do/accept/")

    assert answer.status_code == 409
    assert "没有执行“接单”：当前环节不能执行此操作（最近一步：" in answer.content.decode()


def test_an_unknown_verb_is_bad_input() -> None:
    case = case_at("dispatched")

    assert signed_in("station").post(f"/case/{case.number}/do/delete/").status_code == 422


def test_personal_data_is_masked_and_texts_show_no_number() -> None:
    case = case_at("handling")
    case = do(case, "contact", "station", reached=True, contact_note="客户13912345678称户号3300012345678")

    text = signed_in("office").get(f"/case/{case.number}/").content.decode()

    assert "13912345678" not in text
    assert "3300012345678" not in text
    assert "张三丰" not in text
    assert "人民路12号" not in text
    assert "139******78" in text


def test_somebody_else_s_case_is_not_found() -> None:
    case = case_at("handling")
    west = signed_in("station", at="0102", username="west")

    pages = [
        west.get(f"/case/{case.number}/"),
        west.post(f"/case/{case.number}/do/note/", {"note": "x"}),
        west.post(f"/case/{case.number}/attach/", {"file": SimpleUploadedFile("a.txt", b"x")}),
        west.get(f"/case/{case.number}/file/{'0' * 64}/"),
    ]

    assert [page.status_code for page in pages] == [404] * 4
    assert case.attachments.count() == 0


def test_a_restricted_case_is_open_to_audit_alone() -> None:
    case = case_at("handling", procedure="report")

    assert signed_in("office").get(f"/case/{case.number}/").status_code == 404
    assert signed_in("audit").get(f"/case/{case.number}/").status_code == 200


def test_other_cases_of_the_account_are_shown() -> None:
    first = case_at("registered")
    second = case_at("registered", phone="13800000000")
    other = case_at("registered", phone="13800000001", account="999")

    page = signed_in("office").get(f"/case/{second.number}/")

    assert [case.number for case in page.context["related"]] == [first.number]
    assert other.number not in page.content.decode()


def test_nothing_chosen_is_said_on_the_page() -> None:
    case = case_at("handling")

    answer = signed_in("station").post(f"/case/{case.number}/attach/")

    assert answer.status_code == 422
    assert "请先选择文件" in answer.content.decode()


def test_the_timeline_tells_units_reasons_and_choices_in_words() -> None:
    later = NOW + timedelta(hours=1)
    case = do(case_at("dispatched"), "return", "station", later, reason="wrong_area", evidence="台区图")

    told = signed_in("office").get(f"/case/{case.number}/").context["timeline"]

    assert [line.what for line in told] == ["退单", "派单", "登记", "受理"]
    assert told[0].moved == "已派单 → 已登记"
    assert ("供电单位", "东城供电所 0101") in told[1].lines
    assert "wrong_area" not in dict(told[0].lines).values()


def test_a_case_opened_from_another_tells_what_it_began_with_in_words() -> None:
    case = veto_at("drafted")

    told = dict(signed_in("leader").get(f"/case/{case.number}/").context["timeline"][-1].lines)

    assert (told["原因"], told["供电单位"]) == ("瞒报、弄虚作假", "东城供电所 0101")


def test_what_happened_long_ago_is_folded_and_told_all_the_same() -> None:
    case = case_at("handling")
    for hour in range(10):
        do(case, "note", "station", NOW + timedelta(hours=hour + 1), note=f"记录{hour}")

    page = signed_in("office").get(f"/case/{case.number}/")

    assert (len(page.context["timeline"]), page.context["before"][-1].what) == (10, "受理")
    assert f"<summary>更早的 {len(page.context['before'])} 条</summary>" in page.content.decode()


def test_a_contact_is_taken_in_and_leads_to_its_case() -> None:
    said = {"channel": "95598", "business_type": "complaint", "text": "三个月未抄表", "phone": "13912345678"}
    client = signed_in("agent")

    answer = client.post("/contact/new/", said)

    case = Case.objects.get()
    assert answer.url == f"/case/{case.number}/"
    assert client.get("/contact/new/").context["what"][0].value == "95598"


def test_a_contact_without_words_keeps_the_rest() -> None:
    answer = signed_in("agent").post("/contact/new/", {"phone": "13912345678"})

    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="13912345678"' in text
    assert {box.name for box in answer.context["what"] if box.error} == {"channel", "business_type", "text"}
    assert Case.objects.count() == 0


@pytest.mark.parametrize("by", [{"phone": "13912345678"}, {"account": "3300012345678"}])
def test_earlier_cases_show_before_anything_is_registered(by: dict[str, str]) -> None:
    case = case_at("handling")
    client = signed_in("agent")

    looked = client.post("/contact/lookup/", by)
    pressed = client.post("/contact/new/", by | {"lookup": "1"})

    assert case.number in looked.content.decode()
    assert case.number in pressed.content.decode()
    assert Case.objects.count() == 1


def test_a_form_handed_in_again_leads_to_the_case_it_made() -> None:
    client = signed_in("agent")
    mark = client.get("/contact/new/").context["mark"]
    said = {"channel": "95598", "business_type": "complaint", "text": "三个月未抄表", "mark": mark}

    answers = [client.post("/contact/new/", said) for _ in range(3)]

    assert {answer.url for answer in answers} == {f"/case/{Case.objects.get().number}/"}


def test_a_form_filled_in_again_after_going_back_is_another_contact() -> None:
    client = signed_in("agent")
    said = {"channel": "95598", "business_type": "complaint", "text": "三个月未抄表", "mark": "m"}
    client.post("/contact/new/", said)

    asked = client.post("/contact/new/", said | {"text": "窗口排队太久"})
    again = client.post("/contact/new/", said | {"text": "窗口排队太久", "mark": asked.context["mark"]})

    assert (asked.status_code, again.status_code) == (409, 302)
    assert Case.objects.first().number in asked.content.decode()
    assert "窗口排队太久" in asked.content.decode()
    assert Case.objects.count() == 2


def test_a_look_up_keeps_the_mark_of_the_form() -> None:
    client = signed_in("agent")

    assert client.post("/contact/new/", {"lookup": "1", "mark": "m"}).context["mark"] == "m"


def test_a_station_takes_no_contacts() -> None:
    said = {"channel": "95598", "business_type": "complaint", "text": "三个月未抄表"}
    client = signed_in("station")

    assert client.post("/contact/new/", said).status_code == 403
    assert "/contact/new/" not in client.get("/queue/").content.decode()


@pytest.mark.parametrize("number", ["2025/10#3?a=%2F", "单号 甲/乙"])
def test_a_number_from_any_file_has_an_address(number: str) -> None:
    case = case_at("registered")
    Case.objects.filter(pk=case.pk).update(number=number)

    address = reverse("case", args=[number])
    page = signed_in("office").get(address)

    assert page.status_code == 200
    assert page.context["case"].number == number


def test_a_page_that_breaks_still_has_a_face() -> None:
    page = server_error(RequestFactory().get("/"))

    assert page.status_code == 500
    assert "刚才的操作没有保存" in page.content.decode()


def test_a_long_text_begins_on_the_page_wherever_it_stands_and_the_rest_is_folded() -> None:
    said = "客户反映抄表员没有上门。" * 800
    case = do(case_at("handling", text=said), "contact", "station", reached=True, contact_note=said)

    text = signed_in("office").get(f"/case/{case.number}/").content.decode()

    assert text.count('<details class="fold"><summary>展开其余') == 3  # what was said, its item, the contact
    assert text.count("客户反映抄表员没有上门。") == 3 * 800 + 3  # all of it, and the item to choose


def test_a_longer_history_costs_no_more_queries() -> None:
    case_at("registered")
    case = case_at("handling")
    client = signed_in("office")
    client.get(f"/case/{case.number}/")
    with CaptureQueriesContext(connection) as short:
        client.get(f"/case/{case.number}/")
    for verb in ("transfer", "transfer"):
        unit = "0102" if case.unit.code == "0101" else "0101"
        case = do(case, verb, "office", unit=unit, specialty="marketing", reason="other_unit")
    case_at("registered")

    with CaptureQueriesContext(connection) as long:
        client.get(f"/case/{case.number}/")

    assert len(long) == len(short)
