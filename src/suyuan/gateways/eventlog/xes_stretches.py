"""An XES log in stretches of whole traces: the fast reader where it can, the strict one where it cannot.

What stands before the first trace and after the last goes to the strict reader with one empty trace between:
so it is known that the traces really stand where they seem to, and in no comment.
"""

import re
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

from suyuan.domain.errors import BadInput

from . import xes_fast, xes_strict
from .batch import Batch
from .source import Source

LONGEST = 1 << 30
"""Bytes one trace may have before the strict reader, which needs no whole trace, takes over."""
AHEAD = 2
"""Stretches taken apart before they are asked for: unpacking, taking apart and sorting go side by side."""
_TRACE = re.compile(rb"<trace[ \t\r\n]*>")
_END = b"</trace>"


class Unusual(Exception):
    """The stretches cannot be told apart by their ends."""


def read(source: Source) -> Generator[Batch]:
    """Yield the stretches; where Unusual is raised, forget what was yielded and ask ``strict``.

    Of a log that is cut off the strict reader would say the same, after reading all of it once more.
    """
    feed, met = xes_strict.skeleton(source.name)
    coming: deque[Future[list[Batch]]] = deque()
    inside, passed, cut = False, 0, None
    with closing(source.blocks()) as blocks, ThreadPoolExecutor(1) as ahead:
        for chunk, last in _chunks(blocks):
            if last:
                cut = _end(feed, chunk)
                break
            start, end = 0, chunk.rfind(_END) + len(_END)
            if not inside:
                found = _TRACE.search(chunk)
                if not found or found.start() >= end:
                    raise Unusual
                start, inside = found.start(), True
                _feed(feed, chunk[:start] + b"<trace></trace>")
            passed += chunk.count(b"\n", start, end)
            coming.append(ahead.submit(_stretch, memoryview(chunk)[start:end], source.name))
            if len(coming) > AHEAD:
                yield from coming.popleft().result()
        for each in coming:
            yield from each.result()
    if not inside or (met() != 1 and not (cut and met())):
        raise Unusual
    if cut:
        raise BadInput(cut.code, **cut.facts | {"line": int(str(cut.facts["line"])) + passed})


def _chunks(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield pieces in which a trace ends, what comes after its end being in the next; then the rest."""
    rest: list[bytes] = []
    for block in blocks:
        if rest and not _ends(rest[-1], block):
            rest.append(block)
            if sum(map(len, rest)) > LONGEST:
                raise Unusual
            continue
        chunk = b"".join((*rest, block))
        if _END not in chunk:
            rest = [chunk]
            continue
        yield chunk, False
        rest = [chunk[chunk.rfind(_END) + len(_END) :]]
    yield b"".join(rest), True


def strict(source: Source) -> Generator[Batch]:
    """Yield the stretches of a document of any form."""
    with closing(source.blocks()) as blocks:
        yield from xes_strict.read(blocks, source.name)


def _ends(last: bytes, block: bytes) -> bool:
    return _END in block or _END in last[-len(_END) :] + block[: len(_END)] or _END in last


def _stretch(part: memoryview, file: str) -> list[Batch]:
    batch = xes_fast.read(part)
    if batch is not None:
        return [batch]
    chunk = bytes(part)
    if b"<!" in chunk or b"<?" in chunk:
        raise Unusual
    try:
        return list(xes_strict.read_stretch(chunk, file))
    except BadInput:
        raise Unusual from None  # told by the reader that knows the line in the file


def _end(feed: object, data: bytes) -> BadInput | None:
    """Take what comes after the last trace; return what is wrong where that is but its end."""
    try:
        feed(data, final=True)  # type: ignore[operator]
    except BadInput as error:
        if error.code != "truncated_file":
            raise Unusual from None
        return error
    return None


def _feed(feed: object, data: bytes) -> None:
    try:
        feed(data, final=False)  # type: ignore[operator]
    except BadInput:
        raise Unusual from None
