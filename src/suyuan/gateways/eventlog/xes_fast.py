"""XES as programs write it, read by its quotation marks.

A log of this form is nothing but ``<tag key="…" value="…"/>`` between ``<event>`` and ``<trace>``. Between
two quotation marks stands a key, a value, or a separator, and of separators there are a handful: each is
looked at once, and what it opens and closes is then known wherever it stands. Whatever has another form is
left to the strict reader, so the two give the same.
"""

import re
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .batch import TAGS, Batch, Rows, codes
from .columns import Codes

SEPARATORS = 4096
"""More unlike ones than this, and the log has not this form."""
_BETWEEN = re.compile(rb'"[ \t\r\n]+value[ \t\r\n]*=[ \t\r\n]*')
_TOKEN = re.compile(
    rb"[ \t\r\n]*(?:<(/?)(event|trace)[ \t\r\n]*>|"
    rb"<(string|date|int|float|boolean|id)[ \t\r\n]+key[ \t\r\n]*=[ \t\r\n]*\Z)"
)
_CLOSED = re.compile(rb'"[ \t\r\n]*/>')
_BLANK = re.compile(rb"[ \t\r\n]*\Z")
_TAG = {tag.encode(): number for number, tag in enumerate(TAGS)}
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7});|#x([0-9a-fA-F]{1,6});|(amp|lt|gt|quot|apos);|)")
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class Separator(NamedTuple):
    """What stands between a value and the next key, understood."""

    before: int
    """How deep it must begin, 1 in a trace, 2 in an event; -1: it opens and closes nothing."""
    after: int
    """How deep it ends; -1 likewise."""
    traces: int
    events: int
    """How many it opens."""
    opened_in: tuple[int, ...]
    """By event it opens: how many of its traces were open by then."""
    tag: int
    """The element of the next attribute; -1: none comes."""


class _Other(Exception):
    """The log has another form."""


def read(chunk: bytes | memoryview) -> Batch | None:
    """Return what a stretch of whole traces holds; None where it has another form."""
    try:
        return _read(chunk)
    except _Other:
        return None


def _read(chunk: bytes | memoryview) -> Batch:
    marks = np.flatnonzero(np.frombuffer(chunk, np.uint8) == ord('"'))
    if len(marks) % 4 or not len(marks):
        raise _Other
    # Every piece but the first begins with its mark; their order is separator, key, between, value.
    offsets = np.empty(len(marks) + 2, np.int32)
    offsets[0], offsets[1:-1], offsets[-1] = 0, marks, len(chunk)
    pieces = pa.BinaryArray.from_buffers(
        pa.binary(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(chunk)]
    )
    coded = pieces.dictionary_encode()
    code, dictionary = np.asarray(coded.indices), coded.dictionary
    opening, key, between, value = np.ascontiguousarray(code[:-1].reshape(-1, 4).T)
    for each in _used(len(dictionary), between):
        if not _BETWEEN.fullmatch(dictionary[each].as_py()):
            raise _Other
    separators = np.append(opening, code[-1])
    table = _separators(separators, dictionary)
    words, places = _words(dictionary, _used(len(dictionary), key, value))
    return _placed(separators, table, words, (places[key], places[value]))


def _used(size: int, *codes_of: Codes) -> list[int]:
    mark = np.zeros(size, np.bool_)
    for code in codes_of:
        mark[code] = True
    return np.flatnonzero(mark).tolist()


def _separators(code: np.ndarray, dictionary: pa.BinaryArray) -> dict[int, Separator]:
    """Return what each separator means; the first stands for the beginning, the last for the end."""
    used = _used(len(dictionary), code[1:-1])
    if len(used) > SEPARATORS:
        raise _Other
    table = {number: _understood(dictionary[number].as_py(), inner=True) for number in used}
    if any(each.tag < 0 for each in table.values()):
        raise _Other
    for end, first in ((0, True), (-1, False)):
        number = int(code[end])
        if number not in table:
            table[number] = _understood(dictionary[number].as_py(), inner=not first)
    if table[int(code[0])].before != 0 or table[int(code[0])].tag < 0:
        raise _Other
    if table[int(code[-1])].tag >= 0 or table[int(code[-1])].after != 0:
        raise _Other
    return table


def _understood(text: bytes, *, inner: bool) -> Separator:
    place, depth, before = 0, -1, -1
    traces, opened, tag = 0, [], -1
    if inner:
        closed = _CLOSED.match(text)
        if not closed:
            raise _Other
        place = closed.end()
    while found := _TOKEN.match(text, place):
        place = found.end()
        if found.group(3):
            tag = _TAG[found.group(3)]
            continue
        closing, event = bool(found.group(1)), found.group(2) == b"event"
        needed = (1 if event else 0) + closing
        before = needed if before < 0 else before
        if depth not in (-1, needed):
            raise _Other
        depth = needed + (-1 if closing else 1)
        traces += not closing and not event
        if not closing and event:
            opened.append(traces)
    if not _BLANK.match(text, place) or (tag >= 0 and depth == 0):
        raise _Other
    return Separator(before, depth, traces, len(opened), tuple(opened), tag)


def _words(dictionary: pa.BinaryArray, used: list[int]) -> tuple[pa.StringArray, np.ndarray]:
    """Return the texts used, without their mark and as XML reads them, and where each code now points."""
    places = np.zeros(len(dictionary), np.int32)
    places[used] = np.arange(len(used), dtype=np.int32)
    try:
        words = pc.utf8_slice_codeunits(dictionary.take(pa.array(used, pa.int32())).cast(pa.string()), 1)
    except pa.ArrowInvalid:  # no UTF-8
        raise _Other from None
    text = words.buffers()[2] or b""
    if any(each in bytes(text) for each in _NO_CHARACTERS):
        raise _Other
    data = np.frombuffer(text, np.uint8)
    if not ((data < 32) | (data == ord("&")) | (data == ord("<"))).any():
        return words, places
    texts = [_text(word) for word in words.to_pylist()]
    unlike = {text: number for number, text in reversed(list(enumerate(texts)))}
    if len(unlike) < len(texts):  # two ways of writing one text
        kept = sorted(unlike.values())
        rank = np.searchsorted(kept, [unlike[text] for text in texts]).astype(np.int32)
        return pa.array([texts[number] for number in kept], pa.string()), rank[places]
    return pa.array(texts, pa.string()), places


def _text(word: str) -> str:
    """Return an attribute value as XML has it: spaces for the white characters, references resolved."""
    if "<" in word:
        raise _Other
    word = word.replace("\r\n", " ").translate({9: 32, 10: 32, 13: 32})
    if any(character < " " for character in word):
        raise _Other
    return _REFERENCE.sub(_resolved, word) if "&" in word else word


def _resolved(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return _NAMED[name]
    if not decimal and not hexadecimal:
        raise _Other
    number = int(decimal) if decimal else int(hexadecimal, 16)
    allowed = number in (9, 10, 13) or 32 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD
    if not allowed and not 0x10000 <= number <= 0x10FFFF:
        raise _Other
    return chr(number)


def _placed(separators: Codes, table: dict[int, Separator], words: Any, said: tuple[Codes, Codes]) -> Batch:
    """Say of every attribute whose it is: what was opened and closed last before it says so."""
    size = max(table) + 1
    opens, tag = np.zeros(size, np.bool_), np.zeros(size, np.int32)
    for number, each in table.items():
        opens[number], tag[number] = each.before >= 0, each.tag
    turns = np.flatnonzero(opens[separators])
    depth, trace, event, traces_of_events = _turns(separators[turns], table)
    lengths = np.diff(np.append(turns, len(separators) - 1))  # the last separator opens no attribute
    count = int(trace[-1]) + 1
    lengths, depth, trace, event = lengths[:-1], depth[:-1], trace[:-1], event[:-1]
    kind, inside = tag[separators[:-1]], np.repeat(depth == 2, lengths)
    every = Rows(np.repeat(event, lengths), *said, kind)
    if inside.all():
        of_events, of_traces = every, every.chosen(slice(0, 0))
    else:
        of_events, outside = every.chosen(np.flatnonzero(inside)), np.flatnonzero(~inside)
        of_traces = every._replace(owner=np.repeat(trace, lengths)).chosen(outside)
    return Batch(words, count, traces_of_events, of_events, of_traces)


def _turns(separators: Codes, table: dict[int, Separator]) -> tuple[Codes, Codes, Codes, Codes]:
    """Return after each separator that opens or closes: how deep it is, in which trace, in which event.

    The fourth is by event the trace it was opened in; a separator may open several of either.
    """
    size = max(table) + 1
    before, change, traces, events = (np.zeros(size, np.int32) for _ in range(4))
    for number, each in table.items():
        before[number], change[number] = each.before, each.after - each.before
        traces[number], events[number] = each.traces, each.events
    step = change[separators]
    depth = np.cumsum(step, dtype=np.int32)
    if depth[-1] or not (before[separators] == depth - step).all():
        raise _Other
    trace, event = (np.cumsum(of[separators], dtype=np.int32) - np.int32(1) for of in (traces, events))
    opened, rows = [codes([])], [np.zeros(0, np.int64)]
    for number in np.flatnonzero(events).tolist():
        places = np.flatnonzero(separators == number)
        first = trace[places] - traces[number]
        opened.append((first[:, None] + codes(table[number].opened_in)).reshape(-1))
        rows.append(np.repeat(places, events[number]))
    order = np.argsort(np.concatenate(rows), kind="stable")
    return depth, trace, event, np.concatenate(opened)[order]
