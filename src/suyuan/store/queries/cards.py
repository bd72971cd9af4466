"""The codes of satisfaction cards: worked out from the case by the key, found again by their digest."""

from suyuan.domain import card as rule
from suyuan.store import seal
from suyuan.store.models import Case


def code(case: Case) -> str:
    """Return the code of a case's card in this episode; nobody works it out without the key."""
    return rule.printed(seal.reference(f"card\n{case.number}\n{case.episode}"))


def digest(typed: str) -> str:
    """Return what a code is kept and found by."""
    return seal.digest(f"card\n{rule.plain(typed)}".encode())


def disagrees(case: Case) -> bool:
    """Return whether the card and the telephone say different things."""
    return case.card not in ("", rule.ISSUED, case.satisfaction) and case.satisfaction != ""
