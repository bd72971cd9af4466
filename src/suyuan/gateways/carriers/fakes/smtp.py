"""A mail server on loopback: keeps what it is sent; refuses the addresses it is told to."""

import socketserver
import threading
from types import TracebackType


class PostOffice:
    """A server listening on a free port, as long as the ``with`` block lasts."""

    def __init__(self, refuse: dict[str, int] | None = None) -> None:
        self.refuse = refuse or {}
        """Addresses it refuses, each with the code it says."""
        self.letters: list[tuple[list[str], str]] = []
        """Recipients and text of every letter taken."""
        handler = type("Handler", (_Handler,), {"office": self})
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """Return where it listens."""
        return int(self.server.server_address[1])

    def __enter__(self) -> "PostOffice":
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class _Handler(socketserver.StreamRequestHandler):
    office: PostOffice

    def handle(self) -> None:
        """Speak as much SMTP as a client of one letter after another needs."""
        self.to: list[str] = []
        self._say("220 fake")
        while line := self.rfile.readline().decode().strip():
            word = line.split(":")[0].upper()
            if word.startswith("QUIT"):
                return self._say("221 bye")
            if word.startswith("DATA"):
                self._letter()
            elif word.startswith("RCPT TO"):
                self._recipient(line)
            else:
                self.to = [] if word.startswith("MAIL FROM") else self.to
                self._say("250 ok")
        return None

    def _recipient(self, line: str) -> None:
        address = line.split("<")[1].split(">")[0]
        if code := self.office.refuse.get(address):
            return self._say(f"{code} refused")
        self.to.append(address)
        return self._say("250 ok")

    def _letter(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        self.office.letters.append((self.to, "\n".join(lines)))
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
