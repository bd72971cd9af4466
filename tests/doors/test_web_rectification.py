"""A rectification order in the browser: its sheet on the page, the list of what waits for my signature."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from suyuan.store.models import Case
from tests.factories import FORMS, NOW, SIGNING, case_at, do, order_at, person

pytestmark = pytest.mark.django_db
DAY = NOW + timedelta(days=1)


def signed_in(role: str, **at: str) -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client()
    client.force_login(person(role, **at))
    return client


def to_sign(client: Client, scope: str = "to_sign") -> list[str]:
    """Return the numbers of what a list shows."""
    answer = client.get(f"/queue/?scope={scope}")
    assert answer.status_code == 200
    return [case.number for case, *_ in answer.context["rows"]]


def sheet(client: Client, number: str) -> list[tuple[str, str, list[tuple[str, str, str, bool]]]]:
    """Return the sheet a page shows: node, state, and of each place who, what, by whom, whether awaited."""
    stops = client.get(f"/case/{number}/").context["stops"]
    return [
        (
            stop.title,
            stop.state,
            [(seat.who, seat.act, str(seat.by or ""), seat.since is not None) for seat in stop.seats],
        )
        for stop in stops
    ]


def test_the_complaint_shows_its_orders_and_the_order_its_complaint() -> None:
    complaint = case_at("callback")
    order = order_at("drafted", complaint=complaint)
    office = signed_in("office")

    told = office.get(f"/case/{complaint.number}/").content.decode()
    page = office.get(f"/case/{order.number}/").content.decode()

    assert f'href="/case/{order.number}/"' in told
    assert f'href="/case/{complaint.number}/"' in page
    assert "抄表员连续三个月估抄" in page
    assert "写明整改措施后发起会签" in page
    assert "张三丰" not in page


def test_the_page_says_which_order_the_archive_waits_for() -> None:
    complaint = case_at("callback")
    order = order_at("signing", complaint=complaint)
    do(complaint, "call_back", "agent", DAY, **FORMS["call_back"](complaint))
    lead = signed_in("lead")

    shut = lead.get(f"/case/{complaint.number}/").context["shut"]
    for role in SIGNING:
        do(order, "sign", role, DAY)

    said = {one.verb: one.refusal for one in shut}
    assert said["archive"] == f"整改单还没有会签完，会签完再归档（整改单 {order.number}）"
    assert "archive" in lead.get(f"/case/{complaint.number}/").context["doable"]


def test_the_sheet_says_who_signed_who_is_awaited_and_who_decides() -> None:
    order = order_at("signing")
    do(order, "sign", "station", DAY)
    do(order, "reject", "marketing", DAY, note="期限过紧")
    do(order, "sign", "operations", DAY)

    assert sheet(signed_in("office"), order.number) == [
        ("责任单位", "passed", [("供电所", "同意", "station", False)]),
        (
            "专业部门",
            "current",
            [
                ("营销部", "不同意", "marketing", False),
                ("运检部", "同意", "operations", False),
                ("领导裁定", "", "", True),
            ],
        ),
        ("优服办", "ahead", [("优服办", "", "", False)]),
    ]


def test_what_counts_no_more_stays_to_be_seen() -> None:
    order = do(order_at("signing"), "sign", "station", DAY)
    do(order, "revise", "office", DAY, measures="每周抽查")

    page = signed_in("office").get(f"/case/{order.number}/").content.decode()

    assert "不再有效的记录 1 条" in page
    assert "整改单内容已改" in page


def test_what_waits_for_my_signature_is_listed_as_long_as_it_does() -> None:
    order = order_at("signing")
    station, office, leader = signed_in("station"), signed_in("office"), signed_in("leader")
    assert [to_sign(one) for one in (station, office, leader)] == [[order.number], [], []]
    assert (to_sign(station, "mine"), to_sign(office, "mine")) == ([order.number], [order.parent_number])

    do(order, "sign", "station", DAY)
    do(order, "reject", "marketing", DAY, note="期限过紧")
    do(order, "sign", "operations", DAY)

    assert [to_sign(one) for one in (station, office, leader)] == [[], [], [order.number]]
    do(order, "reject", "leader", DAY, note="同意营销部")
    assert to_sign(leader) == []


def test_a_delegate_finds_it_in_the_list_and_signs_in_the_browser() -> None:
    order = order_at("signing")
    wang = signed_in("agent", at="0101", username="wang")
    station = signed_in("station")
    shown = station.get(f"/case/{order.number}/")
    (delegate,) = [one for one in shown.context["buttons"] if one.verb == "delegate"]
    one_of_many = {
        "key": re.findall(
            r'name="key" value="([^"]+)"', station.get("/queue/?scope=to_sign").content.decode()
        )
    }
    many = station.post("/bulk/fill/", one_of_many | {"verb": "delegate"}).context["asked"]
    for box in (delegate.boxes[0], many.boxes[0]):
        assert (box.kind, box.choices) == ("select", [("wang", "wang · 东城供电所")])

    station.post(f"/case/{order.number}/do/delegate/", {"delegate": "wang"})
    assert to_sign(wang) == [order.number]
    answer = wang.post(f"/case/{order.number}/do/sign/", {}, follow=True)

    assert "已完成：会签同意。" in answer.content.decode()
    assert sheet(wang, order.number)[0] == ("责任单位", "passed", [("供电所", "同意", "wang", False)])
    assert "（代 station）" in answer.content.decode()


def test_where_the_effect_is_looked_at_the_figures_stand_beside() -> None:
    order = order_at("checking")

    answer = signed_in("office").get(f"/case/{order.number}/")

    figures = answer.context["figures"]
    assert (figures.before[0], figures.since) == (1, (0, 0))
    assert "同类投诉：整改前后" in answer.content.decode()


def test_whoever_it_is_not_up_to_reads_why() -> None:
    order = order_at("signing")

    page = signed_in("office").get(f"/case/{order.number}/").content.decode()

    assert "现在不轮到您会签" in page


def test_an_order_can_be_given_and_read_in_english() -> None:
    complaint = case_at("callback")
    office = signed_in("office")
    office.cookies["django_language"] = "en"

    office.post(
        f"/case/{complaint.number}/do/order_rectification/",
        {"problems": "估抄", "measures": "补抄", "unit": "0101", "due_on": "2099-12-31"},
    )
    order = Case.objects.get(parent_number=complaint.number)
    page = office.get(f"/case/{order.number}/").content.decode()

    assert "What is to be put right" in page
    assert "Rectification order" in page
