"""The register in the browser: an office from nothing, people with posts, files handed in."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from suyuan.actions import org
from suyuan.store.models import Grant, Holding, Person, Post, Unit
from suyuan.web import begin
from tests.factories import NOW, actor, person, unit

pytestmark = pytest.mark.django_db
UNITS = "单位编码,单位名称,上级编码\n10,溯源市供电公司,\n1001,东城供电所,10\n"
PEOPLE = "姓名,工号,所属单位,岗位\n李一,10023,东城供电所,供电所所长\n王二,,东城供电所,\n"


def signed_in(role: str = "admin") -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def hand_in(client: Client, text: str):
    """Hand a file in and import it; return the page that says what became of it."""
    checked = client.post("/people/file/upload/", {"file": SimpleUploadedFile("list.csv", text.encode())})
    assert checked.status_code == 302
    before = client.get(checked.url)
    return before, client.post(checked.url)


def test_an_office_begins_with_nothing_but_two_lists_in_the_browser():
    client = Client()
    given = {"company": "溯源市供电公司", "username": "root", "name": "张", "password": "long enough 1"}
    code = begin.make_code()

    assert client.post("/begin/", given | {"setup_code": "guessed"}).status_code == 409
    assert client.post("/begin/", given | {"setup_code": code}).url == "/accounts/login/"
    assert client.get("/begin/").status_code == 404

    client.force_login(Person.objects.get(username="root"))
    hand_in(client, UNITS)
    before, after = hand_in(client, PEOPLE)

    assert "还没有写入" in before.content.decode()
    assert "新增 1，修改 0，不变 0，隔离 1" in after.content.decode()
    assert list(Unit.objects.values_list("code", flat=True)) == ["10", "1001"]
    assert list(Grant.objects.filter(person__username="10023").values_list("role", "unit__code")) == [
        ("station", "1001")
    ]


def test_what_is_secret_on_the_first_page_is_not_shown_while_it_is_typed():
    text = Client().get("/begin/").content.decode()

    boxes = {
        re.search(r'name="(\w+)"', box)[1]: re.findall(r'(?:type|autocomplete)="([\w-]+)"', box)
        for box in re.findall(r'<input class="form-control[^>]*>', text)
    }
    assert boxes == {
        "setup_code": ["text", "one-time-code"],
        "company": ["text", "organization"],
        "username": ["text", "username"],
        "name": ["text", "name"],
        "password": ["password", "new-password"],
    }


def test_a_password_is_kept_as_it_was_typed_and_never_shown_again():
    given = {"company": "甲", "username": "root", "name": "张", "password": " long enough 1 "}

    refused = Client().post("/begin/", given | {"setup_code": "guessed"})
    Client().post("/begin/", given | {"setup_code": begin.make_code()})

    assert "long enough" not in refused.content.decode()
    assert Person.objects.get().check_password(" long enough 1 ")


def test_the_first_page_is_not_open_from_elsewhere():
    assert Client().get("/begin/", REMOTE_ADDR="10.0.0.7").status_code == 404
    assert Client().get("/begin/", HTTP_X_FORWARDED_FOR="10.0.0.7").status_code == 404


def test_quarantined_rows_come_back_with_their_reasons():
    unit()
    client = signed_in()
    text = PEOPLE.replace("供电所所长", "船长")
    checked = client.post("/people/file/upload/", {"file": SimpleUploadedFile("p.csv", text.encode())})
    page = client.get(checked.url)

    assert [faults for _, faults, *_ in page.context["lists"]] == [
        [
            (2, "岗位", "船长", "没有这个岗位"),
            (3, "工号", "", "缺少必填值"),
        ]
    ]
    answer = client.get(f"{checked.url}people/")
    assert (answer.status_code, b"".join(answer.streaming_content)[:2]) == (200, b"PK")
    other = Client()
    other.force_login(person("office"))
    assert other.get(checked.url).status_code == 404


def test_what_a_file_would_change_is_listed_row_by_row_before_it_is_written():
    unit()
    client = signed_in()
    text = "单位编码,单位名称,上级编码\n0101,东城中心供电所,01\n0103,南城供电所,01\n"
    before, _ = hand_in(client, text)

    [(_, _, _, rows)] = before.context["lists"]
    assert rows == [
        (2, "0101", "changed", "单位名称 → 东城中心供电所"),
        (3, "0103", "new", "南城供电所"),
    ]


def test_a_person_is_entered_with_a_post_moved_and_ended():
    unit()
    form = {"post_name": "所长", "roles": "station", "over": "unit"}
    org.save_post(code="head", form=form, actor=actor("admin"), now=NOW)
    client = signed_in()

    client.post("/people/add/", {"username": "li", "unit": "0101", "post": "head", "name": "李"})
    assert list(Grant.objects.filter(person__username="li").values_list("role", "unit__code")) == [
        ("station", "0101")
    ]
    client.post("/people/li/move/", {"unit": "0102", "post": "head"})
    assert list(Holding.objects.filter(until=None).values_list("unit__code")) == [("0102",)]
    assert client.post("/people/li/grant/", {"role": "agent", "unit": "0102"}).status_code == 422
    text = client.get("/people/li/").content.decode()
    assert "所长" in text
    client.post("/people/li/end/", {})
    assert (
        Grant.objects.filter(person__username="li").count(),
        Person.objects.get(username="li").is_active,
    ) == (0, False)


def test_the_list_is_searched_and_filtered():
    unit()
    for name in ("甲", "乙"):
        org.save_person(username=f"u-{name}", unit="0101", form={"name": name}, actor=actor("admin"), now=NOW)
    client = signed_in()

    def names(query: str) -> list[str]:
        return [row.cells[0].text for row in client.get(f"/people/?{query}").context["listed"].rows]

    assert names("q=甲") == ["甲"]
    assert names("role=admin") == ["admin"]
    assert names("unit=0102") == []
    assert client.get("/people/?colour=red").status_code == 422


def test_a_post_is_made_and_changed_and_roles_are_explained():
    client = signed_in()

    given = {"code": "head", "post_name": "所长", "roles": ["station", "agent"], "over": "unit"}
    assert client.post("/posts/add/", given).status_code == 302
    assert Post.objects.get().roles == ["agent", "station"]
    text = client.get("/posts/head/").content.decode()
    assert 'value="station" checked><span class="form-check-label">供电所</span>' in text
    assert "所长" in client.get("/roles/").content.decode()


def test_a_first_password_is_shown_once():
    unit()
    org.save_person(username="li", unit="0101", form={"name": "李"}, actor=actor("admin"), now=NOW)
    client = signed_in()

    page = client.post("/people/li/password/")

    shown = page.content.decode().partition("<code>")[2].split("<")[0]
    assert Person.objects.get(username="li").check_password(shown)
    assert shown not in client.get("/people/li/").content.decode()


def test_units_are_added_renamed_and_merged_by_their_pages():
    unit()
    client = signed_in()

    client.post("/units/add/", {"code": "0103", "parent": "01", "unit_name": "南城供电所"})
    client.post("/units/0103/edit/", {"unit_name": "南城中心供电所", "parent": "0101"})
    moved = Unit.objects.get(code="0103")
    assert (moved.name, moved.path, moved.former_names) == (
        "南城中心供电所",
        "/01/0101/0103/",
        ["南城供电所"],
    )
    client.post("/units/0103/merge/", {"into_unit": "0102"})
    assert Unit.objects.get(code="0103").merged_into.code == "0102"
    assert client.post("/units/01/close/", {}).status_code == 409


@pytest.mark.parametrize(
    ("viewer", "whose", "offered"),
    [
        ("office", "station", ["edit", "end", "grant", "move", "password"]),
        ("office", "audit", ["edit", "grant", "move"]),
        ("office", "office", ["edit", "grant", "move", "password"]),
        ("admin", "audit", ["edit", "end", "grant", "move", "password"]),
        ("audit", "station", []),
    ],
)
def test_a_person_page_offers_the_verbs_that_are_not_refused_for_the_roles(viewer, whose, offered):
    client, username = signed_in(viewer), person(whose).username

    html = client.get(f"/people/{username}/").content.decode()

    found = re.findall(rf'(?:href|action)="/people/{username}/(\w+)/"', html)
    assert (sorted(found), "ask an administrator" in html or "请找管理员" in html) == (
        offered,
        (viewer, whose) == ("office", "audit"),
    )
    if viewer != "audit":
        end = client.post(f"/people/{username}/end/", {})
        assert (end.status_code == 302) is ("end" in offered)


def test_a_role_the_office_could_not_give_has_no_button_that_takes_it():
    leader = person("leader")
    Grant.objects.create(person=leader, role="agent", unit=unit("01"))
    agent, most = (Grant.objects.get(person=leader, role=role).pk for role in ("agent", "leader"))
    client = signed_in("office")

    html = client.get(f"/people/{leader.username}/").content.decode()

    assert re.findall(r'action="/people/grants/(\d+)/withdraw/"', html) == [str(agent)]
    assert client.post(f"/people/grants/{most}/withdraw/").status_code == 409
