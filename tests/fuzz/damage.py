"""What every fuzz test asks: bytes nobody meant, and a parser that takes them or says what is wrong where."""

import io
import warnings
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import event, settings
from hypothesis import strategies as st

from suyuan.domain.errors import RuleError
from suyuan.store import rules

FEWER = settings(max_examples=max(settings().max_examples // 3, 1))
"""For a parser that reads the whole rulebook each time."""
WHERE = frozenset({"file", "name", "row", "line", "table", "field", "key", "cron", "value", "problem"})
"""Facts of which an error names at least one: what is wrong, or where."""
NOISE = st.binary(max_size=300)
UNREAL = (0x20, 0x30, 0xFFFFFFFF, 0x7FFFFFFF, 0xFFFF)
"""Numbers that lengths and places in a file are made of."""


@st.composite
def damaged(draw: Callable[..., Any], *valid: bytes) -> bytes:
    """Return bytes that were a valid file once: some changed, cut out, doubled, put in or cut off."""
    content = bytearray(draw(st.sampled_from(valid)))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        length = draw(st.integers(1, 24))
        match draw(st.sampled_from(("change", "drop", "double", "insert", "number", "cut"))):
            case "change" if content:
                content[at] = draw(st.integers(0, 255))
            case "drop":
                del content[at : at + length]
            case "double":
                content[at:at] = content[at : at + length] * draw(st.integers(1, 4))
            case "insert":
                content[at:at] = draw(st.binary(max_size=24))
            case "number":
                content[at : at + 4] = draw(st.sampled_from(UNREAL)).to_bytes(4, "little")
            case "cut":
                del content[at:]
    return bytes(content)


@st.composite
def damaged_text(draw: Callable[..., Any], *valid: str) -> str:
    """Return text that was valid once, with pieces of it and of anything else in the wrong place."""
    text = draw(st.sampled_from(valid))
    pieces = st.text(max_size=12) | st.sampled_from(
        (
            "\0",
            "\ufeff",
            '"',
            "'",
            "\n",
            "[",
            "{",
            "=",
            ",",
            "-",
            "²",
            "0000",
            "0001",
            "NaN",
            "９",
            "9" * 5000,
        )
    )
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        cut = draw(st.integers(0, 12))
        text = text[:at] + draw(pieces) + text[at + cut :]
    return text


@st.composite
def damaged_zip(draw: Callable[..., Any], valid: bytes) -> bytes:
    """Return a sound zip whose members are damaged, lacking, doubled, renamed or packed another way."""
    with zipfile.ZipFile(io.BytesIO(valid)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(members) - 1))
        name, body = members[at]
        match draw(st.sampled_from(("body", "body", "body", "lack", "twice", "rename", "add"))):
            case "body":
                members[at] = name, draw(damaged(body or b" ") | NOISE)
            case "lack" if len(members) > 1:
                del members[at]
            case "twice":
                members.append((name, draw(damaged(body or b" "))))
            case "rename":
                members[at] = draw(st.text(min_size=1, max_size=12)), body
            case "add":
                members.append((draw(st.text(min_size=1, max_size=12)), draw(NOISE)))
    method = draw(st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA)))
    return packed(members, method)


def packed(members: Sequence[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of members, the same name twice where it stands twice."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, body in members:
            archive.writestr(zipfile.ZipInfo(name[:100].encode("utf-8", "replace").decode()), body, method)
    return out.getvalue()


def of_archive(valid: bytes) -> st.SearchStrategy[bytes]:
    """Return a zip damaged inside, damaged outside, or none at all."""
    return damaged_zip(valid) | damaged_zip(valid) | damaged(valid) | NOISE


def tried(does: Callable[[], Any], *noes: type[Exception]) -> tuple[Any, Any]:
    """Return what a call gives, or which of the exceptions it may raise it did."""
    try:
        return does(), None
    except noes as no:
        return None, no


def taken(parse: Callable[[], Any]) -> Any:
    """Return what a parser makes of its input, None where it refuses; anything else it raises is a fault."""
    found, refusal = tried(parse, RuleError)
    if refusal is not None:
        assert rules.why(refusal.code, "zh") != refusal.code
        assert refusal.facts.keys() & WHERE, refusal.facts
    event("taken" if refusal is None else f"refused {refusal.code}")
    return found
