"""XES in any form XML allows, element by element; raises BadInput with the line of what is no XES."""

from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa

from suyuan.domain.errors import BadInput

from .batch import TAGS, Batch, Rows, codes
from .xml_events import Parser, plain

EVENTS = 100_000
"""After so many events, at the end of a trace, a stretch is handed on."""
DEPTH = 100
"""Attributes in attributes; logs nest none to two."""
_TAG = {tag: number for number, tag in enumerate(TAGS)}
_GROUPS = ("list", "container")
"""Attributes whose value is other attributes."""
_HEAD = ("extension", "classifier", "global")


class Gathering:
    """Collects what a document tells into stretches."""

    at: Parser

    def __init__(self, file: str) -> None:
        self.file = file
        self.ready: list[Batch] = []
        self.traces_met = 0
        """Of the whole document."""
        self._path: list[str] = []
        self._keys: list[str] = []
        self._skipped = 0
        self._begin()

    def _begin(self) -> None:
        self._words: dict[str, int] = {}
        self._traces = 0
        self._trace_of_event: list[int] = []
        self._event_rows: list[tuple[int, int, int, int]] = []
        self._trace_rows: list[tuple[int, int, int, int]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if self._skipped:
            self._skipped += 1
            return
        name = plain(name)
        self._check(name)
        if name == "trace":
            self._traces += 1
            self.traces_met += 1
        elif name == "event":
            self._trace_of_event.append(self._traces - 1)
        elif name in _HEAD or len(self._path) == 1:
            self._skipped = 1  # what the log says of itself is no event and no object
            self.at.heed_text(False)
            return
        elif name in _TAG:
            self._attribute(name, attributes)
        self._path.append(name)

    def _check(self, name: str) -> None:
        """Raise BadInput unless such an element may stand here."""
        within = self._path[-1] if self._path else ""
        match within:
            case "":
                allowed = name == "log"
            case "log":
                allowed = name == "trace" or name in _TAG or name in _HEAD
            case "trace":
                allowed = name == "event" or name in _TAG
            case "list" | "container":
                allowed = name == "values" or name in _TAG
            case _:
                allowed = name in _TAG
        if not allowed or len(self._path) > DEPTH:
            facts = {"element": name[:60], "within": within}
            raise BadInput("log_schema", file=self.file, line=self.at.line, **facts)

    def _attribute(self, name: str, attributes: dict[str, str]) -> None:
        """Take an attribute; one within another is called by both keys."""
        key, value = attributes.get("key"), attributes.get("value")
        if key is None or (value is None and name not in _GROUPS):
            lacks = "key" if key is None else "value"
            raise BadInput("log_schema", file=self.file, line=self.at.line, element=name, lacks=lacks)
        self._keys.append(key)
        if name in _GROUPS:
            return
        row = (self._word("/".join(self._keys)), self._word(value or ""), _TAG[name])
        if "event" in self._path:
            self._event_rows.append((len(self._trace_of_event) - 1, *row))
        else:
            self._trace_rows.append((self._traces - 1, *row))

    def _word(self, text: str) -> int:
        return self._words.setdefault(text, len(self._words))

    def end(self, _: str) -> None:
        """Take the end of an element."""
        if self._skipped:
            self._skipped -= 1
            if not self._skipped:
                self.at.heed_text(True)
            return
        name = self._path.pop()
        if name in _TAG:
            self._keys.pop()
        elif name == "trace" and len(self._trace_of_event) >= EVENTS:
            self.hand_on()

    def text(self, data: str) -> None:
        """Refuse text: XES keeps everything in attributes."""
        if data.strip(" \t\r\n"):
            raise BadInput("log_schema", file=self.file, line=self.at.line, text=data.strip()[:20])

    def hand_on(self) -> None:
        """Finish a stretch."""
        if not self._traces:
            return
        sides = [
            Rows(*(codes(column) for column in zip(*rows, strict=True))) if rows else Rows(*[codes([])] * 4)
            for rows in (self._event_rows, self._trace_rows)
        ]
        words = pa.array(list(self._words), pa.string())
        self.ready.append(Batch(words, self._traces, codes(self._trace_of_event), *sides))
        self._begin()

    def taken(self) -> Iterator[Batch]:
        """Yield the stretches finished since last asked."""
        while self.ready:
            yield self.ready.pop(0)


def read(blocks: Iterable[bytes], file: str) -> Iterator[Batch]:
    """Yield a whole document in stretches."""
    gathering = Gathering(file)
    parser = Parser(gathering, file)
    for block in blocks:
        parser.feed(block)
        yield from gathering.taken()
    parser.feed(b"", final=True)
    gathering.hand_on()
    yield from gathering.taken()


def read_stretch(chunk: bytes, file: str) -> Iterator[Batch]:
    """Yield what a stretch of whole traces holds; lines are counted from its beginning."""
    return read((b"<log>", chunk, b"</log>"), file)


def skeleton(file: str) -> tuple[Callable[..., None], Callable[[], int]]:
    """Return what takes the parts of a document around its traces, and tells how many traces it met."""
    gathering = Gathering(file)
    return Parser(gathering, file).feed, lambda: gathering.traces_met
