"""The sign-in library's pages: in our frame, in both languages, or open to nobody."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from suyuan.web import access
from tests.doors.test_web_signin import addresses
from tests.factories import person

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[一-鿿]+")
NAMES = {"中文", "溯源市供电公司"}
ENGLISH_LEFT = re.compile(r"\b(?:[A-Z]?[a-z]{3,} ){3,}[a-z]+")
"""Four words of English in a row."""
LIBRARY = [
    (name, url)
    for name, url in addresses(get_resolver().url_patterns)
    if name.startswith(("account_", "mfa_")) and access.entry(name).roles
]


def visible(text: str) -> str:
    """Return what a page shows: no markup, no scripts."""
    text = re.sub(r"(?s)<(script|style|svg)\b.*?</\1>", " ", text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def signed_in(language: str) -> Client:
    """Return the browser of somebody who has just typed the password."""
    client = Client()
    client.cookies["django_language"] = language
    who = person("office")
    who.set_password("let me in 1")
    who.save()
    client.post("/accounts/login/", {"login": "office", "password": "let me in 1"})
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_library_is_in_our_frame_and_in_one_language(language):
    inside, outside = signed_in(language), Client()
    outside.cookies["django_language"] = language
    shown = {}
    for name, url in LIBRARY:
        for who, client in (("inside", inside), ("outside", outside)):
            answer = client.get(url)
            if answer.status_code == 200 and "html" in answer["Content-Type"]:
                shown[name, who] = answer.content.decode()

    foreign = {
        key: ENGLISH_LEFT.findall(visible(text))
        if language != "en"
        else sorted(set(CHINESE.findall(visible(text))) - NAMES)
        for key, text in shown.items()
    }
    assert len(shown) >= 8
    assert [key for key, text in shown.items() if "suyuan/suyuan" not in text] == []
    assert {key: words for key, words in foreign.items() if words} == {}
