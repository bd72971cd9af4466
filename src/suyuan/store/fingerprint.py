"""The mark by which a row handed in later is known: which case it was made for, and as it stood then.

Keyed, so that nobody can make one, change one, or move one to another case.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from suyuan.config.home import secret

from .models import Case

SIZE = 24
"""Characters of the signature: 96 bits."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A case as somebody saw it."""

    number: str
    event: int
    """The last event then; 0 for a case that had none."""
    procedure: str
    version: int
    state: str
    signature: str


def of(case: Case) -> str:
    """Return the mark of a case as it stands."""
    return of_all([case])[case.number]


def of_all(cases: Iterable[Case]) -> dict[str, str]:
    """Return the marks of cases as they stand, by number."""
    key = _key()
    said = {
        case.number: f"{case.changed_event}.{case.procedure}.{case.version}.{case.state}" for case in cases
    }
    return {number: f"{words}.{_sign(key, number, words)}" for number, words in said.items()}


def read(mark: str, number: str) -> Fingerprint | None:
    """Return what a mark says, or None if it was not made here for this case."""
    said, _, signature = mark.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _sign(_key(), number, said).encode()):
        return None
    event, procedure, version, state = said.split(".")
    return Fingerprint(number, int(event), procedure, int(version), state, signature)


def _key() -> bytes:
    return secret("worksheet")


def _sign(key: bytes, number: str, said: str) -> str:
    return hmac.digest(key, f"{number}\n{said}".encode(), "sha256").hex()[:SIZE]
