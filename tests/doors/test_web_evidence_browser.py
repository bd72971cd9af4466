"""Evidence in a real browser: files dropped and sent one by one, a recording that seeks, a phone."""

import pytest
from django.conf import settings
from django.test import Client

from suyuan.store.models import Event
from tests.evidence_files import PHOTO, add, picture, sound
from tests.factories import case_at, person

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Keep each test's bytes apart."""
    monkeypatch.setattr(settings, "ATTACHMENTS", tmp_path / "attachments")


@pytest.fixture
def station(live_server, page, transactional_db):
    """Return a page signed in at the supply station, and what the browser complains of."""
    client = Client()
    client.force_login(person("station"))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


def file(name: str, content: bytes, media: str) -> dict:
    return {"name": name, "mimeType": media, "buffer": content}


def test_files_are_sent_one_by_one_and_a_refusal_stands_beside_its_name(live_server, station):
    case = case_at("handling")
    station.goto(f"{live_server.url}/case/{case.number}/")

    station.set_input_files(
        "#file", [file("a.jpg", PHOTO, "image/jpeg"), file("b.html", b"<html>", "text/html")]
    )
    station.select_option("form[data-drop] [name=made_by]", "staff")
    station.focus("form[data-drop] > button")
    station.keyboard.press("Enter")
    station.wait_for_selector(".drop-bad")
    said = station.locator(".drop-list > li").all_inner_texts()

    assert [" ".join(line.split()) for line in said] == [
        "a.jpg 已保存",
        "b.html 网页、SVG、XML 不能作为证据，请改传截图或 PDF",
    ]
    assert [piece.name for piece in case.attachments.all()] == ["a.jpg"]


def test_dropped_files_wait_in_the_list_and_a_clean_upload_leads_on(live_server, station):
    case = case_at("handling")
    station.goto(f"{live_server.url}/case/{case.number}/")
    drop = """bytes => { const given = new DataTransfer();
        given.items.add(new File([new Uint8Array(bytes)], "dropped.jpg", {type: "image/jpeg"}));
        document.querySelector(".drop-zone").dispatchEvent(new DragEvent("drop", {dataTransfer: given})); }"""

    station.evaluate(drop, list(PHOTO))
    waiting = station.locator(".drop-name").all_inner_texts()
    station.select_option("form[data-drop] [name=made_by]", "customer")
    station.click("form[data-drop] > button")
    station.wait_for_url("**/evidence/")

    assert (waiting, case.attachments.get().made_by) == (["dropped.jpg"], "customer")
    assert station.complaints == []


def test_a_recording_plays_and_seeks_in_the_page_and_counts_as_one_look(live_server, station):
    case = case_at("handling")
    add(case, sound(60), "问话.wav")
    add(case, picture("JPEG", (640, 320)), "表.jpg")
    station.goto(f"{live_server.url}/case/{case.number}/evidence/")

    station.select_option("[name=purpose]", "handling")
    station.click("form[action$='/open/'] button")
    station.wait_for_selector("audio")
    sought = station.evaluate(
        """() => new Promise(done => { const player = document.querySelector("audio");
        player.addEventListener("loadedmetadata", () => { player.currentTime = 45; });
        player.addEventListener("seeked", () => done([Math.round(player.duration), player.currentTime]));
        player.addEventListener("error", () => done(player.error.message));
        player.load(); player.preload = "auto"; player.load(); })"""
    )
    wide = station.evaluate("document.querySelector('.locker-face img').naturalWidth")

    assert (sought, wide) == ([60, 45], 320)
    looks = Event.objects.filter(stream=f"evidence:{case.number}").values_list("verb", flat=True)
    assert set(looks) == {"evidence_open", "evidence_small", "evidence_play"}
    assert station.complaints == []


def test_a_phone_shows_the_camera_and_nothing_is_wider_than_it(live_server, station):
    case = case_at("handling")
    add(case, PHOTO, "表" * 60 + ".jpg")
    station.set_viewport_size({"width": 390, "height": 800})
    wide = []

    for way in ("", "evidence/"):
        station.goto(f"{live_server.url}/case/{case.number}/{way}")
        wide.append(station.evaluate("document.documentElement.scrollWidth"))
    station.goto(f"{live_server.url}/case/{case.number}/")

    assert wide == [390, 390]
    assert station.locator("[capture]").count() == 3
    assert station.is_visible(".drop-camera .btn")
