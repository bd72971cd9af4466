"""The satisfaction card: a code a customer can type, what becomes of it, how it stands to the telephone."""

from collections.abc import Iterable

LENGTH, GROUP = 12, 4
"""Characters of a code, and of each of its groups: 48 bits, tried a few times at most from one address."""
LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
"""What people read for a digit, and what they type between the groups."""

RATE = "rate_card"
"""The verb of the event with which a customer rates on the public page."""
ISSUED = "issued"
"""What a case says of its card as long as nobody has handed it in; afterwards what the card says."""
ALONE, AGREES, DIFFERS = "alone", "agrees", "differs"
"""How the cards of a case stand to the telephone: none can be compared, all say the same, one does not."""


def printed(digits: str) -> str:
    """Return a code in groups, of the first digits of a keyed digest."""
    short = digits[:LENGTH].upper()
    return "-".join(short[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def plain(typed: str) -> str:
    """Return a code as it is compared, however it was typed."""
    return typed.upper().translate(LOOKS_LIKE)


def matched(said: Iterable[tuple[str, str]]) -> str:
    """Return how the cards of a case stand to the telephone; empty without a card.

    ``said`` holds of each card what it says and what was answered in the handling it is of. One that differs
    decides, whichever handling that was.
    """
    cards = list(said)
    both = [(rating, answered) for rating, answered in cards if rating and answered]
    if not both:
        return ALONE if cards else ""
    return DIFFERS if any(rating != answered for rating, answered in both) else AGREES
