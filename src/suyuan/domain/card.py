"""The satisfaction card: a code a customer can type, and what becomes of what is typed."""

LENGTH, GROUP = 12, 4
"""Characters of a code, and of each of its groups: 48 bits, tried a few times at most from one address."""
LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
"""What people read for a digit, and what they type between the groups."""

RATE = "rate_card"
"""The verb of the event with which a customer rates on the public page."""
ISSUED = "issued"
"""What a case says of its card as long as nobody has handed it in; afterwards what the card says."""


def printed(digits: str) -> str:
    """Return a code in groups, of the first digits of a keyed digest."""
    short = digits[:LENGTH].upper()
    return "-".join(short[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def plain(typed: str) -> str:
    """Return a code as it is compared, however it was typed."""
    return typed.upper().translate(LOOKS_LIKE)
