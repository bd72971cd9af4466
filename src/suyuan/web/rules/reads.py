"""What is typed into a box of an entry, read: lists, numbers, conditions, terms."""

import re
import tomllib
from typing import Any

_BETWEEN = re.compile(r"[\s,，、;；]+")


def several(text: str) -> list[str]:
    """Return the parts of a text, however they are set apart."""
    return [part for part in _BETWEEN.split(text) if part]


def lines(text: str) -> list[str]:
    """Return one part a line, or between commas."""
    return [line.strip() for line in re.split(r"[\n,，、]", text) if line.strip()]


def fractions(text: str) -> list[float]:
    """Return fractions."""
    return [float(part) for part in several(text)]


def numbers(text: str) -> list[int]:
    """Return whole numbers."""
    return [int(part) for part in several(text)]


def conditions(text: str) -> dict[str, list[str]]:
    """Return conditions, one a line; raise ValueError for a line without a colon."""
    found = {}
    for line in text.splitlines():
        name, colon, values = re.sub("[：=]", ":", line, count=1).partition(":")
        if line.strip():
            if not colon:
                raise ValueError(line)
            found[name.strip()] = several(values)
    return found


def terms(text: str) -> dict[str, Any]:
    """Return terms as TOML writes them."""
    return tomllib.loads(text)


def yes(text: str) -> bool:
    """Tell whether a yes-or-no box says yes."""
    return text == "1"
