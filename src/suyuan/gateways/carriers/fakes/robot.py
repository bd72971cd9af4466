"""A chat robot on loopback: keeps what is posted to it; answers what it is told to."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


class Robot:
    """A robot listening on a free port, as long as the ``with`` block lasts."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.heard: list[dict[str, str]] = []
        handler = type("Handler", (_Handler,), {"robot": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def target(self, token: str) -> str:
        """Return the robot's address as Apprise writes it; ``token`` stands where a robot's secret does."""
        return f"json://127.0.0.1:{self.server.server_address[1]}/{token}"

    def __enter__(self) -> "Robot":
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class _Handler(BaseHTTPRequestHandler):
    robot: Robot

    def do_POST(self) -> None:
        """Keep what was said, and where."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.robot.heard.append({"path": self.path, "title": body["title"], "text": body["message"]})
        self.send_response(self.robot.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing: the path is a secret."""
