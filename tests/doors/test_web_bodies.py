"""Nobody fills the disk before signing in, and nobody at all where no file is taken."""

import pytest
from django.test import Client
from waitress.adjustments import Adjustments

from suyuan.cli.server import Parser
from suyuan.web import access, bodies
from tests.factories import person

pytestmark = pytest.mark.django_db
LONG = 900_000_000


def asked(path: str, length: int, cookie: str = "") -> Parser:
    """Return what the server makes of the headers of a request, before a byte of its body."""
    parser = Parser(Adjustments())
    lines = (f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {length}", f"Cookie: {cookie}")
    parser.received("\r\n".join((*lines, "", "")).encode())
    return parser


def signed_in() -> Client:
    client = Client()
    client.force_login(person("office"))
    client.get("/queue/")
    return client


@pytest.mark.parametrize(
    ("path", "length", "taken"),
    [
        ("/accounts/login/", 64 * 1024, True),
        ("/accounts/login/", 64 * 1024 + 1, False),
        ("/accounts/login/", LONG, False),
        ("/import/upload/", LONG, False),
        ("/no/such/page/", LONG, False),
        ("/api/v1/contacts", 5 * 1024**2, True),
        ("/api/v1/contacts", LONG, False),
    ],
)
def test_before_signing_in_the_server_keeps_short_bodies_alone(path, length, taken):
    parser = asked(path, length)

    assert (parser.completed, parser.error is None) == (not taken, taken)
    if not taken:
        status, _, text = parser.error.to_response()
        assert (status, "请先登录" in text.decode()) == ("413 Request Entity Too Large", True)


def test_whoever_signed_in_hands_files_in_where_files_are_taken():
    signed = signed_in().cookies[bodies.COOKIE].value

    def taken(path: str, cookie: str) -> bool:
        return asked(path, LONG, f"{bodies.COOKIE}={cookie}").error is None

    assert taken("/import/upload/", signed)
    assert not taken("/import/upload/", signed[:-1] + "x")
    assert not taken("/accounts/login/", signed)


def test_a_body_in_pieces_of_unknown_length_is_cut_off_too():
    parser = Parser(Adjustments())
    parser.received(b"POST /accounts/login/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")

    for _ in range(70):
        parser.received(b"400\r\n" + b"x" * 1024 + b"\r\n")

    assert (parser.completed, parser.error.code) == (True, 413)


def test_a_page_says_in_words_that_a_body_is_too_long():
    stranger = Client().post("/accounts/login/", "x" * 70_000, content_type="text/plain")
    known = signed_in().post("/me/theme/", "x" * (5 * 1024**2 + 1), content_type="text/plain")

    assert (stranger.status_code, known.status_code) == (413, 413)
    assert "内容过大，未接收" in stranger.content.decode()


def test_signing_out_takes_the_cookie_back():
    client = signed_in()
    client.post("/accounts/logout/")
    client.get("/accounts/login/")

    assert client.cookies[bodies.COOKIE].value == ""


def test_every_address_that_takes_files_is_one():
    assert bodies.TAKING_FILES - set(access.TABLE) == set()
