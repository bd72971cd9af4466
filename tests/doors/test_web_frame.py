"""The frame of every page: how much of the inbox is new, and light or dark as each person likes it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from suyuan.config.home import SIMULATED
from suyuan.store.models import Event, Message, Person, Preference, Reading
from tests.factories import NOW, case_at, person

pytestmark = pytest.mark.django_db


def told(role: str = "station") -> Client:
    """Return the client of somebody who was told of a case when it was dispatched."""
    case_at("dispatched", now=timezone.now() - timedelta(hours=1))
    person(role)
    Person.objects.update(joined_at=NOW)
    client = Client()
    client.force_login(person(role))
    return client


def counted(client: Client, path: str) -> set[str]:
    """Return the counts of new messages that stand on a page."""
    return set(re.findall(r"data-new>(\d+)<", client.get(path).content.decode()))


def test_every_page_says_how_many_messages_are_new():
    client = told()

    assert [counted(client, path) for path in ("/queue/", "/units/", "/accounts/2fa/")] == [{"1"}] * 3


def test_opening_the_case_reads_what_was_told_about_it_and_is_written_down():
    client = told()
    number = Message.objects.get(recipient="station@0101").case_number

    client.get(f"/case/{number}/")

    assert counted(client, "/inbox/") == set()
    assert Event.objects.get(stream="inbox:station").detail == {"messages": [Message.objects.get().pk]}
    client.get(f"/case/{number}/")
    assert Event.objects.filter(stream="inbox:station").count() == 1


def test_a_message_marked_as_read_is_new_again_after_the_undo_beside_the_words():
    client = told()
    key = str(Message.objects.get(recipient="station@0101").pk)

    page = client.post("/inbox/read/", {"key": key, "verb": "some"}, follow=True).content.decode()
    offered = dict(re.findall(r'<input type="hidden" name="(key)" value="(\d+)">', page))
    client.post("/inbox/unread/", offered)

    assert 'action="/inbox/unread/"' in page
    assert (offered, Reading.objects.count(), counted(client, "/inbox/")) == ({"key": key}, 0, {"1"})


def test_all_marked_as_read_are_new_again_after_the_undo():
    client = told()

    page = client.post("/inbox/read/", {"verb": "all"}, follow=True).content.decode()
    read = counted(client, "/inbox/")
    client.post("/inbox/unread/", {"upto": re.search(r'name="upto" value="(\d+)"', page)[1]})

    assert (read, counted(client, "/inbox/")) == (set(), {"1"})


def test_a_key_that_is_no_number_is_an_error():
    client = told()

    answers = [client.post("/inbox/unread/", given) for given in ({"key": "x"}, {"upto": "-1"})]

    assert [answer.status_code for answer in answers] == [422, 422]


def painted(client: Client) -> tuple[str, str]:
    """Return what a page says of its theme: what was chosen, and what it is painted in without script."""
    html = client.get("/queue/").content.decode()
    return re.search(r'data-theme="(\w*)" data-bs-theme="(\w+)"', html).groups()


def test_the_theme_is_kept_for_each_person_and_painted_by_the_server():
    client, other = told(), Client()
    other.force_login(person("office"))
    assert painted(client) == ("", "light")

    answer = client.post("/theme/", {"theme": "dark", "next": "/units/?q=1"})

    assert (answer.status_code, answer.url) == (302, "/units/?q=1")
    assert (painted(client), painted(other)) == (("dark", "dark"), ("", "light"))
    assert Preference.objects.get().theme == "dark"
    client.post("/theme/", {"theme": ""})
    assert painted(client) == ("", "light")


def test_a_theme_nobody_knows_is_an_error_and_no_form_leads_elsewhere():
    client = told()

    assert client.post("/theme/", {"theme": "neon"}).status_code == 422
    assert client.post("/theme/", {"theme": "light", "next": "https://example.org/"}).url == "/"


NOTE_CHANGES_OF_THE_THEME = """
window.changes = [];
new MutationObserver(() => changes.push(performance.now()))
  .observe(document, { attributes: true, subtree: true, attributeFilter: ["data-bs-theme"] });
"""
CHANGES_AFTER_FIRST_PAINT = """
new Promise(painted => new PerformanceObserver(
  list => list.getEntriesByName("first-paint").forEach(paint => painted(paint.startTime))
).observe({ type: "paint", buffered: true })).then(first => changes.filter(at => at > first))
"""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_by_system_the_first_paint_is_what_the_machine_says(live_server, page):
    cookie = told().cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

    def seen() -> str:
        return page.get_attribute("html", "data-bs-theme")

    page.add_init_script(NOTE_CHANGES_OF_THE_THEME)
    page.emulate_media(color_scheme="dark")
    page.goto(live_server.url + "/queue/")
    after_paint = page.evaluate(CHANGES_AFTER_FIRST_PAINT)
    first = seen()
    page.emulate_media(color_scheme="light")
    page.wait_for_selector("html[data-bs-theme=light]")
    page.click("details.who:has([data-theme-form]) summary")
    page.click("[data-theme-form] [value=dark]")
    page.wait_for_selector("html[data-bs-theme=dark]")
    page.reload()

    assert (first, after_paint, seen()) == ("dark", [], "dark")


def test_a_simulated_city_says_that_nobody_in_it_is_real(settings, tmp_path):
    settings.DEMO, settings.HOME = True, tmp_path
    client = told()
    said = []
    for made in (False, True):
        if made:
            (tmp_path / SIMULATED).touch()
        said.append(re.findall(r"本机试用|演示环境", client.get("/queue/").content.decode()))

    assert said == [["本机试用"], ["演示环境"]]
