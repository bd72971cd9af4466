"""A text with everything personal in it hidden."""

import re
from collections.abc import Iterator
from itertools import chain

from . import names, numbers, places, written
from .span import Kind, Span

__all__ = ["Kind", "Span", "find", "mask"]


_WIDE = re.compile("[\uff10-\uff19]")
_NARROW = {0xFF10 + digit: str(digit) for digit in range(10)}
"""Full-width digits, as Chinese input methods type them: one character each, so that places stay."""


def find(text: str) -> list[Span]:
    """Return what is to be hidden in ``text``, in its order; of two that overlap the longer one."""
    if _WIDE.search(text):
        text = text.translate(_NARROW)
    named = list(names.find(text))
    found = sorted(
        chain(numbers.find(text), written.find(text), named, _again(text, named), places.find(text)),
        key=lambda span: (span.start, -span.end),
    )
    kept: list[Span] = []
    for span in found:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
        elif span.end - span.start > kept[-1].end - kept[-1].start:
            kept[-1] = span
    return kept


def _again(text: str, named: list[Span]) -> Iterator[Span]:
    """Yield where a name that something gives away stands once more; a word only where a clause begins."""
    for name in {text[span.start : span.end] for span in named if span.end - span.start > 1}:
        if _is_place(text, name):
            continue
        at = text.find(name)
        while (at := text.find(name, at + 1)) >= 0:
            if names.is_no_word(name) or not text[at - 1].isalnum():
                yield Span(at, at + len(name), Kind.NAME, "*" * len(name))


_OF_A_PLACE = re.compile(
    "村|镇|乡|县|屯|庄|巷|街道?|路(?!过|上遇|人|边|灯)|区|市|台区|线路|变电|公变|专变|配变|小区|水库|大桥|大队|社区|供电所"
)


def _is_place(text: str, name: str) -> bool:
    """Return whether what was taken for a name is said of a place somewhere: 李家沟反映…李家沟村."""
    at = text.find(name)
    while at >= 0:
        if _OF_A_PLACE.match(text, at + len(name)):
            return True
        at = text.find(name, at + 1)
    return False


def mask(text: str) -> str:
    """Return ``text`` without what identifies a person; masking twice is masking once.

    What is hidden can uncover what stood beside it, so the text is looked at until nothing is found.
    """
    while spans := find(text):
        parts, at = [], 0
        for span in spans:
            parts += [text[at : span.start], span.shown]
            at = span.end
        text = "".join(parts) + text[at:]
    return text
