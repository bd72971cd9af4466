"""Who is held out, so that the effect of the calls is measured: by a draw nobody can steer."""

DIGITS = 13
"""Of a keyed digest, in hexadecimal: 52 bits, what a float holds exactly."""


def draw(digest: str) -> float:
    """Return the number in [0, 1) that a keyed digest of a person and a day gives: the same every time."""
    return int(digest[:DIGITS], 16) / float(16**DIGITS)


def is_held_out(digest: str, share: float) -> bool:
    """Return whether whoever has this digest is held out, of whom ``share`` are."""
    return draw(digest) < share
