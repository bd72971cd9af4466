"""Views of a list: kept, shared, put in order, opened first, forgotten and brought back, all on pages."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from suyuan.actions import views
from suyuan.store.models import Preference, SavedView
from suyuan.store.queries import viewer
from suyuan.web.viewbar import LISTS
from tests.factories import NOW, case_at, person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    """Sign an office in."""
    unit()
    client.force_login(person("office"))
    return client


def chips(client: Client, address: str = "/queue/?scope=open") -> list[str]:
    """Return the views that stand over a list."""
    found = re.findall(r"data-view[^>]*>(.*?)</a>", client.get(address).content.decode(), re.DOTALL)
    return [re.sub(r"<svg.*?</svg>|<span.*?</span>", "", one, flags=re.DOTALL).strip() for one in found]


def keep(client: Client, name: str = "东城", query: str = "scope=open&unit=0101") -> SavedView:
    """Return a view kept from the page of a list."""
    assert client.post("/views/save/", {"name": name, "query": query}).status_code == 302
    return SavedView.objects.get(name=name)


def test_a_view_is_kept_forgotten_and_brought_back(desk: Client) -> None:
    view = keep(desk)
    kept = chips(desk)

    page = desk.post("/views/forget/", {"view": view.pk}, follow=True).content.decode()
    gone = chips(desk)
    back = desk.post("/views/restore/", {"view": re.search(r'name="view" value="(\d+)"', page)[1]})

    assert (kept[-1], gone[-1], chips(desk)[-1]) == ("东城", "全部工单", "东城")
    assert 'action="/views/restore/"' in page
    assert back.url == "/queue/?scope=open&unit=0101"


@pytest.mark.parametrize("name", LISTS)
def test_every_list_with_views_keeps_one_and_opens_with_the_one_chosen(name: str, client: Client) -> None:
    client.force_login(person("office"))
    address, query = reverse(name), "state=approved" if name == "rules_proposals" else "page=1"
    query = {"queue": "scope=all", "people": "unit=0101", "outbox": "state=aside"}.get(name, query)
    client.post("/views/save/", {"name": "我的", "query": query, "page": name})
    view = SavedView.objects.get()

    answer = client.post(f"/views/{view.pk}/", {"view_name": "我的", "view_place": "1", "view_opens": "1"})

    assert answer.status_code == 302
    opened = client.get(address)
    assert (opened.status_code, opened.url) == (302, f"{address}?{query}")
    assert chips(client, f"{address}?{query}")[-1] == "我的"
    client.post(f"/views/{view.pk}/", {"view_name": "我的", "view_place": "1", "view_opens": "0"})
    assert client.get(address).status_code == 200


def test_a_view_that_is_gone_opens_nothing(desk: Client) -> None:
    view = keep(desk)
    views.opens(viewer=viewer.of(person("office")), page="queue", view=view.pk, now=NOW)

    views.forget(viewer=viewer.of(person("office")), view=view.pk, now=NOW)

    assert desk.get("/queue/").status_code == 200


def test_a_shared_view_stands_in_the_lists_of_the_unit_and_everybody_opens_it_as_they_like(
    desk: Client,
) -> None:
    view, station = keep(desk), Client()
    station.force_login(person("station"))

    desk.post(f"/views/{view.pk}/share/", {"view_name": "东城", "view_place": "1", "view_unit": "01"})
    station.post(f"/views/{view.pk}/", {"view_opens": "1", "view_name": "改了"})

    assert (chips(station)[-1], station.get("/queue/").status_code) == ("东城", 302)
    assert Preference.objects.get(person__username="station").opens == {"queue": view.pk}
    assert station.post(f"/views/{view.pk}/share/").status_code == 403
    assert 'name="view_name"' not in station.get(f"/views/{view.pk}/").content.decode()


def test_a_view_is_renamed_and_moved_on_its_page(desk: Client) -> None:
    keep(desk, "一")
    second = keep(desk, "二", "scope=open&unit=0102")

    desk.post(f"/views/{second.pk}/", {"view_name": "贰", "view_place": "1", "view_opens": "0"})
    wrong = desk.post(f"/views/{second.pk}/", {"view_name": "一", "view_place": "1"})

    assert chips(desk)[-2:] == ["贰", "一"]
    assert (wrong.status_code, "已被使用" in wrong.content.decode()) == (422, True)
    listed = desk.get("/views/").content.decode()
    assert listed.index("贰") < listed.index("一</a>")


@pytest.mark.parametrize("given", [{"page": "units"}, {"page": "x"}, {"name": " "}])
def test_a_list_without_views_and_a_view_without_a_name_are_errors(
    desk: Client, given: dict[str, str]
) -> None:
    assert desk.post("/views/save/", {"name": "a", "query": "q=1"} | given).status_code == 422


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_views_are_gone_through_by_keys(live_server, page) -> None:
    client = Client()
    client.force_login(person("office"))
    case_at("registered")
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(live_server.url + "/queue/")

    page.keyboard.press("v")
    page.wait_for_url("**light=red")
    page.keyboard.press("Shift+V")
    page.wait_for_url("**scope=mine")

    assert page.inner_text("[data-view][aria-current]") == "等我办的"
