"""Roles to confirm: asked for on a person's page, confirmed or declined on one of their own."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from suyuan.actions import org, signin
from suyuan.store.models import Grant, RoleRequest
from tests.factories import NOW, actor, person

pytestmark = pytest.mark.django_db
PAGE = "/signins/roles/"


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def said(answer) -> str:
    return answer.content.decode().partition("<main")[2]


def asked(role: str = "leader") -> int:
    form = {"role": role, "unit": "0101", "reason": "新任"}
    return org.give(
        username=person("station").username, form=form, actor=actor("admin"), now=timezone.now()
    ).pk


def roles() -> list[str]:
    return sorted(Grant.objects.filter(person__username="station").values_list("role", flat=True))


def test_a_role_that_sees_most_is_asked_for_on_the_persons_page_and_confirmed_by_another():
    boss, auditor = signed_in("admin"), signed_in("audit")
    person("station")
    assert "没有待确认的授权" in said(auditor.get(PAGE))
    form = {"role": "leader", "unit": "0101", "reason": "新任"}

    page = said(boss.post("/people/station/grant/", form, follow=True))

    assert "已申请，须由另一位管理员或监审" in page
    assert "等第二人确认，现在还没有：" in page
    key = {"key": [RoleRequest.objects.get().pk]}
    assert "自己申请的，须由别人确认" in said(boss.get(PAGE))
    assert "待确认的授权 1" in said(signed_in_as("second").get("/signins/"))
    assert boss.post("/signins/roles/confirm/", key).status_code == 409
    first = [
        {name: page.context.get(name) for name in ("to_confirm", "asked_for")}
        for page in homes(boss, auditor)
    ]
    assert first == [{"to_confirm": 0, "asked_for": 1}, {"to_confirm": 1, "asked_for": 0}]
    row = said(auditor.get(PAGE))
    assert (row.count("<tr data-row>"), "mark-warn" in row) == (1, False)
    assert auditor.post("/signins/roles/confirm/", key).url == PAGE
    assert roles() == ["leader", "station"]


def homes(*clients: Client) -> list:
    return [client.get("/") for client in clients]


def signed_in_as(username: str) -> Client:
    client = Client()
    client.force_login(person("admin", "01", username))
    return client


def test_a_request_is_declined_and_a_number_that_is_none_is_refused():
    key, auditor = {"key": [asked()]}, signed_in("audit")

    assert auditor.post("/signins/roles/decline/", key).url == PAGE
    assert (roles(), RoleRequest.objects.get().outcome) == (["station"], "declined")
    assert auditor.post("/signins/roles/confirm/", {"key": ["x"]}).status_code == 422
    assert auditor.post("/signins/roles/confirm/", {"key": ["987654"]}).status_code == 404


def test_the_page_says_that_the_old_password_is_over():
    who = person("station")
    org.first_password(username="station", actor=actor("admin"), now=NOW)
    signin.password_changed(person=who, sign_in_id=None, session_key="", now=NOW)
    key = {"key": [asked()]}

    page = said(signed_in("audit").post("/signins/roles/confirm/", key, follow=True))

    assert "已随授权作废" in page


def test_the_server_confirms_what_waits_for_somebody(suyuan):
    person("audit")
    asked("audit")
    asked("leader")

    _, done, _ = suyuan("people", "confirm-role", "station", "--json")

    assert json.loads(done) == {
        "person": "station",
        "outcome": "confirmed",
        "by": "system",
        "roles": [{"role": "audit", "unit": "0101"}, {"role": "leader", "unit": "0101"}],
        "password_ended": False,
    }
    assert roles() == ["audit", "leader", "station"]
    code, again, _ = suyuan("people", "confirm-role", "station", "--json")
    assert (code, json.loads(again)["refused"]) == (1, "nothing_to_confirm")
    asked("admin")
    code, refused, _ = suyuan("people", "confirm-role", "station", "--as", "admin", "--json")
    assert (code, json.loads(refused)["refused"]) == (1, "own_request")
    _, declined, _ = suyuan("people", "confirm-role", "station", "--as", "audit", "--decline")
    assert declined == "station declined audit: admin\n"
