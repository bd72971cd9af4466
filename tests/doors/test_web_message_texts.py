"""A wording of a message in the browser: looked at with sample values before a second person approves it."""

import pytest
from django.test import Client

from suyuan.store import rules
from suyuan.store.models import RuleDraft
from tests.factories import person
from tests.rulebook_entries import MESSAGE, landed, submitted

pytestmark = pytest.mark.django_db
FORM = {
    "template": "rung",
    "title_zh": "催办",
    "title_en": "Time is short",
    "message_zh": "请看工单{case}：{limit}，{rung}",
    "message_en": "Look at {case}: {limit}, {rung}",
    "basis": "优服办通知 2026-2",
    "certainty": "Q",
    "why": "写短一些",
}


@pytest.fixture(autouse=True)
def nothing_left():
    rules.forget()
    yield
    rules.forget()


def posted(form: dict[str, str]):
    client = Client()
    client.force_login(person("lead"))
    return client.post("/rules/new/message/", form)


def test_a_preview_fills_in_samples_counts_parts_and_keeps_nothing():
    answer = posted(FORM | {"message_zh": "{case}" + "短" * 60, "preview": "1"})

    zh, en = answer.context["previews"].shown
    assert (answer.status_code, RuleDraft.objects.count()) == (200, 0)
    assert (zh.subject, zh.text) == ("催办 SY2026000123", "SY2026000123" + "短" * 60)
    assert (zh.characters, zh.parts) == (72, 2)
    assert (en.subject, en.parts) == ("Time is short SY2026000123", 2)
    assert 'value="催办"' in answer.content.decode()


def test_a_preview_of_a_template_alone_fills_in_how_it_is_worded_now():
    answer = posted({"template": "rung", "preview": "1"})

    values = {box.name: box.value for box in answer.context["asked"].boxes}
    assert (values["title_zh"], values["message_zh"]) == ("时限预警", "工单 {case}：{limit}{rung}。")
    assert [name for name, _ in answer.context["previews"].variables] == ["case", "limit", "rung"]


def test_a_wrong_variable_is_named_at_its_box_in_a_preview_and_when_handed_in():
    wrong = FORM | {"message_en": "{phone}", "message_zh": "{cas}"}
    looked = {box.name: box.error for box in posted(wrong | {"preview": "1"}).context["asked"].boxes}
    handed = posted(wrong)

    assert looked["message_en"] == "变量 'phone' 是个人信息，消息里不能有"
    assert looked["message_zh"] == "没有变量 'cas'；可用：case, limit, rung"
    assert handed.status_code == 422
    assert "&#x27;cas&#x27;" in handed.content.decode()
    assert RuleDraft.objects.count() == 0


def test_it_is_proposed_in_the_browser_and_shown_filled_in_to_whoever_approves():
    assert posted(FORM).status_code == 302

    row = RuleDraft.objects.get()
    client = Client()
    client.force_login(person("office"))
    answer = client.get(f"/rules/proposals/{row.pk}/")

    assert (row.kind, row.mark, row.state) == ("message", "message:rung:", "submitted")
    assert row.entry["text"] == MESSAGE["text"]
    assert [one.subject for one in answer.context["previews"].shown] == [
        "催办 SY2026000123",
        "Time is short SY2026000123",
    ]


def test_an_entry_shows_its_wording_and_a_further_edition_begins_with_it():
    landed("message", MESSAGE)
    client = Client()
    client.force_login(person("lead"))

    page = client.get("/rules/entry/message/rung/")
    form = client.get("/rules/new/message/?from=rung")

    assert page.context["previews"].shown[0].text.startswith("请看工单SY2026000123")
    values = {box.name: box.value for box in form.context["asked"].boxes}
    assert (values["message_zh"], values["template"]) == (MESSAGE["text"]["zh"], "rung")
    assert form.context["previews"].shown[1].subject == "Time is short SY2026000123"


def test_a_list_names_the_templates():
    submitted("message", MESSAGE)
    landed("message", MESSAGE | {"template": "step", "text": {"zh": "{case}", "en": "{case}"}})
    client = Client()
    client.force_login(person("lead"))

    [row] = client.get("/rules/of/message/").context["listed"].rows

    assert row.cells[1].text == "{case}"
