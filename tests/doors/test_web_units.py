"""The units page: the tree in reach, and what files named and nobody confirmed."""

import re

import pytest
from django.test import Client

from suyuan.actions import intake
from suyuan.store.models import Event, Unit
from tests.factories import NOW, actor, case_at, incoming, person, unit

pytestmark = pytest.mark.django_db
NAMES = {"中文", "溯源市供电公司", "东城供电所", "西城供电所", "监审部", "北城所"}


def signed_in(role: str = "office", at: str = "", username: str = "") -> Client:
    """Return a client signed in as a person with ``role``."""
    client = Client()
    client.force_login(person(role, at, username))
    return client


def named_by_a_file(code: str = "0150", name: str = "北城所") -> Unit:
    """Return a unit as an import makes it: provisional."""
    above = unit("01")
    return Unit.objects.create(code=code, name=name, parent=above, path=f"/01/{code}/", provisional=True)


def lines(page) -> list[tuple[str, int, int]]:
    """Return code, depth and open cases of every line of the tree."""
    return [(line.code, line.depth, line.open) for line in page.context["lines"]]


def test_the_tree_shows_units_in_reach_with_their_open_cases() -> None:
    case_at("handling")
    case_at("registered")
    case_at("archived")

    page = signed_in().get("/units/")

    assert lines(page) == [("01", 0, 2), ("0101", 1, 1), ("0102", 1, 0), ("0109", 1, 0)]
    text = page.content.decode()
    assert 'href="/queue/?scope=open&amp;unit=0101">1</a>' in text
    assert "营销" in text
    assert "待确认" not in text


def test_somebody_of_a_station_sees_that_station_alone() -> None:
    case_at("handling")

    assert lines(signed_in("station").get("/units/")) == [("0101", 0, 1)]


def test_what_the_viewer_may_not_see_is_not_counted() -> None:
    unit()
    intake.receive(incoming=incoming(business_type="report"), actor=actor("agent"), now=NOW)

    assert lines(signed_in("office").get("/units/"))[0] == ("01", 0, 0)
    assert lines(signed_in("audit").get("/units/"))[0] == ("01", 0, 1)


def test_units_to_be_confirmed_come_first_and_can_be_ticked() -> None:
    named_by_a_file()

    text = signed_in().get("/units/").content.decode()

    assert text.index('name="code" value="0150"') < text.index("我能看到的单位")
    assert 'value="0101"' not in text
    assert text.count("待确认</span>") == 2


def test_the_office_confirms_what_it_ticks() -> None:
    named_by_a_file()
    named_by_a_file("0151", "南城所")

    page = signed_in().post("/units/confirm/", {"code": ["0150"]}, follow=True)

    assert "已确认 1 个单位。" in page.content.decode()
    assert list(Unit.objects.filter(provisional=True).values_list("code", flat=True)) == ["0151"]
    event = Event.objects.get(verb="org_confirm")
    assert (event.actor, event.detail) == ("office", {"units": ["0150"]})


def test_all_of_them_are_confirmed_with_one_button() -> None:
    named_by_a_file()
    named_by_a_file("0151", "南城所")

    page = signed_in().post("/units/confirm/", {"all": "1"}, follow=True)

    assert "已确认 2 个单位。" in page.content.decode()
    assert not Unit.objects.filter(provisional=True).exists()


def test_nothing_ticked_is_said_in_place() -> None:
    named_by_a_file()

    page = signed_in().post("/units/confirm/", {})

    assert page.status_code == 422
    assert 'id="nothing-ticked"' in page.content.decode()
    assert Unit.objects.get(code="0150").provisional


@pytest.mark.parametrize("role", ["lead", "leader", "station", "agent"])
def test_others_see_what_waits_and_change_nothing(role: str) -> None:
    named_by_a_file()
    client = signed_in(role, "01", f"{role}-of-01")

    text = client.get("/units/").content.decode()
    answer = client.post("/units/confirm/", {"code": ["0150"]})

    assert "由优服办或管理员确认。" in text
    assert 'type="checkbox"' not in text
    assert 'type="file"' not in text
    assert answer.status_code == 403
    assert Unit.objects.get(code="0150").provisional
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "shown"),
    [("office", True), ("lead", True), ("admin", True), ("agent", False), ("leader", False)],
)
def test_the_menu_leads_where_the_role_may_go(role: str, shown: bool) -> None:
    text = signed_in(role).get("/queue/").content.decode()

    assert 'href="/units/"' in text
    assert ('href="/import/"' in text) is shown


def test_an_empty_house_is_told_what_units_are_for() -> None:
    someone = person("admin")
    someone.grants.all().delete()
    client = Client()
    client.force_login(someone)

    text = client.get("/units/").content.decode()

    assert "还没有您能看到的单位。" in text
    assert "单位决定工单派给谁" in text


def test_in_english_only_names_stay_chinese() -> None:
    named_by_a_file()
    client = signed_in()
    client.cookies["django_language"] = "en"

    text = client.get("/units/").content.decode()

    assert "1 unit to be confirmed" in text
    assert set(re.findall(r"[一-鿿]+", text)) - NAMES == set()
