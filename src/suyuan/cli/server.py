"""The web server: it asks how long a body may be as soon as the headers are there, before it keeps one."""

from copy import copy
from http.cookies import CookieError, SimpleCookie
from typing import Any

import waitress
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.utilities import RequestEntityTooLarge

from suyuan.web import bodies

THREADS = 8
WORDS = "内容过大，未接收。上传文件请先登录。\nToo large, and not taken. Sign in to hand files in.\n"


class TooLong(RequestEntityTooLarge):
    """The answer to a body that is too long, in words."""

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return status, headers and text."""
        status, headers, _ = super().to_response(ident)
        return status, headers, WORDS.encode()


class Parser(HTTPRequestParser):
    """Reads one request; the longest body is that of its address, and of who sends it."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, then hold the body to what they allow."""
        super().parse_header(header_plus)
        adj: Adjustments = copy(self.adj)
        signed_in = bodies.holds(_cookies(self.headers.get("COOKIE", "")))
        adj.max_request_body_size = bodies.most(self.path, signed_in=signed_in) + 1
        self.adj = adj

    def received(self, data: bytes) -> int:
        """Take some bytes and return how many; what is too long is answered in words."""
        consumed: int = super().received(data)
        if type(self.error) is RequestEntityTooLarge:
            self.error = TooLong(self.error.body)
        return consumed


class Channel(HTTPChannel):
    """One connection."""

    parser_class = Parser


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def create(application: Any, host: str, port: int) -> Any:
    """Return a server that listens, and has yet to run."""
    sockets: dict[int, Any] = {}
    server = waitress.create_server(
        application, map=sockets, host=host, port=port, threads=THREADS, ident="suyuan"
    )
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):
            each.channel_class = Channel
    return server
