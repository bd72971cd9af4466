"""An SMS gateway on loopback: honours idempotency keys; can be slow, fail, or answer garbage."""

import contextlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit

from suyuan.domain.notice import signature


@dataclass(slots=True)
class Gateway:
    """What the gateway does, and what it was handed."""

    secret: bytes = b"fake"
    status: int = 200
    """What it answers; anything but 200 takes nothing."""
    garbage: bool = False
    """Answer something that is no JSON, having taken everything."""
    slow: float = 0.0
    """Seconds before it answers, having taken everything."""
    answering: threading.Event | None = None
    """What it waits for before it answers, having taken everything."""
    reject: frozenset[str] = frozenset()
    """Numbers it will never send to."""
    busy: frozenset[str] = frozenset()
    """Numbers it cannot send to just now."""
    sent: dict[str, str] = field(default_factory=dict)
    """Every message sent, by key: a key seen before sends nothing."""
    texts: list[tuple[str, str]] = field(default_factory=list)
    """Number and text of every message sent, in order: as long as ``sent`` if keys are honoured."""
    handed: int = 0
    """Messages handed over, those of keys seen before included."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, messages: list[dict[str, str]]) -> list[dict[str, str]]:
        """Return the result of each message."""
        with self.lock:
            self.handed += len(messages)
            return [self._one(each) for each in messages]

    def _one(self, message: dict[str, str]) -> dict[str, str]:
        key, to = message["key"], message["to"]
        if to in self.reject:
            return {"key": key, "status": "rejected", "code": "bad_number"}
        if to in self.busy:
            return {"key": key, "status": "busy"}
        if key in self.sent:
            return {"key": key, "status": "duplicate", "id": self.sent[key]}
        self.sent[key] = f"S{len(self.sent) + 1}"
        self.texts.append((to, message["text"]))
        return {"key": key, "status": "accepted", "id": self.sent[key]}


class Served:
    """A gateway listening on a free port of loopback, as long as the ``with`` block lasts."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        handler = type("Handler", (_Handler,), {"gateway": gateway})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Return where the gateway listens."""
        return f"http://127.0.0.1:{self.server.server_address[1]}/sms"

    def __enter__(self) -> "Served":
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class _Handler(BaseHTTPRequestHandler):
    gateway: Gateway
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        """Answer a caller, who may be killed meanwhile: that is what the gateway is there to test."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def do_POST(self) -> None:
        """Take a batch if it is signed."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        expected = signature(self.gateway.secret, self.headers.get("X-Suyuan-Timestamp", ""), body)
        if urlsplit(self.path).path != "/sms":
            return self._answer(404, b"{}")
        if self.headers.get("X-Suyuan-Signature") != expected or not self.headers.get("Idempotency-Key"):
            return self._answer(401, b"{}")
        if self.gateway.status != 200:
            return self._answer(self.gateway.status, b"{}")
        results = self.gateway.take(json.loads(body)["messages"])
        time.sleep(self.gateway.slow)
        if self.gateway.answering is not None:
            self.gateway.answering.wait()
        content = b"<html>" if self.gateway.garbage else json.dumps({"results": results}).encode()
        return self._answer(200, content)

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing: numbers and texts belong in no log."""
