"""Satisfaction cards: their codes, worked out by the key and found by their digest; how each stands.

A card belongs to one handling of its case and is held against what was said on the telephone in that one.
"""

from django.db.models import F

from suyuan.domain import card as rule
from suyuan.store import seal
from suyuan.store.models import Case


def code(case: Case) -> str:
    """Return the code of a case's card in this episode; nobody works it out without the key."""
    return rule.printed(seal.reference(f"card\n{case.number}\n{case.episode}"))


def digest(typed: str) -> str:
    """Return what a code is kept and found by."""
    return seal.digest(f"card\n{rule.plain(typed)}".encode())


def matched(case: Case) -> str:
    """Return how the cards of a case stand to the telephone, all its handlings together."""
    return rule.matched(case.cards.values_list("rating", "answered"))


def differing(case: Case) -> list[int]:
    """Return the handlings, by number, whose card says something else than the telephone."""
    if case.card_match != rule.DIFFERS:
        return []
    both = case.cards.exclude(rating="").exclude(answered="")
    return list(both.exclude(rating=F("answered")).order_by("episode").values_list("episode", flat=True))


def earlier_out(case: Case) -> bool:
    """Return whether a card of an earlier handling was not handed in yet."""
    if case.episode == 1 or not case.card_match:
        return False
    return case.cards.filter(episode__lt=case.episode, rating="").exists()
