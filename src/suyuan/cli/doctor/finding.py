"""One thing that is or will be wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """A code for programs, a sentence for people, and what mends it."""

    level: str
    """error: something is broken. warning: something soon will be."""
    code: str
    text: str
    fix: str


def error(code: str, text: str, fix: str) -> Finding:
    """Return a finding that makes the command fail."""
    return Finding("error", code, text, fix)


def warning(code: str, text: str, fix: str) -> Finding:
    """Return a finding that does not."""
    return Finding("warning", code, text, fix)
