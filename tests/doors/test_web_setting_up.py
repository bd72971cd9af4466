"""An office that sets itself up with lists of its own: headers, posts, steps that tick off."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from suyuan.actions import org
from suyuan.gateways import customerfile, orgfile
from suyuan.store import rules
from suyuan.store.models import Grant, Holding, Person, Post, Unit
from suyuan.web import signin
from tests.factories import NOW, case_at, person, unit

pytestmark = pytest.mark.django_db
ODD = "科室号,科室,领导科室\n10,盐川供电公司,\n1001,城东所,10\n"
PEOPLE = (
    "姓名,工号,部门,岗位\n李一,1,城东所,坐席\n王二,2,城东所,班长\n赵三,3,城东所,班长\n钱四,4,城东所,司机\n"
)


@pytest.fixture
def root():
    """Begin an office and return the browser of its first administrator."""
    org.first_admin(username="root", name="张", company="盐川供电公司", password="long enough 1", now=NOW)
    client = Client()
    client.force_login(Person.objects.get())
    return client


LANGS = ("zh", "en")


def hand_in(client: Client, text: str, to: str = "people/file") -> str:
    """Hand a file in; return where that leads."""
    return client.post(f"/{to}/upload/", {"file": SimpleUploadedFile("list.csv", text.encode())}).url


def test_a_list_whose_headers_nobody_knows_asks_which_column_is_which(root):
    there = hand_in(root, ODD)
    page = root.get(there)

    assert there.endswith("/columns/")
    assert page.context["headers"] == ["科室号", "科室", "领导科室"]
    assert [(title, lacking) for title, _, lacking, _ in page.context["sections"]] == [
        ("单位", ["单位编码", "单位名称"]),
        ("人员", ["姓名", "单位"]),
    ]
    assert root.post(there, {}).status_code == 422
    half = root.post(there, {"units.code": "科室号"})
    assert (half.status_code, "还缺：单位 · 单位名称" in half.content.decode()) == (422, True)
    checked = root.post(
        there,
        {"units.code": "科室号", "units.name": "科室", "units.parent": "领导科室", "people.name": "无此列"},
    ).url

    root.post(checked)
    assert list(Unit.objects.values_list("path", flat=True)) == ["/10/", "/10/1001/"]
    assert root.get(there).status_code == 404


def test_the_columns_of_a_list_have_names_in_both_languages(root):
    there = hand_in(root, ODD)

    english = root.get(there, headers={"Accept-Language": "en"})

    units, people = english.context["sections"]
    assert (units[0], units[2], people[0], people[2]) == (
        "Units",
        ["Unit code", "Unit name"],
        "People",
        ["Name", "Unit"],
    )
    half = root.post(there, {"units.code": "科室号"}, headers={"Accept-Language": "en"})
    assert "Units · Unit name" in half.content.decode()
    for kind in (*orgfile.KINDS, *customerfile.KINDS):
        assert rules.label("list_kind", kind.name, "zh") == kind.title
        for column in kind.columns:
            named = {lang: rules.label("list_column", f"{kind.name}.{column.field}", lang) for lang in LANGS}
            assert (named["zh"], named["en"].isascii()) == (column.headers[0], True)


def test_a_customer_list_asks_in_the_same_way(root):
    hand_in(root, ODD)
    there = hand_in(root, "户的号码,哪个所,谁\n3300012345678,01,张三\n", "customers/import")

    assert there.endswith("/columns/")
    checked = root.post(there, {"customers.account": "户的号码", "customers.unit": "哪个所"}).url
    assert "新增 1" in root.post(checked).content.decode()


def test_posts_nobody_knows_are_counted_and_chosen_one_by_one(root):
    root.post(hand_in(root, "部门编码,组织名称,上级部门\n10,盐川供电公司,\n1001,城东所,盐川供电公司\n"))
    checked = hand_in(root, PEOPLE)

    assert root.get(checked).context["asked_posts"] == [("班长", "2", ""), ("司机", "1", "")]
    root.post(f"{checked}posts/", {"post.班长": "shift-lead", "post.司机": "+"})
    assert root.get(checked).context["asked_posts"] == []
    assert not Post.objects.filter(name="司机").exists()
    assert "新增 4，修改 0，不变 0，隔离 0" in root.post(checked).content.decode()

    held = Holding.objects.order_by("person__username").values_list("person__username", "post__code")
    assert list(held) == [("1", "agent"), ("2", "shift-lead"), ("3", "shift-lead"), ("4", "司机")]
    assert list(Grant.objects.filter(person__username="4")) == []
    assert Post.objects.get(name="司机").roles == []
    assert root.get(hand_in(root, PEOPLE)).context["asked_posts"] == [("班长", "", "shift-lead")]


def test_posts_chosen_on_the_page_count_when_the_list_is_imported_at_once(root):
    root.post(hand_in(root, "部门编码,组织名称,上级部门\n10,盐川供电公司,\n1001,城东所,盐川供电公司\n"))
    checked = hand_in(root, PEOPLE)

    page = root.get(checked).content.decode()
    done = root.post(checked, {"post.班长": "", "post.司机": "+"}).content.decode()

    assert page.count(' form="chosen" name="post.') == 2
    assert '<form method="post" id="chosen">' in page
    assert "新增 2，修改 0，不变 0，隔离 2" in done
    assert list(Holding.objects.filter(person__username="4").values_list("post__code", flat=True)) == ["司机"]


def test_posts_the_office_kept_are_called_in_the_language_of_the_reader(root):
    root.post(hand_in(root, "部门编码,组织名称,上级部门\n10,盐川供电公司,\n1001,城东所,盐川供电公司\n"))
    Post.objects.filter(code="leader").update(name="老总", duties="看着办")

    listed = root.get("/posts/", headers={"Accept-Language": "en"}).context["listed"].rows

    said = {row.cells[0].small: (row.cells[0].text, row.cells[1].lines) for row in listed}
    assert said["leader"] == ("老总", "看着办")
    assert said["auditor"] == (
        "Auditor",
        "Looks into misconduct reports, samples complaints, handles restricted cases.",
    )


def test_a_post_may_be_left_blank_and_the_command_chooses_too(root, tmp_path, suyuan):
    root.post(hand_in(root, ODD.replace("科室号,科室", "部门编码,部门名称").replace("领导科室", "上级部门")))
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, "utf-8")

    said = suyuan("people", "import", path, "--dry-run", "--post", "班长=-")[1]
    code, out, _ = suyuan("people", "import", path, "--post", "班长=-", "--post", "司机=-", "--json")

    assert "no post '司机', which 1 hold" in said
    told = json.loads(out)["lists"][0]
    assert (code, told["unknown_posts"], told["recalled_posts"]) == (0, {}, {})
    again = json.loads(suyuan("people", "import", path, "--json")[1])["lists"][0]
    assert (again["same"], again["recalled_posts"]) == (4, {"班长": "-", "司机": "-"})
    assert list(Holding.objects.values_list("person__username", "post__code")) == [("1", "agent")]
    assert suyuan("people", "import", path, "--post", "班长")[0] == 2


def test_the_template_of_a_home_that_never_began_lists_the_proposed_posts(tmp_path, suyuan):
    import python_calamine

    suyuan("people", "template", tmp_path / "t.xlsx")

    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "t.xlsx"))
    cells = {cell for row in book.get_sheet_by_name("选项").to_python() for cell in row}
    assert {"95598坐席", "供电所所长", "系统管理员"} <= cells


def test_the_steps_tick_off_and_stay_until_others_sign_in_and_work(root):
    def steps():
        return [(step.done, step.told) for step in root.get("/").context["steps"]]

    assert [done for done, _ in steps()] == [False, False, False, False]
    root.post(hand_in(root, "部门编码,部门名称\n10,盐川供电公司\n"))
    root.post(hand_in(root, "姓名,工号,部门\n李一,1,盐川供电公司\n"))
    assert steps() == [(True, ""), (False, "1 人还没有口令"), (False, ""), (False, "")]
    unit()
    case_at("registered")
    assert steps()[2] == (True, "")
    one = Person.objects.get(username="1")
    one.set_password("long enough 2")
    one.save()
    assert root.get("/").context["steps"] == []


def test_who_must_have_a_second_factor_is_told_the_step_and_not_asked_for_the_password_at_once(settings):
    settings.REQUIRE_MFA, settings.DEMO = {"admin"}, False
    who = person("admin")
    who.set_password("long enough 1")
    who.save()
    client = Client()
    client.post("/accounts/login/", {"login": "admin", "password": "long enough 1"})

    assert client.get("/").url == "/accounts/2fa/"
    assert "第 2 步" in client.get("/accounts/2fa/").content.decode()
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    session = client.session
    session["account_authentication_methods"] = [
        each | {"at": each["at"] - signin.account.REAUTHENTICATION_TIMEOUT}
        for each in session["account_authentication_methods"]
    ]
    session.save()
    assert client.get("/accounts/2fa/totp/activate/").status_code == 302
